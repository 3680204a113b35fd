"""Every conversation runs on the real Dispatcher; most on both the rich and the plain door."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.commune import Cast, found_commune
from tests.support.talk import Stage, staged


@pytest.fixture
async def stage(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Stage]:
    """The program on a database of its own; any logged error fails the test."""
    async with staged(tmp_path, sqlite_url) as running:
        yield running
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert not errors


@pytest.fixture
async def cast(stage: Stage) -> Cast:
    """Xã Lộc Tấn with one person a role."""
    return await found_commune(stage.app.db)


@pytest.fixture(params=["web", "plain"])
def door(request: pytest.FixtureRequest) -> str:
    """The conversation passes on a rich and on a plain door."""
    return str(request.param)
