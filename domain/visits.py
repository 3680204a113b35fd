"""A visit (lượt hỗ trợ): one act of help, and the rules for recording one.

Words and counts are product section 3. The spine records household visits; group sessions and
help points are kinds of the same record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.drafts import Draft
from domain.errors import (
    FieldInvalid,
    NothingChosen,
    NotYourHamlet,
    UndoTooLate,
    VisitInFuture,
)
from domain.events import NewEvent

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
UNDO_WINDOW = timedelta(hours=24)


class Service(StrEnum):
    """What was worked on. Order is the order of the buttons: most frequent first."""

    VNEID = "vneid"
    DVC = "dvc"
    ESIGN = "esign"
    CASHLESS = "cashless"
    HEALTH_RECORD = "health-record"
    SKILLS = "skills"
    SAFETY = "safety"
    BUSINESS = "business"
    OTHER = "other"


class Kind(StrEnum):
    """How help was given."""

    HOUSEHOLD = "household"
    GROUP = "group"
    POINT = "point"


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"


class Reason(StrEnum):
    """Why it was not, or only partly, done."""

    ABSENT = "absent"
    REFUSED = "refused"
    NO_PHONE = "no_phone"
    SIM = "sim"
    POLICE = "police"
    SYSTEM = "system"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Visit:
    """One act of help as recorded. `code` is what people say; `id` is the draft's id."""

    id: UUID
    code: str
    commune_id: str
    hamlet_code: str
    team_code: str | None
    person_id: UUID
    kind: Kind
    services: tuple[Service, ...]
    outcome: Outcome
    reason: Reason | None
    people: int | None
    """People helped; None when it was not said. Unknown is not 0."""
    household: str | None
    """Household code, never a name."""
    visited_on: date
    recorded_at: datetime
    undone_at: datetime | None = None


def local_day(at: datetime) -> date:
    """The Vietnamese calendar day of an aware moment."""
    return at.astimezone(LOCAL).date()


def visit_code(short: str, year: int, number: int) -> str:
    """The code people say: LT-26-00042."""
    return f"{short}-{year % 100:02d}-{number:05d}"


@dataclass(frozen=True, slots=True)
class VisitFields:
    """A draft's answers, checked and typed, before a code is given."""

    hamlet_code: str
    team_code: str | None
    kind: Kind
    services: tuple[Service, ...]
    outcome: Outcome
    reason: Reason | None
    people: int | None
    household: str | None
    visited_on: date


def visit_fields(draft: Draft, at: datetime, hamlets: Iterable[str]) -> VisitFields:
    """Check the draft as a whole: raise the first thing that keeps it from being a record.

    `hamlets` are the codes the person's team serves; `at` decides what "today" is.
    """
    data = draft.data
    services = tuple(s for s in Service if s.value in data.get("services", ()))
    outcome_told = data.get("outcome")
    if not services or outcome_told is None or data.get("hamlet") is None:
        raise NothingChosen
    if data["hamlet"] not in set(hamlets):
        raise NotYourHamlet
    today = local_day(at)
    visited_on = date.fromisoformat(data["date"]) if data.get("date") else today
    if visited_on > today:
        raise VisitInFuture
    outcome = Outcome(outcome_told)
    reason = Reason(data["reason"]) if data.get("reason") and outcome != Outcome.DONE else None
    return VisitFields(
        hamlet_code=data["hamlet"],
        team_code=data.get("team"),
        kind=Kind(data.get("kind", Kind.HOUSEHOLD)),
        services=services,
        outcome=outcome,
        reason=reason,
        people=data.get("people"),
        household=data.get("household"),
        visited_on=visited_on,
    )


def check_undo(visit: Visit, at: datetime) -> None:
    """The author takes a record back freely within 24 hours of recording it."""
    if at - visit.recorded_at > UNDO_WINDOW:
        raise UndoTooLate


class Step(StrEnum):
    """The questions of the form, in order."""

    HAMLET = "hamlet"
    SERVICES = "services"
    OUTCOME = "outcome"
    REASON = "reason"
    CONFIRM = "confirm"


def next_step(draft: Draft) -> Step:
    """The first question the draft does not answer: where a person goes on after any break."""
    told = draft.data
    if not told.get("hamlet"):
        return Step.HAMLET
    if not told.get("services_told"):
        return Step.SERVICES
    if not told.get("outcome"):
        return Step.OUTCOME
    if told["outcome"] != Outcome.DONE and not told.get("reason"):
        return Step.REASON
    return Step.CONFIRM


