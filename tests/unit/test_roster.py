"""A roster sheet beside what is there: every row add, change, same or a readable error."""

import random
from dataclasses import replace
from datetime import date

import pytest

from content.i18n import LOCALES, speaking
from content.pack_loader import load_pack
from content.rosters import roster_words, sample_roster
from content.texts.words import role as role_word
from domain.commune_settings import commune_of
from domain.ids import new_id
from domain.people import Commune, Hamlet, Membership, Person, Role, Team, Unit
from domain.roster import (
    Action,
    Column,
    Plan,
    Present,
    RosterUnreadable,
    name_key,
    plan_roster,
    read_sheet,
)
from domain.text import fold

HOME = Commune("loc-tan", "xã Lộc Tấn", "xã", "LT", "loc-tan", "ấp")
POLICE = Unit("loc-tan", "cong-an", "Công an xã", "police")
EMPTY = Present(HOME, units=(POLICE,))
HEADINGS = (
    "Mã,Họ tên,Điện thoại,Vai,Tổ,Tên tổ,Các ấp của tổ,Đơn vị,Từ ngày,Đến ngày,Mã ấp,Tên ấp,Loại ấp"
)
HAMLETS = ",,,,,,,,,,ap-1,Ấp 1\n,,,,,,,,,,ap-2,Ấp 2"
HEAD = ",Người mẫu 01,,tổ trưởng,to-1,Tổ 1,ap-1|ap-2"
GOOD = f"{HAMLETS}\n{HEAD}\n,Người mẫu 02,,thành viên,to-1\n,Người mẫu 03,,đầu mối,,,,cong-an"


def sheet(rows: str, headings: str = HEADINGS) -> bytes:
    return f"{headings}\n{rows}\n".encode()


def planned(rows: str, present: Present = EMPTY, headings: str = HEADINGS) -> Plan:
    words = roster_words()
    return plan_roster(read_sheet(sheet(rows, headings), words), words, present)


def imported(plan: Plan, present: Present = EMPTY) -> Present:
    """What is there after the plan: as `storage.roster` writes it, without a database."""
    units = {u.code: u for u in present.units} | {c.after.code: c.after for c in plan.units}
    hamlets = {h.code: h for h in present.hamlets} | {c.after.code: c.after for c in plan.hamlets}
    teams = {t.code: t for t in present.teams} | {c.after.code: c.after for c in plan.teams}
    memberships = {m.id: m for _, m in present.people}
    persons = {p.id: p for p, _ in present.people}
    keys = {key: person.id for key, person in present.keys.items()}
    for change in plan.people:
        persons[change.person.after.id] = change.person.after
        memberships[change.membership.after.id] = change.membership.after
        keys |= dict.fromkeys(change.keys, change.person.after.id)
    return Present(
        present.commune,
        tuple(units.values()),
        tuple(hamlets.values()),
        tuple(teams.values()),
        tuple((persons[m.person_id], m) for m in memberships.values()),
        {key: persons[person_id] for key, person_id in keys.items()},
    )


def actions(plan: Plan) -> list[str]:
    return [row.action.value for row in plan.rows]


def the_error(plan: Plan) -> str:
    assert len(plan.errors) == 1, plan.rows
    return plan.errors[0].says


SETTLED = imported(planned(GOOD))


def test_a_first_import_adds_everything() -> None:
    plan = planned(GOOD)
    assert actions(plan) == ["add"] * 5
    assert [row.line for row in plan.rows] == [2, 3, 4, 5, 6]
    assert [c.after for c in plan.hamlets] == [
        Hamlet("loc-tan", "ap-1", "Ấp 1", "ấp"),
        Hamlet("loc-tan", "ap-2", "Ấp 2", "ấp"),
    ]
    assert [c.after for c in plan.teams] == [Team("loc-tan", "to-1", "Tổ 1", ("ap-1", "ap-2"))]
    head, member, focal = (c.membership.after for c in plan.people)
    assert (head.role, head.team_code, head.unit_code) == (Role.HEAD, "to-1", None)
    assert (member.role, member.team_code) == (Role.MEMBER, "to-1")
    assert (focal.role, focal.team_code, focal.unit_code) == (Role.FOCAL, None, "cong-an")
    assert plan.people[1].keys == ("nguoi-mau-02/member/to-1",)


