"""What a report's figures cover: the decree's periods, and what to propose where they do not fit.

Decree 09/2019/NĐ-CP article 12 cuts every periodic report on the 14th, so that the figures are
complete before they are due. Two of our communes are due before the 14th; for them a period up to
the end of the month before is proposed and marked `assumed` until the commune confirms it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.cutoffs import due_before, due_days
from domain.plan import Cutoff, PeriodKind

#: How many months a period of each kind has; the other kinds have no period.
_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}

#: Decree 09/2019/NĐ-CP article 12: figures are closed at the end of this day of the month.
_CLOSING_DAY = 14

_DAY = timedelta(days=1)


class PeriodChoice(StrEnum):
    """How a commune cuts its periods, once it has confirmed one way or the other."""

    DECREE = "decree"
    CALENDAR_BEFORE = "calendar-before"
    """Up to the last day of the month before the one in which the report is due."""


@dataclass(frozen=True, slots=True)
class DataPeriod:
    """The local dates a report covers, both included.

    `assumed` means that the commune was not asked yet; every text and report then says so.
    """

    kind: PeriodKind
    first: date
    last: date
    assumed: bool = False


def decree_period(kind: PeriodKind, year: int, month: int = 12) -> DataPeriod:
    """The decree's period of this month, or of the quarter, half-year or year that holds it.

    A month runs from the 15th of the month before to the 14th; a longer period from the 15th of
    the month before its first to the 14th of its last. Q4/2026 is 15/9–14/12/2026.

    Raises ValueError for kinds without a period. Source: Decree 09/2019/NĐ-CP article 12.
    """
    if kind not in _MONTHS:
        raise ValueError(f"a report {kind} has no period")
    length = _MONTHS[kind]
    last_month = (month - 1) // length * length + length
    first = _closing_of(year, last_month - length) + _DAY
    return DataPeriod(kind, first, _closing_of(year, last_month))


def data_period(
    cutoff: Cutoff, last_valid_day: date, choice: PeriodChoice | None = None
) -> DataPeriod | None:
    """The period of the report that this rule makes due on `last_valid_day`.

    The decree's period where it is over before the report is due; otherwise from the day after
    the previous period to the last day of the month before, marked `assumed`. A confirmed
    `choice` is never assumed; `decree` for a rule due too early then means the last decree period
    that is over. A rule with several reports to one decree period cannot follow the decree at
    all. Periods of one rule follow each other without gap or overlap, in every case.

    None for `once`, `on-request` and rules without a day.
    """
    if cutoff.day is None or cutoff.period not in _MONTHS:
        return None
    used = choice or proposed_choice(cutoff)
    confirmed = choice is not None
    if used is PeriodChoice.DECREE and not _decree_cuts(cutoff):
        used, confirmed = PeriodChoice.CALENDAR_BEFORE, False
    last = _end(cutoff, last_valid_day, used)
    first = _end(cutoff, due_before(cutoff, last_valid_day), used) + _DAY
    assumed = not confirmed and used is not PeriodChoice.DECREE
    return DataPeriod(cutoff.period, first, last, assumed)


@lru_cache(maxsize=256)
def proposed_choice(cutoff: Cutoff) -> PeriodChoice:
    """How this rule is cut while the commune has confirmed nothing.

    One answer for the whole rule, never one for each month: otherwise periods could leave gaps.
    """
    # A year of the rule; any year will do, as no rule depends on 29 February.
    days = list(due_days(cutoff, date(2026, 1, 1), date(2026, 12, 31)))
    fits = all(_intended(cutoff.period, day).last < day for day in days)
    # Each period is reported once: four quarters a year, not three and not twelve.
    whole = len(days) * _MONTHS[cutoff.period] == 12 and _decree_cuts(cutoff)
    return PeriodChoice.DECREE if fits and whole else PeriodChoice.CALENDAR_BEFORE


@lru_cache(maxsize=256)
def _decree_cuts(cutoff: Cutoff) -> bool:
    """Whether each report of the rule would have a decree period of its own to end with."""
    # Two years, to see the step from December to January too.
    days = list(due_days(cutoff, date(2026, 1, 1), date(2027, 12, 31)))
    return len({_end(cutoff, day, PeriodChoice.DECREE) for day in days}) == len(days)


def _end(cutoff: Cutoff, last_valid_day: date, choice: PeriodChoice) -> date:
    """The last day of the period due on `last_valid_day`; always before that day."""
    if choice is PeriodChoice.CALENDAR_BEFORE:
        return last_valid_day.replace(day=1) - _DAY
    end = _intended(cutoff.period, last_valid_day).last
    while end >= last_valid_day:
        end = _closing_of(end.year, end.month - _MONTHS[cutoff.period])
    return end


def _intended(kind: PeriodKind, last_valid_day: date) -> DataPeriod:
    """The decree period a report due on this day is about.

    One due in the first half of a quarter, half-year or year is about the one before: a yearly
    report due in January is late for last year, one due in November is early for this one.
    """
    length = _MONTHS[kind]
    months_in = (last_valid_day.month - 1) % length
    if 2 * months_in >= length - 1:
        return decree_period(kind, last_valid_day.year, last_valid_day.month)
    before = _closing_of(last_valid_day.year, last_valid_day.month - months_in - 1)
    return decree_period(kind, before.year, before.month)


def _closing_of(year: int, month: int) -> date:
    """The decree's closing day of a month; month 0 is December of the year before."""
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, _CLOSING_DAY)
