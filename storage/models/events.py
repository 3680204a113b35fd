"""Tables: the append-only log, and the end of each commune's chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.models.columns import Json, UtcDateTime


class ChainRow(SQLModel, table=True):
    """Where a commune's chain ends. Its row lock is what numbers events without a gap."""

    __tablename__ = "chain"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    seq: int = Field(sa_type=sa.BigInteger)
    head: str


class EventRow(SQLModel, table=True):
    """One line of the log. Payload and salt go NULL when erased; the commitments stay."""

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("commune_id", "id"),
        sa.Index(None, "commune_id", "subject"),
        sa.Index(None, "commune_id", "kind", "at"),
    )

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    seq: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    id: UUID
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: UUID | None = None
    kind: str
    subject: str
    reason: str | None = None
    payload: dict[str, Any] | None = Field(default=None, sa_type=Json)
    payload_salt: str | None = None
    personal: dict[str, Any] | None = Field(default=None, sa_type=Json)
    personal_salt: str | None = None
    payload_commitment: str
    personal_commitment: str
    head: str