def test_importing_again_changes_nothing() -> None:
    plan = planned(GOOD, SETTLED)
    assert actions(plan) == ["same"] * 5
    assert (*plan.units, *plan.hamlets, *plan.teams, *plan.people) == ()


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = GOOD.split("\n")
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        plan = planned("\n".join(rows))
        assert actions(plan) == ["add"] * 5
        assert actions(planned(GOOD, imported(plan))) == ["same"] * 5


def test_the_sample_roster_is_complete_and_plainly_a_sample() -> None:
    pack = load_pack("loc-tan")
    commune, units = commune_of(pack, date(2026, 11, 1))
    words = roster_words()
    read = read_sheet(sample_roster("loc-tan"), words)
    plan = plan_roster(read, words, Present(commune, units))
    assert not plan.errors
    assert not read.unused
    assert len(plan.hamlets) == pack.hamlets == 21
    assert all("mẫu" in c.after.name for c in plan.hamlets)
    assert all("mẫu" in c.after.name for c in plan.teams)
    assert len(plan.teams) == 3
    served = [code for c in plan.teams for code in c.after.hamlets]
    assert sorted(served) == sorted(c.after.code for c in plan.hamlets)
    roles = [c.membership.after.role for c in plan.people]
    assert {role: roles.count(role) for role in set(roles)} == {
        Role.MEMBER: 10,
        Role.HEAD: 3,
        Role.FOCAL: 6,
        Role.OFFICER: 2,
        Role.LEADER: 1,
        Role.AUDITOR: 1,
    }
    owing = {unit.code for unit in pack.units if unit.reports and unit.name != pack.office}
    assert {c.membership.after.unit_code for c in plan.people} >= owing
    assert all(c.person.after.name.startswith("Người mẫu ") for c in plan.people)
    assert not any(c.person.after.phone for c in plan.people)


# --- Reading the file ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        "Mã;Họ và tên;SĐT;Vai trò;Tổ;Tên tổ;Ấp phụ trách;Đơn vị;Từ;Đến;Mã ấp;Tên ấp;Loại",
        "ma,ho ten,dien thoai,vai,to,ten to,cac ap,don vi,tu ngay,den ngay,ma ap,ten ap,loai",
        "CODE,Name,PHONE,role,Team,team name,hamlets,unit,from,to,hamlet code,hamlet name,kind",
        '"Mã số","Họ tên ","Điện thoại",Vai,"Mã tổ","Tên tổ","Các thôn của tổ","Mã đơn vị",'
        '"Từ ngày","Đến ngày","Mã thôn","Tên thôn","Loại thôn"',
    ],
)
def test_headings_come_in_many_spellings(headings: str) -> None:
    separator = ";" if ";" in headings else ","
    plan = planned(GOOD.replace(",", separator), headings=headings)
    assert actions(plan) == ["add"] * 5


def test_without_marks_a_team_is_told_from_the_last_day() -> None:
    words = roster_words()

    def columns(headings: str) -> set[Column]:
        filled = ",".join("x" for _ in headings.split(","))
        return {*read_sheet(sheet(filled, headings), words).rows[0].cells}

    assert Column.TEAM in columns("ho ten,vai,to")
    assert Column.TEAM in columns("ho ten,vai,to,tu ngay,den ngay")
    assert columns("name,role,unit,from,to") >= {Column.FROM, Column.TO}
    assert Column.TO in columns("name,role,team,to")


