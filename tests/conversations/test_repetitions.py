"""The door shuts before the answer went out, and brings the same words again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import TelegramMethod

from storage.unit_of_work import UnitOfWork
from tests.support.chain import check_evidence
from tests.support.commune import Cast
from tests.support.talk import Stage, Talker


@contextmanager
def shut(talker: Talker) -> Iterator[None]:
    """The talker's door takes nothing, and the update is given back to it."""

    async def refuse(_: Any, __: Bot, method: TelegramMethod[Any]) -> Any:
        raise TelegramRetryAfter(method, "Too Many Requests", retry_after=3600)

    middlewares = talker.door.bot.session.middleware
    middlewares.register(refuse)  # type: ignore[arg-type]
    with pytest.raises(TelegramRetryAfter):
        yield
    middlewares.unregister(refuse)  # type: ignore[arg-type]


async def test_a_saved_visit_is_confirmed_by_the_repetition(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/ghi")
    for tap in ("VNeID mức 2", "Xong, tiếp", "Xong"):
        await lan.presses(tap)
    with shut(lan):
        await lan.says("Lưu", client_id="11111111-aaaa")
    assert await check_evidence(stage.app.db, "loc-tan") == ["LT-26-00001"]
    stage.clock.forward(minutes=1)
    heard = await lan.says("Lưu", client_id="11111111-aaaa")
    assert "đã ghi rồi, mã LT-26-00001" in heard.text
    assert await check_evidence(stage.app.db, "loc-tan") == ["LT-26-00001"]


async def test_a_lost_answer_is_owned_up_to_and_the_visit_goes_on(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/ghi")
    await lan.presses("VNeID mức 2")
    with shut(lan):
        await lan.says("Xong, tiếp", client_id="11111111-bbbb")
    stage.clock.forward(minutes=1)
    heard = await lan.says("Xong, tiếp", client_id="11111111-bbbb")
    assert "câu trả lời bị rớt giữa đường" in heard.text
    said = len(lan.heard)
    stage.clock.forward(minutes=1)
    await lan.says("Xong, tiếp", client_id="11111111-bbbb")
    assert len(lan.heard) == said, "now it is answered"
    await lan.presses("Tiếp tục")
    assert "Kết quả thế nào" in lan.last.text


async def test_what_had_no_effect_yet_is_done_when_it_comes_again(
    stage: Stage, cast: Cast, door: str
) -> None:
    ba = await stage.talker(door)
    with shut(ba):
        await ba.says("/nguoithat", client_id="11111111-cccc")
    assert "Gặp người thật" in (await ba.says("/nguoithat", client_id="11111111-cccc")).text


async def test_what_was_answered_is_dropped_however_late_it_comes(
    stage: Stage, cast: Cast, door: str
) -> None:
    ba = await stage.talker(door)
    await ba.says("/menu", client_id="11111111-dddd")
    heard = len(ba.heard)
    stage.clock.forward(hours=1)
    await ba.says("/menu", client_id="11111111-dddd")
    assert len(ba.heard) == heard


async def test_another_replica_may_be_about_to_answer(stage: Stage, cast: Cast) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/ghi")
    await lan.presses("VNeID mức 2")
    said = len(lan.heard)
    with shut(lan):
        await lan.says("Xong, tiếp", client_id="11111111-eeee")
    stage.clock.forward(seconds=1)
    await lan.says("Xong, tiếp", client_id="11111111-eeee")
    assert len(lan.heard) == said


async def test_what_is_said_in_a_group_is_not_kept(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker("plain")
    group = {"id": -100500, "type": "supergroup", "title": "x"}
    sender = {"id": ba.chat_id, "is_bot": False, "first_name": "x"}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    for number, text in enumerate(("bà Hoa nhà số 5 bị lừa mất tiền", "/menu"), 1):
        told = {"message_id": number, "date": stage.clock(), "chat": group, "from": sender}
        told |= {"text": text} | ({"entities": [command]} if text.startswith("/") else {})
        await ba.feeds({"update_id": number, "message": told})
    assert [chat for chat, _ in stage.plain.session.sent] == [-100500], "it answers when called"
    async with UnitOfWork(stage.app.db) as uow:
        assert await uow.messages.latest(-100500, 10) == []
