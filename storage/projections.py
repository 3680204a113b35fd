"""Current state, derived from the log in the transaction that appends to it.

Each kind of event with a projection has one function here. It must give the same state whenever
it is replayed: it reads the event and the tables of this module, never the clock.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import ReportAlreadyIn, VisitAlreadyRecorded, VisitUnknown
from domain.events import Event
from domain.visits import Kind, Outcome, Reason, Service, Visit
from storage.models.reports import ReportRow
from storage.models.visits import VisitRow
from storage.sql import add, add_new

Projection = Callable[[AsyncSession, Event], Awaitable[None]]


def visit_of_payload(payload: Mapping[str, Any]) -> Visit:
    """The visit behind the payload of `domain.visits.visit_logged`.

    Raises KeyError or ValueError where it is not one.
    """
    told = {
        name: payload.get(name)
        for name in ("team_code", "people", "household", "reason", "undone_at")
    }
    return Visit(
        id=UUID(payload["id"]),
        code=payload["code"],
        commune_id=payload["commune_id"],
        hamlet_code=payload["hamlet_code"],
        team_code=told["team_code"],
        person_id=UUID(payload["person_id"]),
        kind=Kind(payload["kind"]),
        services=tuple(Service(service) for service in payload["services"]),
        outcome=Outcome(payload["outcome"]),
        reason=Reason(told["reason"]) if told["reason"] else None,
        people=told["people"],
        household=told["household"],
        visited_on=date.fromisoformat(payload["visited_on"]),
        recorded_at=datetime.fromisoformat(payload["recorded_at"]),
        undone_at=datetime.fromisoformat(told["undone_at"]) if told["undone_at"] else None,
    )


async def _visit_logged(session: AsyncSession, event: Event) -> None:
    """Raises VisitAlreadyRecorded where the draft's id is a visit already."""
    visit = visit_of_payload(event.payload or {})
    if visit.commune_id != event.commune_id:
        raise ValueError(f"visit {visit.id} is not of commune {event.commune_id}")
    known = select(VisitRow.code).where(VisitRow.id == visit.id)
    if (code := (await session.exec(known)).one_or_none()) is not None:
        raise VisitAlreadyRecorded(code)
    await add(session, VisitRow, {**asdict(visit), "services": [str(s) for s in visit.services]})


async def _visit_undone(session: AsyncSession, event: Event) -> None:
    """The first undoing counts. Raises VisitUnknown if the commune has no such visit."""
    payload = event.payload or {}
    of_visit = (
        col(VisitRow.commune_id) == event.commune_id,
        col(VisitRow.id) == UUID(payload["visit"]),
    )
    undone_at = sa.func.coalesce(col(VisitRow.undone_at), datetime.fromisoformat(payload["at"]))
    undone = sa.update(VisitRow).where(*of_visit).values(undone_at=undone_at)
    if (await session.exec(undone)).rowcount != 1:
        raise VisitUnknown


async def _report_received(session: AsyncSession, event: Event) -> None:
    """Raises ReportAlreadyIn while the same report stands as received."""
    payload = event.payload or {}
    by = payload.get("by")
    values = {
        "commune_id": event.commune_id,
        "unit_code": payload["unit"],
        "cutoff_id": payload["cutoff"],
        "period_to": date.fromisoformat(payload["period_to"]),
        "by": None if by is None else str(by),
        "at": datetime.fromisoformat(payload["at"]),
        "how": payload["how"],
        "note": payload.get("note"),
    }
    if not await add_new(session, ReportRow, values):
        raise ReportAlreadyIn


async def _report_reopened(session: AsyncSession, event: Event) -> None:
    """The report is owed again; nothing happens if it was not in."""
    payload = event.payload or {}
    await session.exec(
        sa.delete(ReportRow).where(
            col(ReportRow.commune_id) == event.commune_id,
            col(ReportRow.unit_code) == payload["unit"],
            col(ReportRow.cutoff_id) == payload["cutoff"],
            col(ReportRow.period_to) == date.fromisoformat(payload["period_to"]),
        )
    )


#: Kinds without an entry change no table of their own: they are only remembered.
PROJECTIONS: dict[str, Projection] = {
    "visit.logged": _visit_logged,
    "visit.undone": _visit_undone,
    "report.received": _report_received,
    "report.reopened": _report_reopened,
}

#: What a rebuild empties first.
PROJECTED = (VisitRow, ReportRow)


async def project(session: AsyncSession, event: Event) -> None:
    """Bring the tables up to `event`. An erased payload has nothing left to project."""
    projection = PROJECTIONS.get(event.kind)
    if projection is not None and event.payload is not None:
        await projection(session, event)
