"""A message that waited for a person without a ringing door is shown when they come by.

Marking it and writing it into the chat is one transaction: shown once, or still waiting.
"""

from datetime import datetime, timedelta

from domain.messages import Button, Direction
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

#: Who had buttons before them this recently is in the middle of something.
BUSY = timedelta(minutes=15)


async def show_waiting_unless_busy(db: Database, chat_id: int, now: datetime) -> int:
    """As `show_waiting`, but never between a person and the buttons they were about to press."""
    async with UnitOfWork(db) as uow:
        newest = await uow.messages.newest_out(chat_id)
    if newest is not None and newest.buttons and now - newest.at < BUSY:
        return 0
    return await show_waiting(db, chat_id, now)


async def show_waiting(db: Database, chat_id: int, now: datetime) -> int:
    """Put what waits for the chat's person into the chat; returns how many messages."""
    shown = 0
    async with UnitOfWork(db) as uow:
        account = await uow.accounts.of_chat(chat_id)
        if account is None or account.person_id is None:
            return 0
        for owed in await uow.outbox.waiting_of(account.person_id, now):
            if not await uow.outbox.show_waiting(owed.id, now, chat_id):
                continue
            buttons = tuple(
                tuple(Button(label, data) for label, data in row) for row in owed.buttons
            )
            await uow.messages.append(chat_id, Direction.OUT, owed.text, now, buttons=buttons)
            shown += 1
        await uow.commit()
    return shown
