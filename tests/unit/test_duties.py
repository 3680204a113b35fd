"""Who owes what, who is missing, and which unit an upper report waits for."""

from datetime import date, datetime, timedelta

import pytest

from content.i18n import speaking
from content.pack_loader import load_pack, pack_ids
from content.texts.samples import sample_names
from domain.deadlines import Deadline, deadlines
from domain.duties import OwingUnit, is_asked, office_code, standings
from domain.holidays import WorkCalendar
from domain.people import Role
from domain.sample import sample_roster, sample_units
from domain.visits import LOCAL

CALENDAR = WorkCalendar()
POLICE, CLINIC = OwingUnit("cong-an", "Công an xã"), OwingUnit("tram-y-te", "Trạm Y tế")
OFFICE = OwingUnit("vhxh", "Phòng VH-XH", "office")
UNITS = (OFFICE, POLICE, CLINIC)
UNITS_DUE, OFFICE_DUE = "units-month:2026-12-19", "office-month:2026-12-24"


def december() -> list[Deadline]:
    return deadlines(load_pack("loc-tan"), CALENDAR, date(2026, 12, 1), date(2026, 12, 31))


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=LOCAL)


def test_missing_is_expected_without_received() -> None:
    units, office = standings(december(), UNITS, {("cong-an", UNITS_DUE)}, at(18))
    assert (units.expected, units.missing) == ((POLICE, CLINIC), (CLINIC,))
    assert (office.expected, office.missing) == ((OFFICE,), (OFFICE,))
    assert not units.is_overdue


def test_a_report_for_another_period_does_not_count() -> None:
    received = {("cong-an", "units-month:2026-11-19")}
    assert standings(december(), UNITS, received, at(18))[0].missing == (POLICE, CLINIC)


def test_a_lower_tier_blocks_the_upper_by_name_until_it_is_in() -> None:
    units, office = standings(december(), UNITS, {("cong-an", UNITS_DUE)}, at(18))
    assert office.blocked_by == (CLINIC,)
    assert units.blocked_by == ()
    everyone = {("cong-an", UNITS_DUE), ("tram-y-te", UNITS_DUE)}
    assert standings(december(), UNITS, everyone, at(18))[1].blocked_by == ()
    sent_anyway = standings(december(), UNITS, {("vhxh", OFFICE_DUE)}, at(18))[1]
    assert sent_anyway.blocked_by == ()


def test_overdue_begins_with_the_day_after_and_only_while_something_is_missing() -> None:
    hours = [at(19, 23), datetime(2026, 12, 20, tzinfo=LOCAL)]
    assert [standings(december(), UNITS, set(), each)[0].is_overdue for each in hours] == [
        False,
        True,
    ]
    all_in = {("cong-an", UNITS_DUE), ("tram-y-te", UNITS_DUE)}
    assert not standings(december(), UNITS, all_in, hours[1])[0].is_overdue


@pytest.mark.parametrize("hour", range(0, 24 * 10, 3))
def test_standing_equals_the_set_difference_at_every_hour(hour: int) -> None:
    moment = at(15, 0) + timedelta(hours=hour)
    received = {("cong-an", UNITS_DUE)} if hour > 80 else set()
    for standing in standings(december(), UNITS, received, moment):
        codes = {unit.code for unit in standing.expected}
        in_already = {code for code, key in received if key == standing.deadline.key}
        assert {unit.code for unit in standing.missing} == codes - in_already


@pytest.mark.parametrize("pack_id", pack_ids())
def test_the_sample_roster_is_plainly_a_sample_and_asks_everyone_who_owes(pack_id: str) -> None:
    pack = load_pack(pack_id)
    with speaking("vi"):
        people = sample_roster(pack, sample_names())
        units = sample_units(pack, sample_names())
        assert people == sample_roster(pack, sample_names())
    assert all("mẫu" in person.name for person in people)
    assert len({person.person_id for person in people}) == len(people)
    assert [p.role for p in people if p.audience == "office"] == [Role.OFFICER, Role.LEADER]
    assert {p.unit_code for p in people} == {unit.code for unit in units}
    assert office_code(pack) not in {p.unit_code for p in people if p.audience == "units"}
    for due in deadlines(pack, CALENDAR, date(2026, 1, 1), date(2026, 12, 31)):
        asked = {p.unit_code for p in people if is_asked(p, due)}
        assert asked == {u.code for u in units if u.audience == due.audience}


def test_a_plan_that_binds_hamlets_gets_a_few_with_heads() -> None:
    with speaking("vi"):
        people = sample_roster(load_pack("duc-an"), sample_names())
    heads = [p for p in people if p.role is Role.HEAD]
    assert [p.unit_code for p in heads] == ["ban-tu-quan-1", "ban-tu-quan-2", "ban-tu-quan-3"]
    assert heads[0].unit_name == "thôn mẫu 1"


def test_an_office_the_plan_does_not_list_has_a_code_too() -> None:
    pack = load_pack("loc-tan").model_copy(update={"office": "Phòng Mới"})
    assert office_code(pack) == "office"
