"""A step that waits for typed words ends when the person does something else instead."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, TelegramObject

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class EndStep(BaseMiddleware):
    """Any press and any command leave the step, so that it never swallows what comes after.

    Runs before the handler's first write; a handler that asks for words sets the step anew.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        leaves = isinstance(event, CallbackQuery) or (
            isinstance(event, Message) and (event.text or "").startswith("/")
        )
        state: FSMContext | None = data.get("state")
        if leaves and state is not None and data.get("raw_state") is not None:
            await state.set_state(None)
            data["raw_state"] = None
        return await handler(event, data)
