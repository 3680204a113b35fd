"""Chats: revisions readers can follow, what came in, web devices."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from domain.messages import Button, Direction
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

CHAT, OTHER = 2**52 + 2**44 + 1, 5
MINUTE = timedelta(minutes=1)
BUTTONS = ((Button("Yes", "yes"), Button("More", url="https://example.vn")), (Button("No"),))


async def test_bubbles_come_back_as_they_were_said(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        said = await uow.messages.append(
            CHAT, Direction.OUT, "<b>A</b>", world.now, BUTTONS, channel="web"
        )
        heard = await uow.messages.append(CHAT, Direction.IN, "b", world.now, client_id="c1")
        await uow.messages.append(OTHER, Direction.OUT, "other", world.now)
        await uow.commit()
        assert (said.rev, heard.rev) == (1, 2)
        assert await uow.messages.after(CHAT, 0, 9) == [said, heard]
        assert await uow.messages.after(CHAT, 1, 9) == [heard]
        assert await uow.messages.after(CHAT, 0, 1) == [said]
        assert await uow.messages.latest(CHAT, 9) == [said, heard]
        assert await uow.messages.latest(CHAT, 1) == [heard]
        assert await uow.messages.latest(CHAT, 9, before=heard.id) == [said]
        assert await uow.messages.newest_out(CHAT) == said
        assert await uow.messages.newest_out(6) is None
        assert await uow.messages.cursor(CHAT) == (2, 0)


async def test_a_line_is_unanswered_until_something_is_said_or_changed(
    db: Database, world: World
) -> None:
    async with UnitOfWork(db) as uow:
        asked = await uow.messages.append(CHAT, Direction.OUT, "?", world.now)
        for client_id in ("c1", "c2"):
            await uow.messages.append(CHAT, Direction.IN, "!", world.now, client_id=client_id)
            await uow.messages.append(OTHER, Direction.OUT, "to others", world.now)
            assert await uow.messages.is_unanswered(CHAT, client_id)
            assert not await uow.messages.is_unanswered(OTHER, client_id)
            await uow.messages.edit(CHAT, asked.id, world.now, text=f"? {client_id}")
            assert not await uow.messages.is_unanswered(CHAT, client_id)
        assert not await uow.messages.is_unanswered(CHAT, "never came")


async def test_a_bubble_sent_again_is_the_same(db: Database, world: World) -> None:
    async def say(turn: int) -> int:
        async with UnitOfWork(db) as uow:
            said = await uow.messages.append(
                CHAT, Direction.IN, f"{turn}", world.now, client_id="c1"
            )
            await uow.commit()
            return said.id

    assert len(set(await asyncio.gather(*(say(turn) for turn in range(8))))) == 1
    async with UnitOfWork(db) as uow:
        assert len(await uow.messages.latest(CHAT, 9)) == 1
        other = await uow.messages.append(OTHER, Direction.IN, "", world.now, client_id="c1")
        assert other.chat_id == OTHER


async def test_edits_and_deletions_get_a_new_revision(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        first = await uow.messages.append(CHAT, Direction.OUT, "first", world.now, BUTTONS)
        second = await uow.messages.append(CHAT, Direction.OUT, "second", world.now)
        later = world.now + MINUTE
        edited = await uow.messages.edit(CHAT, first.id, later, text="better")
        assert edited == replace(first, text="better", rev=3, edited_at=later)
        bare = await uow.messages.edit(CHAT, first.id, later, buttons=())
        assert bare == replace(edited, rev=4, buttons=())
        gone = await uow.messages.delete(CHAT, second.id)
        assert gone == replace(second, rev=5, text="", deleted=True)
        await uow.commit()
        assert await uow.messages.after(CHAT, 2, 9) == [bare, gone]
        assert await uow.messages.latest(CHAT, 9) == [bare]

        assert await uow.messages.edit(CHAT, second.id, later, text="back") is None
        assert await uow.messages.edit(OTHER, first.id, later, text="theirs") is None
        assert await uow.messages.delete(CHAT, 999) is None


async def test_a_reader_with_a_cursor_misses_nothing(db: Database, world: World) -> None:
    """Writers commit in any order; a revision never appears below one that was read already."""
    read: list[int] = []

    async def write(turn: int) -> None:
        async with UnitOfWork(db) as uow:
            await uow.messages.append(CHAT, Direction.OUT, f"{turn}", world.now)
            await asyncio.sleep(0)
            await uow.commit()

    async def follow() -> None:
        async with UnitOfWork(db) as uow:
            while len(read) < 25:
                rows = await uow.messages.after(CHAT, read[-1] if read else 0, 99)
                read.extend(row.rev for row in rows)
                await uow.close()

    await asyncio.gather(follow(), *(write(turn) for turn in range(25)))
    assert read == list(range(1, 26))


async def test_an_acknowledgement_only_moves_forward(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        for _ in range(3):
            await uow.messages.append(CHAT, Direction.OUT, "", world.now)
        for rev, acked in [(2, 2), (1, 2), (99, 2), (3, 3)]:
            await uow.messages.ack(CHAT, rev)
            assert await uow.messages.cursor(CHAT) == (3, acked)
        assert await uow.messages.cursor(OTHER) == (0, 0)


async def test_a_cleared_chat_is_empty_and_its_cursors_stay_usable(
    db: Database, world: World
) -> None:
    async with UnitOfWork(db) as uow:
        for _ in range(2):
            await uow.messages.append(CHAT, Direction.OUT, "", world.now)
        last = await uow.messages.append(OTHER, Direction.OUT, "", world.now)
        assert await uow.messages.clear(CHAT) == 2
        await uow.commit()
        assert await uow.messages.after(CHAT, 0, 9) == []
        assert await uow.messages.latest(OTHER, 9) == [last]
        new = await uow.messages.append(CHAT, Direction.OUT, "", world.now)
        assert new.rev == 3
        assert new.id > last.id


async def test_old_bubbles_are_purged(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        await uow.messages.append(CHAT, Direction.OUT, "old", world.now)
        new = await uow.messages.append(CHAT, Direction.OUT, "new", world.now + MINUTE)
        assert await uow.messages.purge(world.now + MINUTE) == 1
        assert await uow.messages.latest(CHAT, 9) == [new]


async def test_what_came_in_twice_at_once_is_marked_once(db: Database, world: World) -> None:
    async def mark() -> bool:
        async with UnitOfWork(db) as uow:
            marked = await uow.inbox.mark("web", CHAT, "m1", world.now)
            await uow.commit()
            return marked

    assert (await asyncio.gather(*(mark() for _ in range(8)))).count(True) == 1
    async with UnitOfWork(db) as uow:
        assert await uow.inbox.seen("web", CHAT, "m1") == world.now
        assert not await uow.inbox.seen("web", OTHER, "m1")
        assert not await uow.inbox.seen("zalo", CHAT, "m1")
        assert await uow.inbox.purge(world.now) == 0
        assert await uow.inbox.purge(world.now + MINUTE) == 1


async def test_a_revoked_device_never_works_again(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        assert await uow.devices.add("a", CHAT, world.now)
        assert await uow.devices.add("b", OTHER, world.now + MINUTE)
        assert not await uow.devices.add("a", OTHER, world.now)
        device = await uow.devices.by_token("a")
        assert device is not None
        assert (device.chat_id, device.revoked_at) == (CHAT, None)
        assert await uow.devices.by_token("z") is None
        found = await uow.devices.of_chats([CHAT, OTHER])
        assert [device.token_hash for device in found] == ["b", "a"]
        assert await uow.devices.touch("a", world.now + 2 * MINUTE)
        found = await uow.devices.of_chats([CHAT, OTHER])
        assert [device.token_hash for device in found] == ["a", "b"]

        assert await uow.devices.revoke("a", world.now)
        await uow.commit()
        device = await uow.devices.by_token("a")
        assert device is not None
        assert device.revoked_at == world.now
        assert not await uow.devices.revoke("a", world.now)
        assert not await uow.devices.touch("a", world.now)
        assert not await uow.devices.rotate("a", "d", world.now)
        assert not await uow.devices.add("a", CHAT, world.now)
        assert await uow.devices.of_chats([CHAT]) == []
        assert await uow.devices.of_chats([]) == []


async def test_a_new_cookie_ends_the_old_one_once_it_was_seen(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        await uow.devices.add("old", CHAT, world.now)
        assert await uow.devices.rotate("old", "new", world.now)
        for key in ("old", "new"):  # the answer with the new one may be lost on the way
            device = await uow.devices.by_token(key)
            assert device is not None
            assert (device.chat_id, device.revoked_at) == (CHAT, None)
        await uow.devices.confirm("new", world.now)
        old, new = await uow.devices.by_token("old"), await uow.devices.by_token("new")
        assert old is not None
        assert old.revoked_at == world.now
        assert new is not None
        assert (new.replaces, new.revoked_at) == (None, None)


async def test_all_devices_of_a_chat_are_signed_out_at_once(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        await uow.devices.add("a", CHAT, world.now)
        await uow.devices.add("b", OTHER, world.now)
        assert await uow.devices.revoke_chat(CHAT, world.now) == 1
        assert await uow.devices.of_chats([CHAT]) == []
        assert len(await uow.devices.of_chats([OTHER])) == 1
