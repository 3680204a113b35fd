"""The append-only log: one chain of events for each commune."""

import secrets
from dataclasses import asdict

import sqlalchemy as sa
from sqlmodel import col, select

from domain.events import GENESIS, Event, NewEvent, seal
from storage.models.columns import to_json
from storage.models.events import ChainRow, EventRow
from storage.sql import Repository, add, add_new


class Events(Repository):
    """Reading is for everyone; appending is for `UnitOfWork.record`, which projects as well."""

    async def append(self, event: NewEvent) -> Event:
        """Number the event and bind it to the chain.

        From here to the end of the transaction the commune's chain is ours: other writers of the
        same commune wait, so numbers have no gap and projections need no locks of their own.
        Raises sqlalchemy.exc.IntegrityError for an unknown commune or an event id seen before.
        """
        session = await self._writing()
        seq, head = await self.lock(event.commune_id)
        salts = secrets.token_hex(16), secrets.token_hex(16)
        sealed = seal(_plain(event), seq + 1, head, *salts)
        await add(session, EventRow, asdict(sealed))
        moved = sa.update(ChainRow).where(col(ChainRow.commune_id) == event.commune_id)
        await session.exec(moved.values(seq=sealed.seq, head=sealed.head))
        return sealed

    async def lock(self, commune_id: str) -> tuple[int, str]:
        """Keep other writers of the commune's log out until the transaction ends.

        Returns (last number, chain head).
        """
        session = await self._writing()
        end = select(ChainRow).where(ChainRow.commune_id == commune_id).with_for_update()
        last = (await session.exec(end)).one_or_none()
        if last is None:
            # The commune's first event; two writers may both see none, and one waits here.
            await add_new(session, ChainRow, {"commune_id": commune_id, "seq": 0, "head": GENESIS})
            last = (await session.exec(end)).one()
        return last.seq, last.head

    async def head(self, commune_id: str) -> tuple[int, str]:
        """(last number, chain head); (0, GENESIS) before the first event."""
        session = await self._reading()
        row = (
            await session.exec(select(ChainRow).where(ChainRow.commune_id == commune_id))
        ).one_or_none()
        return (row.seq, row.head) if row else (0, GENESIS)

    async def after(self, commune_id: str, seq: int, limit: int) -> list[Event]:
        """The next events in the order of the chain, `seq` itself not among them."""
        session = await self._reading()
        rows = await session.exec(
            select(EventRow)
            .where(EventRow.commune_id == commune_id, EventRow.seq > seq)
            .order_by(col(EventRow.seq))
            .limit(limit)
        )
        return [Event(**row.model_dump()) for row in rows]

    async def of_subject(self, commune_id: str, subject: str) -> list[Event]:
        """All that happened to one thing, oldest first."""
        session = await self._reading()
        rows = await session.exec(
            select(EventRow)
            .where(EventRow.commune_id == commune_id, EventRow.subject == subject)
            .order_by(col(EventRow.seq))
        )
        return [Event(**row.model_dump()) for row in rows]


def _plain(event: NewEvent) -> NewEvent:
    """The event with its payloads as they will be read back, so that they are sealed as such."""
    return NewEvent(
        id=event.id,
        commune_id=event.commune_id,
        at=event.at,
        actor_id=event.actor_id,
        kind=event.kind,
        subject=event.subject,
        payload=to_json(dict(event.payload)),
        personal=None if event.personal is None else to_json(dict(event.personal)),
        reason=event.reason,
    )
