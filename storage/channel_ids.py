"""A channel's string ids as the integers aiogram needs, and back.

`2**52 + channel * 2**44 + n`: above every Telegram id, below 2**53 (safe in JSON and BIGINT), with
room for 256 channels and 1.7e13 ids. The channel is read back from the number alone.
"""

from sqlmodel import col, select

from storage.engine import Database
from storage.models.channels import ExternalIdRow
from storage.sql import add_new

BASE = 2**52
PER_CHANNEL = 2**44
CHANNELS = 256


def channel_of(int_id: int) -> int | None:
    """The channel's number behind one of our integers; None for an id Telegram gave."""
    offset = int_id - BASE
    return offset // PER_CHANNEL if 0 <= offset < CHANNELS * PER_CHANNEL else None


class ChannelIds:
    """Gives the same outside id the same integer for ever. Each call is its own transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def to_int(self, channel_no: int, kind: str, ext: str) -> int:
        """The integer for `ext`, given now if it is new.

        `channel_no` is 0 to 255; `kind` keeps chats, users and messages apart. Raises ValueError
        for another channel number, StorageBusy.
        """
        if not 0 <= channel_no < CHANNELS:
            raise ValueError(f"channel {channel_no} is not 0 to {CHANNELS - 1}")
        wanted = select(ExternalIdRow.n).where(
            ExternalIdRow.channel_no == channel_no,
            ExternalIdRow.kind == kind,
            ExternalIdRow.ext == ext,
        )
        async with await self._db.reading() as session:
            n = (await session.exec(wanted)).one_or_none()
        if n is None:
            values = {"channel_no": channel_no, "kind": kind, "ext": ext}
            async with await self._db.writing() as session:
                await add_new(session, ExternalIdRow, values)  # two at once: the second one waits
                n = (await session.exec(wanted)).one()
                await session.commit()
        return BASE + channel_no * PER_CHANNEL + (n or 0)

    async def to_ext(self, int_id: int) -> str | None:
        """The outside id behind one of our integers; None if it was never given."""
        channel_no = channel_of(int_id)
        if channel_no is None:
            return None
        wanted = select(ExternalIdRow.ext).where(
            ExternalIdRow.channel_no == channel_no,
            col(ExternalIdRow.n) == (int_id - BASE) % PER_CHANNEL,
        )
        async with await self._db.reading() as session:
            return (await session.exec(wanted)).one_or_none()