#: What answering a question again makes unsaid.
_ANSWERS = {
    Step.HAMLET: ("hamlet",),
    Step.SERVICES: ("services_told",),
    Step.OUTCOME: ("outcome", "reason"),
    Step.REASON: ("reason",),
}


def step_back(draft: Draft, *, asks_hamlet: bool) -> Draft:
    """The draft one question earlier; the first question stays."""
    here = list(Step).index(next_step(draft))
    for step in reversed(list(Step)[:here]):
        if step is Step.HAMLET and not asks_hamlet:
            break
        if step is Step.REASON and draft.data.get("outcome") == Outcome.DONE:
            continue
        return draft.told(**dict.fromkeys(_ANSWERS[step]))
    return draft


def toggled(draft: Draft, services: Iterable[Service]) -> Draft:
    """The draft with each of these services chosen if it was not, and not if it was."""
    chosen = set(draft.data.get("services", ()))
    for service in services:
        chosen ^= {service.value}
    return draft.told(services=[s.value for s in Service if s.value in chosen])


#: More people than this at one household is a slip of the finger.
MOST_PEOPLE = 30


def read_people(typed: str) -> int:
    """A number of people as typed; raises FieldInvalid."""
    digits = typed.strip()
    if not digits.isdecimal() or not 1 <= int(digits) <= MOST_PEOPLE:
        raise FieldInvalid("people", "number")
    return int(digits)


#: A household is a code on a card or in a notebook, never a name.
LONGEST_HOUSEHOLD = 12


def read_household(typed: str) -> str:
    """A household code as typed: letters, digits and dashes, in capitals; raises FieldInvalid."""
    code = "".join(typed.split()).upper()
    if not code or len(code) > LONGEST_HOUSEHOLD:
        raise FieldInvalid("household", "long" if code else "short")
    if not all(ch.isascii() and (ch.isalnum() or ch in "-/.") for ch in code):
        raise FieldInvalid("household", "code")
    return code


def answered(draft: Draft, step: Step, value: str) -> Draft:
    """The draft with one question answered. Raises NothingChosen for services without a tick."""
    match step:
        case Step.SERVICES:
            if not draft.data.get("services"):
                raise NothingChosen
            return draft.told(services_told=True)
        case Step.HAMLET:
            return draft.told(hamlet=value)
        case Step.OUTCOME:
            return draft.told(outcome=Outcome(value).value, reason=None)
        case Step.REASON:
            return draft.told(reason=Reason(value).value)
        case Step.CONFIRM:
            return draft


def record_visit(draft: Draft, fields: VisitFields, code: str, at: datetime) -> Visit:
    """The record a checked draft becomes; it keeps the draft's id."""
    return Visit(
        id=draft.id,
        code=code,
        commune_id=draft.commune_id,
        hamlet_code=fields.hamlet_code,
        team_code=fields.team_code,
        person_id=draft.person_id,
        kind=fields.kind,
        services=fields.services,
        outcome=fields.outcome,
        reason=fields.reason,
        people=fields.people,
        household=fields.household,
        visited_on=fields.visited_on,
        recorded_at=at,
    )


def visit_logged(visit: Visit, event_id: UUID) -> NewEvent:
    """The event that makes a visit."""
    return NewEvent(
        id=event_id,
        commune_id=visit.commune_id,
        at=visit.recorded_at,
        actor_id=visit.person_id,
        kind="visit.logged",
        subject=str(visit.id),
        payload={
            "id": str(visit.id),
            "code": visit.code,
            "commune_id": visit.commune_id,
            "hamlet_code": visit.hamlet_code,
            "team_code": visit.team_code,
            "person_id": str(visit.person_id),
            "kind": visit.kind.value,
            "services": [service.value for service in visit.services],
            "outcome": visit.outcome.value,
            "reason": visit.reason.value if visit.reason else None,
            "people": visit.people,
            "household": visit.household,
            "visited_on": visit.visited_on.isoformat(),
            "recorded_at": visit.recorded_at.astimezone(UTC).isoformat(),
        },
    )


def visit_undone(visit: Visit, event_id: UUID, by: UUID, at: datetime) -> NewEvent:
    """The event that takes a visit back."""
    return NewEvent(
        id=event_id,
        commune_id=visit.commune_id,
        at=at,
        actor_id=by,
        kind="visit.undone",
        subject=str(visit.id),
        payload={"visit": str(visit.id), "at": at.astimezone(UTC).isoformat()},
    )
