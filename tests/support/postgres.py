"""PostgreSQL for the tests: one server a test run, and a fresh database in some 30 ms."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.support import postgres_keeper


@dataclass(slots=True)
class Postgres:
    """A running server. What one worker makes in it, no other worker sees."""

    url: str
    prefix: str = field(default_factory=lambda: f"test_{uuid4().hex[:12]}")
    _templates: dict[str, str] = field(default_factory=dict)
    _databases: list[str] = field(default_factory=list)

    async def template(self, name: str, build: Callable[[str], Awaitable[object]]) -> str:
        """Let `build(url)` fill a database, once; returns the name that `database` takes.

        `build` must close its connections: PostgreSQL copies only a database that is not in use.
        """
        if name not in self._templates:
            database = await self._create("template1")
            await build(self._url_of(database))
            self._templates[name] = database
        return name

    async def database(self, template: str) -> str:
        """The URL of a new copy of a template; `drop` it when the test is done."""
        return self._url_of(await self._create(self._templates[template]))

    async def drop(self, url: str) -> None:
        """Delete a database, whoever is still connected."""
        database = make_url(url).database or ""
        self._databases.remove(database)
        await self._execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    async def drop_all(self) -> None:
        for database in list(self._databases):
            await self.drop(self._url_of(database))

    async def _create(self, template: str) -> str:
        database = f"{self.prefix}_{uuid4().hex[:12]}"
        await self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        self._databases.append(database)
        return database

    async def _execute(self, statement: str) -> None:
        plain = make_url(self.url).set(drivername="postgresql")
        connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)


@contextlib.contextmanager
def server() -> Iterator[Postgres]:
    """TEST_DATABASE_URL if it is set, else a server of our own. For a session-scoped fixture."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        given = Postgres(url.replace("postgresql://", "postgresql+asyncpg://"))
        try:
            yield given
        finally:
            asyncio.run(given.drop_all())  # the server is not ours: leave it as it was
    else:
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
        folder = Path(tempfile.gettempdir()) / f"assistant-postgres-{run[:16]}"
        with _joined(folder):
            yield Postgres(f"postgresql+asyncpg://postgres@/postgres?host={folder}")


@contextlib.contextmanager
def _joined(folder: Path) -> Iterator[None]:
    """Be one of the server's users, starting it if nobody has."""
    keeper = None
    with postgres_keeper.one_at_a_time():
        try:
            # Without O_NONBLOCK a FIFO with no keeper would make us wait for ever.
            user = os.open(folder / "users", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            user, keeper = _start_keeper(folder)
    try:
        yield
    finally:
        os.close(user)
        if keeper is not None:
            try:
                keeper.wait(postgres_keeper.STOP_SECONDS)
            except subprocess.TimeoutExpired:
                keeper.returncode = 0  # other workers still use the server: not ours to wait for


def _start_keeper(folder: Path) -> tuple[int, subprocess.Popen[str]]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.mkfifo(folder / "users")
    reader = os.open(folder / "users", os.O_RDONLY | os.O_NONBLOCK)
    user = os.open(folder / "users", os.O_WRONLY)
    keeper = subprocess.Popen(
        [sys.executable, "-P", postgres_keeper.__file__, str(folder), str(reader)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[reader],
        start_new_session=True,  # Ctrl-C is for the tests; the keeper outlives them by a moment
    )
    os.close(reader)
    assert keeper.stdout is not None
    with keeper.stdout:
        said = keeper.stdout.read()
    if said != "ready":
        os.close(user)
        keeper.wait()
        _give_up(said or "its keeper died")
    return user, keeper


def _give_up(reason: str) -> NoReturn:
    """A developer may be without PostgreSQL; CI may not."""
    message = f"PostgreSQL did not start ({reason}); TEST_DATABASE_URL can name a running one"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
