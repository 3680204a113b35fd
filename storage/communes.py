"""Communes and what stands in them: units, hamlets, teams, changed days off."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from domain.people import Commune, Hamlet, Team, Unit
from storage.models.people import (
    CommuneRow,
    HamletRow,
    HolidayOverrideRow,
    TeamHamletRow,
    TeamRow,
    UnitRow,
)
from storage.sql import Repository, add, natural, put

Change = Literal["add", "change", "same"]


class Communes(Repository):
    """Lists are sorted by code, as people count: ap-2 before ap-10."""

    async def get(self, commune_id: str) -> Commune | None:
        session = await self._reading()
        row = (
            await session.exec(select(CommuneRow).where(CommuneRow.id == commune_id))
        ).one_or_none()
        return Commune(**row.model_dump()) if row else None

    async def all(self) -> list[Commune]:
        session = await self._reading()
        rows = await session.exec(select(CommuneRow).order_by(CommuneRow.id))
        return [Commune(**row.model_dump()) for row in rows]

    async def add(self, commune: Commune) -> None:
        """Raises sqlalchemy.exc.IntegrityError if the id is taken."""
        await add(await self._writing(), CommuneRow, asdict(commune))

    async def update(self, commune_id: str, **fields: Any) -> bool:
        """Set these fields of `Commune`; False if there is no such commune."""
        statement = sa.update(CommuneRow).where(col(CommuneRow.id) == commune_id)
        return await self._changed(statement.values(**fields)) == 1

    async def units(self, commune_id: str) -> list[Unit]:
        session = await self._reading()
        rows = await session.exec(select(UnitRow).where(UnitRow.commune_id == commune_id))
        units = [Unit(**row.model_dump()) for row in rows]
        return sorted(units, key=lambda unit: natural(unit.code))

    async def hamlets(self, commune_id: str) -> list[Hamlet]:
        session = await self._reading()
        rows = await session.exec(select(HamletRow).where(HamletRow.commune_id == commune_id))
        hamlets = [Hamlet(**row.model_dump()) for row in rows]
        return sorted(hamlets, key=lambda hamlet: natural(hamlet.code))

    async def teams(self, commune_id: str) -> list[Team]:
        """All of them; whether one is valid on a day is `Team.is_valid_on`."""
        session = await self._reading()
        serves = (
            await session.exec(
                select(TeamHamletRow)
                .where(TeamHamletRow.commune_id == commune_id)
                .order_by(col(TeamHamletRow.position))
            )
        ).all()
        rows = await session.exec(select(TeamRow).where(TeamRow.commune_id == commune_id))
        teams = [
            Team(
                **row.model_dump(),
                hamlets=tuple(s.hamlet_code for s in serves if s.team_code == row.code),
            )
            for row in rows
        ]
        return sorted(teams, key=lambda team: natural(team.code))

    async def put_unit(self, unit: Unit) -> Change:
        there = {known.code: known for known in await self.units(unit.commune_id)}
        return await self._put(UnitRow, there.get(unit.code), unit, asdict(unit))

    async def put_hamlet(self, hamlet: Hamlet) -> Change:
        there = {known.code: known for known in await self.hamlets(hamlet.commune_id)}
        return await self._put(HamletRow, there.get(hamlet.code), hamlet, asdict(hamlet))

    async def put_team(self, team: Team) -> Change:
        """Its hamlets must exist: raises sqlalchemy.exc.IntegrityError otherwise."""
        there = {known.code: known for known in await self.teams(team.commune_id)}.get(team.code)
        values = asdict(team)
        del values["hamlets"]
        change = await self._put(TeamRow, there, team, values)
        if change != "same":
            of_team = (col(TeamHamletRow.commune_id) == team.commune_id) & (
                col(TeamHamletRow.team_code) == team.code
            )
            await self._changed(sa.delete(TeamHamletRow).where(of_team))
            session = await self._writing()
            for position, hamlet_code in enumerate(dict.fromkeys(team.hamlets)):
                key = {"commune_id": team.commune_id, "team_code": team.code}
                values = {**key, "hamlet_code": hamlet_code, "position": position}
                await add(session, TeamHamletRow, values)
        return change

    async def holiday_overrides(self, commune_id: str) -> list[tuple[date, bool, str]]:
        """(day, is it off, why), in the order of the days."""
        session = await self._reading()
        rows = await session.exec(
            select(HolidayOverrideRow)
            .where(HolidayOverrideRow.commune_id == commune_id)
            .order_by(col(HolidayOverrideRow.day))
        )
        return [(row.day, row.off, row.reason) for row in rows]

    async def set_holiday(self, commune_id: str, day: date, off: bool, reason: str) -> None:
        """Make the day off, or (off=False) a working day, whatever the calendar says."""
        values = {"commune_id": commune_id, "day": day, "off": off, "reason": reason}
        await put(await self._writing(), HolidayOverrideRow, values)

    async def drop_holiday(self, commune_id: str, day: date) -> bool:
        """Back to the calendar; False if the day was not overridden."""
        there = (col(HolidayOverrideRow.commune_id) == commune_id) & (
            col(HolidayOverrideRow.day) == day
        )
        return await self._changed(sa.delete(HolidayOverrideRow).where(there)) == 1

    async def _put(
        self, model: type[SQLModel], there: object, wanted: object, values: dict[str, Any]
    ) -> Change:
        if there == wanted:
            return "same"
        await put(await self._writing(), model, values)
        return "change" if there else "add"
