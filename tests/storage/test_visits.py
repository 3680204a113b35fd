"""One submission is one visit; lists, counts and numbers of visits."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.visits import visit_code, visit_undone
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World


async def test_the_same_submission_fifty_times_at_once_is_one_visit(
    settled: Database, world: World
) -> None:
    async with UnitOfWork(settled) as uow:
        draft = await uow.drafts.start(world.draft())
        await uow.commit()

    async def submit() -> bool:
        async with UnitOfWork(settled) as uow:
            told = await uow.drafts.get(draft.id)
            assert told is not None
            if not await uow.drafts.close(draft.id, world.now):
                recorded = await uow.visits.by_id(draft.id)
                assert recorded is not None
                assert recorded.code == "LT-26-00001"
                return False
            number = await uow.visits.next_number(world.home.id, 2026)
            code = visit_code("LT", 2026, number)
            await uow.record(world.logged(world.visit(id=draft.id, code=code)))
            await uow.commit()
            return True

    made = await asyncio.gather(*(submit() for _ in range(50)))
    assert made.count(True) == 1
    async with UnitOfWork(settled) as uow:
        everything = (world.today - timedelta(days=9), world.today, 99)
        [visit] = await uow.visits.of_commune(world.home.id, *everything)
        assert (visit.id, visit.code) == (draft.id, "LT-26-00001")
        assert (await uow.events.head(world.home.id))[0] == 1
        assert await uow.visits.next_number(world.home.id, 2026) == 2


async def test_numbers_have_no_gap_and_no_double_under_concurrent_writers(
    settled: Database, world: World
) -> None:
    async def take(turn: int) -> int:
        async with UnitOfWork(settled) as uow:
            number = await uow.visits.next_number(world.home.id, 2026)
            if turn % 4 == 0:
                await uow.rollback()
                return 0
            await uow.commit()
            return number

    numbers = await asyncio.gather(*(take(turn) for turn in range(20)))
    assert sorted(numbers) == [0] * 5 + list(range(1, 16))
    async with UnitOfWork(settled) as uow:
        assert await uow.visits.next_number(world.home.id, 2027) == 1
        assert await uow.visits.next_number(world.away.id, 2026) == 1


async def test_lists_are_newest_first_and_leave_out_what_was_undone(
    settled: Database, world: World
) -> None:
    yesterday = world.today - timedelta(days=1)
    visits = [
        world.visit(1, visited_on=yesterday),
        world.visit(2),
        world.visit(3, recorded_at=world.now + timedelta(minutes=1)),
        world.visit(4, person_id=world.minh.id, hamlet_code="ap-2"),
        world.visit(5, person_id=world.minh.id, team_code="to-2", hamlet_code="ap-2"),
        world.visit(6),
    ]
    home = world.home.id
    async with UnitOfWork(settled) as uow:
        for visit in visits:
            await uow.record(world.logged(visit))
        undone = visit_undone(visits[5], world.new_id(), world.lan.id, world.now)
        await uow.record(undone)
        await uow.commit()

        def numbers(found: list[object]) -> list[int]:
            return [int(visit.code[-1]) for visit in found]  # type: ignore[attr-defined]

        of_lan = await uow.visits.of_person(home, world.lan.id, None, 9)
        assert numbers([*of_lan]) == [3, 2, 1]
        assert of_lan[0] == visits[2]
        assert numbers([*await uow.visits.of_person(home, world.lan.id, world.today, 9)]) == [3, 2]
        assert numbers([*await uow.visits.of_person(home, world.lan.id, None, 1)]) == [3]
        all_of_lan = await uow.visits.of_person(home, world.lan.id, None, 9, with_undone=True)
        assert numbers([*all_of_lan]) == [3, 6, 2, 1]
        assert all_of_lan[1] == replace(visits[5], undone_at=world.now)
        assert numbers([*await uow.visits.of_team(home, "to-1", None, 9)]) == [3, 4, 2, 1]
        assert numbers([*await uow.visits.of_team(home, "to-1", world.today, 9)]) == [3, 4, 2]
        in_two_days = await uow.visits.of_commune(home, yesterday, world.today, 9)
        assert numbers([*in_two_days]) == [3, 5, 4, 2, 1]
        assert numbers([*await uow.visits.of_commune(home, yesterday, yesterday, 9)]) == [1]
        assert await uow.visits.counts(home, yesterday, world.today) == {"ap-1": 3, "ap-2": 2}
        assert await uow.visits.counts(home, yesterday, yesterday) == {"ap-1": 1}


async def test_a_visit_is_found_by_id_and_by_its_code_also_when_undone(
    settled: Database, world: World
) -> None:
    visit = world.visit(household="H7", reason=None)
    async with UnitOfWork(settled) as uow:
        await uow.record(world.logged(visit))
        await uow.record(visit_undone(visit, world.new_id(), world.lan.id, world.now))
        await uow.commit()
        gone = replace(visit, undone_at=world.now)
        assert await uow.visits.by_id(visit.id) == gone
        assert await uow.visits.by_code(world.home.id, visit.code) == gone
        assert await uow.visits.by_id(UUID(int=0)) is None
        assert await uow.visits.by_code(world.home.id, "LT-26-99999") is None
