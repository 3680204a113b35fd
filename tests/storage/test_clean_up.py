"""What has been kept long enough is forgotten, and nothing comes back to life by that."""

from datetime import timedelta

from aiogram.fsm.storage.base import StorageKey
from sqlmodel import SQLModel, func, select

from domain.messages import Direction
from scheduler.jobs import clean_up
from storage.channel_ids import ChannelIds
from storage.engine import Database
from storage.fsm import DatabaseStorage
from storage.models.channels import FsmRow
from storage.models.drafts import DraftRow
from storage.models.invitations import LinkCodeRow, WrongCodeRow
from storage.models.messages import ChatMessageRow, DeviceRow
from storage.models.outbox import InboxRow, OwedRow
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

KEPT: tuple[type[SQLModel], ...] = (
    ChatMessageRow,
    InboxRow,
    DraftRow,
    OwedRow,
    DeviceRow,
    WrongCodeRow,
    LinkCodeRow,
    FsmRow,
)
CHAT = 7


async def numbers(db: Database) -> dict[str, int]:
    """How many rows each of the tables holds."""
    async with UnitOfWork(db) as uow:
        session = await uow.reading()
        return {
            model.__name__: (await session.exec(select(func.count()).select_from(model))).one()
            for model in KEPT
        }


async def fill(db: Database, world: World) -> None:
    """A row in each of the tables, none of them of use any more."""
    draft, owed = world.draft(), world.owed(keys=(world.key(),))
    async with UnitOfWork(db) as uow:
        await uow.messages.append(CHAT, Direction.IN, "hello", world.now)
        await uow.inbox.mark("web", CHAT, "1", world.now)
        await uow.drafts.start(draft)
        await uow.drafts.close(draft.id, world.now)
        await uow.outbox.enqueue(owed)
        await uow.outbox.claim(world.now, 1, "me", 60)
        await uow.outbox.sent(owed.id, "me", world.now, CHAT)
        await uow.devices.add("old cookie", CHAT, world.now)
        await uow.devices.revoke("old cookie", world.now)
        await uow.invitations.count_wrong(CHAT, world.now)
        await uow.links.add("hash", world.lan.id, world.now)
        await uow.commit()
    await DatabaseStorage(db, lambda: world.now).set_state(StorageKey(2, CHAT, CHAT), "a step")


async def test_everything_is_forgotten_in_its_time(settled: Database, world: World) -> None:
    await fill(settled, world)
    filled = await numbers(settled)
    assert set(filled.values()) == {1}
    await clean_up(settled, world.now + timedelta(hours=23))
    assert await numbers(settled) == filled
    gone: dict[int, set[str]] = {}
    for days in range(1, 100):
        before = await numbers(settled)
        await clean_up(settled, world.now + timedelta(days=days, minutes=1))
        after = await numbers(settled)
        if lost := {name for name in before if after[name] < before[name]}:
            gone[days] = lost
    assert gone == {
        1: {"WrongCodeRow", "LinkCodeRow"},
        30: {"ChatMessageRow", "InboxRow", "DraftRow"},
        60: {"FsmRow"},
        90: {"DeviceRow"},
        91: {"OwedRow"},  # it had a day to live
    }


async def test_a_reminder_whose_message_is_forgotten_is_not_planned_again(
    settled: Database, world: World
) -> None:
    await fill(settled, world)
    await clean_up(settled, world.now + timedelta(days=99))
    async with UnitOfWork(settled) as uow:
        assert not await uow.outbox.enqueue(world.owed("anew", keys=(world.key(),)))


async def test_what_is_in_use_stays(settled: Database, world: World) -> None:
    later = world.now + timedelta(days=99)
    draft = world.draft(expires_at=later)
    async with UnitOfWork(settled) as uow:
        await uow.drafts.start(draft)
        await uow.devices.add("cookie", CHAT, world.now)
        await uow.links.add("hash", world.lan.id, later)
        await uow.outbox.enqueue(world.owed(expires_at=later))
        await uow.commit()
    before = await numbers(settled)
    await clean_up(settled, later)
    assert await numbers(settled) == before


async def test_the_revoked_cookie_a_chat_began_with_stays_revoked(
    settled: Database, world: World
) -> None:
    """Unknown, it would be taken for a new device, and be given the same chat again."""
    chat_id = await ChannelIds(settled).to_int(1, "chat", "first cookie")
    async with UnitOfWork(settled) as uow:
        await uow.devices.add("first cookie", chat_id, world.now)
        assert await uow.devices.rotate("first cookie", "second", world.now)
        await uow.devices.revoke_chat(chat_id, world.now)
        await uow.commit()
    await clean_up(settled, world.now + timedelta(days=99))
    async with UnitOfWork(settled) as uow:
        first = await uow.devices.by_token("first cookie")
        assert first is not None
        assert first.revoked_at == world.now
        assert await uow.devices.by_token("second") is None
