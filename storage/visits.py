"""Visits as the log projects them. They are written by events only: `UnitOfWork.record`."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from domain.visits import Kind, Outcome, Reason, Service, Visit
from storage.models.visits import VisitCounterRow, VisitRow
from storage.sql import Repository, insert


class Visits(Repository):
    """Lists are newest first and leave out what was undone, unless `with_undone`."""

    async def by_id(self, visit_id: UUID) -> Visit | None:
        """Undone or not. `visit_id` is the id of the draft it was told in."""
        session = await self._reading()
        row = (await session.exec(select(VisitRow).where(VisitRow.id == visit_id))).one_or_none()
        return visit_of_row(row) if row else None

    async def by_code(self, commune_id: str, code: str) -> Visit | None:
        """Undone or not."""
        session = await self._reading()
        row = (
            await session.exec(
                select(VisitRow).where(VisitRow.commune_id == commune_id, VisitRow.code == code)
            )
        ).one_or_none()
        return visit_of_row(row) if row else None

    async def of_person(
        self,
        commune_id: str,
        person_id: UUID,
        since: date | None,
        limit: int,
        *,
        with_undone: bool = False,
    ) -> list[Visit]:
        """`since` is the first local day of the visits themselves; None means all."""
        return await self._list(
            commune_id, VisitRow.person_id == person_id, since, None, limit, with_undone
        )

    async def of_team(
        self,
        commune_id: str,
        team_code: str,
        since: date | None,
        limit: int,
        *,
        with_undone: bool = False,
    ) -> list[Visit]:
        """`since` is the first local day of the visits themselves; None means all."""
        return await self._list(
            commune_id, VisitRow.team_code == team_code, since, None, limit, with_undone
        )

    async def of_commune(
        self, commune_id: str, first: date, last: date, limit: int, *, with_undone: bool = False
    ) -> list[Visit]:
        """Visits from `first` to `last`, both days included."""
        return await self._list(commune_id, True, first, last, limit, with_undone)

    async def counts(
        self,
        commune_id: str,
        first: date,
        last: date,
        *,
        team_code: str | None = None,
        person_id: UUID | None = None,
    ) -> dict[str, int]:
        """Hamlet code → visits not undone, `first` to `last` included. Hamlets without are out.

        Of the whole commune, of one team or of one person.
        """
        session = await self._reading()
        counted = select(VisitRow.hamlet_code, func.count()).where(
            VisitRow.commune_id == commune_id,
            col(VisitRow.visited_on).between(first, last),
            col(VisitRow.undone_at).is_(None),
        )
        if team_code is not None:
            counted = counted.where(VisitRow.team_code == team_code)
        if person_id is not None:
            counted = counted.where(VisitRow.person_id == person_id)
        rows = await session.exec(counted.group_by(VisitRow.hamlet_code))
        return dict(rows.all())

    async def next_number(self, commune_id: str, year: int) -> int:
        """The next number of the year's visit codes, from 1. Given back by a rollback only."""
        session = await self._writing()
        statement = (
            insert(session, VisitCounterRow)
            .values(commune_id=commune_id, year=year, last=1)
            .on_conflict_do_update(
                index_elements=["commune_id", "year"], set_={"last": VisitCounterRow.last + 1}
            )
            .returning(col(VisitCounterRow.last))
        )
        number: int = (await session.exec(statement)).scalar_one()
        return number

    async def _list(
        self,
        commune_id: str,
        whose: Any,
        first: date | None,
        last: date | None,
        limit: int,
        with_undone: bool,
    ) -> list[Visit]:
        session = await self._reading()
        chosen = select(VisitRow).where(VisitRow.commune_id == commune_id, whose)
        if first is not None:
            chosen = chosen.where(col(VisitRow.visited_on) >= first)
        if last is not None:
            chosen = chosen.where(col(VisitRow.visited_on) <= last)
        if not with_undone:
            chosen = chosen.where(col(VisitRow.undone_at).is_(None))
        newest = (
            col(VisitRow.visited_on).desc(),
            col(VisitRow.recorded_at).desc(),
            sa.desc(col(VisitRow.code)),
        )
        rows = await session.exec(chosen.order_by(*newest).limit(limit))
        return [visit_of_row(row) for row in rows]


def visit_of_row(row: VisitRow) -> Visit:
    """The domain's visit behind a row."""
    typed = {
        "kind": Kind(row.kind),
        "services": tuple(Service(service) for service in row.services),
        "outcome": Outcome(row.outcome),
        "reason": Reason(row.reason) if row.reason else None,
    }
    return Visit(**{**row.model_dump(), **typed})
