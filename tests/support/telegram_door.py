"""The Telegram door at work before a fake Telegram, for the tests of any program behind it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.utils.backoff import BackoffConfig
from aiohttp import web

from bot.channels.telegram import Telegram, Timing
from bot.config import Settings
from tests.contract.cases import Conversation
from tests.support.bot_api_server import TOKEN, BotApiServer
from tests.support.second_reader import read_back

SECRET = "webhook-secret_0"
Mode = Literal["polling", "webhook"]
QUICKLY = BackoffConfig(min_delay=0.01, max_delay=0.05, factor=2.0, jitter=0.0)


class Waits:
    """Notes how long the door would have waited after a setback, and waits a moment instead."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0.02)


@dataclass
class Running:
    """A door at work, what stands behind it, and Telegram before it."""

    server: BotApiServer
    door: Telegram
    behind: Conversation
    waits: Waits
    address: str
    stop: Callable[[], Awaitable[None]]

    async def become(self, status: str) -> None:
        """Wait for the door's state."""
        await until(lambda: self.door.state.status == status)

    async def other_page(self) -> str:
        """A page of the same process that has nothing to do with Telegram."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.address}/other") as response:
            return await response.text()


def settings(server_url: str, mode: Mode = "polling", **more: Any) -> Settings:
    """Settings of a door that talks to the fake."""
    values: dict[str, Any] = {
        "telegram_token": TOKEN,
        "telegram_mode": mode,
        "telegram_webhook_secret": SECRET,
        "telegram_api_url": server_url,
        **more,
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def connected(server: BotApiServer, mode: Mode, **more: Any) -> AsyncIterator[Telegram]:
    """A door that is not running yet, its HTTP client closed afterwards."""
    made = Telegram.from_settings(
        settings(server.url, mode, **more),
        timing=Timing(
            look_again=0.03,
            retry=QUICKLY,
            feed_retry=QUICKLY,
            answer_within=0.15,
            grace=0.5,
            sleep=Waits(),
        ),
    )
    assert made
    try:
        yield made
    finally:
        # Not session.close(): that sleeps a quarter second for the sake of TLS.
        assert isinstance(made.bot.session, AiohttpSession)
        await (await made.bot.session.create_session()).close()


@asynccontextmanager
async def telegram_door(mode: Mode, *, there: bool = True, **more: Any) -> AsyncIterator[Running]:
    """The door running before a fake Telegram; all that passed is read back at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with (
        BotApiServer() as server,
        connected(server, mode, public_url=address, **more) as door,
        asyncio.TaskGroup() as group,
    ):
        app = web.Application()
        app.add_routes(door.routes())
        app.router.add_get("/other", _other_door)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        if not there:
            await server.go_dark()
        behind = Conversation()
        task = group.create_task(door.run(behind.feed))

        async def stop() -> None:
            task.cancel()
            await asyncio.wait({task})

        waits = door._timing.sleep
        assert isinstance(waits, Waits)
        running = Running(server, door, behind, waits, address, stop)
        try:
            if there:
                await running.become("ok")
            yield running
        finally:
            behind.gate.set()
            await stop()
            await runner.cleanup()
        assert read_back(server) > 0 or not there


async def _other_door(_: web.Request) -> web.Response:
    return web.Response(text="đây")


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what no server can tell of: a door's state, a handler that has begun."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (nobody sets an event for a test)
            await asyncio.sleep(0.005)