@pytest.mark.parametrize("locale", LOCALES)
def test_roles_may_be_written_as_the_program_says_them(locale: str) -> None:
    words = roster_words()
    roles = set(Role) - {Role.RESIDENT, Role.ADMIN}
    assert {words.roles[role.value] for role in roles} == roles
    if locale == "vi":
        with speaking(locale):
            assert all(words.roles[fold(role_word(role))] is role for role in roles)


def test_bom_windows_lines_empty_rows_and_unknown_columns() -> None:
    text = f"STT,{HEADINGS},Ghi chú\r\n1,{HAMLETS.splitlines()[0]},,x\r\n\r\n2\r\n,,,\r\n"
    read = read_sheet(b"\xef\xbb\xbf" + text.encode(), roster_words())
    assert [row.line for row in read.rows] == [2]
    assert read.unused == ("STT", "Ghi chú")


def test_a_cell_over_two_lines_keeps_the_count_of_lines() -> None:
    plan = planned(f'{HAMLETS}\n,"Người\nmẫu 09",,leader\n,Người mẫu 10,,chief')
    assert [row.line for row in plan.rows] == [2, 3, 4, 6]
    assert plan.people[0].person.after.name == "Người mẫu 09"


VIETNAMESE = "Họ tên,Vai\nNguyễn Văn Mẫu,thành viên\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (HEADINGS.encode(), "no rows"),
        (VIETNAMESE.encode("utf-16"), "UTF-16"),
        (VIETNAMESE.encode("utf-16-le"), "UTF-16"),
        (b"name,role\nNguy\xea\xdet Van Mau,member\n", "line 2 is not UTF-8"),  # Windows-1258
        (b"PK\x03\x04....", "workbook"),
        (b"\xd0\xcf\x11\xe0....", "old workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"x" * 2_000_001, "2,000,001 bytes"),
        (b'name,role\n"Mau,member\n', "line 2"),
        (b'name,role\nMau,member\n"Ma"u,member\n', "line 3"),
        ("Họ tên,Điện thoại\nMẫu,1\n".encode(), "no column role"),
        ("Vai,Điện thoại\nhead,1\n".encode(), "no column name"),
        ("Số,Ghi chú\n1,x\n".encode(), "no columns name and role"),
        ("Họ tên,Tên,Vai\nA,B,head\n".encode(), "'Họ tên' and 'Tên' mean the same: name"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(RosterUnreadable) as unreadable:
        read_sheet(data, roster_words())
    assert says in str(unreadable.value)
    assert "\n" not in str(unreadable.value)


# --- Rows that cannot be taken -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Mẫu,,sếp,to-1", "unknown role 'sếp'"),
        (",Mẫu,,resident,", "unknown role 'resident'"),
        (",Mẫu,,admin,", "unknown role 'admin'"),
        (",Mẫu,,,to-1", "a name and no role"),
        (",,,head,to-1", "a role and no name"),
        (",12,,leader,", "'12' is not a name"),
        (",M,,leader,", "name: it is too short"),
        (f",{'M' * 81},,leader,", "name: it is too long"),
        (f"{'c' * 21},Mẫu,,leader,", "code: it is too long"),
        (",Mẫu,,member,to-9", "unknown team 'to-9'"),
        (",Mẫu,,member,", "a member needs a team"),
        (",Mẫu,,member,to-1,,,cong-an", "leave the unit empty"),
        (",Mẫu,,focal,", "a focal person needs a unit"),
        (",Mẫu,,focal,to-1,,,cong-an", "belongs to no team"),
        (",Mẫu,,leader,,,ap-1", "belongs to no team"),
        (",Mẫu,,focal,,,,y-te", "unknown unit 'y-te'; there are cong-an"),
        (",Mẫu,,head,to-2,Tổ 2,ap-1|ap-9", "unknown hamlet 'ap-9'"),
        (",Mẫu,,head,to-2,,ap-1", "team to-2 is new: give its name"),
        (",,,,to-2,Tổ 2", "say which hamlets it serves"),
        (",Mẫu,,head,to-2,Tổ 1,ap-1", "'Tổ 1' is there already, as to-1"),
        (",Mẫu,không có,leader,", "phone: a phone number has digits"),
        (",Mẫu,079123456789,leader,", "phone: a phone number has digits"),
        (",Mẫu 079123456789,,leader,", "holds an identity or card number"),
        (",Mẫu,,leader,,,,,31/2/2026", "from: a day is written"),
        (",Mẫu,,leader,,,,,2/2/2026,1/2/2026", "ends on 2026-02-01, before it begins"),
        (",Mẫu,,leader,,,,,,,ap-1", "hamlet does not belong in the row of a person"),
        ("x,,,,,,,,,,ap-3,Ấp 3", "code does not belong in the row of a hamlet"),
        (",,0912 000 000", "names no person, hamlet, team or unit"),
        (",,,,,,,,,,ap-3", "hamlet ap-3 is new: give its name"),
        (",,,,,,,,,,ap-3,Ấp 1", "'Ấp 1' is there already, as ap-1"),
        (",,,,,,,,,,,Áp 1", "the code ap-1 belongs to 'Ấp 1'"),
        (",,,,,,,,,,,!!", "code: it is too short"),
        (",,,,,,,truong-a", "unit truong-a is new: give its name"),
        (",Mẫu,,leader,,,,,,,,,,surplus", "more cells than headings"),
    ],
)
def test_a_wrong_row_is_named_with_its_reason(row: str, says: str) -> None:
    plan = planned(f"{row}\n,Người mẫu 09,,leader", SETTLED)
    assert actions(plan) == ["error", "add"]
    assert plan.errors[0].line == 2
    assert says in plan.errors[0].says
    assert len(plan.people) == 1  # the good row is not spoiled


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (",Mẫu,,leader\n,Mẫu,,leader", "the same row as line 2"),
        (",Mẫu,,leader\n,Mau,,leader", "line 2 tells this person otherwise"),
        ("c,Mẫu,,leader\nc,Khác,,auditor", "they have the same code"),
        ("c,Mẫu,1234,leader\nc,Mẫu,5678,auditor", "line 2 tells this person otherwise"),
        (",,,,,,,,,,ap-1,Ấp 1\n,,,,,,,,,,ap-1,Ấp 1", "ap-1 stands in line 2 already"),
        (",,,,,,,,,,,Ấp Ba\n,,,,,,,,,,,Ấp Bà", "the code ap-ba belongs to 'Ấp Ba'"),
        (
            f"{HAMLETS}\n{HEAD}\n,Mẫu,,member,to-1,Tổ 1,ap-1",
            "line 4 says otherwise about team to-1",
        ),
    ],
)
def test_rows_that_contradict_each_other(rows: str, says: str) -> None:
    assert says in the_error(planned(rows))


