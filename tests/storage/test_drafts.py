"""Drafts: one open for each thing told, closed once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.drafts import Form
from domain.errors import DraftGone
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

LATER = timedelta(minutes=5)


async def test_a_thing_begun_twenty_times_at_once_is_one_draft(
    settled: Database, world: World
) -> None:
    async def start() -> object:
        async with UnitOfWork(settled) as uow:
            draft = await uow.drafts.start(world.draft())
            await uow.commit()
            return draft.id

    ids = await asyncio.gather(*(start() for _ in range(20)))
    async with UnitOfWork(settled) as uow:
        [draft] = await uow.drafts.all_open(world.lan.id, world.now)
        assert set(ids) == {draft.id}


async def test_open_drafts_are_told_apart(settled: Database, world: World) -> None:
    first = world.draft()
    house = world.draft(subject="H7", created_at=world.now + LATER)
    away = world.draft(commune_id=world.away.id, created_at=world.now - LATER)
    facts = world.draft(form=Form.COMMUNE, created_at=world.now - 2 * LATER)
    minh = world.draft(person_id=world.minh.id)
    async with UnitOfWork(settled) as uow:
        for draft in (first, house, away, facts, minh):
            assert await uow.drafts.start(draft) == draft
        await uow.commit()
        lan, now = world.lan.id, world.now
        assert await uow.drafts.all_open(lan, now) == [house, first, away, facts]
        assert await uow.drafts.open_of(lan, Form.VISIT, now) == house
        assert await uow.drafts.open_of(lan, Form.VISIT, now, subject="") == first
        assert await uow.drafts.open_of(lan, Form.VISIT, now, commune_id=world.away.id) == away
        assert await uow.drafts.open_of(lan, Form.COMMUNE, now) == facts
        assert await uow.drafts.open_of(world.minh.id, Form.COMMUNE, now) is None


async def test_an_expired_leftover_makes_room(settled: Database, world: World) -> None:
    old = world.draft()
    new = world.draft(created_at=old.expires_at, expires_at=old.expires_at + LATER)
    async with UnitOfWork(settled) as uow:
        await uow.drafts.start(old)
        await uow.commit()
        assert await uow.drafts.open_of(world.lan.id, Form.VISIT, old.expires_at) is None
        assert await uow.drafts.start(new) == new
        await uow.commit()
        assert await uow.drafts.all_open(world.lan.id, new.created_at) == [new]
        assert await uow.drafts.get(old.id) == replace(old, closed_at=new.created_at)


async def test_what_is_told_is_kept_until_it_is_closed(settled: Database, world: World) -> None:
    draft = world.draft(data={})
    async with UnitOfWork(settled) as uow:
        await uow.drafts.start(draft)
        draft = draft.told(services=["vneid"], people=None, nested={"a": [1]})
        await uow.drafts.save(draft)
        await uow.commit()
        assert await uow.drafts.get(draft.id) == draft
        assert await uow.drafts.close(draft.id, world.now + LATER)
        assert not await uow.drafts.close(draft.id, world.now + 2 * LATER)
        await uow.commit()
        assert await uow.drafts.get(draft.id) == replace(draft, closed_at=world.now + LATER)
        with pytest.raises(DraftGone):
            await uow.drafts.save(draft.told(people=3))
        assert not await uow.drafts.discard(draft.id, world.now)
        assert not await uow.drafts.close(world.new_id(), world.now)


async def test_a_discarded_draft_forgets_what_was_told(settled: Database, world: World) -> None:
    draft = world.draft()
    async with UnitOfWork(settled) as uow:
        await uow.drafts.start(draft)
        assert await uow.drafts.discard(draft.id, world.now)
        assert not await uow.drafts.close(draft.id, world.now)
        assert await uow.drafts.get(draft.id) == replace(draft, data={}, closed_at=world.now)
        assert await uow.drafts.start(again := world.draft()) == again
