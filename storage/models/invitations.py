"""Tables: invitations, wrong codes, the one-time codes that join two accounts."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.people import Role
from storage.models.columns import RowNumber, UtcDateTime, one_of


class InvitationRow(SQLModel, table=True):
    """The code is unique over all communes: it is all that a newcomer brings."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", Role),
        sa.CheckConstraint("uses >= 0 AND uses <= max_uses", name="uses"),
        sa.UniqueConstraint("code"),
    )

    id: UUID = Field(primary_key=True)
    code: str
    commune_id: str = Field(foreign_key="commune.id", index=True)
    role: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    max_uses: int
    uses: int
    team_code: str | None = None
    unit_code: str | None = None
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WrongCodeRow(SQLModel, table=True):
    """One wrong code typed in a chat that may not even have a commune yet."""

    __tablename__ = "wrong_code"
    __table_args__ = (sa.Index(None, "chat_id", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    chat_id: int = Field(sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)


class LinkCodeRow(SQLModel, table=True):
    """A one-time code, hashed, that gives another account the person behind it."""

    __tablename__ = "link_code"

    code_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
