"""The questions a visit is asked for, in order, and what a typed or tapped answer does to a draft.

The draft is all there is: whichever door a person comes back by, `next_step` says where to go on.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.drafts import Draft
from domain.errors import FieldInvalid, NothingChosen
from domain.visits import Outcome, Reason, Service, local_day


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


def read_services(joined: str) -> list[Service]:
    """Services of a press, joined by "+"; raises NothingChosen for a made-up one."""
    known = {service.value: service for service in Service}
    if not set(joined.split("+")) <= known.keys():
        raise NothingChosen
    return [known[value] for value in joined.split("+")]


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
    if sum(ch.isdigit() for ch in code) >= 9:  # a phone or identity number, not a place in a book
        raise FieldInvalid("household", "code")
    if not any(ch.isdigit() for ch in code):  # a word is a name or a question, never a code
        raise FieldInvalid("household", "code")
    return code


def answered(draft: Draft, step: Step, value: str) -> Draft:
    """The draft with one question answered. Raises NothingChosen for services without a tick."""
    try:
        return _answered(draft, step, value)
    except ValueError:  # a made-up button: no such outcome or reason
        raise NothingChosen from None


def _answered(draft: Draft, step: Step, value: str) -> Draft:
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


#: How far back a day may be chosen by a tap; further needs a reason.
DAYS_BACK = 3


def day_of(draft: Draft, now: datetime) -> date:
    """The day of the visit: the day it was begun to be told, unless another was chosen.

    Not the day it is saved: what a person confirmed before midnight is what is recorded after.
    """
    told = draft.data.get("date")
    return date.fromisoformat(told) if told else local_day(now)


def days_to_choose(now: datetime) -> list[date]:
    """Today first, then back."""
    return [local_day(now) - timedelta(days=back) for back in range(DAYS_BACK)]


def on_day(draft: Draft, typed: str, now: datetime) -> Draft:
    """The draft on another day, one of those offered; raises NothingChosen for any other."""
    if typed not in {day.isoformat() for day in days_to_choose(now)}:
        raise NothingChosen
    return draft.told(date=typed)
