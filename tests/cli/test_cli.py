"""The operators' commands: what they do, and one readable line with exit code 2 on errors."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.__main__ import GROUPS, main
from bot.cli import check as check_module
from bot.cli._invitations import state
from bot.config import Settings
from content.library import FOLDER
from content.rosters import sample_roster
from domain.events import Event
from domain.people import Invitation, Role
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
HEADINGS = "Họ tên,Vai,Tổ,Tên tổ,Các ấp của tổ,Đơn vị,Mã ấp,Tên ấp"
ROSTER = f"""{HEADINGS}
,,,,,,ap-1,Ấp 1
Người mẫu 01,tổ trưởng,to-1,Tổ 1,ap-1
Người mẫu 02,thành viên,to-1
Người mẫu 03,đầu mối,,,,cong-an
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """`shell("commune", "list")` runs a command in this process, on a database of its own."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self._capsys = url, folder, capsys

    def __call__(self, *args: str) -> Result:
        self._capsys.readouterr()
        code = main(list(args))
        said = self._capsys.readouterr()
        return Result(code, said.out, said.err)

    def does(self, *args: str) -> Result:
        """It works and complains about nothing."""
        result = self(*args)
        assert (result.code, result.err) == (0, ""), result
        return result

    def refuses(self, *args: str) -> str:
        """It ends with 2 and says why in one line, which is returned."""
        result = self(*args)
        assert result.code == 2, result
        assert result.err.startswith("error: ")
        assert result.err.count("\n") == 1
        return result.err.strip()

    def file(self, text: str | bytes, name: str = "roster.csv") -> str:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def look(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """What the database has, through a session of its own."""

        async def looked() -> T:
            db = Database.open(self.url)
            try:
                async with UnitOfWork(db) as uow:
                    return await work(uow)
            finally:
                await db.dispose()

        return asyncio.run(looked())

    def events(self, commune_id: str = "loc-tan") -> list[Event]:
        return self.look(lambda uow: uow.events.after(commune_id, 0, 500))


@pytest.fixture
def shell(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)  # no .env of somebody's own
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    return Shell(sqlite_url, tmp_path, capsys)


@pytest.fixture
def loc_tan(shell: Shell) -> Shell:
    """With xã Lộc Tấn and a few people."""
    shell.does("commune", "add", "loc-tan")
    shell.does("roster", "import", shell.file(ROSTER), "--commune", "loc-tan")
    return shell


# --- The program itself --------------------------------------------------------------------------


def test_every_group_has_a_place_in_the_help(shell: Shell) -> None:
    told = shell.does("--help").out
    assert shell("").code == 2
    for group in GROUPS:
        assert group.__name__.rpartition(".")[2] in told


def test_a_new_database_is_made_and_migrated_when_needed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert "No commune yet" in shell.does("commune", "list").out
    assert (shell.folder / "data" / "assistant.db").exists()
    assert "1 of" not in shell.does("commune", "add", "cam-my").out
    assert shell.does("commune", "list", "--json").json[0]["id"] == "cam-my"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("WEB_PORT", "many", "WEB_PORT"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/none", "127.0.0.1:1"),
    ],
)
def test_wrong_settings_are_one_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert says in shell.refuses("commune", "list")


def test_a_database_that_is_none_or_newer_is_one_line(shell: Shell) -> None:
    file = Path(shell.url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as there:
        there.execute("UPDATE alembic_version SET version_num = '9999'")
    there.close()
    assert "does not fit this version" in shell.refuses("commune", "list")
    file.write_bytes(b"not a database at all, but long enough to look like something else" * 99)
    assert "not a database" in shell.refuses("commune", "list")


def test_a_locked_database_changes_nothing_and_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = Database.open.__kwdefaults__ or {}
    monkeypatch.setitem(waits, "lock_milliseconds", 50)
    shell.does("commune", "add", "loc-tan")
    holder = sqlite3.connect(shell.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in shell.refuses("commune", "set", "loc-tan", "phone", "113")
        assert shell.does("commune", "show", "loc-tan", "--json").json["phone"] is None
    finally:
        holder.close()


def test_commands_run_from_a_plain_process(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "commune", "show", "nowhere"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "error: no commune 'nowhere'; there are none (`commune add PACK_ID` adds one)\n"
    )


# --- commune -------------------------------------------------------------------------------------


def test_a_commune_comes_with_the_units_of_its_plan(shell: Shell) -> None:
    assert "9 units" in shell.does("commune", "add", "loc-tan").out
    there = shell.does("commune", "show", "loc-tan", "--json").json
    assert (there["id"], there["short"], there["hamlet_term"]) == ("loc-tan", "LT", "ấp")
    assert len(there["units"]) == 9
    assert there["hamlets"] == []
    assert "address" in there["not_entered"]
    assert [event.kind for event in shell.events()] == ["commune.added"]
    assert "there already" in shell.refuses("commune", "add", "loc-tan")
    assert "no such pack" in shell.refuses("commune", "add", "nowhere")
    shell.does("commune", "add", "cam-my")  # its plan binds hamlets: they are no unit
    units = shell.does("commune", "show", "cam-my", "--json").json["units"]
    assert "hamlet" not in {unit["kind"] for unit in units}
    rows = shell.does("commune", "list", "--json").json
    assert [row["id"] for row in rows] == ["cam-my", "loc-tan"]


def test_a_commune_is_listed_and_shown_for_people_too(loc_tan: Shell) -> None:
    assert "xã Lộc Tấn: 1 hamlets, 1 teams, 3 staff" in loc_tan.does("commune", "list").out
    told = loc_tan.does("commune", "show", "loc-tan").out
    assert "to-1 Tổ 1" in told
    assert "1 focal, 1 head, 1 member" in told
    assert "Not entered yet: address, hours" in told


def test_facts_are_set_with_an_event_each(loc_tan: Shell) -> None:
    before = len(loc_tan.events())
    for key, value in {
        "address": "Ấp 1, cạnh chợ mẫu",
        "hours": "7:30–17:00",
        "phone": "0271 000 000",
        "police_address": "Ấp 2",
        "police_phone": "113",
        "period_choice": "calendar-before",
        "team_tier": "yes",
    }.items():
        loc_tan.does("commune", "set", "loc-tan", key, *value.split(" "))
    told = loc_tan.does("commune", "show", "loc-tan", "--json").json
    assert told["address"] == "Ấp 1, cạnh chợ mẫu"
    assert (told["team_tier"], told["period_choice"]) == (True, "calendar-before")
    assert told["not_entered"] == []
    events = loc_tan.events()[before:]
    assert [event.kind for event in events] == ["commune.set"] * 7
    assert all(event.actor_id is None and event.reason == "command line" for event in events)
    assert events[2].payload == {"field": "phone", "before": None, "after": "0271 000 000"}
    assert "as before" in loc_tan.does("commune", "set", "loc-tan", "phone", "0271 000 000").out
    assert len(loc_tan.events()) == before + 7
    assert "→ -" in loc_tan.does("commune", "set", "loc-tan", "phone", "-").out
    assert "→ no" in loc_tan.does("commune", "set", "loc-tan", "team_tier", "no").out
    assert "→ -" in loc_tan.does("commune", "set", "loc-tan", "period_choice", "assumed").out
    assert "Not entered yet: phone, period_choice" in loc_tan.does("commune", "show", "loc-tan").out


def test_facts_that_cannot_be_kept(loc_tan: Shell) -> None:
    count = len(loc_tan.events())

    def refused(*args: str) -> str:
        return loc_tan.refuses("commune", "set", *args)

    assert "no setting 'name'" in refused("loc-tan", "name", "x")
    assert "phone: a phone number has" in refused("loc-tan", "phone", "gọi sau")
    assert "address: it is too long" in refused("loc-tan", "address", "x" * 201)
    assert "decree, calendar-before or assumed" in refused("loc-tan", "period_choice", "month")
    assert "yes or no" in refused("loc-tan", "team_tier", "maybe")
    assert "no commune 'nowhere'; there are loc-tan" in refused("nowhere", "phone", "113")
    assert "VALUE" in refused("loc-tan", "phone")
    assert len(loc_tan.events()) == count


def test_hamlets_are_added_and_changed(loc_tan: Shell) -> None:
    def hamlet(*args: str) -> str:
        return loc_tan.does("commune", "hamlet", "loc-tan", *args).out

    assert "Ấp 7: added" in hamlet("Ap 7", "Ấp 7", "--phone", "0912 000 000")
    assert "there already" in hamlet("ap-7", "Ấp 7")
    assert "changed" in hamlet("ap-7", "Ấp Bảy", "--kind", "khu dân cư")
    [_, there] = loc_tan.does("commune", "show", "loc-tan", "--json").json["hamlets"]
    assert there == {
        "code": "ap-7",
        "name": "Ấp Bảy",
        "kind": "khu dân cư",
        "phone": "0912 000 000",
    }
    assert "changed" in hamlet("ap-7", "Ấp Bảy", "--phone", "-")
    events = loc_tan.events()[-3:]
    assert {event.payload["field"] for event in events if event.payload} == {"hamlet ap-7"}
    assert not any("0912" in str(event.payload) for event in events)
    assert events[-1].personal == {"before": "0912 000 000", "after": None}
    refused = loc_tan.refuses("commune", "hamlet", "loc-tan", "ap-8", "Ấp 8", "--phone", "12")
    assert "phone" in refused
    assert "too short" in loc_tan.refuses("commune", "hamlet", "loc-tan", "!", "Ấp 8")


def test_holidays_are_made_and_dropped(loc_tan: Shell) -> None:
    def holiday(*args: str) -> str:
        return loc_tan.does("commune", "holiday", "loc-tan", *args).out

    assert "→ off (Ngày mẫu)" in holiday("2026-12-18", "off", "Ngày", "mẫu")
    assert "as before" in holiday("18/12/2026", "off", "Ngày mẫu")
    assert "off (Ngày mẫu) → work (Làm bù)" in holiday("18/12/2026", "work", "Làm bù")
    days = loc_tan.does("commune", "show", "loc-tan", "--json").json["holidays"]
    assert days == [{"day": "2026-12-18", "off": False, "reason": "Làm bù"}]
    assert "2026-12-18" in loc_tan.does("commune", "show", "loc-tan").out
    assert "→ as the calendar has it" in holiday("2026-12-18", "--drop")
    assert "as before" in holiday("2026-12-18", "--drop")
    assert [e.payload for e in loc_tan.events()[-1:]] == [
        {
            "field": "holiday 2026-12-18",
            "before": {"off": False, "reason": "Làm bù"},
            "after": None,
        }
    ]

    def refused(*args: str) -> str:
        return loc_tan.refuses("commune", "holiday", *args)

    assert "say off or work" in refused("loc-tan", "2026-12-18")
    assert "say off or work" in refused("loc-tan", "2026-12-18", "off", "x", "--drop")
    assert "neither off nor work" in refused("loc-tan", "2026-12-18", "maybe", "x")
    assert "REASON: it is too short" in refused("loc-tan", "2026-12-18", "off")
    assert "DATE: a day is written" in refused("loc-tan", "2026-02-30", "off", "Ngày mẫu")
    assert "no commune" in refused("nowhere", "2026-12-18", "off", "Ngày mẫu")


# --- roster --------------------------------------------------------------------------------------


def test_a_dry_run_shows_every_row_and_writes_nothing(shell: Shell) -> None:
    shell.does("commune", "add", "loc-tan")
    file = shell.file(ROSTER)
    told = shell.does("roster", "import", file, "--commune", "loc-tan", "--dry-run", "--json").json
    assert (told["dry_run"], told["applied"]) == (True, False)
    assert told["counts"] == {"add": 4, "change": 0, "same": 0, "error": 0}
    assert told["rows"][2] == {
        "line": 4,
        "kind": "person",
        "action": "add",
        "key": "nguoi-mau-02/member/to-1",
        "says": "Người mẫu 02, member of to-1",
    }
    assert len(shell.events()) == 1
    assert (
        "line    2  add"
        in shell.does("roster", "import", file, "--commune", "loc-tan", "--dry-run").out
    )


def test_importing_again_is_the_same_and_no_event(loc_tan: Shell) -> None:
    count = len(loc_tan.events())
    told = loc_tan.does("roster", "import", loc_tan.file(ROSTER), "--commune", "loc-tan").out
    assert told == "0 add, 0 change, 4 same, 0 error\n"
    assert len(loc_tan.events()) == count
    again = ROSTER.replace("Ấp 1", "Ấp Một")
    told = loc_tan.does("roster", "import", loc_tan.file(again), "--commune", "loc-tan").out
    assert "line    2  change  hamlet Ấp Một: name Ấp 1 → Ấp Một" in told
    assert loc_tan.events()[-1].reason == "roster, command line"


def test_one_wrong_row_stops_the_import_unless_it_is_partial(shell: Shell) -> None:
    shell.does("commune", "add", "loc-tan")
    file = shell.file(f"{ROSTER}Người mẫu 04,sếp,to-1\nNgười mẫu 05,thành viên,to-9\n")
    for dry in ([], ["--dry-run"], ["--json"]):
        result = shell("roster", "import", file, "--commune", "loc-tan", *dry)
        assert result.code == 2
        assert "line 6: Người mẫu 04: unknown role 'sếp'" in result.err
        assert "(and 1 more)" in result.err
        assert result.err.count("\n") == 1
        assert "Người mẫu 05: unknown team 'to-9'" in result.out
    assert len(shell.events()) == 1
    told = shell.does("roster", "import", file, "--commune", "loc-tan", "--partial").out
    assert "line    7  error   Người mẫu 05: unknown team 'to-9'" in told
    assert "4 add, 0 change, 0 same, 2 error" in told
    assert len(shell.events()) == 6


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ROSTER.replace("Vai", "Việc").encode(), "no column role"),
        (f"{ROSTER}Người mẫu 02,thành viên,to-1\n".encode(), "the same row as line 4"),
        (ROSTER.encode("utf-16"), "UTF-16"),
        ("Ho ten,Vai\nNguyê\u0303n,head\n".encode("cp1258"), "line 2 is not UTF-8"),
        (b"PK\x03\x04", "a workbook"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_taken(shell: Shell, data: bytes, says: str) -> None:
    shell.does("commune", "add", "loc-tan")
    result = shell("roster", "import", shell.file(data), "--commune", "loc-tan")
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1
    assert len(shell.events()) == 1


def test_no_file_and_no_commune(shell: Shell) -> None:
    assert "No such file" in shell.refuses("roster", "import", "nowhere.csv", "--commune", "x")
    assert "Is a directory" in shell.refuses("roster", "import", ".", "--commune", "x")
    assert "no commune 'x'" in shell.refuses(
        "roster", "import", shell.file(ROSTER), "--commune", "x"
    )
    assert "--commune" in shell.refuses("roster", "import", "x.csv")


def test_the_example_of_the_manual_is_the_sample_file() -> None:
    manual = (ROOT / "docs" / "roster.md").read_text(encoding="utf-8")
    assert sample_roster("loc-tan").decode().splitlines()[0] in manual


# --- invite --------------------------------------------------------------------------------------


def test_an_invitation_is_printed_and_kept(loc_tan: Shell) -> None:
    told = loc_tan.does("invite", "--commune", "loc-tan", "--role", "head", "--team", "to-1").out
    assert "http://127.0.0.1:8080/i/" in told
    assert "head of to-1, 1 time(s), until 2" in told
    row = loc_tan.does(
        "invite", "--commune", "loc-tan", "--role", "member", "--team", "to-1", "--uses", "3",
        "--days", "2", "--json",
    ).json  # fmt: skip
    assert (row["role"], row["team"], row["max_uses"], row["state"]) == (
        "member",
        "to-1",
        3,
        "open",
    )
    assert row["link"].endswith(row["code"])
    rows = loc_tan.does("invite", "list", "--commune", "loc-tan", "--json").json
    assert rows[0]["code"] == row["code"]
    assert len(rows) == 2
    assert row["code"] in loc_tan.does("invite", "list").out
    event = loc_tan.events()[-1]
    assert (event.kind, event.payload) == ("invitation.made", {"role": "member", "uses": 3})


def test_an_invitation_is_revoked_once(loc_tan: Shell) -> None:
    assert "No invitation yet" in loc_tan.does("invite", "list").out
    invited = loc_tan.does("invite", "--commune", "loc-tan", "--role", "leader", "--json").json
    code = invited["code"].lower()
    assert "revoked" in loc_tan.does("invite", "revoke", f"{code[:4]} {code[4:]}").out
    assert loc_tan.events()[-1].kind == "invitation.revoked"
    count = len(loc_tan.events())
    assert "revoked before" in loc_tan.does("invite", "revoke", code).out
    assert len(loc_tan.events()) == count
    [row] = loc_tan.does("invite", "list", "--json").json
    assert row["state"] == "revoked"
    assert "no invitation has the code 'zzzz'" in loc_tan.refuses("invite", "revoke", "zzzz")


def test_the_list_says_which_invitations_are_open(loc_tan: Shell) -> None:
    loc_tan.does("invite", "--commune", "loc-tan", "--role", "leader", "--days", "1")

    async def take(uow: UnitOfWork) -> tuple[Invitation, datetime]:
        [made] = await uow.invitations.of_commune("loc-tan")
        assert await uow.invitations.take(made.id, made.created_at)
        await uow.commit()
        return made, made.created_at

    made, now = loc_tan.look(take)
    assert "1/1" in loc_tan.does("invite", "list").out
    assert "used up" in loc_tan.does("invite", "list").out
    assert state(made, now) == "open"
    assert state(made, now + timedelta(days=1)) == "expired"


def test_a_person_of_the_roster_is_invited_as_the_roster_has_it(loc_tan: Shell) -> None:
    key = "nguoi-mau-03/focal/cong-an"
    row = loc_tan.does(
        "invite", "--commune", "loc-tan", "--role", "focal", "--person", key, "--json"
    ).json
    assert (row["unit"], row["max_uses"], row["for_one_person"]) == ("cong-an", 1, True)
    made = loc_tan.look(lambda uow: uow.invitations.by_code(row["code"]))
    person = loc_tan.look(lambda uow: uow.people.by_roster_key("loc-tan", key))
    assert made is not None
    assert person is not None
    assert made.person_id == person.id


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("", "say --commune ID and --role ROLE"),
        ("--commune loc-tan --role resident", "residents need no invitation"),
        ("--commune loc-tan --role boss", "must be one of member, head, focal, officer"),
        ("--commune nowhere --role leader", "no commune 'nowhere'"),
        ("--commune loc-tan --role member", "a member is invited with --team"),
        ("--commune loc-tan --role focal", "a focal is invited with --unit"),
        ("--commune loc-tan --role leader --team to-1", "a leader is invited without --team"),
        ("--commune loc-tan --role head --team to-1 --unit x", "say one of --team, --unit"),
        ("--commune loc-tan --role member --team to-9", "no team 'to-9'; there are to-1"),
        ("--commune loc-tan --role focal --unit x", "no unit 'x'; there are"),
        ("--commune loc-tan --role head --person nobody", "nobody is 'nobody'"),
        (
            "--commune loc-tan --role head --person nguoi-mau-02/member/to-1",
            "is no head in the roster, but has: member",
        ),
        ("--commune loc-tan --role leader --uses 0", "--uses"),
        ("--commune loc-tan --role leader --days x", "--days"),
        ("--commune loc-tan --role leader --qr x.gif", "must end in .svg or .png"),
        ("--commune loc-tan --role leader --qr none/x.svg", "a folder that exists"),
        ("list --commune nowhere", "no commune 'nowhere'"),
    ],
)
def test_invitations_that_are_refused(loc_tan: Shell, args: str, says: str) -> None:
    count = len(loc_tan.events())
    assert says in loc_tan.refuses("invite", *args.split())
    assert len(loc_tan.events()) == count


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<?xml"), ("b.PNG", b"\x89PNG")])
def test_a_qr_is_written_as_a_picture(loc_tan: Shell, name: str, start: bytes) -> None:
    invite = ("invite", "--commune", "loc-tan", "--role", "admin", "--json", "--qr")
    result = loc_tan(*invite, name)
    assert result.code == 0
    assert result.json["role"] == "admin"
    assert (loc_tan.folder / name).read_bytes().startswith(start)
    (loc_tan.folder / "dir.svg").mkdir(exist_ok=True)
    failed = loc_tan(*invite, "dir.svg")
    assert failed.code == 2
    assert "the invitation is good, but" in failed.err


# --- seed ----------------------------------------------------------------------------------------


def test_seed_is_plainly_a_sample_and_twice_is_once(shell: Shell) -> None:
    first = shell.does("seed").out
    assert "SAMPLE" in first
    assert "http://127.0.0.1:8080/c/loc-tan" in first
    count = len(shell.events())
    second = shell.does("seed").out
    assert len(shell.events()) == count
    assert first.splitlines()[1:] == second.splitlines()[1:]
    there = shell.does("commune", "show", "loc-tan", "--json").json
    assert [hamlet["name"] for hamlet in there["hamlets"]][:2] == ["Ấp mẫu 1", "Ấp mẫu 2"]
    assert len(there["hamlets"]) == 21
    assert len(there["teams"]) == 3
    assert there["staff"] == {
        "auditor": 1, "focal": 6, "head": 3, "leader": 1, "member": 10, "officer": 2,
    }  # fmt: skip
    rows = shell.does("invite", "list", "--json").json
    assert {row["role"] for row in rows} == {role.value for role in Role} - {"resident"}
    assert all(row["code"] in first for row in rows)
    assert [row["for_one_person"] for row in rows if row["role"] == "admin"] == [False]


def test_seed_makes_a_new_link_for_a_revoked_one(shell: Shell) -> None:
    first = shell.does("seed").out
    code = next(line.split("/")[-1] for line in first.splitlines() if "leader" in line)
    shell.does("invite", "revoke", code)
    second = shell.does("seed").out
    assert code not in second
    assert "leader" in second


def test_seed_leaves_a_commune_at_work_alone(loc_tan: Shell) -> None:
    count = len(loc_tan.events())
    assert "a roster of its own" in loc_tan.refuses("seed")
    assert len(loc_tan.events()) == count


def test_seed_fills_a_commune_that_has_nothing_yet(shell: Shell) -> None:
    shell.does("commune", "add", "loc-tan")
    shell.does("seed")


# --- check ---------------------------------------------------------------------------------------


def parts(result: Result) -> dict[str, dict[str, Any]]:
    return {part["part"]: part for part in result.json}


def test_check_looks_at_every_part(loc_tan: Shell) -> None:
    told = loc_tan("check", "--json")
    found = parts(told)
    assert list(found) == ["config", "packs", "content", "database", "translations"]
    assert found["config"]["state"] == found["packs"]["state"] == "ok"
    assert found["database"]["state"] == "ok"
    assert "writable, 1 communes" in found["database"]["says"]
    assert found["content"]["state"] == "ok", found["content"]["problems"]
    assert found["translations"]["state"] in ("ok", "warn")
    assert "en: " in found["translations"]["says"]
    assert told.code == 0
    lines = loc_tan("check").out.splitlines()
    assert [line.split()[1] for line in lines] == list(found)


def test_check_changes_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    found = parts(shell("check", "--json"))
    assert found["database"]["state"] == "warn"
    assert not (shell.folder / "data" / "assistant.db").exists()
    empty = shell.folder / "empty.db"
    empty.touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{empty}")
    found = parts(shell("check", "--json"))
    assert (found["database"]["state"], "`migrate`" in found["database"]["says"]) == ("warn", True)


def test_check_fails_with_1_on_wrong_settings_and_databases(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(shell.url.removeprefix("sqlite:///")).write_bytes(b"no database" * 999)
    told = shell("check", "--json")
    assert (told.code, parts(told)["database"]["state"]) == (1, "fail")
    monkeypatch.setenv("WEB_PORT", "many")
    told = shell("check", "--json")
    assert (told.code, parts(told)["config"]["state"]) == (1, "fail")
    assert parts(told)["database"]["says"].startswith("not looked at")


def test_check_names_file_and_line_of_what_is_broken(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guides = tmp_path / "guides" / "vi"
    guides.mkdir(parents=True)
    for table in FOLDER.glob("*.tsv"):
        shutil.copy(table, guides.parent)
    (guides / "dvc-pay.md").write_text("---\ntopic: x\n", encoding="utf-8")
    monkeypatch.setattr("content.library.FOLDER", guides.parent)
    told = shell("check")
    assert told.code == 1
    assert "fail  content" in told.out
    assert "dvc-pay.md:" in told.out
    assert check_module.FAILED == 1


@pytest.mark.postgres
def test_the_commands_work_on_postgresql(
    shell: Shell, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    first = shell.does("seed").out
    assert shell.does("seed").out.splitlines()[1:] == first.splitlines()[1:]
    shell.does("commune", "set", "loc-tan", "phone", "113")
    found = parts(shell("check", "--json"))
    assert found["database"]["state"] == "ok", found
