"""aiogram's storage of conversation steps over our database. What was told is in the draft.

Each call is its own short transaction: touch it before the unit of work writes or after it
commits, never between, or on SQLite it waits for its own caller.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.engine import Database
from storage.models.channels import FsmRow
from storage.sql import put


def _now() -> datetime:
    return datetime.now(UTC)


class DatabaseStorage(BaseStorage):
    """Keys name the bot as well: two channels never share a step."""

    def __init__(self, db: Database, clock: Callable[[], datetime] = _now) -> None:
        self._db = db
        self._clock = clock
        self._keys = DefaultKeyBuilder(with_bot_id=True, with_destiny=True)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the step; None ends it."""
        name = state.state if isinstance(state, State) else state
        await self._keep(key, state=name)

    async def get_state(self, key: StorageKey) -> str | None:
        row = await self._row(key)
        return row.state if row else None

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep plain JSON beside the step; raises TypeError for anything else."""
        await self._keep(key, data=dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        row = await self._row(key)
        return dict(row.data) if row else {}

    async def close(self) -> None:
        """Nothing to do: the database is closed by whoever opened it."""

    async def purge(self, before: datetime) -> int:
        """Forget conversations untouched since before; returns how many."""
        async with await self._db.writing() as session:
            old = sa.delete(FsmRow).where(col(FsmRow.updated_at) < before)
            gone = (await session.exec(old)).rowcount
            await session.commit()
            return gone

    async def _row(self, key: StorageKey) -> FsmRow | None:
        async with await self._db.reading() as session:
            return await self._find(session, self._keys.build(key))

    async def _keep(self, key: StorageKey, **changed: Any) -> None:
        built = self._keys.build(key)
        known = _kept(await self._row(key))
        if known | changed == known:
            return  # most often: a step is ended that was never begun
        async with await self._db.writing() as session:
            kept = _kept(await self._find(session, built)) | changed
            if kept["state"] is None and not kept["data"]:
                await session.exec(sa.delete(FsmRow).where(col(FsmRow.key) == built))
            else:
                await put(session, FsmRow, {"key": built, **kept, "updated_at": self._clock()})
            await session.commit()

    @staticmethod
    async def _find(session: AsyncSession, built: str) -> FsmRow | None:
        return (await session.exec(select(FsmRow).where(FsmRow.key == built))).one_or_none()


def _kept(row: FsmRow | None) -> dict[str, Any]:
    return {"state": row.state, "data": row.data} if row else {"state": None, "data": {}}
