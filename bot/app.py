"""The composition root: what tests call and `python -m bot run` runs is built here, once."""

import asyncio
import gc
import ipaddress
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from aiohttp import web

from bot.channels.base import Channel
from bot.channels.outgoing import LongTexts, RecordOutgoing
from bot.channels.telegram import Telegram
from bot.channels.webchat.channel import LARGEST_POST, WebChat
from bot.channels.webchat.views import busy_is_503, qr_routes
from bot.config import ConfigError, Settings
from bot.dispatcher import AppData, build_dispatcher
from bot.middlewares.unit_of_work import ReadsEndBeforeSending
from content.pack_loader import load_pack, pack_ids
from domain.errors import StorageBusy
from domain.plan import PlanPack
from handlers.links import Links
from scheduler.setup import Clockwork
from storage.channel_ids import ChannelIds
from storage.engine import Database, DatabaseUnusable

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
#: Seconds that answers on their way have when the program ends.
HANG_UP_IN = 5.0


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class App:
    """Everything of one process. `feed` is how an update enters, from any door."""

    settings: Settings
    db: Database
    clock: Clock
    packs: Mapping[str, PlanPack]
    channels: tuple[Channel, ...]
    dispatcher: Dispatcher
    clockwork: Clockwork
    started_at: datetime
    extra_routes: list[web.RouteDef] = field(default_factory=list)

    async def feed(self, bot: Bot, update: Update) -> bool:
        """Run one update through the conversation; a returned method is sent here."""
        result: Any = await self.dispatcher.feed_update(bot, update)
        if isinstance(result, TelegramMethod):
            await self.dispatcher.silent_call_request(bot, result)
        return True

    def web_app(self) -> web.Application:
        """All routes of all doors on one server."""
        app = web.Application(client_max_size=LARGEST_POST, middlewares=[busy_is_503])
        for channel in self.channels:
            app.add_routes(channel.routes())
            if isinstance(channel, WebChat):
                app.on_shutdown.append(channel.hang_up)
        app.add_routes([*qr_routes(self.settings.public_url), web.get("/health", self._health)])
        app.add_routes(self.extra_routes)
        return app

    async def _health(self, _: web.Request) -> web.Response:
        healthy = await _answers(self.db)
        doors = {c.name: getattr(c, "state", None) for c in self.channels}
        body = {
            "status": "ok" if healthy else "database",
            "since": self.started_at.isoformat(),
            "doors": {name: str(state) if state else "open" for name, state in doors.items()},
            "last_tick": last.isoformat() if (last := self.clockwork.last_tick) else None,
        }
        return web.json_response(body, status=200 if healthy else 503)

    async def close(self) -> None:
        """Give everything back."""
        for channel in self.channels:
            await channel.bot.session.close()
        await self.dispatcher.storage.close()
        await self.db.dispose()


async def _answers(db: Database) -> bool:
    try:
        await db.ping()
    except (DatabaseUnusable, StorageBusy):
        return False
    return True


def build_app(
    settings: Settings,
    db: Database,
    *,
    clock: Clock = utc_now,
    more_channels: Callable[[Database], tuple[Channel, ...]] = lambda _: (),
) -> App:
    """Wire the program. `db` is migrated already; `more_channels` are the doors of tests."""
    packs = {pack_id: load_pack(pack_id) for pack_id in pack_ids()}
    ids = ChannelIds(db)
    web_chat = WebChat(
        db,
        ids,
        secret=settings.secret_key.get_secret_value(),
        public_url=settings.public_url,
        clock=clock,
        trusted=address_reader(settings.trusted_proxy),
    )
    telegram = Telegram.from_settings(settings)
    channels: list[Channel] = [web_chat, *more_channels(db)]
    if telegram is not None:
        channels.append(telegram)
    by_bot = {channel.bot.id: channel for channel in channels}
    if len(by_bot) < len(channels):
        raise ConfigError("Two doors have tokens of the same bot. Give each its own token.")
    for channel in channels:
        channel.bot.session.middleware(ReadsEndBeforeSending())
        if channel is not web_chat:
            channel.bot.session.middleware(RecordOutgoing(db, clock, channel.name))
            if channel.capabilities.buttons:  # a plain door splits what it made plain
                channel.bot.session.middleware(LongTexts(channel.capabilities.max_text))
    data = AppData(
        links=Links(settings.public_url),
        packs=packs,
    )
    dispatcher = build_dispatcher(db, clock, by_bot, data)
    app = App(
        settings=settings,
        db=db,
        clock=clock,
        packs=packs,
        channels=tuple(channels),
        dispatcher=dispatcher,
        clockwork=Clockwork(db, packs, by_bot, clock),
        started_at=clock(),
    )
    web_chat.accept(app.feed)
    return app


def address_reader(trusted: str) -> Callable[[web.Request], str]:
    """Who is asking: the peer, or what a trusted proxy says stands before it."""
    network = ipaddress.ip_network(trusted) if trusted else None

    def address(request: web.Request) -> str:
        peer = request.remote or ""
        forwarded = request.headers.get("X-Forwarded-For", "")
        with suppress(ValueError):
            if network is not None and forwarded and ipaddress.ip_address(peer) in network:
                return forwarded.rsplit(",", 1)[-1].strip()
        return peer

    return address


async def serve(app: App, ready: Callable[[str], None]) -> None:
    """Run until SIGINT or SIGTERM. `ready` is told the address once people can open it."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, stopping.set)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.close)
        runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=HANG_UP_IN)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await _listen(runner, app.settings)
        app.clockwork.start()
        stack.callback(app.clockwork.stop)
        async with asyncio.TaskGroup() as group:
            doors = [group.create_task(_supervised(channel, app.feed)) for channel in app.channels]
            # Start-up objects live for ever: out of the collector's sight, answers are faster.
            gc.freeze()
            gc.enable()
            ready(f"http://{_shown(app.settings.web_host)}:{app.settings.web_port}/")
            await stopping.wait()
            for door in doors:
                door.cancel()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.web_host, settings.web_port).start()
    except OSError as error:
        raise ConfigError(
            f"WEB_PORT {settings.web_port} on {settings.web_host} cannot be used"
            f" ({error.strerror or error}). Stop the other program or set WEB_PORT to another one."
        ) from None


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  compared, not bound


RESTART_AFTER = 5.0


async def _supervised(channel: Channel, feed: Callable[[Bot, Update], Awaitable[bool]]) -> None:
    """One door's loop: whatever happens to it, the others never notice."""
    while True:
        try:
            return await channel.run(feed)
        except Exception:
            log.exception("the door %s fell shut; it opens again in a moment", channel.name)
            await asyncio.sleep(RESTART_AFTER)
