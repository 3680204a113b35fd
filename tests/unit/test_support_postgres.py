"""The test server itself: databases that do not see each other, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.support.postgres import Postgres, server

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]
USE = """
import time
from tests.support.postgres import server
with server() as postgres:
    print(postgres.url, flush=True)
    time.sleep(60)
"""


async def run(url: str, statement: str) -> object:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def build(url: str) -> None:
    await run(url, "CREATE TABLE hamlet AS SELECT 'Ấp 1' AS name")


async def test_each_database_is_a_fresh_copy_of_its_template(postgres: Postgres) -> None:
    template = await postgres.template("copied", build)
    first, second = await postgres.database(template), await postgres.database(template)
    try:
        await run(first, "DELETE FROM hamlet")
        assert await run(first, "SELECT count(*) FROM hamlet") == 0
        assert await run(second, "SELECT name FROM hamlet") == "Ấp 1"
    finally:
        await postgres.drop(first)
        await postgres.drop(second)


async def test_a_template_is_built_once(postgres: Postgres) -> None:
    urls: list[str] = []

    async def note(url: str) -> None:
        urls.append(url)

    await postgres.template("noted", note)
    await postgres.template("noted", note)
    assert len(urls) == 1
    assert urls[0].startswith("postgresql+asyncpg://")


@pytest.mark.usefixtures("postgres")
def test_a_killed_test_run_leaves_no_server_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip("TEST_DATABASE_URL names a server that is not ours to stop")
    monkeypatch.delenv("PYTEST_XDIST_TESTRUNUID", raising=False)
    with subprocess.Popen(
        [sys.executable, "-c", USE], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        url = user.stdout.readline().strip()
        folder = Path(str(make_url(url).query["host"]))
        assert (folder / "data").exists()
        user.send_signal(signal.SIGKILL)
    give_up_at = time.monotonic() + 20
    while folder.exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    assert not folder.exists()


def test_workers_of_one_run_share_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", f"shared-{os.getpid()}")
    with server() as first:
        with server() as second:
            assert first.url == second.url
            assert first.prefix != second.prefix
        folder = Path(str(make_url(first.url).query["host"]))
        assert folder.exists()
    assert not folder.exists()
