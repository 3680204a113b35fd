"""Migrations: up, down and up again; what they make is what the models say."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect
from sqlalchemy.engine import Connection

from storage import migrate
from storage.engine import Database, DatabaseUnusable
from storage.models import METADATA
from tests.support.postgres import Postgres


async def nothing(_url: str) -> None:
    """What an empty template is built with."""


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    async def fresh() -> str:
        return await postgres.database(await postgres.template("empty", nothing))

    url = asyncio.run(fresh())
    yield url
    asyncio.run(postgres.drop(url))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'er' / 'new.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def tables(url: str) -> set[str]:
    db = Database.open(url)
    try:
        async with db.ro_engine.connect() as connection:
            return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))
    finally:
        await db.dispose()


def test_the_newest_is_what_alembic_finds_by_following_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.set_main_option("path_separator", "os")
    assert migrate.newest() == ScriptDirectory.from_config(config).get_current_head()


async def test_up_down_and_up_again(empty_url: str) -> None:
    assert await migrate.current(empty_url) is None
    assert await migrate.upgrade(empty_url) == migrate.newest()
    assert await migrate.current(empty_url) == migrate.newest()
    made = await tables(empty_url)
    assert made == {*METADATA.tables, "alembic_version"}

    assert await migrate.downgrade(empty_url, "base") is None
    assert await tables(empty_url) == {"alembic_version"}
    assert await migrate.current(empty_url) is None

    await migrate.upgrade(empty_url)
    assert await tables(empty_url) == made


async def test_models_match_the_migrations(db: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, METADATA))

    async with db.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_checks_of_the_models_are_in_the_migrations(db: Database) -> None:
    """Alembic does not compare CHECK constraints; their names and words are compared here."""

    def words(condition: object) -> set[str]:
        return set(re.findall(r"'(.*?)'", str(condition)))

    def checks(connection: Connection) -> dict[str, set[str]]:
        seen = inspect(connection)
        return {
            str(check["name"]): words(check["sqltext"])
            for name in METADATA.tables
            for check in seen.get_check_constraints(name)
        }

    expected = {
        str(check.name): words(check.sqltext)
        for table in METADATA.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert len(expected) > 9
    async with db.engine.connect() as connection:
        assert await connection.run_sync(checks) == expected


async def test_two_programs_that_start_at_once_migrate_once(empty_url: str) -> None:
    newest = await asyncio.gather(*(migrate.upgrade(empty_url) for _ in range(3)))
    assert newest == [migrate.newest()] * 3


async def test_a_migration_that_was_done_is_done_quickly_and_from_any_folder(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert await migrate.upgrade(sqlite_url) == migrate.newest()


async def test_a_database_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is not a database, however long it goes on. " * 50)
    with pytest.raises(DatabaseUnusable, match=r"text\.db: file is not a database$") as raised:
        await migrate.upgrade(f"sqlite:///{tmp_path / 'text.db'}")
    assert "\n" not in str(raised.value)
