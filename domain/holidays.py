"""Which days state bodies work: law, yearly decisions, swaps, and a commune's own corrections.

The `holidays` package knows the Labour Code (fixed days, lunar days, days in lieu) and most
swaps. What it lacks or gets wrong is corrected here, each with its source; an officer's own
overrides come last and win. `reference/evidence-and-reports.md` section 6.5 decides 2026 and 2027.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

#: The last year whose calendar the Government has decided (Tết and 2/9 of 2027: approved on
#: 2/10/2026, as the press of 3/10/2026 has it). Later years are law and lunar computation.
DECIDED_THROUGH = 2027

#: Resolution 28/2026/QH16 article 2: a paid day off, but outside article 112 of the Labour Code,
#: so article 111.3 gives no day in lieu when it falls on a weekend.
_CULTURE_DAY = (11, 24)

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Override:
    """One day that differs from the computed calendar, and who says so.

    `off` false means the day is worked, also when it is a Saturday. `name` is what people read;
    it may be empty. `provisional` marks what is announced or expected but not yet decided.
    """

    day: date
    off: bool
    source: str
    provisional: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Swap:
    """A working day given off in exchange for a Saturday that is worked."""

    off: date
    worked: date
    source: str


#: Swaps the package does not have (0.109 has 31/8/2026 for 22/8/2026, and those of 2024 and 2025).
_SWAPS = (_Swap(date(2026, 1, 2), date(2026, 1, 10), "12729/VPCP-KGVX, 25/12/2025"),)


@dataclass(frozen=True, slots=True)
class _Year:
    """What one year's calendar says, before a commune's own overrides."""

    off: Mapping[date, str]
    """Days off by name; weekends without a holiday are not in it."""
    worked: frozenset[date]
    """Saturdays that are worked."""


def _package(year: int) -> "HolidayBase":
    """The package's calendar of one year.

    Imported on first use: it pulls in every country (about 0.1 s and 19 MiB), which most commands
    never need.
    """
    from holidays import country_holidays

    return country_holidays("VN", years=year, expand=False, language="vi")


@cache
def _year(year: int) -> _Year:
    """The national calendar of one year: the package, corrected."""
    package = _package(year)
    off = {
        # Two days before Tết is the 28th in years whose last month is short: the package always
        # calls it the 29th. It bears the name of Tết instead.
        day: package[day + 2 * _DAY] if name.startswith("29 ") else name
        for day, name in package.items()
        # Nothing else falls in November: any other day off there is the package's day in lieu.
        if day.month != _CULTURE_DAY[0] or (day.month, day.day) == _CULTURE_DAY
    }
    worked = {day for day in package.weekend_workdays if day.year == year}
    for swap in _SWAPS:
        if swap.off.year == year:
            off[swap.off] = _name_of_swap(package, swap)
        if swap.worked.year == year:
            worked.add(swap.worked)
    return _Year(MappingProxyType(off), frozenset(worked))


def _name_of_swap(package: "HolidayBase", swap: _Swap) -> str:
    """The package's own words for a swapped day, so that all of them read alike."""
    exchanged = swap.worked.strftime(package.tr(package.substituted_date_format))
    return package.tr(package.substituted_label) % exchanged


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of one commune: the national calendar, then its own overrides.

    A commune's later override of a day wins over its earlier one.
    """

    overrides: tuple[Override, ...] = ()
    _own: Mapping[date, Override] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", {each.day: each for each in self.overrides})

    def is_working(self, day: date) -> bool:
        """Whether state bodies work on the day: 40 hours, Saturday and Sunday off."""
        if own := self._own.get(day):
            return not own.off
        national = _year(day.year)
        if day in national.off:
            return False
        return day.weekday() < _SATURDAY or day in national.worked

    def last_working_on_or_before(self, day: date) -> date:
        """The day itself when it is worked, else the nearest worked day before it."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def first_working_after(self, day: date) -> date:
        """The nearest worked day after the day."""
        return self.nth_working_after(day, 1)

    def nth_working_after(self, day: date, nth: int) -> date:
        """The first (`nth` = 1), second, third … worked day after the day."""
        while nth > 0:
            day += _DAY
            nth -= self.is_working(day)
        return day

    def name_of(self, day: date) -> str | None:
        """What a special day is called, in Vietnamese; None for any other day, weekends included.

        A commune's override answers with its own name, also for a day that it makes a working one.
        """
        if own := self._own.get(day):
            return own.name or None
        return _year(day.year).off.get(day)

    def is_provisional(self, day: date) -> bool:
        """Whether what is said of this day may still change.

        True for a computed holiday of a year not decided yet, and for an override marked so.
        Ordinary days are never provisional, though a swap may touch any of them: swaps are
        announced, not computable.
        """
        if own := self._own.get(day):
            return own.provisional
        return day.year > DECIDED_THROUGH and day in _year(day.year).off
