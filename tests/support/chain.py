"""What an auditor would do: recompute the chain of the log, and replay it beside the tables."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from domain.events import GENESIS, NewEvent, chain_head, commitment
from storage.engine import Database
from storage.models.visits import VisitRow
from storage.projections import PROJECTED
from storage.sql import table
from storage.unit_of_work import UnitOfWork, rebuild_projections


async def check_chain(db: Database, commune_id: str) -> int:
    """Recompute every commitment and every head from the contents; returns the log's length."""
    async with UnitOfWork(db) as uow:
        events = await uow.events.after(commune_id, 0, 1_000_000)
        end = await uow.events.head(commune_id)
    head = GENESIS
    for number, event in enumerate(events, 1):
        assert event.seq == number
        assert event.payload_commitment == commitment(event.payload_salt or "", event.payload)
        assert event.personal_commitment == commitment(event.personal_salt or "", event.personal)
        as_new = NewEvent(
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
        commitments = event.payload_commitment, event.personal_commitment
        head = chain_head(head, as_new, number, *commitments)
        assert event.head == head
    assert end == (len(events), head)
    return len(events)


async def check_projections(db: Database, commune_id: str) -> None:
    """The tables say what the log says: replaying it changes no row."""
    before = await _projected(db, commune_id)
    await rebuild_projections(db, commune_id)
    assert await _projected(db, commune_id) == before


async def check_evidence(db: Database, commune_id: str) -> list[str]:
    """Chain, projections, one event for each visit, codes without a gap; returns the codes."""
    await check_chain(db, commune_id)
    await check_projections(db, commune_id)
    async with UnitOfWork(db) as uow:
        session = await uow.reading()
        of_commune = select(VisitRow).where(VisitRow.commune_id == commune_id)
        visits = list(await session.exec(of_commune.order_by(col(VisitRow.code))))
        events = await uow.events.after(commune_id, 0, 1_000_000)
    logged = Counter(e.subject for e in events if e.kind == "visit.logged")
    assert logged == Counter(str(visit.id) for visit in visits)
    codes = [visit.code for visit in visits]
    assert [int(code.rsplit("-", 1)[1]) for code in codes] == list(range(1, len(codes) + 1))
    return codes


async def _projected(db: Database, commune_id: str) -> dict[str, list[tuple[Any, ...]]]:
    async with UnitOfWork(db) as uow:
        session = await uow.reading()
        rows = {}
        for model in PROJECTED:
            of_commune = table(model).c.commune_id == commune_id
            found = await (await session.connection()).execute(
                sa.select(table(model)).where(of_commune)
            )
            rows[model.__name__] = sorted((tuple(row) for row in found), key=repr)
        return rows
