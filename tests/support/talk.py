"""Talking to the real program: the app of `build_app`, a person on a door, what they hear.

Two doors: `web` is the rich one with the real web-chat session; `plain` has no buttons and no
edit. `says` and `presses` return what was answered, and every answer must be read by someone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.types import Update
from aiohttp import web

from bot.app import App, build_app
from bot.channels.base import PLAIN, Channel, Feed
from bot.channels.fallback import to_plain, utf16
from bot.channels.plain import PlainSession
from bot.channels.webchat.inbound import Pressed, Said, pressed_update, said_update
from bot.config import Settings
from domain.messages import Button
from storage.channel_ids import ChannelIds
from storage.engine import LOCK_MILLISECONDS, Database
from storage.unit_of_work import UnitOfWork

SECRET = "a secret for tests, long enough to be one"
START = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)  # Tuesday, 09:00 in Vietnam


class FakeClock:
    """Time stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class _RecordedSession(PlainSession):
    def __init__(self, clock: FakeClock) -> None:
        super().__init__("plain", clock)
        self.sent: list[tuple[int, str]] = []

    async def transmit(self, chat_id: int, text: str) -> None:
        assert utf16(text) <= PLAIN.max_text
        self.sent.append((chat_id, text))


class PlainDoor:
    """A door of plain text, kept in lists."""

    name = "plain"
    number = 9
    capabilities = PLAIN
    rings = True

    def __init__(self, clock: FakeClock) -> None:
        self.session = _RecordedSession(clock)
        self.bot = Bot(
            "9:plain-local",
            session=self.session,
            default=DefaultBotProperties(parse_mode=ParseMode.HTML),
        )

    def echo(self, chat_id: int, label: str) -> None:
        self.session.echo(chat_id, label)

    def routes(self) -> list[web.RouteDef]:
        return []

    async def run(self, feed: Feed) -> None:
        return None


@dataclass
class Heard:
    """One answer: its words as plain text, its buttons by label."""

    text: str
    buttons: dict[str, Button] = field(default_factory=dict)
    id: int = 0


@dataclass
class Talker:
    """A person on one door."""

    app: App
    door: Channel
    chat_id: int
    clock: FakeClock
    heard: list[Heard] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: count(1))
    _rev: int = 0

    @property
    def last(self) -> Heard:
        return self.heard[-1]

    async def says(self, text: str, client_id: str | None = None) -> Heard:
        """Type a line and send it."""
        said = Said(id=client_id or str(uuid4()), text=text)
        return await self._feed(said_update(said, self.chat_id, self.clock()))

    async def presses(self, label: str, client_id: str | None = None) -> Heard:
        """Press the button whose words contain `label`; on a plain door, type its number."""
        if not self.door.capabilities.buttons:
            return await self.says(self._number(label))
        for heard in reversed(self.heard):
            for words, button in heard.buttons.items():
                if label in words:
                    return await self.presses_data(button.data or "", heard.id, client_id)
        raise AssertionError(f"no button {label!r}; last heard: {self.last}")

    async def presses_data(self, data: str, message: int, client_id: str | None = None) -> Heard:
        """Press by callback data: for old and made-up buttons."""
        pressed = Pressed(id=client_id or str(uuid4()), message=message, data=data)
        return await self._feed(pressed_update(pressed, self.chat_id, self.clock()))

    async def feeds(self, update: dict[str, Any]) -> Heard:
        """Any update, as a door would deliver it."""
        return await self._feed(update)

    async def _feed(self, update: dict[str, Any]) -> Heard:
        before = len(self.heard)
        mounted = Update.model_validate(update, context={"bot": self.door.bot})
        await self.app.feed(self.door.bot, mounted)
        await self.listen()
        return self.heard[-1] if len(self.heard) > before else Heard("")

    async def listen(self) -> list[Heard]:
        """Take in what has been said meanwhile."""
        before = len(self.heard)
        if isinstance(self.door, PlainDoor):
            mine = [text for chat, text in self.door.session.sent if chat == self.chat_id]
            self.heard += [Heard(text) for text in mine[len(self.heard) :]]
        else:
            async with UnitOfWork(self.app.db) as uow:
                rows = await uow.messages.after(self.chat_id, self._rev, 100)
            for row in rows:
                self._rev = row.rev
                if row.direction == "out":
                    buttons = {b.label: b for line in row.buttons for b in line}
                    self.heard.append(Heard(to_plain(row.text), buttons, row.id))
        return self.heard[before:]

    def _number(self, label: str) -> str:
        for heard in reversed(self.heard):
            for line in heard.text.splitlines():
                mark, dot, words = line.partition(". ")
                if dot and label in words and (mark.isdigit() or len(mark) == 1):
                    return mark
            break
        raise AssertionError(f"no choice {label!r}; last heard: {self.last.text}")


@dataclass
class Stage:
    """The running program and people who talk to it."""

    app: App
    clock: FakeClock
    plain: PlainDoor
    _numbers: Any = field(default_factory=lambda: count(1))

    async def talker(self, door: str = "web", chat_id: int | None = None) -> Talker:
        """A new person on a door."""
        channel: Channel = self.plain if door == "plain" else self.app.channels[0]
        ids = ChannelIds(self.app.db)
        chat = chat_id or await ids.to_int(channel.number, "chat", f"test-{next(self._numbers)}")
        return Talker(self.app, channel, chat, self.clock)


def settings_for(folder: Path, url: str, **more: Any) -> Settings:
    """Settings of a test's own."""
    return Settings(data_dir=folder, database_url=url, secret_key=SECRET, _env_file=None, **more)


@asynccontextmanager
async def staged(
    folder: Path,
    url: str,
    clock: FakeClock | None = None,
    *,
    lock_milliseconds: int = LOCK_MILLISECONDS,
    **more: Any,
) -> AsyncIterator[Stage]:
    """The program on a database, with a plain door beside the real ones; `more` are settings."""
    clock = clock or FakeClock()
    plain = PlainDoor(clock)
    settings = settings_for(folder, url, **more)
    app = build_app(
        settings,
        Database.open(settings.database_url, lock_milliseconds=lock_milliseconds),
        clock=clock,
        more_channels=lambda _: (plain,),
    )
    try:
        yield Stage(app, clock, plain)
    finally:
        await app.close()
