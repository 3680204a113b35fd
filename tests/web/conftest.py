"""The real app behind a real HTTP server, and phones that talk to it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.support.commune import Cast, found_commune
from tests.support.phone import Phone
from tests.support.talk import Stage, staged

#: A database that is locked says so after this long, not after the five seconds of real life.
LOCK_MILLISECONDS = 60


@dataclass
class Site:
    """A running program and its address."""

    stage: Stage
    base: str
    cast: Cast

    @property
    def origin(self) -> dict[str, str]:
        """What a browser adds to a socket's request from our page."""
        return {"Origin": self.base}


@asynccontextmanager
async def serving(folder: Path, url: str, **settings: Any) -> AsyncIterator[tuple[Stage, str]]:
    """The program on a database, listening."""
    async with staged(folder, url, lock_milliseconds=LOCK_MILLISECONDS, **settings) as stage:
        runner = web.AppRunner(stage.app.web_app(), access_log=None)  # as `serve` does
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield stage, f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@pytest.fixture
async def site(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Site]:
    """The program with xã Lộc Tấn in it; any logged error fails the test."""
    async with serving(tmp_path, sqlite_url) as (stage, base):
        yield Site(stage, base, await found_commune(stage.app.db))
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


NewPhone = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def new_phone(site: Site) -> AsyncIterator[NewPhone]:
    """Makes phones that have opened the page."""
    async with AsyncExitStack() as stack:

        async def make(cookie: str | None = None) -> Phone:
            phone = await stack.enter_async_context(Phone(site.base, cookie))
            await phone.loads()
            return phone

        yield make


@pytest.fixture
async def phone(new_phone: NewPhone) -> Phone:
    """A resident's phone."""
    return await new_phone()
