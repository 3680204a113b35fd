"""Outbox -> the person's door: claim, send, mark. Never sent twice on purpose.

The moment a send begins is committed first: a process that dies between send and mark leaves an
`unknown`, not a second message. Whoever has no door that rings finds the message at the next visit.
"""

import asyncio
import logging
import socket
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiohttp import ClientConnectorError

from content.i18n import speaking
from content.keyboards.common import stored_keyboard
from domain.ladder import SENT_AT, SendingWindow
from domain.outbox import MOST_ATTEMPTS, Owed, Priority
from domain.people import Account
from domain.visits import LOCAL
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

HOST = socket.gethostname()
LEASE_SECONDS = 120.0
AT_ONCE = 30
RETRY_AFTER = timedelta(minutes=2)
#: A door that takes longer for one message holds up its own others long enough.
SEND_SECONDS = 15
#: Whatever delayed a message, it never rings at night; only an answer to a question does.
WINDOW = SendingWindow()

Way = tuple[Owed, Account]
"""A message and the account it goes to."""


class Door(Protocol):
    """What delivery needs to know of a channel."""

    name: str
    bot: Bot

    @property
    def rings(self) -> bool:
        """Whether it reaches a person who is not looking."""
        ...


class _DoorPauses(Exception):
    """The door takes nothing more until then."""

    def __init__(self, until: datetime) -> None:
        self.until = until


async def deliver(db: Database, doors: Mapping[int, Door], clock: Clock) -> int:
    """Send everything due that nobody else is sending; returns how many arrived.

    Each run claims under a name of its own: two of them may overlap in one process.
    """
    owner = f"{HOST}:{uuid.uuid4().hex[:8]}"
    by_name = {door.name: door for door in doors.values()}
    await _wake_waiting(db, by_name, clock())
    arrived = 0
    while True:
        async with UnitOfWork(db) as uow:
            batch = await uow.outbox.claim(clock(), AT_ONCE, owner, LEASE_SECONDS)
            ways = await _sort_out(uow, batch, by_name, owner, clock())
            await uow.commit()
        async with asyncio.TaskGroup() as group:
            sending = [
                group.create_task(_send_all(db, by_name[name], work, owner, clock))
                for name, work in ways.items()
            ]
        arrived += sum(task.result() for task in sending)
        if len(batch) < AT_ONCE:
            return arrived


async def _wake_waiting(db: Database, by_name: Mapping[str, Door], now: datetime) -> None:
    """A door that was shut, or that somebody has opened since, takes what waited for it.

    Not before the hour of reminders: what waits has been lying there since midnight.
    """
    if now.astimezone(LOCAL).time() < SENT_AT:
        return
    async with UnitOfWork(db) as uow:
        for person_id in await uow.outbox.waiting_people(now):
            if ringing(await uow.accounts.of_person(person_id), by_name) is not None:
                await uow.outbox.wake(person_id, now)
        await uow.commit()


async def _sort_out(
    uow: UnitOfWork,
    batch: Iterable[Owed],
    by_name: Mapping[str, Door],
    owner: str,
    now: datetime,
) -> Mapping[str, Sequence[Way]]:
    """What goes through which door now; the rest is put off or waits."""
    ways: defaultdict[str, list[Way]] = defaultdict(list)
    for owed in batch:
        if owed.priority is not Priority.ANSWER and not WINDOW.contains(now):
            await uow.outbox.retry(owed.id, owner, WINDOW.next_open(now), owed.attempts)
            continue
        account = ringing(await uow.accounts.of_person(owed.person_id), by_name)
        if account is None:
            await uow.outbox.to_waiting(owed.id, owner, owed.attempts)
        else:
            ways[account.channel].append((owed, account))
    return ways


def ringing(accounts: Iterable[Account], by_name: Mapping[str, Door]) -> Account | None:
    """The first of a person's accounts whose door rings."""
    for account in accounts:
        door = by_name.get(account.channel)
        if door is not None and door.rings and not account.blocked:
            return account
    return None


async def _send_all(db: Database, door: Door, work: Sequence[Way], owner: str, clock: Clock) -> int:
    """One door's messages, one after the other; returns how many arrived.

    Whatever happens here is this door's affair: leases bring back what it did not begin.
    """
    arrived = 0
    try:
        for done, way in enumerate(work):
            try:
                arrived += await _deliver_one(db, door.bot, way, owner, clock)
            except _DoorPauses as pause:
                await _put_off(db, work[done:], owner, pause.until)
                break
    except Exception:
        log.exception("the door %s stopped in the middle of what it had to send", door.name)
    return arrived


async def _put_off(db: Database, work: Iterable[Way], owner: str, until: datetime) -> None:
    """Due again later; a message that may have arrived is not ours any more and stays as it is."""
    async with UnitOfWork(db) as uow:
        for owed, _ in work:
            await uow.outbox.retry(owed.id, owner, until, owed.attempts)
        await uow.commit()


async def _deliver_one(db: Database, bot: Bot, way: Way, owner: str, clock: Clock) -> bool:
    owed, account = way
    async with UnitOfWork(db) as uow:
        if not await uow.outbox.begin_send(owed.id, owner, clock()):
            return False
        await uow.commit()
    arrived = False
    async with UnitOfWork(db) as uow:
        try:
            with speaking(account.locale):  # a poor door adds a line of its own
                await bot.send_message(
                    account.chat_id,
                    owed.text,
                    reply_markup=stored_keyboard(owed.buttons),
                    request_timeout=SEND_SECONDS,
                )
        except TelegramRetryAfter as error:
            raise _DoorPauses(clock() + timedelta(seconds=error.retry_after)) from error
        except (TelegramNetworkError, TelegramServerError) as error:
            if not _was_sent(error):
                log.info("the way to the door %s is closed", account.channel)
            else:
                # It may have arrived: nobody is told twice because a line was cut.
                log.warning("message %s may not have arrived: %s", owed.id, type(error).__name__)
                await uow.outbox.unknown(owed.id, owner, clock())
                await uow.commit()
            raise _DoorPauses(clock() + RETRY_AFTER) from error
        except TelegramForbiddenError:
            log.info("person %s has closed the door %s", owed.person_id, account.channel)
            await uow.accounts.set_blocked(account.chat_id, blocked=True)
            await uow.outbox.to_waiting(owed.id, owner, owed.attempts)
        except TelegramAPIError as error:
            log.warning("message %s was refused: %s", owed.id, error)
            attempts = owed.attempts + 1
            if attempts < MOST_ATTEMPTS:
                await uow.outbox.retry(owed.id, owner, clock() + RETRY_AFTER, attempts)
            else:
                await uow.outbox.to_waiting(owed.id, owner, attempts)
        else:
            await uow.outbox.sent(owed.id, owner, clock(), account.chat_id)
            arrived = True
        await uow.commit()
    return arrived


def _was_sent(error: TelegramAPIError) -> bool:
    """Whether anything left us: not where no line to the other side came about."""
    return not isinstance(error.__cause__, (ClientConnectorError, ConnectionRefusedError))
