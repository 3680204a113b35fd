"""The log: numbered without a gap, bound to its chain, and the projections it makes."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from domain.errors import ReportAlreadyIn, VisitAlreadyRecorded, VisitUnknown
from domain.events import GENESIS, Event, NewEvent, chain_head, commitment
from domain.visits import visit_undone
from storage.engine import Database
from storage.models import METADATA
from storage.projections import PROJECTED
from storage.sql import table
from storage.unit_of_work import UnitOfWork, rebuild_projections
from tests.storage.conftest import World


def assert_whole(events: list[Event]) -> None:
    """Numbers from 1 without a gap, each head made of the one before and of what was read."""
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        assert event.seq == number
        assert event.payload_salt is not None
        assert event.personal_salt is not None
        payload = commitment(event.payload_salt, event.payload)
        personal = commitment(event.personal_salt, event.personal)
        assert (payload, personal) == (event.payload_commitment, event.personal_commitment)
        line = NewEvent(
            event.id,
            event.commune_id,
            event.at,
            event.actor_id,
            event.kind,
            event.subject,
            event.payload or {},
            event.personal,
            event.reason,
        )
        assert event.head == chain_head(previous, line, number, payload, personal)
        previous = event.head


async def test_an_event_is_read_back_as_it_was_sealed(settled: Database, world: World) -> None:
    told = {"text": "Ấp 1 \u2028 \"'\\", "n": [1, 2.5, None, True], "tuple": (1, 2)}
    async with UnitOfWork(settled) as uow:
        said = await uow.record(world.event("commune.set", told, personal={"name": "Lan"}))
        silent = await uow.record(world.event("commune.set", {}, actor_id=None, reason="why"))
        await uow.commit()
        assert await uow.events.after(world.home.id, 0, 10) == [said, silent]
        assert await uow.events.after(world.home.id, 1, 10) == [silent]
        assert await uow.events.head(world.home.id) == (2, silent.head)
        assert await uow.events.of_subject(world.home.id, "subject") == [said, silent]
        assert await uow.events.of_subject(world.home.id, "other") == []
        assert_whole(await uow.events.after(world.home.id, 0, 10))
    assert said.payload_salt != silent.payload_salt != silent.personal_salt


async def test_each_commune_has_its_own_chain(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        for commune in (world.home, world.away, world.home):
            await uow.record(world.event("commune.set", {}, commune_id=commune.id))
        await uow.commit()
        assert [e.seq for e in await uow.events.after(world.home.id, 0, 9)] == [1, 2]
        assert [e.seq for e in await uow.events.after(world.away.id, 0, 9)] == [1]


async def test_the_chain_is_contiguous_under_concurrent_writers(
    settled: Database, world: World
) -> None:
    async def write(number: int) -> None:
        async with UnitOfWork(settled) as uow:
            await uow.record(world.event("commune.set", {"number": number}))
            await uow.record(world.event("commune.set", {"number": number}))
            if number % 5 == 0:
                await uow.rollback()
            await uow.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    async with UnitOfWork(settled) as uow:
        events = await uow.events.after(world.home.id, 0, 100)
    assert len(events) == 32
    assert_whole(events)


async def test_an_event_is_recorded_once(settled: Database, world: World) -> None:
    event = world.event("commune.set", {})
    async with UnitOfWork(settled) as uow:
        await uow.record(event)
        await uow.commit()
        with pytest.raises(IntegrityError):
            await uow.record(event)
        await uow.rollback()
        with pytest.raises(IntegrityError):
            await uow.record(world.event("commune.set", {}, commune_id="nowhere"))


async def test_a_visit_is_logged_once_and_undone_once(settled: Database, world: World) -> None:
    visit = world.visit()
    later = world.now + timedelta(hours=1)
    async with UnitOfWork(settled) as uow:
        with pytest.raises(VisitUnknown):
            await uow.record(visit_undone(visit, world.new_id(), world.lan.id, later))
        await uow.rollback()
        await uow.record(world.logged(visit))
        await uow.commit()
        assert await uow.visits.by_id(visit.id) == visit

        with pytest.raises(VisitAlreadyRecorded) as raised:
            await uow.record(world.logged(world.visit(2, id=visit.id)))
        assert raised.value.code == visit.code
        await uow.rollback()
        with pytest.raises(IntegrityError):
            await uow.record(world.logged(world.visit(1)))
        await uow.rollback()

        for moment in (later, later + timedelta(hours=1)):
            await uow.record(visit_undone(visit, world.new_id(), world.lan.id, moment))
        await uow.commit()
        undone = await uow.visits.by_id(visit.id)
        assert undone is not None
        assert undone.undone_at == later


async def test_an_event_of_one_commune_cannot_touch_a_visit_of_another(
    settled: Database, world: World
) -> None:
    visit = world.visit()
    async with UnitOfWork(settled) as uow:
        await uow.record(world.logged(visit))
        await uow.commit()
        stolen = world.event(
            "visit.undone",
            {"visit": str(visit.id), "at": world.now.isoformat()},
            commune_id=world.away.id,
        )
        with pytest.raises(VisitUnknown):
            await uow.record(stolen)
        await uow.rollback()
        payload = world.logged(world.visit(2)).payload
        with pytest.raises(ValueError, match="not of commune"):
            await uow.record(world.event("visit.logged", payload, commune_id=world.away.id))


async def test_a_report_is_received_once_until_it_is_reopened(
    settled: Database, world: World
) -> None:
    day = date(2026, 11, 24)
    async with UnitOfWork(settled) as uow:
        await uow.record(world.report())
        await uow.commit()
        with pytest.raises(ReportAlreadyIn):
            await uow.record(world.report())
        await uow.rollback()
        assert await uow.reports.received(world.home.id, day) == {("police", "monthly", day)}
        received = await uow.reports.one(world.home.id, "police", "monthly", day)
        assert received is not None
        assert (received.how, received.by) == ("paper", str(world.lan.id))
        assert await uow.reports.of_period(world.home.id, "monthly", day) == [received]
        assert await uow.reports.received(world.home.id, day + timedelta(days=1)) == set()

        again = {"unit": "police", "cutoff": "monthly", "period_to": day.isoformat()}
        await uow.record(world.event("report.reopened", again))
        await uow.commit()
        assert await uow.reports.received(world.home.id, day) == set()
        assert await uow.reports.one(world.home.id, "police", "monthly", day) is None
        await uow.record(world.report())
        await uow.commit()
        assert await uow.reports.received(world.home.id, day) == {("police", "monthly", day)}


async def rows(db: Database) -> dict[str, list[str]]:
    """All that is projected, in every commune."""
    async with await db.reading() as session:
        return {
            model.__name__: sorted(map(repr, (await session.exec(sa.select(table(model)))).all()))  # type: ignore[call-overload]
            for model in PROJECTED
        }


async def test_projections_rebuilt_from_the_log_are_equal(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        for number in range(1, 8):
            visit = world.visit(number, people=None if number % 2 else number)
            await uow.record(world.logged(visit))
            if number % 3 == 0:
                await uow.record(visit_undone(visit, world.new_id(), world.lan.id, world.now))
        for unit in ("police", "clinic"):
            await uow.record(world.report(unit))
        again = {"unit": "clinic", "cutoff": "monthly", "period_to": "2026-11-24"}
        await uow.record(world.event("report.reopened", again))
        await uow.record(world.event("membership.added", {"role": "member"}))
        away = world.visit(1, commune_id=world.away.id)
        await uow.record(world.logged(away))
        await uow.commit()
    before = await rows(settled)
    assert [len(of_table) for of_table in before.values()] == [8, 1]

    assert await rebuild_projections(settled, world.home.id) == 13
    assert await rows(settled) == before

    async with await settled.writing() as session:  # somebody changes a figure behind our back
        await session.exec(sa.update(METADATA.tables["visit"]).values(people=99))
        await session.exec(sa.delete(METADATA.tables["report"]))
        await session.commit()
    assert await rows(settled) != before
    for commune in (world.home, world.away):
        await rebuild_projections(settled, commune.id)
    assert await rows(settled) == before


async def test_an_erased_payload_leaves_the_chain_whole_and_projects_nothing(
    settled: Database, world: World
) -> None:
    async with UnitOfWork(settled) as uow:
        event = await uow.record(world.logged(world.visit()))
        await uow.commit()
    async with await settled.writing() as session:
        erased = sa.update(METADATA.tables["event"]).values(payload=None, payload_salt=None)
        await session.exec(erased)
        await session.commit()
    assert await rebuild_projections(settled, world.home.id) == 1
    async with UnitOfWork(settled) as uow:
        [kept] = await uow.events.after(world.home.id, 0, 9)
        assert (kept.payload, kept.head) == (None, event.head)
        assert await uow.visits.by_id(UUID(event.subject)) is None
