"""Fixtures that every kind of test may use."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.engine import Database
from storage.migrate import upgrade
from storage.models import METADATA
from tests.support import postgres as support


@pytest.fixture(scope="session")
def postgres() -> Iterator[support.Postgres]:
    """A PostgreSQL server of this test run; `template` and `database` give fresh databases."""
    with support.server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'test.db')}"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: support.Postgres) -> str:
    """One migrated PostgreSQL database for this worker; `postgres_url` empties it."""

    async def fresh() -> str:
        return await postgres.database(await postgres.template("migrated", upgrade))

    return asyncio.run(fresh())


@pytest.fixture
def postgres_url(migrated_postgres: str) -> str:
    """An empty, migrated PostgreSQL database. Making one anew takes fifty times as long."""

    async def empty() -> None:
        db = Database.open(migrated_postgres)
        async with db.engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                await connection.execute(table.delete())
        await db.dispose()

    asyncio.run(empty())
    return migrated_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL."""
    made: str = request.getfixturevalue(f"{request.param}_url")
    return made


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """An empty, migrated database on either store."""
    database = Database.open(url)
    yield database
    await database.dispose()


@pytest.fixture
async def db_sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """An empty, migrated SQLite database."""
    database = Database.open(sqlite_url)
    yield database
    await database.dispose()
