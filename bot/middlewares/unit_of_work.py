"""One UnitOfWork per update: opened on its first write, rolled back if it was not committed."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import TelegramObject

from domain.errors import DomainError, StorageBusy
from storage.engine import Database
from storage.unit_of_work import AlreadyDone, UnitOfWork

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)


class UnitOfWorkMiddleware(BaseMiddleware):
    """Gives handlers `uow`; its first commit also marks the update as done, in one transaction.

    So an update that took effect can never take effect again, and one that did not can.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        came_in = data.get("came_in")
        async with UnitOfWork(self._db) as uow:
            if came_in is not None:
                uow.marks(came_in, data["now"])
            data["uow"] = uow
            token = _current.set(uow)
            try:
                result = await handler(event, data)
            except AlreadyDone:
                return None  # another process has dealt with the very same update
            except StorageBusy:
                raise  # nothing was done: let it come again
            except DomainError:
                if not await uow.commit_mark():
                    return None  # refused here because it was done there
                raise
            finally:
                _current.reset(token)
                data.pop("uow", None)
            await uow.commit_mark()
            return result


class ReadsEndBeforeSending(BaseRequestMiddleware):
    """On a door's session: what the update has read is given back before the network is waited for.

    A slow door must not keep a connection of the pool, nor SQLite's log from being emptied.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        uow = _current.get()
        if uow is not None and not uow.is_writing:
            await uow.rollback()
        return await make_request(bot, method)