def test_a_team_whose_row_is_wrong_is_unknown_to_its_members() -> None:
    plan = planned(f"{HAMLETS}\n{HEAD},,31/2/2026\n,Người mẫu 02,,member,to-1")
    assert actions(plan) == ["add", "add", "error", "error"]
    assert not plan.teams


# --- Places --------------------------------------------------------------------------------------


def test_codes_are_made_of_names_and_places_found_by_either() -> None:
    rows = (
        ",,,,,,,,,,,Ấp 1\n,,,,,,,,,,,Hoà Mẫu\n"
        ",Người mẫu 01,,head,Tổ một,,Ap 1|hòa mẫu\n,Người mẫu 02,,member,to mot"
    )
    plan = planned(rows)
    assert [c.after.code for c in plan.hamlets] == ["ap-1", "hoa-mau"]
    [team] = plan.teams
    assert (team.after.code, team.after.name) == ("to-mot", "Tổ một")
    assert team.after.hamlets == ("ap-1", "hoa-mau")
    assert [c.membership.after.team_code for c in plan.people] == ["to-mot", "to-mot"]
    assert actions(planned(rows, imported(plan))) == ["same"] * 4


def test_places_change_by_code() -> None:
    plan = planned(
        ",,0271 000 000,,,,,,,,ap-1,Ấp Một\n,,,,to-1,,ap-2,,,30/6/2027\n,,,,,,,cong-an,,,,\n"
        ",Người mẫu 03,,focal,,,,cong-an",
        SETTLED,
    )
    assert actions(plan) == ["change", "change", "same", "same"]
    assert plan.hamlets[0].after == Hamlet("loc-tan", "ap-1", "Ấp Một", "ấp", "0271 000 000")
    assert plan.teams[0].after.hamlets == ("ap-2",)
    assert plan.teams[0].after.valid_to == date(2027, 6, 30)
    assert "0271" not in plan.rows[0].says
    assert "hamlets ap-1|ap-2 → ap-2" in plan.rows[1].says


