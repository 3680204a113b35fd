"""Showing a screen: a new message, or the same message changed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

#: Begins the id of a press that was typed as a number or as words: no door knows such an id.
TYPED = "typed:"

#: The door was not reached, or it was too busy; a carrier that blocks answers with a page.
UNREACHED = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError)
#: Seconds between the tries. Somebody is looking at the screen: after these it takes long anyway.
WAITS = (0.2, 0.8, 3.0, 8.0)
#: All waiting together; a door that wants more (flood control) gets it from who delivers updates.
PATIENCE = 20.0


async def show(
    event: Message | CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Say `text` as a new message in the chat the event came from."""
    message = event if isinstance(event, Message) else event.message
    if message is not None:
        await patiently(message.answer(text, reply_markup=keyboard))


async def edit_screen(
    query: CallbackQuery, text: str | None, keyboard: InlineKeyboardMarkup
) -> None:
    """Change the message whose button was pressed. The same again is fine; Telegram says 400.

    Who typed the choice looks at the end of the talk: there the changed screen is said anew.
    """
    if not isinstance(query.message, Message):
        return
    if query.id.startswith(TYPED):
        await show(query, text or query.message.text or "", keyboard)
        return
    try:
        if text is None:
            await patiently(query.message.edit_reply_markup(reply_markup=keyboard))
        else:
            await patiently(query.message.edit_text(text, reply_markup=keyboard))
    except TelegramBadRequest as error:
        if "not modified" not in error.message:
            raise


async def patiently(
    method: TelegramMethod[Any], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Send it, again and again for some seconds while the door cannot be reached.

    An answer said twice is better than none; only what the outbox delivers is never repeated.
    When all tries fail the error flies, and the update comes again: either it had no effect yet
    and is worked on anew, or `handlers/repetitions.py` says where the person stands. So neither
    the effect nor the person is lost, and no answer needs to be kept anywhere.
    """
    left = PATIENCE
    for wait in WAITS:
        try:
            await method
        except UNREACHED as error:
            asked = error.retry_after if isinstance(error, TelegramRetryAfter) else wait
            left -= asked
            if left < 0:
                raise
            await sleep(asked)
        else:
            return
    await method
