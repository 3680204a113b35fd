"""Tables: visits, a projection of the log, and the counter that gives them their codes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.visits import Kind, Outcome, Reason
from storage.models.columns import Json, UtcDateTime, one_of


class VisitRow(SQLModel, table=True):
    """Only the commune is a foreign key: a replay of old events must never be refused."""

    __tablename__ = "visit"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("outcome", Outcome),
        one_of("reason", Reason),
        sa.CheckConstraint("people IS NULL OR people >= 0", name="people"),
        sa.UniqueConstraint("commune_id", "code"),
        sa.Index(None, "commune_id", "visited_on"),
        sa.Index(None, "commune_id", "person_id", "visited_on"),
        sa.Index(None, "commune_id", "team_code", "visited_on"),
    )

    id: UUID = Field(primary_key=True)
    commune_id: str = Field(foreign_key="commune.id")
    code: str
    hamlet_code: str
    team_code: str | None = None
    person_id: UUID
    kind: str
    services: list[Any] = Field(sa_type=Json)
    outcome: str
    reason: str | None = None
    people: int | None = None
    household: str | None = None
    visited_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VisitCounterRow(SQLModel, table=True):
    """The last number given in a commune and year. Undone visits keep theirs."""

    __tablename__ = "visit_counter"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