def test_the_hamlets_of_a_team_in_another_order_are_the_same() -> None:
    assert actions(planned(",Người mẫu 01,,head,to-1,Tổ 1,ap-2|ap-1", SETTLED)) == ["same"]


def test_a_person_row_that_changes_the_team_is_a_change() -> None:
    plan = planned(",Người mẫu 01,,head,to-1,Tổ Một,ap-1|ap-2", SETTLED)
    assert actions(plan) == ["change"]
    assert not plan.people


def test_a_name_that_could_be_two_places_asks_for_the_code() -> None:
    twins = tuple(Hamlet("loc-tan", code, name, "ấp") for code, name in (("a", "Bà"), ("b", "Bá")))
    present = replace(EMPTY, hamlets=twins)
    assert "may be a or b" in the_error(planned(",,,,to-1,Tổ 1,ba", present))
    assert planned(",,,,to-1,Tổ 1,Bà", present).teams[0].after.hamlets == ("a",)
    assert "several hamlets are called 'Ba'" in the_error(planned(",,,,,,,,,,,Ba", present))


def test_a_unit_the_plan_does_not_name_can_be_added() -> None:
    headings = f"{HEADINGS},Tên đơn vị"
    rows = ",,,,,,,,,,,,,Trường Mẫu A\n,Người mẫu 09,,focal,,,,truong-mau-a"
    plan = planned(rows, headings=headings)
    assert actions(plan) == ["add", "add"]
    assert plan.units[0].after == Unit("loc-tan", "truong-mau-a", "Trường Mẫu A", "other")
    wrong = planned(",Người mẫu 09,,focal,,,,cong-an,,,,,,truong-mau-a", imported(plan), headings)
    assert "are two units" in the_error(wrong)


def test_the_kind_of_a_hamlet_may_be_given() -> None:
    present = replace(EMPTY, commune=replace(HOME, hamlet_term="thôn, bon"))
    plan = planned(",,,,,,,,,,,Bon Mẫu\n,,,,,,,,,,,Suối Mẫu,buôn", present)
    assert [c.after.kind for c in plan.hamlets] == ["bon", "buôn"]


# --- People --------------------------------------------------------------------------------------


def test_dates_and_phone_change_and_a_dash_takes_them_away() -> None:
    first = planned(",Người mẫu 02,0912 000 000,member,to-1,,,,1/1/2026,30/6/2026", SETTLED)
    assert actions(first) == ["change"]
    [change] = first.people
    assert change.person.after.phone == "0912 000 000"
    assert change.membership.after.valid_to == date(2026, 6, 30)
    assert "0912" not in first.rows[0].says
    there = imported(first, SETTLED)
    assert actions(planned(",Người mẫu 02,,member,to-1", there)) == ["same"]  # empty leaves it
    second = planned(",Người mẫu 02,-,member,to-1,,,,,-", there)
    [change] = second.people
    assert change.person.after.phone is None
    assert change.membership.after.valid_from == date(2026, 1, 1)
    assert change.membership.after.valid_to is None


