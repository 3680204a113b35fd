"""Outside ids as integers, and the steps of conversations."""

import asyncio
from datetime import timedelta

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import StorageKey

from storage.channel_ids import BASE, PER_CHANNEL, ChannelIds, channel_of
from storage.engine import Database
from storage.fsm import DatabaseStorage
from tests.storage.conftest import World


class Form(StatesGroup):
    name = State()


KEY = StorageKey(bot_id=2, chat_id=7, user_id=7)


async def test_one_outside_id_asked_for_at_once_is_one_integer(db: Database) -> None:
    ids = ChannelIds(db)
    asked = [f"user-{number % 4}" for number in range(24)]
    given = await asyncio.gather(*(ids.to_int(3, "user", ext) for ext in asked))
    assert len(set(zip(asked, given, strict=True))) == 4
    assert {channel_of(n) for n in given} == {3}
    assert [await ids.to_ext(n) for n in given] == asked
    assert await ids.to_int(3, "user", "user-1") == given[1]


async def test_kinds_and_channels_are_apart(db: Database) -> None:
    ids = ChannelIds(db)
    given = [
        await ids.to_int(channel, kind, "7") for channel in (0, 255) for kind in ("chat", "user")
    ]
    assert len(set(given)) == 4
    assert [channel_of(n) for n in given] == [0, 0, 255, 255]
    assert all(BASE < n < 2**53 for n in given)
    assert await ids.to_ext(given[0] + PER_CHANNEL) is None
    assert await ids.to_ext(BASE + 999) is None
    assert await ids.to_ext(123456789) is None
    with pytest.raises(ValueError, match="256"):
        await ids.to_int(256, "chat", "7")


@pytest.mark.parametrize(
    ("number", "channel"),
    [(7, None), (-100123, None), (BASE - 1, None), (2**53, None), (BASE, 0), (2**53 - 1, 255)],
)
def test_the_channel_is_read_back_from_the_number(number: int, channel: int | None) -> None:
    assert channel_of(number) == channel


async def test_a_step_and_its_data_are_kept_for_one_bot_and_chat(db: Database) -> None:
    storage = DatabaseStorage(db)
    other_bot = StorageKey(bot_id=3, chat_id=7, user_id=7)
    other_scene = StorageKey(bot_id=2, chat_id=7, user_id=7, destiny="scene")
    assert await storage.get_state(KEY) is None
    assert await storage.get_data(KEY) == {}
    await storage.set_state(KEY, Form.name)
    await storage.set_data(KEY, {"draft": "x", "n": [1, None]})
    for other in (other_bot, other_scene):
        assert await storage.get_state(other) is None
        await storage.set_state(other, "other")
    assert await storage.get_state(KEY) == "Form:name"
    assert await storage.update_data(KEY, {"draft": "y"}) == {"draft": "y", "n": [1, None]}
    assert await storage.get_value(KEY, "draft") == "y"
    await storage.set_state(KEY, None)
    assert await storage.get_data(KEY) == {"draft": "y", "n": [1, None]}
    await storage.close()
    assert await DatabaseStorage(db).get_state(other_bot) == "other"


async def test_a_conversation_that_is_over_leaves_no_row(db: Database, world: World) -> None:
    storage = DatabaseStorage(db, clock=lambda: world.now)
    await storage.set_state(KEY, "step")
    await storage.set_data(KEY, {"a": 1})
    await storage.set_data(KEY, {})
    await storage.set_state(KEY)
    assert await storage.purge(world.now + timedelta(days=9)) == 0
    await storage.set_state(KEY, "step")
    assert await storage.purge(world.now) == 0
    assert await storage.purge(world.now + timedelta(seconds=1)) == 1
