"""The days a plan's reporting rules fall due, before anybody asks about weekends or periods."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.plan import Cutoff

_DAY = timedelta(days=1)


def last_day_of_month(year: int, month: int) -> date:
    """The 28th, 29th, 30th or 31st."""
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def last_valid_day(cutoff: Cutoff, year: int, month: int) -> date:
    """The last day on which a report due in this month still counts, until 24:00.

    "ngày 10/6" is the 10th itself, "trước ngày 25" the 24th, "trước ngày 1" the last day of the
    month before. A day that the month does not have becomes its last: "trước ngày 31" of June is
    30/6, never beyond what the plan says literally.

    Raises ValueError for a rule without a recurring day.
    """
    if cutoff.day is None:
        raise ValueError(f"{cutoff.id} has no day of the month")
    day = cutoff.day if cutoff.inclusive else cutoff.day - 1
    if day == 0:
        return date(year, month, 1) - _DAY
    return min(date(year, month, 1) + (day - 1) * _DAY, last_day_of_month(year, month))


def due_days(cutoff: Cutoff, first: date, last: date) -> Iterator[date]:
    """Every last valid day of the rule from `first` to `last`, both included, in order.

    A rule without a day, or on request, has none. Rules know no first and last year: whether the
    plan still speaks for a year is said by `Deadline.assumed`.
    """
    if cutoff.date is not None:
        once = cutoff.date if cutoff.inclusive else cutoff.date - _DAY
        if first <= once <= last:
            yield once
    if cutoff.day is None:
        return
    # One year more at the end: "trước ngày 1" of January falls due in December.
    for year in range(first.year, last.year + 2):
        for month in sorted(set(cutoff.months)):
            day = last_valid_day(cutoff, year, month)
            if first <= day <= last:
                yield day


def due_before(cutoff: Cutoff, day: date) -> date:
    """The rule's last valid day that comes next before `day`."""
    # Every rule falls due at least once a year, and a year has at most 366 days.
    return max(due_days(cutoff, day - 367 * _DAY, day - _DAY))
