"""The contract every door obeys: capabilities as data, one bot, its routes and its own loop."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from aiogram import Bot
from aiogram.types import Update
from aiohttp import web

#: Hands one update to the conversation; True when it is dealt with, now or before. What raises
#: is to come again.
Feed = Callable[[Bot, Update], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a door can carry. Handlers never ask which door it is; screens adapt by these."""

    buttons: bool
    """Shows tappable buttons; otherwise choices are a numbered list."""
    edit: bool
    """A sent message can change; otherwise a change is a new message."""
    files: bool
    """Documents can be sent; otherwise they become links."""
    photo_in: bool
    """People can send photos."""
    max_text: int
    """Longest text in UTF-16 units, as Telegram and Zalo count."""
    push: bool
    """Reaches a person who is not looking; otherwise a message waits for the next visit."""


WEB = Capabilities(
    buttons=True, edit=True, files=False, photo_in=False, max_text=12_000, push=False
)
TELEGRAM = Capabilities(
    buttons=True, edit=True, files=True, photo_in=True, max_text=4096, push=True
)
PLAIN = Capabilities(
    buttons=False, edit=False, files=False, photo_in=False, max_text=2000, push=True
)


class Channel(Protocol):
    """One door of the program."""

    name: str
    number: int
    """0 for Telegram, whose ids are its own; 1-255 for doors whose ids we make."""
    capabilities: Capabilities
    bot: Bot

    @property
    def rings(self) -> bool:
        """Whether it reaches a person who is not looking, right now."""
        ...

    def echo(self, chat_id: int, label: str) -> None:
        """Begin the next answer with the choice a person typed as a number or as words."""
        ...

    def routes(self) -> list[web.RouteDef]:
        """HTTP routes of this door, mounted on the one web server."""
        ...

    async def run(self, feed: Feed) -> None:
        """Receive for ever; returns only when cancelled. A door without a loop returns at once."""
        ...
