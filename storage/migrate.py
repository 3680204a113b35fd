"""Bring a database to the newest schema, in this process: Alembic without its command line.

Alembic is imported only when there is something to do: a program that starts on an up-to-date
database does without it, and without the 11 MiB it would keep.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.engine import Database, DatabaseUnusable

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
#: Any number: two programs that start at once on PostgreSQL migrate one after the other.
ADVISORY_LOCK = 571_000_001
WAIT_FOR_THE_OTHER = "60s"


async def upgrade(url: str, revision: str = "head") -> str | None:
    """Migrate up to `revision`, all or nothing; returns the revision the database is at then.

    Raises storage.engine.DatabaseUnusable, domain.errors.StorageBusy.
    """
    if revision == "head" and await current(url) == newest():
        return newest()

    from alembic import command

    return await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> str | None:
    """Migrate down to `revision` ("base": no tables); returns the revision it is at then."""
    from alembic import command

    return await _run(url, lambda config: command.downgrade(config, revision))


async def current(url: str) -> str | None:
    """The revision the database is at; None if it was never migrated. Raises as `upgrade`."""
    db = Database.open(url)
    try:
        await db.ping()
        async with db.ro_engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await db.dispose()


def newest() -> str:
    """The revision that `upgrade` leads to: migrations are numbered, and so are their files."""
    return max(file.name.partition("_")[0] for file in FOLDER.glob("versions/[0-9]*_*.py"))


async def _run(url: str, work: Callable[["Config"], None]) -> str | None:
    # Foreign keys are off while tables are rebuilt, or dropping the old one would empty others.
    db = Database.open(url, foreign_keys=False)
    try:
        await db.ping()
        async with db.engine.begin() as connection:
            if db.dialect == "postgresql":
                await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_FOR_THE_OTHER}'")
                await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            return await connection.run_sync(_work_and_look, work)
    finally:
        await db.dispose()


def _work_and_look(connection: Connection, work: Callable[["Config"], None]) -> str | None:
    from alembic.util import CommandError

    try:
        work(_config(connection))
    except CommandError as error:
        raise DatabaseUnusable(
            f"the database does not fit this version of the program: {error}"
        ) from error
    return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    return found.scalar_one_or_none()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
