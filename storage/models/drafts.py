"""Table: half-told submissions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.drafts import Form
from storage.models.columns import Json, UtcDateTime, one_of

_OPEN = sa.text("closed_at IS NULL")


class DraftRow(SQLModel, table=True):
    """The partial unique index is what keeps a second open draft of the same thing out."""

    __tablename__ = "draft"
    __table_args__ = (
        one_of("form", Form),
        sa.Index(
            "uq_draft_open",
            "commune_id",
            "person_id",
            "form",
            "subject",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(None, "person_id", "form"),
    )

    id: UUID = Field(primary_key=True)
    commune_id: str = Field(foreign_key="commune.id")
    person_id: UUID = Field(foreign_key="person.id")
    form: str
    subject: str
    data: dict[str, Any] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
