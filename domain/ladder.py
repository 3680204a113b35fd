"""The ladder: on which days a missing report is asked for, and at what hour a message may go.

The rungs are counted back from the target day and forward from the last valid day. Each falls on
a working day, except `still-open`: it exists only because the last valid day is not one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.deadlines import FIRST_NOTICE, Deadline
from domain.holidays import WorkCalendar
from domain.visits import LOCAL

_DAY = timedelta(days=1)
_MIDNIGHT = time()

#: Deadlines whose last valid day is farther from a day than this have no rung on it. A week of
#: notice, the longest holiday and a late second "overdue" together stay below a month.
REACH = 45 * _DAY

#: An "overdue" that could not be sent is still worth sending this long; then the digest tells.
OVERDUE_KEEPS = 7 * _DAY


class Rung(StrEnum):
    """The steps of the ladder, from the earliest to the most urgent. Values are stored keys."""

    T7 = "T-7"
    T3 = "T-3"
    T1 = "T-1"
    DAY = "day"
    STILL_OPEN = "still-open"
    OVERDUE = "overdue"
    OVERDUE_2 = "overdue-2"

    @property
    def urgency(self) -> int:
        """0 for the earliest."""
        return _URGENCY[self]

    @property
    def shown(self) -> str:
        """The name in lists: both overdue rungs are called `overdue`."""
        return Rung.OVERDUE.value if self is Rung.OVERDUE_2 else self.value


_URGENCY = {rung: place for place, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True)
class Step:
    """A rung on its day; `covers` are less urgent rungs that would fall on the same day."""

    day: date
    rung: Rung
    covers: tuple[Rung, ...] = ()


def ladder(deadline: Deadline, calendar: WorkCalendar) -> tuple[Step, ...]:
    """The steps of one deadline in order of days, one a day at most."""
    target, last = deadline.target_day, deadline.last_valid_day
    days = [
        (calendar.last_working_on_or_before(target - FIRST_NOTICE), Rung.T7),
        (calendar.last_working_on_or_before(target - 3 * _DAY), Rung.T3),
        (calendar.last_working_on_or_before(target - 1 * _DAY), Rung.T1),
        (target, Rung.DAY),
        (calendar.first_working_after(last), Rung.OVERDUE),
        (calendar.nth_working_after(last, 3), Rung.OVERDUE_2),
    ]
    if last > target:
        days.append((last, Rung.STILL_OPEN))
    by_day: dict[date, list[Rung]] = {}
    for day, rung in sorted(days, key=lambda each: (each[0], -each[1].urgency)):
        by_day.setdefault(day, []).append(rung)
    return tuple(Step(day, rungs[0], tuple(rungs[1:])) for day, rungs in by_day.items())


def is_moot(deadline: Deadline, step: Step, day: date) -> bool:
    """Whether it makes no sense any more to send this step on this day.

    A late T-n may go until the target day (the text counts the days that are really left), a
    `day` or `still-open` only on its own day, an `overdue` for a week.
    """
    if step.day == day:
        return False
    if step.rung in (Rung.OVERDUE, Rung.OVERDUE_2):
        return day > step.day + OVERDUE_KEEPS
    if step.rung is Rung.STILL_OPEN:
        return True
    return day > deadline.target_day


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """The hours in which a message may arrive, local time; `closes` itself is outside.

    A window that closes before it opens crosses midnight; 00:00 is midnight and nothing else, so
    06:00 to 00:00 ends with the day; equal hours mean the whole day.
    """

    opens: time = time(6, 30)
    closes: time = time(20, 30)

    def contains(self, at: datetime) -> bool:
        """Whether a message may arrive at this moment."""
        clock = at.astimezone(LOCAL).time()
        if self.opens < self.closes:
            return self.opens <= clock < self.closes
        return self.opens == self.closes or clock >= self.opens or clock < self.closes

    def next_open(self, at: datetime) -> datetime:
        """The first moment from `at` on at which a message may arrive, local time."""
        local = at.astimezone(LOCAL)
        if self.contains(local):
            return local
        opening = datetime.combine(local.date(), self.opens, LOCAL)
        return opening if opening >= local else opening + _DAY


#: Reminders go out at this local hour when the window allows it.
SENT_AT = time(8)


def moment_to_send(day: date, now: datetime, window: SendingWindow) -> datetime | None:
    """When a message of this day goes out, seen from `now`: at 08:00, later if that has passed.

    Where 08:00 lies outside the window, its first open moment after 08:00 that day, else its
    first one of the day. None when the day has no open moment left.
    """
    midnight = datetime.combine(day, _MIDNIGHT, LOCAL)
    earliest = max(now.astimezone(LOCAL), midnight)
    for start in (max(earliest, datetime.combine(day, SENT_AT, LOCAL)), earliest):
        at = window.next_open(start)
        if at.date() == day:
            return at
    return None
