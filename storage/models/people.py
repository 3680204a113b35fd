"""Tables: communes and what stands in them, persons, memberships, accounts."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.people import Role
from storage.models.columns import one_of


class CommuneRow(SQLModel, table=True):
    __tablename__ = "commune"

    id: str = Field(primary_key=True)
    name: str
    kind: str
    short: str
    pack_id: str | None = None
    hamlet_term: str
    address: str | None = None
    hours: str | None = None
    phone: str | None = None
    police_address: str | None = None
    police_phone: str | None = None
    period_choice: str | None = None
    team_tier: bool | None = None
    live_since: date | None = None


class UnitRow(SQLModel, table=True):
    __tablename__ = "unit"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    code: str = Field(primary_key=True)
    name: str
    kind: str


class HamletRow(SQLModel, table=True):
    __tablename__ = "hamlet"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    code: str = Field(primary_key=True)
    name: str
    kind: str
    phone: str | None = None


class TeamRow(SQLModel, table=True):
    __tablename__ = "team"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    code: str = Field(primary_key=True)
    name: str
    valid_from: date | None = None
    valid_to: date | None = None


class TeamHamletRow(SQLModel, table=True):
    """Which hamlets a team serves; `position` keeps the order they were given in."""

    __tablename__ = "team_hamlet"
    __table_args__ = (
        sa.ForeignKeyConstraint(["commune_id", "team_code"], ["team.commune_id", "team.code"]),
        sa.ForeignKeyConstraint(
            ["commune_id", "hamlet_code"], ["hamlet.commune_id", "hamlet.code"]
        ),
    )

    commune_id: str = Field(primary_key=True)
    team_code: str = Field(primary_key=True)
    hamlet_code: str = Field(primary_key=True)
    position: int


class HolidayOverrideRow(SQLModel, table=True):
    """A day an officer made a day off, or a working day, against the computed calendar."""

    __tablename__ = "holiday_override"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    day: date = Field(primary_key=True)
    off: bool
    reason: str


class PersonRow(SQLModel, table=True):
    """A member of staff, who may serve several communes: the one table without commune_id."""

    __tablename__ = "person"

    id: UUID = Field(primary_key=True)
    name: str
    phone: str | None = None
    locale: str


class RosterKeyRow(SQLModel, table=True):
    """What a row of a commune's roster file is known by, so that a second import finds it."""

    __tablename__ = "roster_key"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    key: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)


class MembershipRow(SQLModel, table=True):
    __tablename__ = "membership"
    __table_args__ = (
        one_of("role", Role),
        sa.Index(None, "commune_id", "team_code"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    commune_id: str = Field(foreign_key="commune.id")
    role: str
    team_code: str | None = None
    unit_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class AccountRow(SQLModel, table=True):
    """One door of one conversation. A resident who has not chosen a commune has none."""

    __tablename__ = "account"

    chat_id: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    channel: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    commune_id: str | None = Field(default=None, foreign_key="commune.id", index=True)
    hamlet_code: str | None = None
    locale: str
    active_membership: UUID | None = None
    blocked: bool = False
