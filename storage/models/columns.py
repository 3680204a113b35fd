"""What every table shares: constraint names, and column types that behave alike on both stores.

Import this before any model: the naming convention has to be set before the first table exists.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

# Written out so that a migration can name a constraint on either store.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class NaiveMoment(ValueError):
    """A datetime without an offset came to the database: nobody can say which moment it is."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware datetimes in, aware UTC out, to the microsecond.

    SQLite drops the offset silently and then compares wrongly, so it gets naive UTC.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveMoment(f"{value.isoformat()} has no offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain JSON. None is SQL NULL, never the JSON word null."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True


class RowNumber(TypeDecorator[int]):
    """A number the database gives: 64 bits, and on SQLite the rowid, which alone counts up."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        wide = dialect.name != "sqlite"
        return dialect.type_descriptor(sa.BigInteger() if wide else sa.Integer())


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> sa.CheckConstraint:
    """CHECK that a text column holds one of these words. Native enums are dear to change."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def to_json(value: Any) -> Any:
    """The value as it will come back from a JSON column: tuples become lists. Raises TypeError."""
    return json.loads(json.dumps(value))
