"""Invitations are counted exactly; link codes work once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

SECOND = timedelta(seconds=1)


async def test_an_invitation_is_taken_as_often_as_it_allows_under_races(
    settled: Database, world: World
) -> None:
    invitation = world.invitation(max_uses=3)
    async with UnitOfWork(settled) as uow:
        await uow.invitations.add(invitation)
        await uow.commit()

    async def take() -> bool:
        async with UnitOfWork(settled) as uow:
            taken = await uow.invitations.take(invitation.id, world.now)
            await uow.commit()
            return taken

    assert (await asyncio.gather(*(take() for _ in range(12)))).count(True) == 3
    async with UnitOfWork(settled) as uow:
        assert await uow.invitations.by_code(invitation.code) == replace(invitation, uses=3)


async def test_an_expired_or_revoked_invitation_is_not_taken(
    settled: Database, world: World
) -> None:
    expiring, revoked = world.invitation("A"), world.invitation("B")
    async with UnitOfWork(settled) as uow:
        await uow.invitations.add(expiring)
        await uow.invitations.add(revoked)
        assert not await uow.invitations.take(expiring.id, expiring.expires_at)
        assert not await uow.invitations.take(world.new_id(), world.now)
        assert await uow.invitations.revoke(revoked.id, world.now)
        assert not await uow.invitations.revoke(revoked.id, world.now + SECOND)
        assert not await uow.invitations.take(revoked.id, world.now)
        assert await uow.invitations.take(expiring.id, expiring.expires_at - SECOND)
        assert await uow.invitations.by_code("B") == replace(revoked, revoked_at=world.now)
        assert await uow.invitations.by_code("b") is None


async def test_codes_are_unique_over_all_communes(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        await uow.invitations.add(world.invitation("A"))
        with pytest.raises(IntegrityError):
            await uow.invitations.add(world.invitation("A", commune_id=world.away.id))


async def test_a_communes_invitations_come_newest_first(settled: Database, world: World) -> None:
    old = world.invitation("A")
    new = world.invitation("B", created_at=world.now + SECOND, person_id=world.lan.id)
    async with UnitOfWork(settled) as uow:
        for invitation in (old, new, world.invitation("C", commune_id=world.away.id)):
            await uow.invitations.add(invitation)
        assert await uow.invitations.of_commune(world.home.id) == [new, old]


async def test_wrong_codes_are_counted_by_chat_and_time(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        for seconds in range(4):
            await uow.invitations.count_wrong(7, world.now + seconds * SECOND)
        await uow.invitations.count_wrong(8, world.now)
        await uow.commit()
        assert await uow.invitations.wrong_attempts(7, world.now + SECOND) == 2
        assert await uow.invitations.wrong_attempts(8, world.now - SECOND) == 1
        assert await uow.invitations.wrong_attempts(9, world.now - SECOND) == 0


async def test_a_link_code_works_once(settled: Database, world: World) -> None:
    expires = world.now + timedelta(minutes=10)
    async with UnitOfWork(settled) as uow:
        assert await uow.links.add("hash", world.lan.id, expires)
        assert not await uow.links.add("hash", world.minh.id, expires)
        assert await uow.links.add("late", world.minh.id, expires)
        await uow.commit()

    async def take() -> object:
        async with UnitOfWork(settled) as uow:
            person_id = await uow.links.take("hash", world.now)
            await uow.commit()
            return person_id

    taken = await asyncio.gather(*(take() for _ in range(6)))
    assert sorted(map(str, taken)) == sorted([str(world.lan.id), *["None"] * 5])
    async with UnitOfWork(settled) as uow:
        assert await uow.links.take("late", expires) is None
        assert await uow.links.take("never", world.now) is None
        assert await uow.links.purge(expires + SECOND) == 2
        assert await uow.links.add("hash", world.minh.id, expires)
