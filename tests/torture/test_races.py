"""The same submission many times at once: one visit, one confirmation, on both databases."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from storage.unit_of_work import UnitOfWork
from tests.support.chain import check_evidence
from tests.support.commune import Cast, found_commune
from tests.support.talk import Heard, Stage, Talker, staged

TIMES = 50
TO_CONFIRMATION = ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong")


async def at_confirmation(stage: Stage, cast: Cast, who: str = "member") -> Talker:
    """A member who has only to press Lưu."""
    lan = await cast.signs_in(await stage.talker(), who)
    await lan.says("/menu")
    for tap in TO_CONFIRMATION:
        await lan.presses(tap)
    return lan


async def press_at_once(talkers: Sequence[Talker], confirm: Heard, ids: Sequence[str]) -> None:
    """Each id once, spread over the talkers, all at the same time."""
    data = confirm.buttons["💾 Lưu"].data or ""
    presses = (
        talkers[n % len(talkers)].presses_data(data, confirm.id, client_id=press_id)
        for n, press_id in enumerate(ids)
    )
    await asyncio.gather(*presses)


async def said_in(stage: Stage, chat_id: int, words: str) -> list[str]:
    """The messages of a chat with these words in them, each row once."""
    async with UnitOfWork(stage.app.db) as uow:
        rows = await uow.messages.latest(chat_id, 500)
    return [row.text for row in rows if words in row.text]


async def check_one_visit(stage: Stage) -> None:
    assert await check_evidence(stage.app.db, "loc-tan") == ["LT-26-00001"]


async def answers_after(stage: Stage, confirm: Heard, chat_id: int) -> list[str]:
    """What was said in the chat after the question."""
    async with UnitOfWork(stage.app.db) as uow:
        rows = await uow.messages.latest(chat_id, 500)
    return [row.text for row in rows if row.direction == "out" and row.id > confirm.id]


@pytest.fixture(autouse=True)
def nothing_logged_as_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Losing a race is no error."""
    yield
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_one_press_delivered_fifty_times(tmp_path: Path, url: str) -> None:
    """As a redelivered webhook, or a page that lost every answer."""
    async with staged(tmp_path, url) as stage:
        lan = await at_confirmation(stage, await found_commune(stage.app.db))
        confirm = lan.last
        await press_at_once([lan], confirm, ["one-and-the-same"] * TIMES)
        await check_one_visit(stage)
        [answer] = await answers_after(stage, confirm, lan.chat_id)
        assert "Đã ghi <b>LT-26-00001</b>" in answer


async def test_fifty_presses_of_one_button(tmp_path: Path, url: str) -> None:
    """As an impatient thumb: every press is answered, one of them by the confirmation."""
    async with staged(tmp_path, url) as stage:
        lan = await at_confirmation(stage, await found_commune(stage.app.db))
        await press_at_once([lan], lan.last, [f"press-{n:04}" for n in range(TIMES)])
        await check_one_visit(stage)
        assert len(await said_in(stage, lan.chat_id, "Đã ghi")) == 1
        again = await said_in(stage, lan.chat_id, "đã ghi rồi, mã <b>LT-26-00001</b>")
        assert len(again) == TIMES - 1


async def test_fifty_presses_on_five_devices(tmp_path: Path, url: str) -> None:
    """Different chats are no queue: here only the database decides."""
    async with staged(tmp_path, url) as stage:
        cast = await found_commune(stage.app.db)
        lan = await at_confirmation(stage, cast)
        confirm = lan.last
        others = [await cast.signs_in(await stage.talker(), "member") for _ in range(4)]
        devices = [lan, *others]
        await press_at_once(devices, confirm, [f"press-{n:04}" for n in range(TIMES)])
        await check_one_visit(stage)
        said = [await said_in(stage, device.chat_id, "Đã ghi") for device in devices]
        assert sum(map(len, said)) == 1


async def test_several_people_save_at_once(tmp_path: Path, url: str) -> None:
    """Not one too few either: everyone's own visit, numbered without a gap."""
    async with staged(tmp_path, url) as stage:
        cast = await found_commune(stage.app.db)
        people = [await at_confirmation(stage, cast, who) for who in ("member", "head")]
        member2 = await cast.signs_in(await stage.talker(), "member2")
        await member2.says("/menu")
        for tap in ("Ghi một lượt hỗ trợ", "Ấp mẫu 2", *TO_CONFIRMATION[1:]):
            await member2.presses(tap)
        people.append(member2)
        await asyncio.gather(*(each.presses("Lưu") for each in people))
        assert len(await check_evidence(stage.app.db, "loc-tan")) == len(people)


