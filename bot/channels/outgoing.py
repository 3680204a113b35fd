"""Keeps what a door was made to say: the masked transcript, and the menu that is open now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import EditMessageReplyMarkup, EditMessageText, SendMessage, TelegramMethod
from aiogram.methods.base import Response, TelegramType

from bot.channels.fallback import split_html
from bot.channels.webchat.session import buttons_of
from domain.messages import Direction
from domain.secrets import mask_secrets
from storage.engine import Database
from storage.unit_of_work import UnitOfWork


class LongTexts(BaseRequestMiddleware):
    """A message longer than the door carries goes out in pieces; the buttons stay on the last."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        text = method.text if isinstance(method, SendMessage) else ""
        *first, last = split_html(text, self._longest)
        for piece in first:
            await make_request(bot, method.model_copy(update={"text": piece, "reply_markup": None}))
        return await make_request(
            bot, method.model_copy(update={"text": last}) if first else method
        )


class RecordOutgoing(BaseRequestMiddleware):
    """After a message went out, its text and buttons become the newest line of the talk.

    What is said in a group is no talk with us: nothing of it is kept.
    """

    def __init__(self, db: Database, clock: Callable[[], datetime], channel: str) -> None:
        self._db = db
        self._clock = clock
        self._channel = channel

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        response = await make_request(bot, method)
        if isinstance(method, SendMessage | EditMessageText | EditMessageReplyMarkup):
            await self._keep(method)
        return response

    async def _keep(self, method: SendMessage | EditMessageText | EditMessageReplyMarkup) -> None:
        if method.chat_id is None:
            return
        chat_id, buttons = int(method.chat_id), buttons_of(method.reply_markup)
        if chat_id < 0:  # as Telegram numbers its groups; our own numbers are positive
            return
        async with UnitOfWork(self._db) as uow:
            text: Any = getattr(method, "text", None)
            if text is None:
                newest = await uow.messages.newest_out(chat_id)
                text = newest.text if newest else ""
            await uow.messages.append(
                chat_id, Direction.OUT, mask_secrets(text), self._clock(), buttons=buttons
            )
            await uow.commit()
