"""What came in already: ids only, so that a redelivery is known and nothing said is kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from storage.models.outbox import InboxRow
from storage.sql import Repository, add_new


class Inbox(Repository):
    """`external_id` is the channel's own id of the message or update, as text."""

    async def seen(self, channel: str, chat_id: int, external_id: str) -> datetime | None:
        """When it came in that was dealt with; None if it is new."""
        session = await self._reading()
        found = await session.exec(
            select(InboxRow.at).where(
                InboxRow.channel == channel,
                InboxRow.chat_id == chat_id,
                InboxRow.external_id == external_id,
            )
        )
        return found.one_or_none()

    async def mark(self, channel: str, chat_id: int, external_id: str, at: datetime) -> bool:
        """Remember it; False if it was there: exactly one of two at once gets True."""
        values = {"channel": channel, "chat_id": chat_id, "external_id": external_id, "at": at}
        return await add_new(await self._writing(), InboxRow, values)

    async def purge(self, before: datetime) -> int:
        """Forget what came before; returns how many."""
        return await self._changed(sa.delete(InboxRow).where(col(InboxRow.at) < before))
