"""Every press is answered, so that its button does not go on waiting on the phone."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, TelegramObject

from handlers.screens import TYPED

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class AnswerPress(BaseMiddleware):
    """After the handler, whatever became of it. A failure here never hides the handler's own.

    Not aiogram's CallbackAnswerMiddleware: that answers presses which were typed, and the door's
    refusal takes the place of the error that the person should hear of.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        finally:
            if isinstance(event, CallbackQuery) and not event.id.startswith(TYPED):
                with suppress(AiogramError):
                    await event.answer()
