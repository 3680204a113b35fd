"""The one Dispatcher: middlewares, routers and what a handler may ask for by name."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypedDict

from aiogram import Dispatcher

from bot.channels.base import Channel
from bot.chat_locks import ChatLocks
from bot.middlewares.blocking import BlockingMiddleware
from bot.middlewares.identity import IdentityMiddleware
from bot.middlewares.intake import Intake
from bot.middlewares.unit_of_work import UnitOfWorkMiddleware
from content.library import Library
from domain.people import Actor
from domain.plan import PlanPack
from domain.search import Searcher
from handlers import routers
from handlers.links import Links
from storage.engine import Database
from storage.fsm import DatabaseStorage
from storage.unit_of_work import UnitOfWork


class AppData(TypedDict):
    """For the life of the process."""

    links: Links
    packs: Mapping[str, PlanPack]


class UpdateData(TypedDict):
    """For one update, set by the middlewares; besides aiogram's own `state`, `bot`, `command`."""

    now: datetime
    came_again: bool
    channel: Channel
    uow: UnitOfWork
    actor: Actor
    library: Library
    searcher: Searcher


def build_dispatcher(
    db: Database,
    clock: Callable[[], datetime],
    channels: Mapping[int, Channel],
    data: AppData,
) -> Dispatcher:
    """Order matters: the lock and the step (aiogram's own), then intake, work, identity."""
    dispatcher = Dispatcher(
        storage=DatabaseStorage(db, clock), events_isolation=ChatLocks(), **data
    )
    dispatcher.update.outer_middleware(BlockingMiddleware(db))
    dispatcher.update.outer_middleware(Intake(db, clock, channels))
    dispatcher.update.outer_middleware(UnitOfWorkMiddleware(db))
    dispatcher.update.outer_middleware(IdentityMiddleware())
    # Not `include_router`: that ties a module's router to one dispatcher for ever.
    dispatcher.sub_routers.extend(routers())
    return dispatcher
