"""An answer on its way out: tried again while the door is shut, never in place of an error."""

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.fsm.storage.base import StorageKey
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import CallbackQuery

from bot.channels import plain
from bot.chat_locks import ChatLocks
from content.i18n import speaking
from domain.errors import StorageBusy
from handlers.presses import AnswerPress
from handlers.screens import PATIENCE, WAITS, patiently
from tests.support.talk import FakeClock, PlainDoor

HELLO = SendMessage(chat_id=7, text="Chào bà con")
SHUT = (
    TelegramNetworkError(HELLO, "reset"),
    TelegramServerError(HELLO, "Bad Gateway"),
)


class Waits:
    """Notes how long somebody would have waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def door() -> Iterator[PlainDoor]:
    with speaking("vi"):
        yield PlainDoor(FakeClock())


def will_fail(bot: Bot, *errors: Exception) -> None:
    """The next calls fail so, one after another."""
    left = list(errors)

    async def fail(make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:
        if left:
            raise left.pop(0)
        return await make_request(bot, method)

    bot.session.middleware.register(fail)


# --- Patience --------------------------------------------------------------------------------


async def test_a_shut_door_is_tried_again(door: PlainDoor) -> None:
    will_fail(door.bot, *SHUT)
    waits = Waits()
    await patiently(HELLO.as_(door.bot), waits)
    assert waits.seconds == [*WAITS[:2]]
    assert door.session.sent == [(7, "Chào bà con")]


async def test_flood_control_is_obeyed_to_the_second(door: PlainDoor) -> None:
    will_fail(door.bot, *(TelegramRetryAfter(HELLO, "later", retry_after=n) for n in (3, 5)))
    waits = Waits()
    await patiently(HELLO.as_(door.bot), waits)
    assert waits.seconds == [3, 5]
    assert len(door.session.sent) == 1


@pytest.mark.parametrize("errors", [SHUT * 3, [TelegramRetryAfter(HELLO, "later", 9)] * 6])
async def test_patience_ends_and_the_update_comes_again(
    door: PlainDoor, errors: list[Exception]
) -> None:
    will_fail(door.bot, *errors)
    waits = Waits()
    with pytest.raises(type(errors[0])):
        await patiently(HELLO.as_(door.bot), waits)
    assert sum(waits.seconds) <= PATIENCE
    assert door.session.sent == []


async def test_what_the_door_refuses_is_not_tried_again(door: PlainDoor) -> None:
    will_fail(door.bot, TelegramBadRequest(HELLO, "chat not found"))
    waits = Waits()
    with pytest.raises(TelegramBadRequest):
        await patiently(HELLO.as_(door.bot), waits)
    assert waits.seconds == []


# --- Presses ---------------------------------------------------------------------------------


def press(bot: Bot, press_id: str) -> CallbackQuery:
    sender = {"id": 7, "is_bot": False, "first_name": "Lan"}
    query = {"id": press_id, "from": sender, "chat_instance": "7"}
    return CallbackQuery.model_validate(query, context={"bot": bot})


def calls_of(bot: Bot) -> list[TelegramMethod[Any]]:
    """What the door is asked from now on; it refuses everything."""
    asked: list[TelegramMethod[Any]] = []

    async def refuse(_: Any, __: Bot, method: TelegramMethod[Any]) -> Any:
        asked.append(method)
        raise TelegramBadRequest(method, "query is too old")

    bot.session.middleware.register(refuse)  # type: ignore[arg-type]
    return asked


async def busy(*_: object) -> None:
    raise StorageBusy


async def fine(*_: object) -> str:
    return "done"


async def test_a_press_is_answered_and_a_refusal_of_that_is_nothing(door: PlainDoor) -> None:
    asked = calls_of(door.bot)
    assert await AnswerPress()(fine, press(door.bot, "q1"), {}) == "done"
    assert [type(method) for method in asked] == [AnswerCallbackQuery]


async def test_the_error_of_the_handler_is_the_one_that_flies(door: PlainDoor) -> None:
    calls_of(door.bot)
    with pytest.raises(StorageBusy):
        await AnswerPress()(busy, press(door.bot, "q1"), {})


async def test_no_door_is_told_of_a_press_that_was_typed(door: PlainDoor) -> None:
    asked = calls_of(door.bot)
    await AnswerPress()(fine, press(door.bot, "typed:7:5"), {})
    assert asked == []


# --- What is remembered of chats ---------------------------------------------------------------


async def test_updates_of_one_chat_wait_for_each_other_and_leave_no_lock() -> None:
    locks = ChatLocks()
    inside: list[int] = []

    async def enter(chat_id: int) -> None:
        async with locks.lock(StorageKey(bot_id=9, chat_id=chat_id, user_id=chat_id)):
            assert chat_id not in inside
            inside.append(chat_id)
            await asyncio.sleep(0)
            inside.remove(chat_id)

    await asyncio.gather(*(enter(n % 3) for n in range(30)))
    gc.collect()
    assert not locks._locks


def test_a_plain_door_remembers_the_last_chats_only() -> None:
    recent = plain.Recent()
    for chat_id in range(plain.MOST_CHATS):
        recent[chat_id] = "Chọn"
    recent[0] = "Chọn lại"
    recent[-1] = "Chọn"
    assert len(recent) == plain.MOST_CHATS
    assert recent[0] == "Chọn lại"
    assert 1 not in recent
