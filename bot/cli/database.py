"""How commands reach the database: migrated if it must be, and what is wrong is one line."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bot.cli.output import fail

if TYPE_CHECKING:
    from bot.config import Settings
    from domain.people import Commune
    from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
#: Every event of a command says where it came from.
REASON = "command line"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. It commits; what it leaves uncommitted is dropped."""

    settings: "Settings"
    uow: "UnitOfWork"
    now: datetime


def in_database(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Run `work` on the migrated database; a known trouble ends the command with one line."""
    with readable_troubles():
        return asyncio.run(_work(work))


@contextmanager
def readable_troubles() -> Iterator[None]:
    """What an operator can mend ends the command with one line that says how."""
    from sqlalchemy.exc import DBAPIError

    from bot.config import ConfigError
    from domain.commune_settings import explained
    from domain.errors import FieldInvalid, StorageBusy
    from storage.engine import DatabaseUnusable

    try:
        yield
    except FieldInvalid as error:
        fail(explained(error))
    except StorageBusy:
        fail("the database is locked or read-only; nothing was changed, try again")
    except DBAPIError as error:
        fail(f"the database refused: {error.orig}")
    except (ConfigError, DatabaseUnusable) as error:
        fail(error)


async def _work(work: Callable[[Desk], Awaitable[T]]) -> T:
    from bot.config import load_settings
    from storage.engine import Database
    from storage.migrate import current, newest, upgrade
    from storage.unit_of_work import UnitOfWork

    settings = load_settings()
    if await current(settings.database_url) != newest():
        await upgrade(settings.database_url)
    db = Database.open(settings.database_url)
    try:
        async with UnitOfWork(db) as uow:
            return await work(Desk(settings, uow, datetime.now(UTC)))
    finally:
        await db.dispose()


async def a_commune(desk: Desk, commune_id: str) -> "Commune":
    """The commune of this id; an unknown one ends the command."""
    commune = await desk.uow.communes.get(commune_id)
    if commune is None:
        known = ", ".join(each.id for each in await desk.uow.communes.all()) or "none"
        fail(f"no commune {commune_id!r}; there are {known} (`commune add PACK_ID` adds one)")
    return commune
