"""Tables: chats with their cursors, bubbles, numbered menus, web devices."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.messages import Direction
from storage.models.columns import Json, RowNumber, UtcDateTime, one_of


class ChatRow(SQLModel, table=True):
    """`rev` is the last revision given, `acked` the last one the page says it has."""

    __tablename__ = "chat"

    chat_id: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    channel: str | None = None
    rev: int = Field(sa_type=sa.BigInteger)
    acked: int = Field(sa_type=sa.BigInteger)


class ChatMessageRow(SQLModel, table=True):
    """AUTOINCREMENT, so that SQLite never gives a deleted bubble's id to another one."""

    __tablename__ = "chat_message"
    __table_args__ = (
        one_of("direction", Direction),
        sa.UniqueConstraint("chat_id", "rev"),
        sa.UniqueConstraint("chat_id", "client_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    chat_id: int = Field(sa_type=sa.BigInteger, foreign_key="chat.chat_id")
    rev: int = Field(sa_type=sa.BigInteger)
    direction: str
    text: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    buttons: list[Any] = Field(sa_type=Json)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    client_id: str | None = None
    deleted: bool = False


class DeviceRow(SQLModel, table=True):
    """A web session by the hash of its cookie. A revoked row stays, so that it stays revoked."""

    __tablename__ = "device"

    token_hash: str = Field(primary_key=True)
    chat_id: int = Field(sa_type=sa.BigInteger, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    replaces: str | None = None
    """The hash of the cookie before this one; it works until this one has been seen."""
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
