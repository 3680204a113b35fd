"""Statements that the two stores spell differently, and the base of every repository."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


class Sessions(Protocol):
    """Where a repository gets its session from: the unit of work it belongs to."""

    async def reading(self) -> AsyncSession: ...

    async def writing(self) -> AsyncSession: ...


class Repository:
    """Takes and returns domain dataclasses; asks for a session at each call; never commits."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def _reading(self) -> AsyncSession:
        return await self._sessions.reading()

    async def _writing(self) -> AsyncSession:
        return await self._sessions.writing()

    async def _changed(self, statement: sa.Update | sa.Delete) -> int:
        """Run it in the write transaction; returns how many rows it touched."""
        session = await self._writing()
        return (await session.exec(statement)).rowcount


def table(model: type[SQLModel]) -> sa.Table:
    """The table behind a model."""
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]


Insert = postgresql.Insert | sqlite.Insert


def insert(session: AsyncSession, model: type[SQLModel]) -> Insert:
    """INSERT of the session's own dialect: both know ON CONFLICT, under different classes."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table(model))
    return sqlite.insert(table(model))


async def add(session: AsyncSession, model: type[SQLModel], values: Mapping[str, Any]) -> None:
    """Insert one row. Raises sqlalchemy.exc.IntegrityError where a key exists already."""
    await session.exec(insert(session, model).values(**values))


async def add_new(
    session: AsyncSession,
    model: type[SQLModel],
    values: Mapping[str, Any],
    key: Sequence[str] | None = None,
) -> bool:
    """Insert one row unless `key` exists (None: any unique key); returns whether it was new."""
    statement = insert(session, model).values(**values)
    return (await session.exec(statement.on_conflict_do_nothing(index_elements=key))).rowcount == 1


async def put(session: AsyncSession, model: type[SQLModel], values: Mapping[str, Any]) -> None:
    """Insert one row or, where its primary key exists, replace the rest of it."""
    key = [column.name for column in table(model).primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    statement = insert(session, model).values(**values)
    await session.exec(statement.on_conflict_do_update(index_elements=key, set_=rest))


def natural(code: str) -> list[tuple[int, int, str]]:
    """Sort key for codes with numbers in them: ap-2 before ap-10."""
    parts = re.findall(r"\d+|\D+", code)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
