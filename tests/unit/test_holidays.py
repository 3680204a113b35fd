"""Which days are worked: 2025-2027 day by day, later years by law and by the sky."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.holidays import DECIDED_THROUGH, Override, WorkCalendar
from tests.support import lunar

CALENDAR = WorkCalendar()
DAY = timedelta(days=1)

#: Every day off from Monday to Friday. 2025: notices of the Government for that year; 2026 and
#: 2027: reference/evidence-and-reports.md, section 6.5.
OFF = {
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
    2027: "1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11",
}
WORKED_SATURDAYS = {2025: "26/4", 2026: "10/1 22/8", 2027: ""}


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


def read(year: int, text: str) -> set[date]:
    return {date(year, int(month), int(day)) for day, month in (d.split("/") for d in text.split())}


@pytest.mark.parametrize("year", OFF)
def test_every_day_of_the_decided_years(year: int) -> None:
    off, worked = read(year, OFF[year]), read(year, WORKED_SATURDAYS[year])
    for day in days_of(year):
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert CALENDAR.is_working(day) == expected, day


@pytest.mark.parametrize("year", range(2025, 2041))
def test_tet_and_the_hung_kings_day_are_where_the_moon_puts_them(year: int) -> None:
    tet = lunar.tet(year)
    assert [CALENDAR.name_of(tet + n * DAY) is not None for n in range(-1, 4)] == [True] * 5
    assert CALENDAR.name_of(tet) == "Tết Nguyên Đán"
    assert CALENDAR.name_of(lunar.hung_kings_day(year)) == "Ngày Giỗ Tổ Hùng Vương"


@pytest.mark.parametrize("year", range(2025, 2031))
def test_tet_takes_five_working_days_and_none_too_many(year: int) -> None:
    tet = lunar.tet(year)
    around = [tet + n * DAY for n in range(-10, 11)]
    off = [day for day in around if day.weekday() < 5 and not CALENDAR.is_working(day)]
    assert len(off) == 5


@pytest.mark.parametrize("year", range(2026, 2045))
def test_culture_day_has_no_day_in_lieu(year: int) -> None:
    """Resolution 28/2026/QH16 stands outside article 112 of the Labour Code."""
    day = date(year, 11, 24)
    assert not CALENDAR.is_working(day)
    assert CALENDAR.name_of(day) == "Ngày Văn hóa Việt Nam"
    following = [day + n * DAY for n in range(1, 7)]
    assert all(CALENDAR.is_working(each) == (each.weekday() < 5) for each in following)


def test_culture_day_begins_in_2026() -> None:
    assert CALENDAR.is_working(date(2025, 11, 24))


@pytest.mark.parametrize("year", range(2025, 2036))
def test_a_fixed_holiday_on_a_weekend_gives_the_next_working_day(year: int) -> None:
    for day in (date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)):
        assert not CALENDAR.is_working(day)
        if day.weekday() >= 5:
            monday = day + (7 - day.weekday()) * DAY
            assert not CALENDAR.is_working(monday), day


def test_names() -> None:
    assert CALENDAR.name_of(date(2026, 1, 2)) == "Ngày nghỉ (thay cho ngày 10/01/2026)"
    assert CALENDAR.name_of(date(2026, 8, 31)) == "Ngày nghỉ (thay cho ngày 22/08/2026)"
    assert CALENDAR.name_of(date(2026, 8, 30)) is None
    # The last lunar month has 29 days: the package calls the 28th "29 Tết".
    assert CALENDAR.name_of(date(2027, 2, 4)) == "Tết Nguyên Đán"
    assert CALENDAR.name_of(date(2024, 2, 8)) == "Tết Nguyên Đán"


def test_what_is_provisional() -> None:
    assert not any(CALENDAR.is_provisional(day) for y in (2025, 2026, 2027) for day in days_of(y))
    assert CALENDAR.is_provisional(date(DECIDED_THROUGH + 1, 1, 26))
    assert not CALENDAR.is_provisional(date(DECIDED_THROUGH + 1, 6, 6))


def test_looking_back_and_ahead_for_a_worked_day_on_every_day_of_2025_to_2028() -> None:
    day = date(2025, 1, 1)
    while day.year < 2029:
        back, ahead = CALENDAR.last_working_on_or_before(day), CALENDAR.first_working_after(day)
        assert back <= day < ahead
        assert CALENDAR.is_working(back)
        assert CALENDAR.is_working(ahead)
        between = [back + n * DAY for n in range(1, (ahead - back).days)]
        assert not any(CALENDAR.is_working(each) for each in between if each != day)
        assert (back == day) == CALENDAR.is_working(day)
        third = CALENDAR.nth_working_after(day, 3)
        assert (
            sum(CALENDAR.is_working(day + n * DAY) for n in range(1, (third - day).days + 1)) == 3
        )
        day += DAY


def test_a_commune_overrides_any_day() -> None:
    flood = Override(date(2026, 11, 23), off=True, source="UBND tỉnh", name="Nghỉ tránh bão")
    sunday = Override(date(2026, 11, 22), off=False, source="UBND xã", provisional=True)
    calendar = WorkCalendar((flood, sunday))
    assert not calendar.is_working(flood.day)
    assert calendar.is_working(sunday.day)
    assert calendar.name_of(flood.day) == "Nghỉ tránh bão"
    assert calendar.name_of(sunday.day) is None
    assert calendar.is_provisional(sunday.day)
    assert not calendar.is_provisional(flood.day)
    assert calendar.last_working_on_or_before(date(2026, 11, 24)) == sunday.day
    assert CALENDAR.is_working(flood.day)


def test_a_commune_can_work_on_a_holiday_and_the_later_override_wins() -> None:
    day = date(2027, 2, 4)
    first, second = Override(day, off=True, source="1"), Override(day, off=False, source="2")
    assert WorkCalendar((first, second)).is_working(day)
    assert not WorkCalendar((second, first)).is_working(day)


def test_the_package_is_not_imported_before_it_is_needed() -> None:
    """It pulls in every country of the world: 0.1 s and 19 MiB."""
    code = "import domain.holidays, sys; sys.exit('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0
