"""Delivering what is owed: leases on messages, and what came of each."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from domain.outbox import MOST_ATTEMPTS, Owed, Priority, State
from storage.models.outbox import OwedRow
from storage.sql import Repository

#: What a message that nobody delivers has in its columns of delivery.
FREE: dict[str, Any] = {"owner": None, "lease_until": None, "send_started_at": None}


class Claims(Repository):
    """Methods with an `owner` do nothing and return False once the message is not theirs."""

    async def claim(
        self, now: datetime, limit: int, owner: str, lease_seconds: float
    ) -> list[Owed]:
        """Up to `limit` due messages for `owner` alone, the most urgent first.

        Leases that ran out are taken back first. Writes nothing if there is nothing to do.
        """
        session = await self._reading()
        anything = select(OwedRow.id).where(sa.or_(_is_due(now), _is_lapsed(now))).limit(1)
        if (await session.exec(anything)).first() is None:
            return []
        await self.reclaim(now)
        session = await self._writing()
        urgent = (
            select(OwedRow.id)
            .where(_is_due(now))
            .order_by(OwedRow.priority, col(OwedRow.due_at), col(OwedRow.id))
            .limit(limit)
        )
        if session.get_bind().dialect.name == "postgresql":
            # What another worker is claiming is passed over; on SQLite nobody else writes now.
            cte = urgent.with_for_update(skip_locked=True).cte("urgent")
            chosen = sa.select(cte.c.id)
        else:
            chosen = sa.select(urgent.subquery().c.id)
        claimed = (
            sa.update(OwedRow)
            .where(col(OwedRow.id).in_(chosen))
            .values(
                state=State.CLAIMED,
                owner=owner,
                lease_until=now + timedelta(seconds=lease_seconds),
                send_started_at=None,
            )
            .returning(OwedRow)
        )
        rows = (await session.exec(claimed)).scalars().all()
        return sorted(map(_owed, rows), key=lambda owed: (owed.priority, owed.due_at, owed.id))

    async def reclaim(self, now: datetime) -> tuple[int, int]:
        """Take back leases that ran out: (due again, unknown because the send had begun)."""
        begun = col(OwedRow.send_started_at).is_not(None)
        lapsed = sa.update(OwedRow).where(_is_lapsed(now))
        unknown = lapsed.where(begun).values(state=State.UNKNOWN, owner=None, lease_until=None)
        again = lapsed.where(~begun).values(state=State.DUE, **FREE)
        return await self._changed(again), await self._changed(unknown)

    async def begin_send(self, owed_id: UUID, owner: str, at: datetime) -> bool:
        """From here on the message may have arrived. Commit this before you send.

        False: do not send. It was silenced, the lease ran out, or the send has begun before.
        """
        valid = _owned(owed_id, owner).where(
            col(OwedRow.lease_until) > at, col(OwedRow.send_started_at).is_(None)
        )
        return await self._changed(valid.values(send_started_at=at)) == 1

    async def sent(self, owed_id: UUID, owner: str, at: datetime, chat_id: int) -> bool:
        """It arrived through this chat."""
        values = {"state": State.SENT, "sent_at": at, "chat_id": chat_id, "lease_until": None}
        return await self._changed(_owned(owed_id, owner).values(**values)) == 1

    async def unknown(self, owed_id: UUID, owner: str, at: datetime) -> bool:
        """It may have arrived: never sent again. `at` is kept as the moment of the attempt."""
        values = {"state": State.UNKNOWN, "send_started_at": at, "lease_until": None}
        return await self._changed(_owned(owed_id, owner).values(**values)) == 1

    async def retry(self, owed_id: UUID, owner: str, at: datetime, attempts: int) -> bool:
        """It surely did not arrive: due again from `at`, after so many attempts."""
        values = {"state": State.DUE, "due_at": at, "attempts": attempts, **FREE}
        return await self._changed(_owned(owed_id, owner).values(**values)) == 1

    async def to_waiting(self, owed_id: UUID, owner: str, attempts: int = 0) -> bool:
        """There is no door to push it through: it waits for the person's next visit."""
        values = {"state": State.WAITING, "attempts": attempts, **FREE}
        return await self._changed(_owned(owed_id, owner).values(**values)) == 1

    async def waiting_people(self, now: datetime) -> set[UUID]:
        """Everybody for whom something waits that a door could still take."""
        session = await self._reading()
        return set(await session.exec(select(OwedRow.person_id).where(_may_ring(now)).distinct()))

    async def wake(self, person_id: UUID, now: datetime) -> int:
        """A door of the person rings now: what waited is due; returns how many messages."""
        waiting = sa.update(OwedRow).where(col(OwedRow.person_id) == person_id, _may_ring(now))
        return await self._changed(waiting.values(state=State.DUE, **FREE))

    async def waiting_of(self, person_id: UUID, now: datetime) -> list[Owed]:
        """What to show a person who came by, the most urgent first."""
        session = await self._reading()
        rows = await session.exec(
            select(OwedRow)
            .where(
                OwedRow.person_id == person_id,
                OwedRow.state == State.WAITING,
                col(OwedRow.due_at) <= now,
                col(OwedRow.expires_at) > now,
            )
            .order_by(OwedRow.priority, col(OwedRow.due_at), col(OwedRow.id))
        )
        return [_owed(row) for row in rows]

    async def show_waiting(self, owed_id: UUID, at: datetime, chat_id: int) -> bool:
        """It is shown now and counts as sent; False if it waits no more: then do not show it."""
        statement = sa.update(OwedRow).where(
            col(OwedRow.id) == owed_id, col(OwedRow.state) == State.WAITING
        )
        values = {"state": State.SENT, "sent_at": at, "chat_id": chat_id}
        return await self._changed(statement.values(**values)) == 1


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    in_time = (col(OwedRow.due_at) <= now) & (col(OwedRow.expires_at) > now)
    return (col(OwedRow.state) == State.DUE) & in_time


def _may_ring(now: datetime) -> sa.ColumnElement[bool]:
    """It waits, is not moot, and no door has refused it for good."""
    alive = (col(OwedRow.expires_at) > now) & (col(OwedRow.attempts) < MOST_ATTEMPTS)
    return (col(OwedRow.state) == State.WAITING) & alive


def _is_lapsed(now: datetime) -> sa.ColumnElement[bool]:
    return (col(OwedRow.state) == State.CLAIMED) & (col(OwedRow.lease_until) <= now)


def _owned(owed_id: UUID, owner: str) -> sa.Update:
    return sa.update(OwedRow).where(
        col(OwedRow.id) == owed_id,
        col(OwedRow.owner) == owner,
        col(OwedRow.state) == State.CLAIMED,
    )


def _owed(row: OwedRow) -> Owed:
    known = {name: getattr(row, name) for name in Owed.__dataclass_fields__}
    typed = {
        "priority": Priority(row.priority),
        "state": State(row.state),
        "keys": tuple(row.keys),
        "buttons": tuple(tuple((label, data) for label, data in line) for line in row.buttons),
    }
    return Owed(**{**known, **typed})
