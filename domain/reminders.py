"""Who is reminded of what, when: a pure plan from deadlines, people and what is already in.

The scheduler asks `plan` at every tick; `rehearse` asks the same rule with a virtual clock. The
caller is the memory: it stores the keys of what it queued and hands them back as `already`.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from domain.deadlines import Deadline
from domain.duties import Debtor, Received, is_asked
from domain.holidays import WorkCalendar
from domain.ladder import Rung, SendingWindow, Step, is_moot, ladder, moment_to_send
from domain.people import Role
from domain.visits import LOCAL, local_day

_DAY = timedelta(days=1)
_DEFAULT_WINDOW = SendingWindow()

#: (`Deadline.key`, rung, person id): what makes a reminder happen once. Product rule 3.
Key = tuple[str, str, UUID]


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """One report in a message, and why it is there."""

    deadline: Deadline
    rung: Rung
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to one person: everything that person is reminded of on that day."""

    person_id: UUID
    role: Role
    to: str
    """The person's name, for lists; the message does not need it."""
    at: datetime
    expires_at: datetime
    """24:00 of the day it goes out: its words count from that day. Who has not got it by then
    is told anew, as long as it is not moot."""
    items: tuple[ReminderItem, ...]
    """Most urgent first."""
    merged: tuple[tuple[str, Rung], ...]
    """(deadline key, rung) of earlier rungs that this message replaces and that never went out."""

    @property
    def rung(self) -> Rung:
        """The most urgent of the merged."""
        return self.items[0].rung

    @property
    def keys(self) -> frozenset[Key]:
        """What is settled for this person once the message is queued, merged rungs included."""
        own = ((item.deadline.key, item.rung) for item in self.items)
        return frozenset((key, rung.value, self.person_id) for key, rung in (*own, *self.merged))


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a plan is made from: deadlines with their ladders, people, working days and hours."""

    climbs: tuple[tuple[Deadline, tuple[Step, ...]], ...]
    debtors: tuple[Debtor, ...]
    calendar: WorkCalendar
    window: SendingWindow
    since: date | None
    """The day the commune went live: rungs before it are nobody's fault and never made up for."""


def agenda_of(
    deadlines: Iterable[Deadline],
    debtors: Iterable[Debtor],
    calendar: WorkCalendar,
    window: SendingWindow = _DEFAULT_WINDOW,
    since: date | None = None,
) -> Agenda:
    """Put an agenda together. `deadlines` must reach `ladder.REACH` beyond the days planned."""
    climbs = tuple((deadline, ladder(deadline, calendar)) for deadline in deadlines)
    return Agenda(climbs, tuple(debtors), calendar, window, since)


