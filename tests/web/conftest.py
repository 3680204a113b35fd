"""A running site and phones that talk to it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.commune import found_commune
from tests.support.phone import Phone
from tests.support.site import Site, serving

NewPhone = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def site(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Site]:
    """The program with xã Lộc Tấn in it; any logged error fails the test."""
    async with serving(tmp_path, sqlite_url) as (stage, base):
        yield Site(stage, base, await found_commune(stage.app.db))
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


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
