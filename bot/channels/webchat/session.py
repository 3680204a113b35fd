"""Outbound: aiogram's calls become rows of the chat, which the page reads with a cursor."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import InlineKeyboardMarkup, Message, User

from bot.channels.unsupported import UnsupportedHere
from bot.channels.webchat.hub import Hub
from domain.messages import Button, ChatMessage, Direction
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

CHANNEL = "web"
BOT_NAME = "webchat"


class WebChatSession(BaseSession):
    """Speaks to web pages: a sent message is a committed row, then its sockets are woken."""

    def __init__(self, db: Database, hub: Hub, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._db = db
        self._hub = hub
        self._clock = clock

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        match method:
            case SendMessage():
                chat_id = int(method.chat_id)
                return await self._send(bot, chat_id, method.text, buttons_of(method.reply_markup))
            case EditMessageText():
                return await self._edit(
                    bot, method, text=method.text, buttons=buttons_of(method.reply_markup)
                )
            case EditMessageReplyMarkup():
                return await self._edit(bot, method, buttons=buttons_of(method.reply_markup))
            case DeleteMessage():
                async with UnitOfWork(self._db) as uow:
                    await uow.messages.delete(int(method.chat_id), method.message_id)
                    await uow.commit()
                self._hub.wake(int(method.chat_id))
                return True
            case AnswerCallbackQuery() | SendChatAction():
                return True
            case GetMe():
                return User(id=bot.id, is_bot=True, first_name=BOT_NAME, username=BOT_NAME)
        raise UnsupportedHere(method, CHANNEL)

    async def _send(
        self, bot: Bot, chat_id: int, text: str, buttons: tuple[tuple[Button, ...], ...]
    ) -> Message:
        async with UnitOfWork(self._db) as uow:
            row = await uow.messages.append(
                chat_id, Direction.OUT, text, self._clock(), buttons=buttons, channel=CHANNEL
            )
            await uow.commit()
        self._hub.wake(chat_id)
        return as_message(bot, row)

    async def _edit(
        self,
        bot: Bot,
        method: EditMessageText | EditMessageReplyMarkup,
        buttons: tuple[tuple[Button, ...], ...],
        text: str | None = None,
    ) -> Message:
        if method.chat_id is None or method.message_id is None:
            raise UnsupportedHere(method, CHANNEL)
        chat_id = int(method.chat_id)
        async with UnitOfWork(self._db) as uow:
            row = await uow.messages.edit(
                chat_id, method.message_id, self._clock(), text=text, buttons=buttons
            )
            await uow.commit()
        if row is None:
            # The page was cleared meanwhile: say it anew instead of losing it.
            return await self._send(bot, chat_id, text or "", buttons)
        self._hub.wake(chat_id)
        return as_message(bot, row)

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """There are no files to stream here yet."""
        for nothing in iter(list[bytes]()):
            yield nothing

    async def close(self) -> None:
        return None


def buttons_of(markup: object) -> tuple[tuple[Button, ...], ...]:
    """The rows of an inline keyboard as values; other keyboards have none."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return ()
    return tuple(
        tuple(Button(b.text, b.callback_data, b.url) for b in row) for row in markup.inline_keyboard
    )


def as_message(bot: Bot, row: ChatMessage) -> Message:
    """A stored row as the Message aiogram expects, mounted on its bot."""
    return Message.model_validate(
        {
            "message_id": row.id,
            "date": row.at,
            "chat": {"id": row.chat_id, "type": "private"},
            "from": {"id": bot.id, "is_bot": True, "first_name": BOT_NAME},
            "text": row.text,
        },
        context={"bot": bot},
    )
