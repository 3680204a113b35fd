"""Whether a person has shut a door to us: told by the door, or refuted by their next word."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatMemberStatus
from aiogram.types import TelegramObject, Update

from bot.middlewares.intake import spoken_in
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class BlockingMiddleware(BaseMiddleware):
    """Keeps `Account.blocked` true to what comes in; delivery sets it when a message is refused."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Update):
            chat, blocked = spoken_in(event)[0], False
            if (member := event.my_chat_member) is not None:
                chat, blocked = member.chat, member.new_chat_member.status in _GONE
            if chat is not None:
                async with UnitOfWork(self._db) as uow:
                    await uow.accounts.set_blocked(chat.id, blocked=blocked)
                    await uow.commit()
        return await handler(event, data)


_GONE = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
