"""A door of plain text: no buttons, no edit, 2,000 characters. For tests and for doors to come.

Subclasses bring `transmit`; everything a poorer door needs is here: numbered choices, the echo of
what was understood, long texts in pieces.
"""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from itertools import count
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import Message, User

from bot.channels.base import PLAIN, Capabilities
from bot.channels.fallback import as_text
from bot.channels.unsupported import UnsupportedHere
from content.keyboards.lettered import Lettered
from content.texts import start as texts

#: Of so many chats it is remembered what they saw last; older ones have long been answered.
MOST_CHATS = 1000


class Recent(dict[int, str]):
    """A text for each chat, of those that had one last."""

    def __setitem__(self, chat_id: int, text: str) -> None:
        self.pop(chat_id, None)
        super().__setitem__(chat_id, text)
        if len(self) > MOST_CHATS:
            del self[next(iter(self))]


class PlainSession(BaseSession):
    """Outbound: a message becomes one or more plain texts."""

    def __init__(
        self, name: str, clock: Callable[[], datetime], capabilities: Capabilities = PLAIN
    ) -> None:
        super().__init__()
        self._name = name
        self._clock = clock
        self._capabilities = capabilities
        self._echoes = Recent()
        self._said = Recent()
        self._ids = count(1)

    @abstractmethod
    async def transmit(self, chat_id: int, text: str) -> None:
        """Send one text of at most `max_text` UTF-16 units."""

    def echo(self, chat_id: int, label: str) -> None:
        """The next answer in this chat begins with the choice that was understood."""
        self._echoes[chat_id] = label

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        match method:
            case SendMessage():
                return await self._say(bot, int(method.chat_id), method.text, method.reply_markup)
            case EditMessageText():
                return await self._say(
                    bot, int(method.chat_id or 0), method.text or "", method.reply_markup
                )
            case EditMessageReplyMarkup():
                chat_id = int(method.chat_id or 0)
                return await self._say(
                    bot, chat_id, self._said.get(chat_id, ""), method.reply_markup
                )
            case AnswerCallbackQuery() | SendChatAction():
                return True
            case GetMe():
                return User(id=bot.id, is_bot=True, first_name=self._name)
        raise UnsupportedHere(method, self._name)

    async def _say(self, bot: Bot, chat_id: int, html: str, markup: Any) -> Message:
        self._said[chat_id] = html
        label = self._echoes.pop(chat_id, None)
        hint = texts.letters_hint() if isinstance(markup, Lettered) else texts.numbers_hint()
        head = f"{texts.echo(label)}\n\n" if label else ""
        for piece in as_text(head + html, markup, hint, self._capabilities.max_text):
            await self.transmit(chat_id, piece)
        return Message.model_validate(
            {
                "message_id": next(self._ids),
                "date": self._clock(),
                "chat": {"id": chat_id, "type": "private"},
                "text": html,
            },
            context={"bot": bot},
        )

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """There are no files to stream here yet."""
        for nothing in iter(list[bytes]()):
            yield nothing

    async def close(self) -> None:
        return None