@pytest.mark.postgres
@pytest.mark.parametrize("same_id", [True, False], ids=["one press", "fifty presses"])
async def test_fifty_presses_on_two_replicas(
    tmp_path: Path, postgres_url: str, *, same_id: bool
) -> None:
    """Two programs on one database have no lock in common."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(staged(tmp_path / "a", postgres_url))
        second = await stack.enter_async_context(staged(tmp_path / "b", postgres_url))
        lan = await at_confirmation(first, await found_commune(first.app.db))
        there = await second.talker(chat_id=lan.chat_id)
        await there.listen()
        ids = ["one-and-the-same" if same_id else f"press-{n:04}" for n in range(TIMES)]
        confirm = lan.last
        await press_at_once([lan, there], confirm, ids)
        await check_one_visit(first)
        answers = await answers_after(first, confirm, lan.chat_id)
        assert len(answers) == len(set(ids)), "each press is answered once"
        assert sum("Đã ghi <b>LT-26-00001</b>" in answer for answer in answers) == 1
        again = sum("đã ghi rồi, mã <b>LT-26-00001</b>" in answer for answer in answers)
        assert again == len(answers) - 1


@pytest.mark.postgres
async def test_a_visit_begun_on_one_replica_is_finished_on_the_other(
    tmp_path: Path, postgres_url: str
) -> None:
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(staged(tmp_path / name, postgres_url))
            for name in ("a", "b")
        ]
        cast = await found_commune(replicas[0].app.db)
        lan = await cast.signs_in(await replicas[0].talker(), "member")
        both = [lan, await replicas[1].talker(chat_id=lan.chat_id)]
        await lan.says("/menu")
        taps = (*TO_CONFIRMATION, "Thêm số người")
        for n, tap in enumerate(taps, 1):
            await both[n % 2].listen()
            await both[n % 2].presses(tap)
        await both[0].says("2")
        await both[1].listen()
        assert "Số người: 2" in both[1].last.text
        await both[1].presses("Lưu")
        assert "Đã ghi LT-26-00001" in both[1].last.text
        await check_one_visit(replicas[0])


async def test_one_line_typed_fifty_times_is_told_once(tmp_path: Path, url: str) -> None:
    async with staged(tmp_path, url) as stage:
        await found_commune(stage.app.db)
        ba = await stage.talker()
        await asyncio.gather(*(ba.says("/menu", client_id="typed-once") for _ in range(TIMES)))
        async with UnitOfWork(stage.app.db) as uow:
            rows = await uow.messages.latest(ba.chat_id, 500)
        assert [row.direction for row in rows] == ["in", "out"]


async def test_one_invitation_taken_by_many_at_once_is_counted(tmp_path: Path, url: str) -> None:
    """A link for one person, opened by ten: exactly one comes in."""
    async with staged(tmp_path, url) as stage:
        cast = await found_commune(stage.app.db)
        officer = await cast.signs_in(await stage.talker(), "officer")
        await officer.says("/menu")
        for tap in ("Mời người", "tổ trưởng", "Tổ mẫu 2"):
            await officer.presses(tap)
        code = officer.last.text.split("Mã: ")[1].split("\n")[0].replace(" ", "")
        guests = [await stage.talker() for _ in range(10)]
        for guest in guests:
            await guest.says(f"/start i-{code}")
            await guest.presses("Nhận lời mời")
        await asyncio.gather(*(g.says(f"Người mẫu {n}") for n, g in enumerate(guests)))
        welcomed = [g for g in guests if "đã vào xã" in g.last.text]
        assert len(welcomed) == 1
        others = [g.last.text for g in guests if g not in welcomed]
        assert all("đã có đủ người nhận" in text for text in others)
        async with UnitOfWork(stage.app.db) as uow:
            today = stage.clock().date()
            staff = await uow.people.staff("loc-tan", today + timedelta(days=1))
        heads = [person for person, of in staff if of.role == "head"]
        assert len(heads) == 2
