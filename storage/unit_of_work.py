"""One update, request or tick: its reads, its one write transaction, its repositories."""

from datetime import datetime
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.events import Event, NewEvent
from storage.accounts import Accounts
from storage.communes import Communes
from storage.devices import Devices
from storage.drafts import Drafts
from storage.engine import Database
from storage.events import Events
from storage.inbox import Inbox
from storage.invitations import Invitations, Links
from storage.messages import Messages
from storage.outbox import Outbox
from storage.people import People
from storage.projections import PROJECTED, project
from storage.reports import Reports
from storage.sql import table
from storage.visits import Visits

REPLAY_BATCH = 500


class AlreadyDone(Exception):
    """Another process took the same update meanwhile: nothing of this one was kept."""


class UnitOfWork:
    """Reads through a read-only session until the first write; then all goes through that.

    Use it as `async with UnitOfWork(db) as uow:`; leaving without `commit` rolls back. Every
    method may raise domain.errors.StorageBusy, and nothing is changed then. One task only.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._read: AsyncSession | None = None
        self._write: AsyncSession | None = None
        self._mark: tuple[str, int, str, datetime] | None = None
        self.communes = Communes(self)
        self.people = People(self)
        self.accounts = Accounts(self)
        self.invitations = Invitations(self)
        self.drafts = Drafts(self)
        self.visits = Visits(self)
        self.reports = Reports(self)
        self.outbox = Outbox(self)
        self.events = Events(self)
        self.inbox = Inbox(self)
        self.messages = Messages(self)
        self.devices = Devices(self)
        self.links = Links(self)

    @property
    def is_writing(self) -> bool:
        """Whether a write transaction is open, that `commit` or `rollback` must end."""
        return self._write is not None

    async def reading(self) -> AsyncSession:
        """The session to read with: the write transaction's while there is one."""
        if self._write is not None:
            return self._write
        if self._read is None:
            self._read = await self._db.reading()
        return self._read

    async def writing(self) -> AsyncSession:
        """The write transaction, begun now if it is not open: on SQLite nobody else writes then.

        The read-only session is closed first: what it saw may be old by now.
        """
        if self._write is None:
            await self._end_read()
            self._write = await self._db.writing()
        return self._write

    async def record(self, event: NewEvent) -> Event:
        """Append to the commune's log and bring the projections up to it, in one transaction.

        Raises what the projection refuses: VisitAlreadyRecorded, VisitUnknown, ReportAlreadyIn.
        The whole transaction is rolled back then: no event stays without its effect.
        """
        try:
            sealed = await self.events.append(event)
            await project(await self.writing(), sealed)
        except BaseException:
            await self.rollback()
            raise
        return sealed

    async def commit(self) -> None:
        """Make what was written last; reads after it are fresh. Nothing written: only that.

        Raises AlreadyDone if the update of `marks` took effect elsewhere, and BrokenTransaction
        if a statement failed before; all is rolled back.
        """
        await self._end_read()
        if self._write is None:
            return
        if self._mark is not None and not await self.inbox.mark(*self._mark):
            await self.rollback()
            self._mark = None
            raise AlreadyDone
        session, self._write = self._write, None
        await self._db.commit(session)
        self._mark = None

    def marks(self, came_in: tuple[str, int, str], at: datetime) -> None:
        """The next commit marks this update (channel, chat id, its id) as done, with its effects.

        So what took effect can never do so again, and what did not may come again.
        """
        self._mark = (*came_in, at)

    async def commit_mark(self) -> bool:
        """Mark an update that wrote nothing, or whose effects were refused: they are dropped.

        False: another process has dealt with the same update meanwhile, and has answered it.
        """
        await self.rollback()
        if self._mark is not None:
            await self.writing()
            try:
                await self.commit()
            except AlreadyDone:
                return False
        return True

    async def rollback(self) -> None:
        """Forget what was written since the last commit."""
        await self._end_read()
        session, self._write = self._write, None
        if session is not None:
            await session.close()

    async def close(self) -> None:
        """As `rollback`: it gives the connections back."""
        await self.rollback()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _end_read(self) -> None:
        session, self._read = self._read, None
        if session is not None:
            await session.close()


async def rebuild_projections(db: Database, commune_id: str) -> int:
    """Throw the commune's projections away and replay its log; returns the number of events.

    One transaction, in which the chain is locked: nobody records meanwhile, readers see the old
    state until it commits.
    """
    async with UnitOfWork(db) as uow:
        session = await uow.writing()
        await uow.events.lock(commune_id)
        for model in PROJECTED:
            of_commune = table(model).c.commune_id == commune_id
            await session.exec(sa.delete(table(model)).where(of_commune))
        seq = 0
        while events := await uow.events.after(commune_id, seq, REPLAY_BATCH):
            for event in events:
                await project(session, event)
            seq = events[-1].seq
        await uow.commit()
        return seq
