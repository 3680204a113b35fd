"""What a report covers: the decree's cuts, the proposal where they do not fit, no gap ever."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.pack_loader import load_pack, pack_ids
from domain.cutoffs import due_before, due_days, last_day_of_month, last_valid_day
from domain.periods import DataPeriod, PeriodChoice, data_period, decree_period, proposed_choice
from domain.plan import Cutoff, PeriodKind

DAY = timedelta(days=1)
KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "half-year", "year")
REGULAR: dict[PeriodKind, tuple[int, ...]] = {
    "month": tuple(range(1, 13)),
    "quarter": (3, 6, 9, 12),
    "half-year": (6, 12),
    "year": (12,),
}


def rule(
    kind: PeriodKind, day: int | None, months: Iterable[int] = (), *, inclusive: bool = False
) -> Cutoff:
    return Cutoff(
        id="rule",
        period=kind,
        tier=1,
        audience="units",
        day=day,
        months=tuple(months),
        inclusive=inclusive,
        name="Báo cáo",
        quote="…",
        where="Mục V",
    )


def of_pack(pack_id: str, cutoff_id: str) -> Cutoff:
    return next(each for each in load_pack(pack_id).cutoffs if each.id == cutoff_id)


@pytest.mark.parametrize(
    ("kind", "year", "month", "first", "last"),
    [
        # Decree 09/2019 article 12, and the concrete dates of the reference, section 6.1.
        ("month", 2026, 11, date(2026, 10, 15), date(2026, 11, 14)),
        ("month", 2026, 12, date(2026, 11, 15), date(2026, 12, 14)),
        ("month", 2027, 1, date(2026, 12, 15), date(2027, 1, 14)),
        ("quarter", 2026, 12, date(2026, 9, 15), date(2026, 12, 14)),
        ("quarter", 2026, 10, date(2026, 9, 15), date(2026, 12, 14)),
        ("quarter", 2027, 3, date(2026, 12, 15), date(2027, 3, 14)),
        ("half-year", 2026, 6, date(2025, 12, 15), date(2026, 6, 14)),
        ("half-year", 2026, 7, date(2026, 6, 15), date(2026, 12, 14)),
        ("year", 2026, 1, date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_the_decree(kind: PeriodKind, year: int, month: int, first: date, last: date) -> None:
    assert decree_period(kind, year, month) == DataPeriod(kind, first, last, assumed=False)


@pytest.mark.parametrize("kind", KINDS)
def test_decree_periods_cover_every_day_once(kind: PeriodKind) -> None:
    months = [(year, month) for year in range(2025, 2029) for month in REGULAR[kind]]
    periods = [decree_period(kind, year, month) for year, month in months]
    assert all(after.first == before.last + DAY for before, after in pairwise(periods))


@pytest.mark.parametrize("kind", ["once", "on-request"])
def test_some_reports_have_no_period(kind: PeriodKind) -> None:
    with pytest.raises(ValueError, match="no period"):
        decree_period(kind, 2026)
    once = of_pack("loc-tan", "units-plan-once")
    assert data_period(once, date(2026, 3, 19)) is None
    assert data_period(of_pack("xuan-thanh", "units-on-request"), date(2026, 6, 10)) is None
    assert data_period(of_pack("phuoc-binh", "office-month"), date(2026, 6, 10)) is None


@pytest.mark.parametrize(
    ("pack_id", "cutoff_id", "day", "first", "last", "assumed"),
    [
        ("loc-tan", "units-month", (2026, 11, 19), (2026, 10, 15), (2026, 11, 14), False),
        ("loc-tan", "office-month", (2026, 11, 24), (2026, 10, 15), (2026, 11, 14), False),
        ("cam-my", "units-quarter", (2026, 12, 24), (2026, 9, 15), (2026, 12, 14), False),
        ("duc-an", "units-month", (2026, 12, 9), (2026, 11, 1), (2026, 11, 30), True),
        ("duc-an", "units-month", (2027, 1, 9), (2026, 12, 1), (2026, 12, 31), True),
        ("duc-an", "units-quarter", (2027, 3, 9), (2026, 12, 1), (2027, 2, 28), True),
        ("duc-an", "units-year", (2026, 11, 9), (2025, 11, 1), (2026, 10, 31), True),
        ("xuan-thanh", "units-half-year", (2026, 6, 10), (2025, 12, 1), (2026, 5, 31), True),
        ("xuan-thanh", "units-half-year", (2026, 12, 10), (2026, 6, 1), (2026, 11, 30), True),
    ],
)
def test_the_plans(
    pack_id: str,
    cutoff_id: str,
    day: tuple[int, int, int],
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    assumed: bool,
) -> None:
    cutoff = of_pack(pack_id, cutoff_id)
    expected = DataPeriod(cutoff.period, date(*first), date(*last), assumed)
    assert data_period(cutoff, date(*day)) == expected


def test_a_confirmed_choice_is_not_assumed() -> None:
    duc_an = of_pack("duc-an", "units-month")
    confirmed = data_period(duc_an, date(2026, 12, 9), PeriodChoice.CALENDAR_BEFORE)
    assert confirmed == DataPeriod("month", date(2026, 11, 1), date(2026, 11, 30), assumed=False)
    loc_tan = of_pack("loc-tan", "units-month")
    calendar = data_period(loc_tan, date(2026, 11, 19), PeriodChoice.CALENDAR_BEFORE)
    assert calendar == DataPeriod("month", date(2026, 10, 1), date(2026, 10, 31), assumed=False)


def test_the_decree_confirmed_for_a_rule_due_too_early_means_the_last_period_that_is_over() -> None:
    period = data_period(of_pack("duc-an", "units-month"), date(2026, 12, 9), PeriodChoice.DECREE)
    assert period == DataPeriod("month", date(2026, 10, 15), date(2026, 11, 14), assumed=False)


def test_a_yearly_report_in_january_is_about_the_year_before() -> None:
    january = rule("year", 15, [1], inclusive=True)
    assert data_period(january, date(2027, 1, 15)) == decree_period("year", 2026)
    quarterly = rule("quarter", 5, [1, 4, 7, 10], inclusive=True)
    assert data_period(quarterly, date(2027, 1, 5)) == decree_period("quarter", 2026, 12)


def test_before_the_first_belongs_to_the_month_it_ends() -> None:
    first = rule("month", 1, range(1, 13))
    assert last_valid_day(first, 2027, 1) == date(2026, 12, 31)
    assert data_period(first, date(2026, 12, 31)) == decree_period("month", 2026, 12)


def test_the_fourteenth_itself_is_too_early_for_the_decree() -> None:
    assert proposed_choice(rule("month", 15, range(1, 13))) is PeriodChoice.CALENDAR_BEFORE
    assert proposed_choice(rule("month", 16, range(1, 13))) is PeriodChoice.DECREE


def test_several_reports_to_one_decree_period_are_cut_by_calendar_and_stay_assumed() -> None:
    often = rule("quarter", 25, range(1, 13))
    period = data_period(often, date(2026, 11, 24), PeriodChoice.DECREE)
    assert period == DataPeriod("quarter", date(2026, 10, 1), date(2026, 10, 31), assumed=True)


@pytest.mark.parametrize("pack_id", pack_ids())
@pytest.mark.parametrize("choice", [None, *PeriodChoice])
def test_periods_of_the_packs_follow_each_other(pack_id: str, choice: PeriodChoice | None) -> None:
    for cutoff in load_pack(pack_id).cutoffs:
        check_contiguous(cutoff, choice)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    day=st.integers(1, 31),
    inclusive=st.booleans(),
    months=st.sets(st.integers(1, 12), min_size=1),
    choice=st.sampled_from([None, *PeriodChoice]),
)
def test_periods_of_any_rule_follow_each_other(
    kind: PeriodKind, day: int, inclusive: bool, months: set[int], choice: PeriodChoice | None
) -> None:
    check_contiguous(rule(kind, day, months, inclusive=inclusive), choice)


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(KINDS), day=st.integers(1, 31), inclusive=st.booleans())
def test_a_usual_rule_follows_the_decree_exactly_when_it_can(
    kind: PeriodKind, day: int, inclusive: bool
) -> None:
    cutoff = rule(kind, day, REGULAR[kind], inclusive=inclusive)
    for last_valid in due_days(cutoff, date(2025, 1, 1), date(2028, 12, 31)):
        period = data_period(cutoff, last_valid)
        decree = decree_period(kind, last_valid.year, last_valid.month)
        assert period is not None
        assert period.assumed == (proposed_choice(cutoff) is not PeriodChoice.DECREE)
        assert period.assumed or period == decree or day == 1
        assert (decree.last < last_valid) == (not period.assumed) or (day == 1 and not inclusive)


def check_contiguous(cutoff: Cutoff, choice: PeriodChoice | None) -> None:
    """No gap, no overlap, none empty, and each is over before its report is due."""
    days = list(due_days(cutoff, date(2025, 1, 1), date(2028, 12, 31)))
    assert days == sorted(set(days))
    assert [due_before(cutoff, after) for after in days[1:]] == days[:-1]
    periods = [period for day in days if (period := data_period(cutoff, day, choice))]
    assert all(p.first <= p.last < day for p, day in zip(periods, days, strict=False))
    assert all(after.first == before.last + DAY for before, after in pairwise(periods))


def test_days_beyond_the_end_of_a_month() -> None:
    assert last_day_of_month(2028, 2) == date(2028, 2, 29)
    assert last_day_of_month(2026, 12) == date(2026, 12, 31)
    on_the_31st, before_the_31st = rule("month", 31, [6], inclusive=True), rule("month", 31, [6])
    assert last_valid_day(on_the_31st, 2026, 6) == date(2026, 6, 30)
    assert last_valid_day(before_the_31st, 2026, 6) == date(2026, 6, 30)
    assert last_valid_day(rule("month", 30, [2]), 2027, 2) == date(2027, 2, 28)
    with pytest.raises(ValueError, match="no day"):
        last_valid_day(rule("month", None), 2026, 6)


def test_due_days_keep_to_their_borders() -> None:
    once = of_pack("loc-tan", "units-plan-once")
    assert list(due_days(once, date(2026, 3, 19), date(2026, 3, 19))) == [date(2026, 3, 19)]
    assert list(due_days(once, date(2026, 3, 20), date(2027, 3, 19))) == []
    month = of_pack("loc-tan", "units-month")
    assert list(due_days(month, date(2026, 11, 19), date(2026, 11, 19))) == [date(2026, 11, 19)]
    assert list(due_days(month, date(2026, 11, 20), date(2026, 12, 18))) == []
