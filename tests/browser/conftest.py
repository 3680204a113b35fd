"""The real program on a real port, and Debian's Chromium on a phone-sized page."""

import asyncio
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bot.app import build_app
from bot.config import Settings
from domain.people import Role
from handlers.invitations import new_invitation
from storage.engine import Database
from storage.migrate import upgrade
from storage.unit_of_work import UnitOfWork
from tests.support.commune import found_commune
from tests.support.talk import SECRET

#: Without these Chromium calls its makers at every start; the tests allow no other host.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass
class Site:
    """The program, started and stopped like a process, always on the same address."""

    folder: Path
    database_url: str
    port: int
    codes: dict[str, str] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(ready),))
        self._thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(20)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        settings = Settings(
            _env_file=None,
            data_dir=self.folder,
            database_url=self.database_url,
            secret_key=SECRET,
            web_port=self.port,
        )
        await upgrade(settings.database_url)
        app = build_app(settings, Database.open(settings.database_url))
        if not self.codes:
            await self._found(app.db)
        runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        ready.set()
        await self._stop.wait()
        await runner.cleanup()
        await app.close()

    async def _found(self, db: Database) -> None:
        await found_commune(db)
        async with UnitOfWork(db) as uow:
            for role, place in ((Role.MEMBER, "to-1"), (Role.OFFICER, ""), (Role.FOCAL, "kinh-te")):
                made = new_invitation("loc-tan", role, place, datetime.now(UTC), uses=50)
                await uow.invitations.add(made)
                self.codes[role.value] = made.code
            await uow.commit()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The program with the sample commune."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Site(tmp_path, f"sqlite:///{tmp_path / 'site.db'}", port)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or os.environ.get("CHROMIUM", "")
    if not path:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A phone of its own cookies; a request to any other host or a page error fails the test."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN", base_url=site.address)
    context.set_default_timeout(8000)
    strangers: list[str] = []
    errors: list[str] = []
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((site.address, "data:", "ws://127.0.0.1"))
            else strangers.append(request.url)
        ),
    )
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert not strangers
    assert not errors


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """One page of the phone."""
    return phone.new_page()
