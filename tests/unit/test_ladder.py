"""On which days the rungs fall and within which hours a message may go."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.pack_loader import load_pack, pack_ids
from domain.deadlines import Deadline, deadlines
from domain.holidays import WorkCalendar
from domain.ladder import REACH, Rung, SendingWindow, ladder, moment_to_send
from domain.visits import LOCAL

CALENDAR = WorkCalendar()
DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)


def due_on(pack_id: str, cutoff_id: str, day: date) -> Deadline:
    found = deadlines(load_pack(pack_id), CALENDAR, day, day)
    return next(each for each in found if each.cutoff_id == cutoff_id)


def climb(pack_id: str, cutoff_id: str, day: date) -> dict[str, str]:
    steps = ladder(due_on(pack_id, cutoff_id, day), CALENDAR)
    return {step.rung.value: f"{step.day:%a %d/%m}" for step in steps}


def test_a_target_on_a_thursday() -> None:
    assert climb("loc-tan", "office-month", date(2026, 12, 24)) == {
        "T-7": "Thu 17/12",
        "T-3": "Mon 21/12",
        "T-1": "Wed 23/12",
        "day": "Thu 24/12",
        "overdue": "Fri 25/12",
        "overdue-2": "Tue 29/12",
    }


def test_a_target_on_a_monday_with_a_holiday_behind_it() -> None:
    """24/11/2026: T-3 and T-1 fall on the same Friday, and the holiday is still open."""
    assert climb("loc-tan", "office-month", date(2026, 11, 24)) == {
        "T-7": "Mon 16/11",
        "T-1": "Fri 20/11",
        "day": "Mon 23/11",
        "still-open": "Tue 24/11",
        "overdue": "Wed 25/11",
        "overdue-2": "Fri 27/11",
    }
    steps = ladder(due_on("loc-tan", "office-month", date(2026, 11, 24)), CALENDAR)
    assert [step.covers for step in steps if step.rung is Rung.T1] == [(Rung.T3,)]


def test_tet_2027() -> None:
    """Đức An's 9/2/2027 is the fourth day of Tết: done by the 3rd, overdue from the 11th."""
    assert climb("duc-an", "units-month", date(2027, 2, 9)) == {
        "T-7": "Wed 27/01",
        "T-3": "Fri 29/01",
        "T-1": "Tue 02/02",
        "day": "Wed 03/02",
        "still-open": "Tue 09/02",
        "overdue": "Thu 11/02",
        "overdue-2": "Mon 15/02",
    }


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_ladder_of_2025_to_2028(pack_id: str) -> None:
    for due in deadlines(load_pack(pack_id), CALENDAR, FIRST, LAST):
        steps = ladder(due, CALENDAR)
        days = [step.day for step in steps]
        rungs = [step.rung for step in steps]
        target, last = due.target_day, due.last_valid_day
        assert days == sorted(set(days))
        assert rungs == sorted(rungs, key=lambda rung: rung.urgency)
        assert {*rungs, *(rung for step in steps for rung in step.covers)} == (
            set(Rung) if last > target else set(Rung) - {Rung.STILL_OPEN}
        )
        assert all(CALENDAR.is_working(s.day) or s.rung is Rung.STILL_OPEN for s in steps)
        assert dict(zip(rungs, days, strict=True))[Rung.DAY] == target
        before = [s for s in steps if s.rung.urgency < Rung.DAY.urgency]
        assert all(s.day < target for s in before)
        after = [s for s in steps if s.rung in (Rung.OVERDUE, Rung.OVERDUE_2)]
        assert [CALENDAR.nth_working_after(last, n) for n in (1, 3)] == [s.day for s in after]
        assert all(abs(day - last) < REACH - 7 * DAY for day in days)


def test_both_overdue_rungs_are_shown_as_one() -> None:
    shown = [rung.shown for rung in Rung]
    assert shown == ["T-7", "T-3", "T-1", "day", "still-open", "overdue", "overdue"]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("opens", "closes", "inside", "outside"),
    [
        (time(6, 30), time(20, 30), [at(6, 30), at(20, 29)], [at(6, 29), at(20, 30), at(0)]),
        (time(20), time(2), [at(20), at(23, 59), at(0), at(1, 59)], [at(2), at(19, 59)]),
        (time(6), time(0), [at(6), at(23, 59)], [at(0), at(5, 59)]),
        (time(0), time(6), [at(0), at(5, 59)], [at(6), at(23, 59)]),
        (time(0), time(0), [at(0), at(12), at(23, 59)], []),
    ],
)
def test_windows(
    opens: time, closes: time, inside: list[datetime], outside: list[datetime]
) -> None:
    window = SendingWindow(opens, closes)
    assert all(window.contains(each) for each in inside)
    assert not any(window.contains(each) for each in outside)
    assert all(window.next_open(each) == each for each in inside)
    assert window.contains(inside[0].astimezone(UTC))


def test_the_next_open_moment() -> None:
    window = SendingWindow()
    assert window.next_open(at(3)) == at(6, 30)
    assert window.next_open(at(21)) == at(6, 30) + DAY
    assert SendingWindow(time(20), time(2)).next_open(at(3)) == at(20)


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        (SendingWindow(), at(0), at(8)),
        (SendingWindow(), at(8), at(8)),
        (SendingWindow(), at(15, 7), at(15, 7)),
        (SendingWindow(), at(20, 30), None),
        (SendingWindow(time(9), time(17)), at(0), at(9)),
        (SendingWindow(time(6, 30), time(7, 30)), at(0), at(6, 30)),
        (SendingWindow(time(6, 30), time(7, 30)), at(7), at(7)),
        (SendingWindow(time(6, 30), time(7, 30)), at(8), None),
        (SendingWindow(time(20), time(2)), at(0), at(20)),
        (SendingWindow(time(20), time(2)), at(23), at(23)),
        (SendingWindow(time(0), time(0)), at(0), at(8)),
    ],
)
def test_when_a_message_of_the_day_goes(
    window: SendingWindow, now: datetime, expected: datetime | None
) -> None:
    assert moment_to_send(now.date(), now, window) == expected


_TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@settings(max_examples=150, deadline=None)
@given(_TIMES, _TIMES, st.integers(0, 24 * 60 - 1))
def test_never_outside_the_window_and_never_before_now(
    opens: time, closes: time, minute: int
) -> None:
    window = SendingWindow(opens, closes)
    now = at(0) + timedelta(minutes=minute)
    moment = moment_to_send(now.date(), now, window)
    rest = (now + timedelta(minutes=n) for n in range(24 * 60 - minute))
    if moment is None:
        assert not any(window.contains(each) for each in rest)
    else:
        assert window.contains(moment)
        assert now <= moment
        assert moment.date() == now.date()
