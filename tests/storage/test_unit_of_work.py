"""Transactions: what is seen when, what a rollback leaves, what a busy database says."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import func, select

from domain.errors import ReportAlreadyIn, StorageBusy
from domain.people import Person
from storage import sql
from storage.engine import Database
from storage.errors import BrokenTransaction
from storage.models.people import PersonRow
from storage.unit_of_work import AlreadyDone, UnitOfWork
from tests.storage.conftest import World


async def test_a_write_is_seen_by_its_own_transaction_and_by_others_after_the_commit(
    settled: Database, world: World
) -> None:
    async with UnitOfWork(settled) as uow, UnitOfWork(settled) as other:
        was_writing = [uow.is_writing]
        assert await uow.people.get(world.lan.id) == world.lan
        was_writing.append(uow.is_writing)

        await uow.people.update(world.lan.id, name="Lan Anh")
        was_writing.append(uow.is_writing)
        assert await uow.people.get(world.lan.id) == replace(world.lan, name="Lan Anh")
        assert await other.people.get(world.lan.id) == world.lan
        await other.close()

        await uow.commit()
        assert [*was_writing, uow.is_writing] == [False, False, True, False]
        assert await other.people.get(world.lan.id) == replace(world.lan, name="Lan Anh")


async def test_reads_after_a_commit_are_fresh(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow, UnitOfWork(settled) as other:
        await uow.people.update(world.lan.id, phone="1")
        await uow.commit()
        assert await uow.people.get(world.lan.id) == replace(world.lan, phone="1")
        await other.people.update(world.lan.id, phone="2")
        await other.commit()
        await uow.commit()
        assert await uow.people.get(world.lan.id) == replace(world.lan, phone="2")


async def test_the_first_write_sees_what_was_committed_after_the_first_read(
    settled: Database, world: World
) -> None:
    async with UnitOfWork(settled) as uow, UnitOfWork(settled) as other:
        await uow.people.get(world.lan.id)
        await other.people.update(world.lan.id, phone="2")
        await other.commit()
        await uow.writing()
        assert await uow.people.get(world.lan.id) == replace(world.lan, phone="2")


async def test_a_rollback_leaves_nothing(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        draft = await uow.drafts.start(world.draft())
        assert await uow.visits.next_number(world.home.id, 2026) == 1
        await uow.record(world.logged(world.visit(id=draft.id)))
        await uow.outbox.enqueue(world.owed(keys=(world.key(),)))
        await uow.rollback()
        assert not uow.is_writing

        assert await uow.drafts.get(draft.id) is None
        assert await uow.visits.by_id(draft.id) is None
        assert await uow.events.head(world.home.id) == (0, "0" * 64)
        assert await uow.outbox.known_keys(world.home.id, world.today) == set()
        assert await uow.visits.next_number(world.home.id, 2026) == 1


async def test_leaving_without_a_commit_rolls_back(settled: Database, world: World) -> None:
    async def fail() -> None:
        async with UnitOfWork(settled) as uow:
            await uow.people.update(world.lan.id, name="Nobody")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with UnitOfWork(settled) as uow:
        await uow.people.update(world.lan.id, phone="0")
    async with UnitOfWork(settled) as uow:
        assert await uow.people.get(world.lan.id) == world.lan


async def test_nothing_written_is_nothing_to_commit(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        await uow.commit()
        await uow.people.get(world.lan.id)
        await uow.commit()
        await uow.rollback()


async def test_the_mark_of_an_update_is_committed_with_its_effects(
    settled: Database, world: World
) -> None:
    came_in = ("web", 7, "m1")
    async with UnitOfWork(settled) as uow, UnitOfWork(settled) as again:
        for one in (uow, again):
            one.marks(came_in, world.now)
        await uow.people.update(world.lan.id, phone="1")
        await uow.rollback()
        assert not await uow.inbox.seen(*came_in)

        await uow.people.update(world.lan.id, phone="2")
        await uow.commit()
        assert await uow.inbox.seen(*came_in)
        await uow.commit_mark()

        await again.people.update(world.lan.id, phone="3")
        with pytest.raises(AlreadyDone):
            await again.commit()
        assert await again.people.get(world.lan.id) == replace(world.lan, phone="2")
        await again.commit_mark()


async def test_an_update_without_effects_is_marked_alone(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        uow.marks(("web", 7, "m1"), world.now)
        await uow.commit()
        assert not await uow.inbox.seen("web", 7, "m1")
        await uow.people.update(world.lan.id, phone="1")
        await uow.commit_mark()
        assert await uow.inbox.seen("web", 7, "m1")
        assert await uow.people.get(world.lan.id) == world.lan


async def test_a_locked_file_is_busy_and_nothing_is_changed(sqlite_url: str, world: World) -> None:
    db = Database.open(sqlite_url, lock_milliseconds=20)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        await world.settle(db)
        other.execute("BEGIN IMMEDIATE")
        async with UnitOfWork(db) as uow:
            assert await uow.people.get(world.lan.id) == world.lan  # readers do not wait
            with pytest.raises(StorageBusy):
                await uow.people.update(world.lan.id, name="Nobody")
            assert not uow.is_writing
            other.execute("ROLLBACK")
            assert await uow.people.get(world.lan.id) == world.lan
    finally:
        other.close()
        await db.dispose()


async def test_a_read_only_file_is_busy_for_writers(sqlite_url: str, world: World) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    full = Database.open(sqlite_url)
    await world.settle(full)
    db = Database.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        async with UnitOfWork(db) as uow:
            assert await uow.people.get(world.lan.id) == world.lan
            with pytest.raises(StorageBusy):
                await uow.people.update(world.lan.id, name="Nobody")
    finally:
        await db.dispose()
        await full.dispose()


async def test_a_file_that_went_away_is_busy(sqlite_url: str, world: World, tmp_path: Path) -> None:
    db = Database.open(sqlite_url)
    (tmp_path / "test.db").unlink()
    (tmp_path / "test.db").mkdir()
    try:
        async with UnitOfWork(db) as uow:
            with pytest.raises(StorageBusy):
                await uow.people.get(world.lan.id)
    finally:
        await db.dispose()


@pytest.mark.postgres
async def test_a_row_locked_for_too_long_is_busy(postgres_url: str, world: World) -> None:
    db = Database.open(postgres_url, lock_milliseconds=20)
    try:
        await world.settle(db)
        async with UnitOfWork(db) as uow, UnitOfWork(db) as other:
            await uow.people.update(world.lan.id, phone="1")
            with pytest.raises(StorageBusy):
                await other.people.update(world.lan.id, phone="2")
    finally:
        await db.dispose()


async def test_a_transaction_with_a_failed_statement_is_never_committed(
    settled: Database, world: World
) -> None:
    async with UnitOfWork(settled) as uow:
        await uow.people.update(world.lan.id, phone="1")
        with pytest.raises(IntegrityError):
            await uow.people.add(world.lan)
        with pytest.raises(BrokenTransaction):
            await uow.commit()
        assert await uow.people.get(world.lan.id) == world.lan

        await uow.people.update(world.lan.id, phone="2")
        await uow.commit()
        assert await uow.people.get(world.lan.id) == replace(world.lan, phone="2")


async def test_a_refused_event_leaves_nothing_to_commit(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        await uow.record(world.report())
        await uow.commit()
        await uow.people.update(world.lan.id, phone="1")
        with pytest.raises(ReportAlreadyIn):
            await uow.record(world.report())
        await uow.commit()
        assert (await uow.events.head(world.home.id))[0] == 1
        assert await uow.people.get(world.lan.id) == world.lan


@pytest.mark.postgres
async def test_a_connection_that_is_lost_is_busy_and_the_next_one_works(
    postgres_url: str, world: World
) -> None:
    db = Database.open(postgres_url)
    try:
        await world.settle(db)
        async with UnitOfWork(db) as uow, UnitOfWork(db) as other:
            await uow.people.update(world.lan.id, name="Nobody")
            session = await uow.writing()
            pid = (await session.exec(select(func.pg_backend_pid()))).one()
            killer = await other.writing()
            await killer.exec(select(func.pg_terminate_backend(pid)))
            with pytest.raises(StorageBusy):
                await uow.people.update(world.lan.id, phone="1")
            with pytest.raises(BrokenTransaction):
                await uow.commit()
            assert await uow.people.get(world.lan.id) == world.lan
    finally:
        await db.dispose()


async def test_a_write_in_a_reading_session_is_our_mistake_and_not_busy(db: Database) -> None:
    async with await db.reading() as session:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await sql.add(session, PersonRow, {"id": World.new_id(), "name": "", "locale": ""})
    async with UnitOfWork(db) as uow:  # on PostgreSQL the same connection, no longer read-only
        await uow.people.add(Person(World.new_id(), "Lan"))
        await uow.commit()
