"""A bare aiogram bot: one handler, one session in memory. What our program is measured beside.

`python -m tests.bench.bare` says "ready" when it has answered an update, then waits to be ended.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Message, Update


class Silent(BaseSession):
    """Sends nothing; what was said is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.said = 0

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        assert isinstance(method, SendMessage)
        self.said += 1
        told = {
            "message_id": self.said,
            "date": datetime.now(UTC),
            "chat": {"id": method.chat_id, "type": "private"},
            "text": method.text,
        }
        return Message.model_validate(told, context={"bot": bot})

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        for nothing in iter(list[bytes]()):
            yield nothing

    async def close(self) -> None:
        return None


async def echo(message: Message) -> None:
    """The one handler."""
    await message.answer(message.text or "")


def build() -> tuple[Bot, Dispatcher]:
    """The bot and its dispatcher."""
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    return Bot("1:bare", session=Silent()), dispatcher


def update(bot: Bot, number: int) -> Update:
    """Somebody says something."""
    told = {
        "message_id": number,
        "date": datetime.now(UTC),
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "Lan"},
        "text": "xin chào",
    }
    return Update.model_validate({"update_id": number, "message": told}, context={"bot": bot})


def main() -> None:
    bot, dispatcher = build()
    asyncio.run(dispatcher.feed_update(bot, update(bot, 1)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
