"""Tables: owed messages, the reminders they stand for, and what came in already."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.outbox import Priority, State
from storage.models.columns import Json, UtcDateTime, one_of


class OwedRow(SQLModel, table=True):
    """`owner` and `lease_until` say who delivers it now; `send_started_at`, that it may be out."""

    __tablename__ = "owed"
    __table_args__ = (
        one_of("state", State),
        one_of("priority", Priority),
        sa.UniqueConstraint("commune_id", "dedupe_key"),
        sa.Index(None, "state", "priority", "due_at"),
        sa.Index(None, "person_id", "state"),
    )

    id: UUID = Field(primary_key=True)
    dedupe_key: str
    commune_id: str = Field(foreign_key="commune.id")
    person_id: UUID = Field(foreign_key="person.id")
    kind: str
    priority: str
    text: str
    buttons: list[Any] = Field(sa_type=Json)
    keys: list[Any] = Field(sa_type=Json)
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    state: str
    attempts: int
    owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    send_started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    chat_id: int | None = Field(default=None, sa_type=sa.BigInteger)


class ReminderKeyRow(SQLModel, table=True):
    """A reminder that was planned once and never will be again. No unit is the empty word.

    `owed_id` is the message that stands for it, the first one if two clocks planned it.
    """

    __tablename__ = "reminder_key"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    period_to: date = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    rung: str = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    unit_code: str = Field(primary_key=True)
    owed_id: UUID = Field(index=True)


class InboxRow(SQLModel, table=True):
    """Ids of what came in: enough to know a redelivery, and nothing of what was said."""

    __tablename__ = "inbox"

    channel: str = Field(primary_key=True)
    chat_id: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    external_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
