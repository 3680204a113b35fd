"""Who is reminded of what and when: golden days, every hour, pauses, merges, nothing twice."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from content.pack_loader import load_pack, pack_ids
from domain.deadlines import deadlines, is_overdue
from domain.duties import Debtor
from domain.holidays import WorkCalendar
from domain.ladder import REACH, SendingWindow
from domain.people import Role
from domain.reminders import (
    Agenda,
    Key,
    Reminder,
    agenda_of,
    lapsed,
    plan,
    plan_day,
    rehearse,
    still_owed,
)
from domain.visits import LOCAL

CALENDAR = WorkCalendar()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

POLICE = Debtor(UUID(int=1), "Lan", Role.FOCAL, "cong-an", "Công an xã", "units")
CLINIC = Debtor(UUID(int=2), "Minh", Role.FOCAL, "tram-y-te", "Trạm Y tế", "units")
HEAD = Debtor(UUID(int=3), "Hoa", Role.HEAD, "ap-1", "Ấp 1", "units")
OFFICER = Debtor(UUID(int=4), "Tuấn", Role.OFFICER, "vhxh", "Phòng VH-XH", "office")
LEADER = Debtor(UUID(int=5), "Chủ tịch", Role.LEADER, "vhxh", "Phòng VH-XH", "office")
MEMBER = Debtor(UUID(int=6), "Tí", Role.MEMBER, "ap-1", "Ấp 1", "units")


def agenda_for(
    pack_id: str,
    *debtors: Debtor,
    first: date = date(2026, 9, 1),
    last: date = date(2027, 4, 30),
    window: SendingWindow | None = None,
    since: date | None = None,
) -> Agenda:
    due = deadlines(load_pack(pack_id), CALENDAR, first - REACH, last + REACH)
    return agenda_of(due, debtors, CALENDAR, window or SendingWindow(), since)


def local(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LOCAL)


def ticks(first: datetime, last: datetime, step: timedelta = HOUR) -> Iterator[datetime]:
    while first < last:
        yield first
        first += step


def run(
    agenda: Agenda,
    moments: Iterator[datetime],
    received: Callable[[datetime], set[tuple[str, str]]] = lambda _: set(),
) -> list[tuple[datetime, Reminder]]:
    """Tick after tick as the scheduler does: what is planned is remembered at once."""
    already: set[Key] = set()
    sent = []
    for now in moments:
        for reminder in plan(now, agenda, received(now), already):
            already |= reminder.keys
            sent.append((now, reminder))
    return sent


def told(messages: list[Reminder]) -> list[tuple[str, str, str, str]]:
    return [
        (f"{m.at:%d/%m %H:%M}", m.to, m.rung.shown, " ".join(i.deadline.cutoff_id for i in m.items))
        for m in messages
    ]


def test_loc_tan_from_21_november_2026() -> None:
    agenda = agenda_for("loc-tan", POLICE, OFFICER, LEADER)
    assert told(rehearse(date(2026, 11, 21), 35, agenda)) == [
        ("23/11 08:00", "Tuấn", "day", "office-month"),
        ("24/11 08:00", "Tuấn", "still-open", "office-month"),
        ("25/11 08:00", "Lan", "overdue", "units-month"),
        ("25/11 08:00", "Tuấn", "overdue", "office-month"),
        ("27/11 08:00", "Tuấn", "overdue", "office-month"),
        ("11/12 08:00", "Lan", "T-7", "units-month"),
        ("15/12 08:00", "Lan", "T-3", "units-month"),
        ("17/12 08:00", "Lan", "T-1", "units-month"),
        ("17/12 08:00", "Tuấn", "T-7", "office-month"),
        ("18/12 08:00", "Lan", "day", "units-month"),
        ("19/12 08:00", "Lan", "still-open", "units-month"),
        ("21/12 08:00", "Lan", "overdue", "units-month"),
        ("21/12 08:00", "Tuấn", "T-3", "office-month"),
        ("23/12 08:00", "Lan", "overdue", "units-month"),
        ("23/12 08:00", "Tuấn", "T-1", "office-month"),
        ("24/12 08:00", "Tuấn", "day", "office-month"),
        ("25/12 08:00", "Tuấn", "overdue", "office-month"),
    ]


def test_duc_an_over_tet_2027() -> None:
    agenda = agenda_for("duc-an", HEAD)
    assert told(rehearse(date(2027, 1, 25), 24, agenda)) == [
        ("27/01 08:00", "Hoa", "T-7", "units-month"),
        ("29/01 08:00", "Hoa", "T-3", "units-month"),
        ("02/02 08:00", "Hoa", "T-1", "units-month"),
        ("03/02 08:00", "Hoa", "day", "units-month"),
        ("09/02 08:00", "Hoa", "still-open", "units-month"),
        ("11/02 08:00", "Hoa", "overdue", "units-month"),
        ("15/02 08:00", "Hoa", "overdue", "units-month"),
    ]


def test_coinciding_cut_offs_are_one_message() -> None:
    agenda = agenda_for("duc-an", POLICE)
    november = rehearse(date(2026, 11, 2), 1, agenda)
    assert told(november) == [("02/11 08:00", "Lan", "T-7", "units-month units-year")]
    december = rehearse(date(2026, 12, 1), 20, agenda)
    assert {m.to for m in december} == {"Lan"}
    assert all(len(m.items) == 2 for m in december)
    assert max(Counter(m.at for m in december).values()) == 1


def test_of_different_rungs_the_most_urgent_leads() -> None:
    """Two units of one person: what is overdue comes before what is a week away."""
    both = agenda_for("loc-tan", replace(OFFICER, audience="units", role=Role.FOCAL))
    due = [d for d, _ in both.climbs]
    late = next(d for d in due if d.key == "units-month:2026-11-19")
    soon = next(d for d in due if d.key == "office-month:2026-12-24")
    soon = replace(soon, audience="units", target_day=date(2026, 12, 2))
    agenda = agenda_of([late, soon], both.debtors, CALENDAR)
    (message,) = rehearse(date(2026, 11, 25), 1, agenda)
    assert [item.rung.value for item in message.items] == ["overdue-2", "T-7"]
    assert message.rung.shown == "overdue"


def test_only_those_who_owe_are_rung() -> None:
    agenda = agenda_for("loc-tan", POLICE, HEAD, OFFICER, LEADER, MEMBER)
    rung = {
        m.to: {i.deadline.audience for i in m.items}
        for m in rehearse(date(2026, 10, 1), 60, agenda)
    }
    assert rung == {"Lan": {"units"}, "Hoa": {"units"}, "Tuấn": {"office"}}


@pytest.mark.parametrize("pack_id", pack_ids())
def test_two_years_of_every_plan(pack_id: str) -> None:
    first, days = date(2026, 1, 1), 730
    last = first + days * DAY
    people = (POLICE, CLINIC, HEAD, OFFICER, LEADER)
    agenda = agenda_for(pack_id, *people, first=first, last=last)
    messages = rehearse(first, days, agenda)
    seen: set[Key] = set()
    for message in messages:
        assert message.at.time() == time(8)
        assert message.at < message.expires_at == local(message.at.date() + DAY, 0)
        assert not message.keys & seen
        seen |= message.keys
        for item in message.items:
            late = item.rung.shown == "overdue"
            assert is_overdue(item.deadline, message.at) == late
            working = CALENDAR.is_working(message.at.date())
            assert working == (item.rung.value != "still-open")
    assert max(Counter((m.at, m.person_id) for m in messages).values(), default=1) == 1
    overdue = Counter(
        (item.deadline.key, m.person_id)
        for m in messages
        for item in m.items
        if item.rung.shown == "overdue"
    )
    assert max(overdue.values(), default=2) <= 2
    # Nothing of a ladder that lies wholly inside is missing.
    inside = [d for d, s in agenda.climbs if first <= s[0].day and s[-1].day < last]
    asked = {d.key for d in inside if d.audience == "units" or OFFICER in people}
    assert asked <= {key for key, _, _ in seen}


def test_hourly_ticks_send_what_the_rehearsal_says() -> None:
    agenda = agenda_for("loc-tan", POLICE, CLINIC, OFFICER, since=date(2026, 11, 1))
    sent = [
        m for _, m in run(agenda, ticks(local(date(2026, 11, 1), 0), local(date(2027, 1, 1), 0)))
    ]
    assert sent == rehearse(date(2026, 11, 1), 61, agenda)


def test_a_second_tick_and_a_second_replica_plan_nothing_new() -> None:
    agenda = agenda_for("loc-tan", POLICE, OFFICER)
    now = local(date(2026, 12, 18), 7)
    one, other = plan(now, agenda), plan(now, agenda)
    assert one == other
    already = {key for message in one for key in message.keys}
    assert plan(now + HOUR, agenda, already=already) == []


@pytest.mark.parametrize("hour", range(0, 24 * 20, 11))
def test_nothing_is_sent_once_the_report_is_in(hour: int) -> None:
    """Whenever it comes in, from ten days before to ten days after."""
    agenda = agenda_for("loc-tan", POLICE, CLINIC)
    key = "units-month:2026-12-19"
    arrived = local(date(2026, 12, 9), 0) + hour * HOUR

    def received(now: datetime) -> set[tuple[str, str]]:
        return {("cong-an", key)} if now >= arrived else set()

    moments = ticks(local(date(2026, 12, 9), 0), local(date(2026, 12, 30), 0))
    sent = run(agenda, moments, received)
    about = [(now, m) for now, m in sent if any(i.deadline.key == key for i in m.items)]
    assert all(now < arrived for now, m in about if m.to == "Lan")
    assert sum(m.to == "Minh" for _, m in about) == 7
    queued = [m for _, m in about if m.to == "Lan" and m.at >= arrived]
    assert all(still_owed(m, received(m.at)) is None for m in queued)


def test_a_queued_message_keeps_what_is_still_owed() -> None:
    agenda = agenda_for("duc-an", POLICE)
    (message,) = plan_day(date(2026, 12, 2), agenda)
    left = still_owed(message, {("cong-an", "units-month:2026-12-09")})
    assert left is not None
    assert [item.deadline.cutoff_id for item in left.items] == ["units-quarter"]
    assert still_owed(message, set()) == message


@pytest.mark.parametrize("length", [HOUR, 3 * DAY, 30 * DAY])
@pytest.mark.parametrize("start", range(30))
def test_after_a_pause_one_message_a_report_and_nothing_skipped_silently(
    length: timedelta, start: int
) -> None:
    """The pause begins at 07:30 of every day around the ladder of 19/12/2026."""
    agenda = agenda_for("loc-tan", POLICE)
    begin = local(date(2026, 12, 1) + start * DAY, 7, 30)
    end = local(date(2027, 2, 28), 0)
    steps = {
        (d.key, rung.value)
        for d, climb in agenda.climbs
        for step in climb
        for rung in (*step.covers, step.rung)
        if date(2026, 12, 1) <= step.day < end.date() and d.audience == "units"
    }
    agenda = replace(agenda, since=date(2026, 12, 1))
    settled: set[Key] = set()
    days: Counter[tuple[str, date]] = Counter()
    for now in ticks(local(date(2026, 12, 1), 0), end, 4 * HOUR):
        if begin <= now < begin + length:
            continue
        for message in plan(now, agenda, already=settled):
            assert agenda.window.contains(message.at)
            assert not message.keys & settled
            settled |= message.keys
            days.update((i.deadline.key, message.at.date()) for i in message.items)
        gone = set(lapsed(now, agenda, already=settled))
        assert not gone & settled
        settled |= gone
    assert max(days.values()) == 1
    assert {(key, rung) for key, rung, _ in settled} == steps


def test_after_three_days_down_the_newest_rung_goes_and_the_older_are_listed() -> None:
    """Down from Monday 14/12 to Thursday 17/12, 15:00: T-3 of Tuesday is merged into T-1."""
    agenda = agenda_for("loc-tan", POLICE, since=date(2026, 12, 14))
    (message,) = plan(local(date(2026, 12, 17), 15), agenda)
    assert message.rung.value == "T-1"
    assert message.merged == (("units-month:2026-12-19", "T-3"),)
    assert message.at == local(date(2026, 12, 17), 15)


def test_coinciding_rungs_are_listed_as_merged() -> None:
    agenda = agenda_for("loc-tan", OFFICER)
    sent_before: set[Key] = {("office-month:2026-11-24", "T-7", OFFICER.person_id)}
    (message,) = plan_day(date(2026, 11, 20), agenda, already=sent_before)
    assert message.rung.value == "T-1"
    assert message.merged == (("office-month:2026-11-24", "T-3"),)


def test_what_was_missed_waits_for_a_working_day_and_for_the_window() -> None:
    """T-1 of Friday 20/11 was missed: not on Saturday or Sunday; on Monday the day itself."""
    agenda = agenda_for("loc-tan", OFFICER, since=date(2026, 11, 16))
    friday = date(2026, 11, 20)
    assert plan(local(friday, 20, 30), agenda) == []
    assert plan_day(friday + DAY, agenda) == []
    assert plan_day(friday + 2 * DAY, agenda) == []
    (monday,) = plan_day(friday + 3 * DAY, agenda)
    assert monday.rung.value == "day"
    assert [rung.value for _, rung in monday.merged] == ["T-7", "T-3", "T-1"]


def test_a_missed_first_notice_is_made_up_for() -> None:
    agenda = agenda_for("loc-tan", POLICE, since=date(2026, 12, 11))
    (message,) = plan_day(date(2026, 12, 14), agenda)
    assert (message.rung.value, message.at) == ("T-7", local(date(2026, 12, 14)))


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2026, 12, 19), "the target day of Friday, on Saturday, when the last day is open"),
        (date(2026, 12, 20), "the still-open of Saturday, on Sunday"),
        (date(2027, 1, 4), "the second overdue of 23/12, twelve days later"),
    ],
)
def test_what_is_moot_is_not_sent(day: date, what: str) -> None:
    agenda = agenda_for("loc-tan", POLICE)
    for message in plan(local(day, 9), agenda):
        assert all(i.rung.value == "still-open" for i in message.items), what
    if day > date(2026, 12, 19):
        rungs = {rung for key, rung, _ in lapsed(local(day, 9), agenda) if "12-19" in key}
        assert len(rungs) >= 5, what


def test_rungs_of_the_time_before_the_commune_was_live_are_not_made_up_for() -> None:
    fresh = agenda_for("loc-tan", POLICE, since=date(2026, 11, 23))
    assert plan_day(date(2026, 11, 23), fresh) == []
    assert lapsed(local(date(2026, 11, 23)), fresh) == []
    assert [m.rung.value for m in plan_day(date(2026, 11, 23), replace(fresh, since=None))] == [
        "overdue"
    ]


def test_a_clock_set_back_sends_nothing_again() -> None:
    agenda = agenda_for("loc-tan", POLICE)
    first = plan_day(date(2026, 12, 17), agenda)
    already = {key for message in first for key in message.keys}
    for n in range(7):
        again = plan_day(date(2026, 12, 17) - n * DAY, agenda, already=already)
        assert not any(i.deadline.key == "units-month:2026-12-19" for m in again for i in m.items)


def test_an_odd_window_is_kept_and_a_night_window_too() -> None:
    night = SendingWindow(time(20), time(2))
    agenda = agenda_for("loc-tan", POLICE, window=night)
    messages = rehearse(date(2026, 12, 1), 31, agenda)
    assert {m.at.time() for m in messages} == {time(20)}
    early = replace(agenda, window=SendingWindow(time(0), time(7)))
    assert {m.at.time() for m in rehearse(date(2026, 12, 1), 31, early)} == {time(0)}


def test_a_person_with_two_units_gets_one_message() -> None:
    agenda = agenda_for("loc-tan", POLICE, replace(CLINIC, person_id=POLICE.person_id))
    (message,) = plan_day(date(2026, 12, 18), agenda)
    assert [item.unit_code for item in message.items] == ["cong-an", "tram-y-te"]


def test_a_moment_needs_its_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        plan(datetime(2026, 12, 18), agenda_for("loc-tan", POLICE))  # noqa: DTZ001 - the mistake


def test_a_changed_rule_silences_what_was_queued_under_the_old_one() -> None:
    """The key carries the day: after an edit the old keys match no deadline any more."""
    pack = load_pack("loc-tan")
    moved = tuple(
        c.model_copy(update={"day": 22}) if c.id == "units-month" else c for c in pack.cutoffs
    )
    due = deadlines(
        pack.model_copy(update={"cutoffs": moved}), CALENDAR, date(2026, 12, 1), date(2027, 1, 31)
    )
    agenda = agenda_of(due, [POLICE], CALENDAR)
    keys = {i.deadline.key for m in rehearse(date(2026, 12, 10), 20, agenda) for i in m.items}
    assert keys == {"units-month:2026-12-21"}


@pytest.mark.parametrize("hour", [0, 9, 21])
@pytest.mark.parametrize("day", range(11, 15))
def test_for_who_has_no_ringing_door_it_lies_ready_at_any_hour(day: int, hour: int) -> None:
    """T-7 falls on Friday 11/12; nothing rings, so a weekend or a night is as good a time."""
    agenda = agenda_for("loc-tan", POLICE, CLINIC, since=date(2026, 12, 11))
    now = local(date(2026, 12, day), hour)
    (message,) = (m for m in plan(now, agenda, unrung={POLICE.person_id}) if m.to == "Lan")
    assert (message.rung.value, message.at) == ("T-7", now)
    assert message.expires_at == local(date(2026, 12, day + 1), 0)
    rung = [m for m in plan(now, agenda) if m.to == "Lan"]
    assert len(rung) == (day in (11, 14) and hour < 20)