def test_who_comes_back_has_two_memberships_and_stays_one_person() -> None:
    rows = ",Mẫu,,leader,,,,,,30/6/2026\n,Mẫu,,leader,,,,,1/1/2027"
    for order in (rows, "\n".join(reversed(rows.split("\n")))):
        plan = planned(order)
        assert actions(plan) == ["add", "add"]
        assert len({c.person.after.id for c in plan.people}) == 1
        there = imported(plan)
        assert actions(planned(order, there)) == ["same", "same"]
        assert actions(planned(",Mẫu,,leader,,,,,1/1/2027,31/12/2027", there)) == ["change"]


def test_who_moves_to_another_team_keeps_the_old_one_until_it_is_ended() -> None:
    rows = f"{HAMLETS}\nc,Người mẫu 01,,head,to-1,Tổ 1,ap-1"
    there = imported(planned(rows))
    moved = planned(
        "c,Người mẫu 01,,head,to-1,,,,,31/12/2026\nc,Người mẫu 01,,head,to-2,Tổ 2,ap-2,,1/1/2027",
        there,
    )
    assert actions(moved) == ["change", "add"]
    assert {c.person.after.id for c in moved.people} == {p.id for p, _ in there.people}


def test_a_code_keeps_the_person_when_the_name_changes() -> None:
    there = imported(planned("c,Mẫu Một,,leader"))
    plan = planned("C,Mẫu Hai,,leader", there)
    assert actions(plan) == ["change"]
    assert plan.people[0].person.after.name == "Mẫu Hai"
    # The old name is free: somebody else of that name is somebody else.
    other = planned(",Mẫu Một,,leader", imported(plan, there))
    assert actions(other) == ["add"]
    assert other.people[0].person.before is None


def test_two_people_of_one_name_are_told_apart_by_codes() -> None:
    rows = "a,Mẫu,,leader\nb,Mẫu,,leader"
    plan = planned(rows)
    assert actions(plan) == ["add", "add"]
    assert len({c.person.after.id for c in plan.people}) == 2
    there = imported(plan)
    assert actions(planned(rows, there)) == ["same", "same"]
    assert actions(planned(",Mẫu,,leader", there)) == ["same"]  # the one who had the name first


def test_codes_given_later_and_marks_written_later_add_nobody() -> None:
    there = imported(planned(",Nguyen Van Mau,,leader"))
    plan = planned("c,Nguyễn Văn Mẫu,,leader", there)
    assert actions(plan) == ["change"]
    assert plan.people[0].keys == ("c",)
    there = imported(plan, there)
    assert actions(planned("c,Nguyễn Văn Mẫu,,leader", there)) == ["same"]
    assert actions(planned(",Nguyễn Văn Mẫu,,leader", there)) == ["same"]


def test_who_came_by_an_invitation_is_found_again() -> None:
    person = Person(new_id(), "Mẫu Một")
    joined = Membership(new_id(), person.id, "loc-tan", Role.LEADER, valid_from=date(2026, 11, 1))
    there = replace(EMPTY, people=((person, joined),))
    plan = planned(",Mẫu Một,,leader", there)
    assert actions(plan) == ["change"]
    [change] = plan.people
    assert change.person.after == person
    assert change.membership.after == joined
    assert change.keys == (name_key("Mẫu Một", Role.LEADER, None),)
    assert actions(planned(",Mẫu Một,,leader", imported(plan, there))) == ["same"]
    twin = Person(new_id(), "Mẫu Một")
    both = replace(there, people=(*there.people, (twin, replace(joined, person_id=twin.id))))
    assert "several people" in the_error(planned(",Mẫu Một,,leader", both))


def test_one_person_may_have_two_roles() -> None:
    plan = planned("c,Mẫu,,leader\nc,Mẫu,,focal,,,,cong-an")
    assert actions(plan) == ["add", "add"]
    assert len({c.person.after.id for c in plan.people}) == 1
    assert "one role more" in plan.rows[1].says


def test_counts_name_every_action() -> None:
    assert planned(GOOD).counts == {
        Action.ADD: 5,
        Action.CHANGE: 0,
        Action.SAME: 0,
        Action.ERROR: 0,
    }
