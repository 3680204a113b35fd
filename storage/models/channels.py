"""Tables: a channel's string ids as numbers, and the step each conversation is at."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.models.columns import Json, RowNumber, UtcDateTime


class ExternalIdRow(SQLModel, table=True):
    """AUTOINCREMENT: a number once given names one outside id for ever."""

    __tablename__ = "external_id"
    __table_args__ = (
        sa.UniqueConstraint("channel_no", "kind", "ext"),
        {"sqlite_autoincrement": True},
    )

    n: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    channel_no: int
    kind: str
    ext: str


class FsmRow(SQLModel, table=True):
    __tablename__ = "fsm"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: dict[str, Any] = Field(sa_type=Json)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)
