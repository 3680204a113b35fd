"""When reports are due, overdue and closed: the reference's table, five plans, every day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from content.pack_loader import load_pack, pack_ids
from domain.deadlines import (
    Choices,
    Deadline,
    closing,
    deadlines,
    is_due,
    is_overdue,
    is_same_period,
)
from domain.holidays import Override, WorkCalendar
from domain.periods import DataPeriod, PeriodChoice
from domain.plan import Cutoff, PlanPack
from domain.visits import LOCAL

CALENDAR = WorkCalendar()
DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)


def of(pack_id: str, first: date, last: date, choices: Choices = None) -> list[Deadline]:
    return deadlines(load_pack(pack_id), CALENDAR, first, last, choices)


def one(pack_id: str, cutoff_id: str, day: date) -> Deadline:
    return next(each for each in of(pack_id, day, day) if each.cutoff_id == cutoff_id)


def pack_with(*cutoffs: Cutoff) -> PlanPack:
    return load_pack("loc-tan").model_copy(update={"cutoffs": cutoffs})


def rule(day: int, months: list[int], *, inclusive: bool = False, tier: int = 1) -> Cutoff:
    return Cutoff(
        id=f"rule-{tier}",
        period="month",
        tier=tier,
        audience="units",
        day=day,
        months=tuple(months),
        inclusive=inclusive,
        name="Báo cáo",
        quote="…",
        where="Mục V",
    )


@pytest.mark.parametrize(
    ("printed", "inclusive", "last_valid", "target"),
    [
        # reference/evidence-and-reports.md, section 6.4, row by row.
        (date(2026, 11, 25), False, date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 12, 10), False, date(2026, 12, 9), date(2026, 12, 9)),
        (date(2026, 12, 10), True, date(2026, 12, 10), date(2026, 12, 10)),
        (date(2026, 12, 20), False, date(2026, 12, 19), date(2026, 12, 18)),
        (date(2026, 12, 25), False, date(2026, 12, 24), date(2026, 12, 24)),
        (date(2027, 1, 10), False, date(2027, 1, 9), date(2027, 1, 8)),
        (date(2027, 1, 25), False, date(2027, 1, 24), date(2027, 1, 22)),
        (date(2027, 2, 10), False, date(2027, 2, 9), date(2027, 2, 3)),
        (date(2027, 4, 25), False, date(2027, 4, 24), date(2027, 4, 23)),
        (date(2027, 5, 10), False, date(2027, 5, 9), date(2027, 5, 7)),
        (date(2027, 6, 20), False, date(2027, 6, 19), date(2027, 6, 18)),
        (date(2027, 7, 25), False, date(2027, 7, 24), date(2027, 7, 23)),
        (date(2027, 9, 20), False, date(2027, 9, 19), date(2027, 9, 17)),
        (date(2027, 10, 10), False, date(2027, 10, 9), date(2027, 10, 8)),
        (date(2027, 10, 25), False, date(2027, 10, 24), date(2027, 10, 22)),
        (date(2027, 12, 20), False, date(2027, 12, 19), date(2027, 12, 17)),
    ],
)
def test_the_table_of_targets(
    printed: date, inclusive: bool, last_valid: date, target: date
) -> None:
    pack = pack_with(rule(printed.day, [printed.month], inclusive=inclusive))
    (due,) = deadlines(pack, CALENDAR, last_valid, last_valid)
    assert (due.last_valid_day, due.target_day) == (last_valid, target)


@pytest.mark.parametrize(
    ("pack_id", "cutoff_id", "last_valid", "target"),
    [
        ("loc-tan", "units-month", date(2026, 11, 19), date(2026, 11, 19)),
        ("loc-tan", "office-month", date(2026, 11, 24), date(2026, 11, 23)),
        ("loc-tan", "units-month", date(2026, 12, 19), date(2026, 12, 18)),
        ("loc-tan", "units-plan-once", date(2026, 3, 19), date(2026, 3, 19)),
        ("cam-my", "units-quarter", date(2026, 12, 24), date(2026, 12, 24)),
        ("duc-an", "units-month", date(2027, 2, 9), date(2027, 2, 3)),
        ("duc-an", "units-year", date(2026, 11, 9), date(2026, 11, 9)),
        ("xuan-thanh", "units-half-year", date(2026, 12, 10), date(2026, 12, 10)),
    ],
)
def test_the_plans(pack_id: str, cutoff_id: str, last_valid: date, target: date) -> None:
    assert one(pack_id, cutoff_id, last_valid).target_day == target


@pytest.mark.parametrize(
    ("pack_id", "counts"),
    [
        ("cam-my", {"units-quarter": 4}),
        ("duc-an", {"units-month": 12, "units-quarter": 4, "units-year": 1}),
        ("loc-tan", {"units-month": 12, "office-month": 12, "units-plan-once": 1}),
        ("phuoc-binh", {}),
        ("xuan-thanh", {"units-half-year": 2}),
    ],
)
def test_a_year_of_each_plan(pack_id: str, counts: dict[str, int]) -> None:
    found = [each.cutoff_id for each in of(pack_id, date(2026, 1, 1), date(2026, 12, 31))]
    assert {name: found.count(name) for name in set(found)} == counts


@pytest.mark.parametrize("pack_id", pack_ids())
def test_rows_are_sorted_unique_and_the_same_however_the_days_are_cut(pack_id: str) -> None:
    rows = of(pack_id, FIRST, LAST)
    assert rows == sorted(rows, key=lambda d: (d.last_valid_day, d.tier, d.cutoff_id))
    assert len({each.key for each in rows}) == len(rows)
    daily = [
        each
        for n in range((LAST - FIRST).days + 1)
        for each in of(pack_id, FIRST + n * DAY, FIRST + n * DAY)
    ]
    assert daily == rows


@pytest.mark.parametrize("pack_id", pack_ids())
def test_what_holds_for_every_deadline(pack_id: str) -> None:
    for due in of(pack_id, FIRST, LAST):
        assert CALENDAR.is_working(due.target_day)
        assert due.target_day <= due.last_valid_day
        assert (due.target_day == due.last_valid_day) == CALENDAR.is_working(due.last_valid_day)
        assert due.opens_on <= due.target_day
        assert due.data is None or due.data.last < due.last_valid_day
        assert due.closes_at == datetime.combine(due.last_valid_day + DAY, time(), LOCAL)


@pytest.mark.parametrize("pack_id", pack_ids())
def test_due_and_overdue_agree_at_every_hour_around_each_cut_off(pack_id: str) -> None:
    for due in of(pack_id, date(2026, 1, 1), date(2027, 12, 31)):
        moment = due.closes_at - 3 * DAY
        while moment < due.closes_at + 3 * DAY:
            local = moment.astimezone(LOCAL).date()
            assert is_overdue(due, moment) == (moment >= due.closes_at)
            assert is_overdue(due, moment) == (not is_due(due, local) and local > due.opens_on)
            moment += timedelta(hours=1)


@pytest.mark.parametrize("pack_id", pack_ids())
def test_due_on_every_day_of_2025_to_2028_exactly_between_opening_and_last_valid_day(
    pack_id: str,
) -> None:
    rows = of(pack_id, FIRST, LAST)
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + n * DAY
        for due in rows:
            assert is_due(due, day) == (due.opens_on <= day <= due.last_valid_day)


def test_overdue_begins_at_24_00_local_in_whatever_zone_it_is_asked() -> None:
    due = one("loc-tan", "office-month", date(2026, 11, 24))
    assert due.closes_at == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert not is_overdue(due, datetime(2026, 11, 24, 16, 59, 59, 999999, tzinfo=UTC))
    assert is_overdue(due, datetime(2026, 11, 24, 17, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        is_overdue(due, datetime(2026, 11, 25))  # noqa: DTZ001 - that is the mistake


def test_it_is_due_from_the_first_notice_or_the_end_of_its_period() -> None:
    # T-7 of Thursday 19/11 comes before the period ends on the 14th.
    assert one("loc-tan", "units-month", date(2026, 11, 19)).opens_on == date(2026, 11, 12)
    # The period ends on the 14th, T-7 of Thursday 24/12 is the 17th.
    assert one("loc-tan", "office-month", date(2026, 12, 24)).opens_on == date(2026, 12, 15)
    assert one("loc-tan", "units-plan-once", date(2026, 3, 19)).opens_on == date(2026, 3, 12)


def test_rules_run_on_outside_the_years_of_the_plan_and_say_so() -> None:
    for due in of("loc-tan", FIRST, LAST):
        outside = due.last_valid_day.year != 2026
        assert due.assumed == outside
        assert due.data is None or not due.data.assumed
    assert {d.last_valid_day.year for d in of("loc-tan", FIRST, LAST)} == {2025, 2026, 2027, 2028}


def test_a_dated_report_is_never_assumed() -> None:
    dated = [d for d in of("loc-tan", FIRST, LAST) if d.period == "once"]
    assert [(d.last_valid_day, d.assumed) for d in dated] == [(date(2026, 3, 19), False)]


def test_an_assumed_period_makes_the_deadline_assumed_until_the_commune_confirms() -> None:
    first, last = date(2026, 6, 1), date(2026, 6, 30)
    assert [d.assumed for d in of("xuan-thanh", first, last)] == [True]
    assert [d.assumed for d in of("xuan-thanh", first, last, PeriodChoice.CALENDAR_BEFORE)] == [
        False
    ]
    by_rule = {"units-month": PeriodChoice.CALENDAR_BEFORE}
    assert {d.cutoff_id: d.assumed for d in of("duc-an", first, last, by_rule)} == {
        "units-month": False,
        "units-quarter": True,
    }


def test_the_target_follows_the_communes_own_days_off_and_the_last_valid_day_never_moves() -> None:
    off = Override(date(2026, 11, 23), off=True, source="UBND tỉnh")
    pack = load_pack("loc-tan")
    (due,) = deadlines(pack, WorkCalendar((off,)), date(2026, 11, 24), date(2026, 11, 24))
    assert due.target_day == date(2026, 11, 20)
    assert due.key == one("loc-tan", "office-month", date(2026, 11, 24)).key
    assert due.key == "office-month:2026-11-24"


def test_a_period_closes_once_with_its_top_tier() -> None:
    rows = of("loc-tan", FIRST, LAST)
    for due in rows:
        tiers = [each for each in rows if is_same_period(each, due)]
        expected = max(tiers, key=lambda each: each.tier).closes_at
        assert closing(due, rows) == expected
    units = one("loc-tan", "units-month", date(2026, 11, 19))
    assert closing(units, rows) == datetime(2026, 11, 25, tzinfo=LOCAL)
    dated = one("loc-tan", "units-plan-once", date(2026, 3, 19))
    assert closing(dated, rows) == dated.closes_at


def test_kinds_close_apart_even_on_one_day() -> None:
    rows = of("duc-an", date(2026, 12, 1), date(2026, 12, 31))
    assert [each.cutoff_id for each in rows] == ["units-month", "units-quarter"]
    assert not is_same_period(*rows)
    assert all(closing(each, []) == each.closes_at for each in rows)


def test_months_without_the_day_end_on_their_last() -> None:
    pack = pack_with(rule(31, [2, 4], inclusive=True))
    rows = deadlines(pack, CALENDAR, date(2028, 1, 1), date(2028, 12, 31))
    assert [d.last_valid_day for d in rows] == [date(2028, 2, 29), date(2028, 4, 30)]


def test_before_the_first_is_the_end_of_the_month_before_also_across_the_year() -> None:
    pack = pack_with(rule(1, [1, 3]))
    rows = deadlines(pack, CALENDAR, date(2026, 12, 1), date(2027, 3, 31))
    assert [d.last_valid_day for d in rows] == [date(2026, 12, 31), date(2027, 2, 28)]
    assert [d.assumed for d in rows] == [True, True]
    assert rows[0].data == DataPeriod("month", date(2026, 2, 1), date(2026, 11, 30), assumed=True)
