"""Web sessions: the hash of a cookie, the chat it opens, and whether it still may."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from storage.models.channels import ExternalIdRow
from storage.models.messages import DeviceRow
from storage.sql import Repository, add_new


@dataclass(frozen=True, slots=True)
class Device:
    """One browser, by the hash of its cookie."""

    token_hash: str
    chat_id: int
    created_at: datetime
    seen_at: datetime
    replaces: str | None = None
    revoked_at: datetime | None = None


class Devices(Repository):
    """The cookie itself is never stored. A revoked device never works again."""

    async def add(self, token_hash: str, chat_id: int, at: datetime) -> bool:
        """False if the hash is known, revoked or not: nothing changes then."""
        device = {"token_hash": token_hash, "chat_id": chat_id, "created_at": at, "seen_at": at}
        return await add_new(await self._writing(), DeviceRow, device)

    async def by_token(self, token_hash: str) -> Device | None:
        """The device of a cookie, revoked or not; None for a hash never given."""
        session = await self._reading()
        row = (
            await session.exec(select(DeviceRow).where(DeviceRow.token_hash == token_hash))
        ).one_or_none()
        return Device(**row.model_dump()) if row else None

    async def of_chats(self, chat_ids: list[int]) -> list[Device]:
        """Those not revoked, the one used last first."""
        session = await self._reading()
        rows = await session.exec(
            select(DeviceRow)
            .where(col(DeviceRow.chat_id).in_(chat_ids), col(DeviceRow.revoked_at).is_(None))
            .order_by(col(DeviceRow.seen_at).desc(), DeviceRow.token_hash)
        )
        return [Device(**row.model_dump()) for row in rows]

    async def touch(self, token_hash: str, at: datetime) -> bool:
        """It was used now; False if it is unknown or revoked."""
        return await self._change(token_hash, seen_at=at)

    async def rotate(self, old_hash: str, new_hash: str, at: datetime) -> bool:
        """Give the device a new cookie; False if the old one is unknown or revoked.

        The old one works until the new one has been seen (`confirm`): the answer that carries the
        new cookie may be lost on the way.
        """
        old = await self.by_token(old_hash)
        if old is None or old.revoked_at is not None:
            return False
        values = {"token_hash": new_hash, "chat_id": old.chat_id}
        device = {**values, "created_at": at, "seen_at": at, "replaces": old_hash}
        return await add_new(await self._writing(), DeviceRow, device)

    async def confirm(self, token_hash: str, at: datetime) -> None:
        """The cookie has been seen: from now on it alone opens the chat."""
        device = await self.by_token(token_hash)
        if device is not None and device.replaces is not None:
            await self.revoke(device.replaces, at)
            await self._change(token_hash, replaces=None)

    async def revoke(self, token_hash: str, at: datetime) -> bool:
        """Sign the device out for good; False if unknown or revoked before."""
        return await self._change(token_hash, revoked_at=at)

    async def revoke_chat(self, chat_id: int, at: datetime) -> int:
        """Sign out every device that opens the chat; returns how many."""
        statement = sa.update(DeviceRow).where(
            col(DeviceRow.chat_id) == chat_id, col(DeviceRow.revoked_at).is_(None)
        )
        return await self._changed(statement.values(revoked_at=at))

    async def purge(self, before: datetime) -> int:
        """Forget devices revoked before; returns how many.

        The cookie a chat began with stays: were it forgotten, it would open that chat again.
        """
        names_a_chat = sa.exists().where(col(ExternalIdRow.ext) == col(DeviceRow.token_hash))
        return await self._changed(
            sa.delete(DeviceRow).where(col(DeviceRow.revoked_at) < before, ~names_a_chat)
        )

    async def _change(self, known_hash: str, **values: object) -> bool:
        statement = sa.update(DeviceRow).where(
            col(DeviceRow.token_hash) == known_hash, col(DeviceRow.revoked_at).is_(None)
        )
        return await self._changed(statement.values(**values)) == 1
