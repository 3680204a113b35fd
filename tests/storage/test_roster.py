"""A planned roster is written whole, with an event for every change, and only once."""

import asyncio
from datetime import date

from content.rosters import roster_words
from domain.people import Membership, Role
from domain.roster import Action, Plan, plan_roster, read_sheet
from storage.engine import Database
from storage.roster import Because, apply_roster, load_roster
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

HEADINGS = (
    "code,name,phone,role,team,team name,hamlets,unit,from,to,hamlet code,hamlet name,unit name\n"
)
ROWS = """\
,,0271 000 000,,,,,,,,ap-2,Ấp 2
,Người mẫu 01,,head,to-2,Tổ 2,ap-2|ap-1
m2,Người mẫu 02,0912 000 000,member,to-2,,,,1/11/2026
,Người mẫu 03,,focal,,,,police
,,,,,,,school,,,,,School A
"""


async def bring_in(db: Database, world: World, rows: str) -> tuple[Plan, int]:
    """One import, as the command makes it; returns the plan and how many events it recorded."""
    sheet = read_sheet((HEADINGS + rows).encode(), roster_words())
    async with UnitOfWork(db) as uow:
        await uow.events.lock(world.home.id)
        present = await load_roster(uow, world.home.id)
        assert present is not None
        plan = plan_roster(sheet, roster_words(), present)
        count = await apply_roster(uow, world.home.id, plan, Because(world.now, "test"))
        await uow.commit()
    return plan, count


async def events(db: Database, world: World) -> list[tuple[str, str, object]]:
    async with UnitOfWork(db) as uow:
        found = await uow.events.after(world.home.id, 0, 99)
        return [(e.kind, e.reason or "", (e.payload or {}).get("field")) for e in found]


async def test_an_import_writes_everything_with_an_event_each(
    settled: Database, world: World
) -> None:
    plan, count = await bring_in(settled, world, ROWS)
    assert not plan.errors
    assert count == 6
    assert await events(settled, world) == [
        ("commune.set", "test", "unit school"),
        ("commune.set", "test", "hamlet ap-2"),
        ("commune.set", "test", "team to-2"),
        ("membership.added", "test", None),
        ("membership.added", "test", None),
        ("membership.added", "test", None),
    ]
    async with UnitOfWork(settled) as uow:
        hamlets = {h.code: h for h in await uow.communes.hamlets(world.home.id)}
        assert hamlets["ap-2"].phone == "0271 000 000"
        team = (await uow.communes.teams(world.home.id))[1]
        assert team.hamlets == ("ap-2", "ap-1")
        staff = await uow.people.staff(world.home.id, world.today)
        assert [(p.name, m.role, m.team_code, m.unit_code) for p, m in staff] == [
            ("Người mẫu 01", Role.HEAD, "to-2", None),
            ("Người mẫu 02", Role.MEMBER, "to-2", None),
            ("Người mẫu 03", Role.FOCAL, None, "police"),
        ]
        known = await uow.people.by_roster_key(world.home.id, "m2")
        assert known is not None
        assert (known.name, known.phone) == ("Người mẫu 02", "0912 000 000")
        assert known == await uow.people.by_roster_key(world.home.id, "nguoi-mau-02/member/to-2")


async def test_names_and_phones_are_only_in_what_can_be_erased(
    settled: Database, world: World
) -> None:
    await bring_in(settled, world, ROWS)
    async with UnitOfWork(settled) as uow:
        found = await uow.events.after(world.home.id, 0, 99)
    assert not any("mẫu" in str(e.payload) or "0912" in str(e.payload) for e in found)
    assert not any("0271" in str(e.payload) for e in found)
    assert found[0].personal is None
    assert found[1].personal == {"before": None, "after": "0271 000 000"}
    assert found[4].personal is not None
    assert found[4].personal["after"] == {"name": "Người mẫu 02", "phone": "0912 000 000"}
    assert found[4].payload is not None
    assert found[4].payload["after"] == {"from": "2026-11-01", "to": None}


async def test_the_same_file_again_is_the_same_and_no_event(
    settled: Database, world: World
) -> None:
    await bring_in(settled, world, ROWS)
    before = await events(settled, world)
    plan, count = await bring_in(settled, world, ROWS)
    assert {row.action for row in plan.rows} == {Action.SAME}
    assert count == 0
    assert await events(settled, world) == before


async def test_a_day_in_to_ends_the_membership_and_deletes_nobody(
    settled: Database, world: World
) -> None:
    await bring_in(settled, world, ROWS)
    plan, count = await bring_in(settled, world, "m2,Người mẫu 2,-,member,to-2,,,,,20/11/2026\n")
    assert [row.action for row in plan.rows] == [Action.CHANGE]
    assert count == 1
    assert (await events(settled, world))[-1][0] == "membership.changed"
    async with UnitOfWork(settled) as uow:
        now = {p.name for p, _ in await uow.people.staff(world.home.id, world.today)}
        ever = {p.name: (p, m) for p, m in await uow.people.staff_ever(world.home.id)}
    assert now == {"Người mẫu 01", "Người mẫu 03"}
    person, membership = ever["Người mẫu 2"]
    assert person.phone is None
    assert (membership.valid_from, membership.valid_to) == (date(2026, 11, 1), date(2026, 11, 20))


async def test_who_joined_by_an_invitation_is_not_added_again(
    settled: Database, world: World
) -> None:
    joined = Membership(world.new_id(), world.lan.id, world.home.id, Role.MEMBER, "to-1")
    async with UnitOfWork(settled) as uow:
        await uow.people.add_membership(joined)
        await uow.commit()
    plan, _ = await bring_in(settled, world, "m9,Lan,,member,to-1\n")
    assert [row.action for row in plan.rows] == [Action.CHANGE]
    async with UnitOfWork(settled) as uow:
        assert await uow.people.staff(world.home.id, world.today) == [(world.lan, joined)]
        assert await uow.people.by_roster_key(world.home.id, "m9") == world.lan


async def test_keys_and_people_of_another_commune_are_not_seen(
    settled: Database, world: World
) -> None:
    await bring_in(settled, world, ROWS)
    async with UnitOfWork(settled) as uow:
        away = await load_roster(uow, world.away.id)
        assert away is not None
        assert not away.people
        assert not away.keys
        assert await load_roster(uow, "nowhere") is None


async def test_two_imports_at_once_add_everybody_once(settled: Database, world: World) -> None:
    await asyncio.gather(*(bring_in(settled, world, ROWS) for _ in range(4)))
    async with UnitOfWork(settled) as uow:
        assert len(await uow.people.staff_ever(world.home.id)) == 3
        assert (await uow.events.head(world.home.id))[0] == 6
