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