def plan(
    now: datetime,
    agenda: Agenda,
    received: Received = frozenset(),
    already: Set[Key] = frozenset(),
    unrung: Set[UUID] = frozenset(),
) -> list[Reminder]:
    """Every message that is to go out from `now` to the end of the local day, in order.

    Of each ladder only the newest rung that has come counts, so that after a pause each person
    gets one message a report at most; the rungs it replaces are listed in `merged`. What was
    missed is made up for on working days only, and only while it is not moot.

    Persons `unrung` have no door that rings: nothing disturbs them, so what is for them lies
    ready from the first minute of any day.

    ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    today = local_day(now)
    at = moment_to_send(today, now, agenda.window)
    found: dict[UUID, list[tuple[Debtor, ReminderItem]]] = {}
    merged: dict[UUID, set[tuple[str, Rung]]] = {}
    for deadline, step, older in _newest(today, agenda):
        if is_moot(deadline, step, today):
            continue
        rings = at is not None and (step.day == today or agenda.calendar.is_working(today))
        for debtor, missed in _unsent(deadline, step, older, agenda, received, already):
            if not rings and debtor.person_id not in unrung:
                continue
            item = ReminderItem(deadline, step.rung, debtor.unit_code, debtor.unit_name)
            found.setdefault(debtor.person_id, []).append((debtor, item))
            replaced = merged.setdefault(debtor.person_id, set())
            replaced.update((deadline.key, rung) for rung in missed)
    messages = [
        _message(now if at is None or person in unrung else at, items, merged[person])
        for person, items in found.items()
    ]
    return sorted(messages, key=lambda each: (each.to, each.person_id))


def plan_day(
    day: date, agenda: Agenda, received: Received = frozenset(), already: Set[Key] = frozenset()
) -> list[Reminder]:
    """Every message of one day: `plan` as its first minute sees it."""
    return plan(_midnight(day), agenda, received, already)


def rehearse(
    first: date,
    days: int,
    agenda: Agenda,
    received: Received = frozenset(),
    already: Set[Key] = frozenset(),
) -> list[Reminder]:
    """Every message of `days` days from `first` on, on a virtual clock. Nothing is sent.

    Without `agenda.since`, what should have gone out before `first` counts as done.
    """
    agenda = replace(agenda, since=agenda.since or first)
    settled = set(already)
    messages: list[Reminder] = []
    for day in (first + n * _DAY for n in range(days)):
        for reminder in plan_day(day, agenda, received, settled):
            settled |= reminder.keys
            messages.append(reminder)
    return messages


def lapsed(
    now: datetime, agenda: Agenda, received: Received = frozenset(), already: Set[Key] = frozenset()
) -> list[Key]:
    """Rungs that never went out and no longer will: the list that keeps a pause from being silent.

    A rung that a later message will still replace is not among them. Record the keys with those
    that were sent, and they are listed once.
    """
    today = local_day(now)
    return [
        (deadline.key, rung.value, debtor.person_id)
        for deadline, step, older in _newest(today, agenda)
        if is_moot(deadline, step, today)
        for debtor, missed in _unsent(deadline, step, older, agenda, received, already)
        for rung in (*missed, step.rung)
    ]


def still_owed(reminder: Reminder, received: Received) -> Reminder | None:
    """The queued message without the reports that came in meanwhile; None when all have.

    To be asked again right before sending: product rule 3, never after it is moot.
    """
    left = tuple(
        item for item in reminder.items if (item.unit_code, item.deadline.key) not in received
    )
    return replace(reminder, items=left) if left else None


def _newest(today: date, agenda: Agenda) -> Iterator[tuple[Deadline, Step, tuple[Rung, ...]]]:
    """Of each ladder the newest step that has come, with the less urgent rungs it stands for."""
    for deadline, steps in agenda.climbs:
        since = agenda.since or date.min
        come = [step for step in steps if since <= step.day <= today]
        if come:
            before = tuple(rung for step in come[:-1] for rung in (*step.covers, step.rung))
            yield deadline, come[-1], (*before, *come[-1].covers)


def _unsent(
    deadline: Deadline,
    step: Step,
    older: Sequence[Rung],
    agenda: Agenda,
    received: Received,
    already: Set[Key],
) -> Iterator[tuple[Debtor, list[Rung]]]:
    """Who still has to hear of this step, each with the older rungs that never went out."""
    for debtor in agenda.debtors:
        if not is_asked(debtor, deadline) or (debtor.unit_code, deadline.key) in received:
            continue
        person = debtor.person_id
        if (deadline.key, step.rung.value, person) not in already:
            missed = [r for r in older if (deadline.key, r.value, person) not in already]
            yield debtor, missed


def _message(
    at: datetime, found: Iterable[tuple[Debtor, ReminderItem]], merged: Set[tuple[str, Rung]]
) -> Reminder:
    """All items of one person as one message."""
    ranked = sorted(found, key=lambda each: _rank(each[1]))
    first = ranked[0][0]
    return Reminder(
        person_id=first.person_id,
        role=first.role,
        to=first.name,
        at=at,
        expires_at=_midnight(local_day(at) + _DAY),
        items=tuple(item for _, item in ranked),
        merged=tuple(sorted(merged, key=lambda each: (each[0], each[1].urgency))),
    )


def _rank(item: ReminderItem) -> tuple[int, date, int, str, str]:
    """Most urgent first, then by the day it is due."""
    due = item.deadline
    return -item.rung.urgency, due.last_valid_day, due.tier, due.cutoff_id, item.unit_code


def _midnight(day: date) -> datetime:
    """00:00 local time of the day."""
    return datetime.combine(day, time(), LOCAL)
