"""Persons, memberships, roster keys, accounts."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.people import Account, Role
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

CHAT = 2**52 + 7


async def test_a_membership_counts_from_its_first_to_its_last_day(
    settled: Database, world: World
) -> None:
    first, last = date(2026, 3, 1), date(2026, 6, 30)
    spring = world.membership(valid_from=first, valid_to=last)
    always = world.membership(role=Role.HEAD, team_code="to-2")
    async with UnitOfWork(settled) as uow:
        for membership in (spring, always):
            assert await uow.people.add_membership(membership) == membership
        await uow.commit()
        day = timedelta(days=1)
        for on, expected in [
            (first - day, [always]),
            (first, [spring, always]),
            (last, [spring, always]),
            (last + day, [always]),
        ]:
            assert await uow.people.memberships_of(world.lan.id, on) == expected
        assert await uow.people.end_membership(always.id, last)
        assert not await uow.people.end_membership(world.new_id(), last)
        await uow.commit()
        assert await uow.people.memberships_of(world.lan.id, last + day) == []


async def test_staff_and_team_come_with_their_persons(settled: Database, world: World) -> None:
    home, today = world.home.id, world.today
    lan = world.membership()
    minh = world.membership(person_id=world.minh.id, role=Role.OFFICER, team_code=None)
    away = world.membership(person_id=world.hoa.id, commune_id=world.away.id)
    gone = world.membership(person_id=world.hoa.id, valid_to=today - timedelta(days=1))
    async with UnitOfWork(settled) as uow:
        for membership in (lan, minh, away, gone):
            await uow.people.add_membership(membership)
        await uow.commit()
        assert await uow.people.staff(home, today) == [(world.lan, lan), (world.minh, minh)]
        assert await uow.people.members_of_team(home, "to-1", today) == [(world.lan, lan)]
        assert await uow.people.members_of_team(home, "to-2", today) == []


async def test_the_same_role_given_twice_at_once_is_one(settled: Database, world: World) -> None:
    async def join() -> object:
        async with UnitOfWork(settled) as uow:
            given = await uow.people.add_membership(world.membership())
            await uow.commit()
            return given

    given = await asyncio.gather(*(join() for _ in range(8)))
    assert len(set(given)) == 1
    async with UnitOfWork(settled) as uow:
        assert await uow.people.memberships_of(world.lan.id, world.today) == given[:1]
        other = world.membership(team_code=None, unit_code="police")
        assert await uow.people.add_membership(other) == other


async def test_a_roster_row_is_known_by_its_key(settled: Database, world: World) -> None:
    home = world.home.id
    async with UnitOfWork(settled) as uow:
        assert await uow.people.by_roster_key(home, "row-1") is None
        await uow.people.set_roster_key(home, "row-1", world.lan.id)
        await uow.people.set_roster_key(world.away.id, "row-1", world.hoa.id)
        await uow.commit()
        assert await uow.people.by_roster_key(home, "row-1") == world.lan
        await uow.people.set_roster_key(home, "row-1", world.minh.id)
        assert await uow.people.by_roster_key(home, "row-1") == world.minh
        assert await uow.people.by_roster_key(world.away.id, "row-1") == world.hoa


async def test_persons_are_updated(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        assert await uow.people.update(world.lan.id, phone="0900", locale="en")
        assert not await uow.people.update(world.new_id(), phone="0900")
        changed = replace(world.lan, phone="0900", locale="en")
        assert await uow.people.get(world.lan.id) == changed
        with pytest.raises(IntegrityError):
            await uow.people.add(world.lan)


async def test_an_account_is_put_bound_and_unbound(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        assert await uow.accounts.of_chat(CHAT) is None
        assert not await uow.accounts.bind(CHAT, world.lan.id)
        account = Account("web", CHAT)
        await uow.accounts.put(account)
        await uow.accounts.put(Account("telegram", 9, world.lan.id))
        assert await uow.accounts.of_chat(CHAT) == account
        account = replace(account, commune_id=world.home.id, active_membership=world.new_id())
        await uow.accounts.put(account)
        assert await uow.accounts.bind(CHAT, world.lan.id)
        await uow.commit()
        bound = replace(account, person_id=world.lan.id, active_membership=None)
        assert await uow.accounts.of_chat(CHAT) == bound
        assert [a.chat_id for a in await uow.accounts.of_person(world.lan.id)] == [9, CHAT]
        assert await uow.accounts.unbind(CHAT)
        assert await uow.accounts.of_chat(CHAT) == replace(bound, person_id=None)
