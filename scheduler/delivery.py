"""Outbox -> the person's door: claim, send, mark. Never sent twice on purpose.

The moment a send begins is committed first: a process that dies between send and mark leaves an
`unknown`, not a second message. Whoever has no door that rings finds the message at the next visit.
"""

import logging
import socket
import uuid
from collections.abc import Callable, Mapping, Sequence
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

from content.i18n import speaking
from content.keyboards.common import stored_keyboard
from domain.ladder import SendingWindow
from domain.outbox import Owed, Priority
from domain.people import Account
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

OWNER = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
LEASE_SECONDS = 120.0
AT_ONCE = 30
MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=2)
#: Whatever delayed a message, it never rings at night; only an answer to a question does.
WINDOW = SendingWindow()


class Door(Protocol):
    """What delivery needs to know of a channel."""

    name: str
    bot: Bot

    @property
    def rings(self) -> bool:
        """Whether it reaches a person who is not looking."""
        ...


async def deliver(db: Database, doors: Mapping[int, Door], clock: Clock) -> int:
    """Send everything due that nobody else is sending; returns how many arrived."""
    by_name = {door.name: door for door in doors.values()}
    await _wake_waiting(db, by_name, clock())
    arrived = 0
    while True:
        async with UnitOfWork(db) as uow:
            batch = await uow.outbox.claim(clock(), AT_ONCE, OWNER, LEASE_SECONDS)
            await uow.commit()
        for owed in batch:
            arrived += await _deliver_one(db, by_name, owed, clock)
        if len(batch) < AT_ONCE:
            return arrived


async def _wake_waiting(db: Database, by_name: Mapping[str, Door], now: datetime) -> None:
    """A door that was shut, or that somebody has opened since, takes what waited for it."""
    async with UnitOfWork(db) as uow:
        for person_id in await uow.outbox.waiting_people(now):
            if ringing(await uow.accounts.of_person(person_id), by_name) is not None:
                await uow.outbox.wake(person_id, now)
        await uow.commit()


async def _deliver_one(db: Database, by_name: Mapping[str, Door], owed: Owed, clock: Clock) -> bool:
    now = clock()
    async with UnitOfWork(db) as uow:
        if owed.priority is not Priority.ANSWER and not WINDOW.contains(now):
            await uow.outbox.retry(owed.id, OWNER, WINDOW.next_open(now), owed.attempts)
            await uow.commit()
            return False
        accounts = await uow.accounts.of_person(owed.person_id)
        account = ringing(accounts, by_name)
        if account is None:
            await uow.outbox.to_waiting(owed.id, OWNER)
            await uow.commit()
            return False
        if not await uow.outbox.begin_send(owed.id, OWNER, clock()):
            return False
        await uow.commit()
    return await _send(db, by_name[account.channel].bot, account, owed, clock)


def ringing(accounts: Sequence[Account], by_name: Mapping[str, Door]) -> Account | None:
    """The first of a person's accounts whose door rings."""
    for account in accounts:
        door = by_name.get(account.channel)
        if door is not None and door.rings:
            return account
    return None


async def _send(db: Database, bot: Bot, account: Account, owed: Owed, clock: Clock) -> bool:
    arrived = False
    async with UnitOfWork(db) as uow:
        try:
            with speaking(account.locale):  # a poor door adds a line of its own
                await bot.send_message(
                    account.chat_id, owed.text, reply_markup=stored_keyboard(owed.buttons)
                )
        except TelegramRetryAfter as error:
            at = clock() + timedelta(seconds=error.retry_after)
            await uow.outbox.retry(owed.id, OWNER, at, owed.attempts)
        except (TelegramNetworkError, TelegramServerError) as error:
            # It may have arrived: nobody is told twice because a line was cut.
            log.warning("message %s may not have arrived: %s", owed.id, type(error).__name__)
            await uow.outbox.unknown(owed.id, OWNER, clock())
        except TelegramForbiddenError:
            log.info("person %s has closed the door %s", owed.person_id, account.channel)
            await uow.outbox.to_waiting(owed.id, OWNER)
        except TelegramAPIError as error:
            log.warning("message %s was refused: %s", owed.id, error)
            attempts = owed.attempts + 1
            if attempts < MOST_ATTEMPTS:
                await uow.outbox.retry(owed.id, OWNER, clock() + RETRY_AFTER, attempts)
            else:
                await uow.outbox.to_waiting(owed.id, OWNER)
        else:
            await uow.outbox.sent(owed.id, OWNER, clock(), account.chat_id)
            arrived = True
        await uow.commit()
    return arrived
