"""What is owed arrives once, in today's words, through whichever door is open."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import SendMessage

from bot.channels.webchat.waiting import show_waiting
from domain.ids import new_id
from domain.outbox import MOST_ATTEMPTS, Owed, Priority, State
from domain.people import Account
from scheduler.delivery import LEASE_SECONDS, Door, deliver
from storage.unit_of_work import UnitOfWork
from tests.conversations.test_reports import VN, at, states
from tests.support.commune import Cast, found_commune
from tests.support.talk import PlainDoor, Stage, Talker

ANY = SendMessage(chat_id=1, text="x")
BLOCKED = TelegramForbiddenError(ANY, "Forbidden: bot was blocked by the user")
REFUSED = TelegramNetworkError(ANY, "ClientConnectorError: Cannot connect to host")
REFUSED.__cause__ = ConnectionRefusedError()
CUT = TelegramNetworkError(ANY, "ServerDisconnectedError")
SLOWER = TelegramRetryAfter(ANY, "Too Many Requests: retry after 600", 600)

Transmit = Callable[[int, str], Awaitable[None]]


async def owe(stage: Stage, cast: Cast, *people: str) -> list[Owed]:
    """A reminder for each of them, due now."""
    now = stage.clock()
    owed = [
        Owed(
            id=new_id(),
            dedupe_key=f"test:{n}",
            commune_id=cast.commune.id,
            person_id=cast.people[who],
            kind="reminder",
            priority=Priority.REMINDER,
            text=f"Nhắc {who} {n}",
            buttons=(),
            due_at=now,
            expires_at=now + timedelta(hours=9),
            state=State.DUE,
        )
        for n, who in enumerate(people)
    ]
    async with UnitOfWork(stage.app.db) as uow:
        for each in owed:
            await uow.outbox.enqueue(each)
        await uow.commit()
    return owed


def failing(door: PlainDoor, *errors: TelegramAPIError, only: int | None = None) -> list[int]:
    """The door fails so often, in that chat or in any; returns the chats it was asked for."""
    real: Transmit = door.session.transmit
    left, asked = list(errors), []

    async def transmit(chat_id: int, text: str) -> None:
        asked.append(chat_id)
        if left and only in (None, chat_id):
            raise left.pop(0)
        await real(chat_id, text)

    door.session.transmit = transmit  # type: ignore[method-assign]
    return asked


async def on_the_plain_door(stage: Stage, cast: Cast, *people: str) -> list[Talker]:
    return [await cast.signs_in(await stage.talker("plain"), who) for who in people]


def told(stage: Stage) -> list[str]:
    return [text.split("\n")[0] for _, text in stage.plain.session.sent]


# --- once ----------------------------------------------------------------------------------------


async def test_two_runs_of_delivery_never_send_one_message_twice(stage: Stage, cast: Cast) -> None:
    """A slow door outlives the lease of what it has yet to send; a second run takes that over."""
    await on_the_plain_door(stage, cast, "focal", "head", "member")
    await owe(stage, cast, "focal", "head", "member")
    real: Transmit = stage.plain.session.transmit
    hangs = [asyncio.Event(), asyncio.Event()]
    goes_on = [asyncio.Event(), asyncio.Event()]
    sends = iter(zip(hangs, goes_on, strict=True))

    async def slow(chat_id: int, text: str) -> None:
        for hanging, may_go_on in itertools.islice(sends, 1):
            hanging.set()
            await may_go_on.wait()
        await real(chat_id, text)

    stage.plain.session.transmit = slow  # type: ignore[method-assign]
    doors: dict[int, Door] = {stage.plain.bot.id: stage.plain}
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        one = group.create_task(deliver(stage.app.db, doors, stage.clock))
        await hangs[0].wait()
        stage.clock.forward(seconds=LEASE_SECONDS + 10)
        group.create_task(deliver(stage.app.db, doors, stage.clock))
        await hangs[1].wait()
        goes_on[0].set()
        await one
        goes_on[1].set()
    assert sorted(told(stage)) == ["Nhắc focal 0", "Nhắc head 1", "Nhắc member 2"]
    assert await states(stage) == {State.SENT: 2, State.UNKNOWN: 1}


# --- pauses, and the hour things are said of -----------------------------------------------------


@pytest.mark.parametrize(
    ("before", "night", "back", "says"),
    [
        (("11",), "2026-12-15T00:05", "2026-12-16T09:00", "Còn 2 ngày"),
        (("18", "19"), "2026-12-21T00:05", "2026-12-22T09:00", "quá hạn"),
    ],
)
async def test_a_reminder_of_a_day_the_server_was_off_goes_out_the_day_after(
    stage: Stage, cast: Cast, before: tuple[str, ...], night: str, back: str, says: str
) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    for moment in (*(f"2026-12-{day}T08:01" for day in before), night):
        at(stage, moment)
        await stage.app.clockwork.tick()
    stage.plain.session.sent.clear()
    at(stage, back)
    for _ in range(2):
        await stage.app.clockwork.tick()
    (text,) = (text for chat, text in stage.plain.session.sent if chat == focal.chat_id)
    assert says in text


async def test_a_reminder_that_could_not_go_out_in_its_day_is_said_anew_the_next(
    stage: Stage, cast: Cast
) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    at(stage, "2026-12-15T08:01")  # T-3
    asked = failing(stage.plain, *[SLOWER] * 20)
    await stage.app.clockwork.tick()
    assert asked
    assert told(stage) == []
    stage.plain.rings = False
    at(stage, "2026-12-16T00:05")
    await stage.app.clockwork.tick()
    stage.plain.rings = True
    del stage.plain.session.transmit
    at(stage, "2026-12-16T08:01")
    await stage.app.clockwork.tick()
    mine = [text for chat, text in stage.plain.session.sent if chat == focal.chat_id]
    assert ["Còn 2 ngày" in text for text in mine] == [True]


@pytest.mark.parametrize("day", [12, 13, 14])
@pytest.mark.parametrize("hour", [1, 9, 22])
async def test_who_has_only_the_web_sees_the_newest_reminder_at_any_visit(
    stage: Stage, cast: Cast, day: int, hour: int
) -> None:
    """T-7 falls on Friday 11/12: it is there on the three days after, in their words."""
    focal = await cast.signs_in(await stage.talker("web"), "focal")
    now = datetime(2026, 12, 11, 8, 1, tzinfo=VN)
    while now < datetime(2026, 12, day, hour, tzinfo=VN):
        stage.clock.now = now
        await stage.app.clockwork.tick()
        now += timedelta(hours=4)
    stage.clock.now = datetime(2026, 12, day, hour, tzinfo=VN)
    await stage.app.clockwork.tick()
    assert await show_waiting(stage.app.db, focal.chat_id, stage.clock()) == 1
    await focal.listen()
    assert f"Còn {18 - day} ngày" in focal.last.text
    for _ in range(3):
        stage.clock.forward(hours=7)
        await stage.app.clockwork.tick()
        if stage.clock().astimezone(VN).day < 15:  # T-3
            assert await show_waiting(stage.app.db, focal.chat_id, stage.clock()) == 0


async def test_what_lies_ready_since_midnight_rings_at_eight_when_a_door_opens(
    stage: Stage, cast: Cast
) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    stage.plain.rings = False
    at(stage, "2026-12-11T00:05")
    await stage.app.clockwork.tick()
    assert (await states(stage))[State.WAITING] >= 1
    stage.plain.rings = True
    at(stage, "2026-12-11T07:00")
    await stage.app.clockwork.tick()
    assert told(stage) == []
    at(stage, "2026-12-11T08:00")
    await stage.app.clockwork.tick()
    assert [chat for chat, _ in stage.plain.session.sent] == [focal.chat_id]


async def test_the_digest_is_as_old_as_its_hour(stage: Stage, cast: Cast) -> None:
    """A report marked in at seven is not missing at eight."""
    minh = await cast.signs_in(await stage.talker("web"), "officer")
    await on_the_plain_door(stage, cast, "leader")
    at(stage, "2026-12-18T00:05")
    await stage.app.clockwork.tick()
    at(stage, "2026-12-18T07:00")
    await minh.says("/thieu")
    for tap in ("19/12", "Phòng Kinh tế", "Bản giấy"):
        await minh.presses(tap)
    at(stage, "2026-12-18T08:01")
    await stage.app.clockwork.tick()
    ((_, digest),) = stage.plain.session.sent
    assert "lúc 08:01" in digest
    assert "Phòng Kinh tế" not in digest.splitlines()[-1]  # November is missing still


async def test_the_officer_is_told_whom_to_call(stage: Stage, cast: Cast) -> None:
    async with UnitOfWork(stage.app.db) as uow:
        await uow.people.update(cast.people["focal"], phone="0900 000 001")
        await uow.commit()
    minh, chi = await on_the_plain_door(stage, cast, "officer", "leader")
    at(stage, "2026-12-15T08:01")  # T-3; the focal has only the web
    await cast.signs_in(await stage.talker("web"), "focal")
    await stage.app.clockwork.tick()
    digests = dict(stage.plain.session.sent)
    assert "Gọi giúp mình" in digests[minh.chat_id]
    assert "Người mẫu focal, Phòng Kinh tế: 0900 000 001" in digests[minh.chat_id]
    assert "Gọi giúp mình" not in digests[chi.chat_id]


async def test_who_is_rung_need_not_be_called(stage: Stage, cast: Cast) -> None:
    minh, _ = await on_the_plain_door(stage, cast, "officer", "focal")
    at(stage, "2026-12-15T08:01")
    await stage.app.clockwork.tick()
    digests = [text for chat, text in stage.plain.session.sent if chat == minh.chat_id]
    assert len(digests) == 1
    assert "Người mẫu focal" not in digests[0]


# --- doors that fail -----------------------------------------------------------------------------


async def test_a_blocked_bot_is_not_rung_again(stage: Stage, cast: Cast) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    asked = failing(stage.plain, *[BLOCKED] * 99)
    await owe(stage, cast, "focal")
    for _ in range(10):
        await stage.app.clockwork.deliver()
        stage.clock.forward(minutes=1)
    assert asked == [focal.chat_id]
    assert await states(stage) == {State.WAITING: 1}


async def test_who_speaks_again_after_blocking_gets_what_waited(stage: Stage, cast: Cast) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    failing(stage.plain, BLOCKED)
    await owe(stage, cast, "focal")
    await stage.app.clockwork.deliver()
    assert told(stage) == []
    await focal.says("/menu")
    stage.clock.forward(minutes=1)
    await stage.app.clockwork.deliver()
    assert told(stage).count("Nhắc focal 0") == 1


@pytest.mark.parametrize(("status", "rings"), [("member", True), ("kicked", False)])
async def test_the_door_itself_tells_of_blocking_and_coming_back(
    stage: Stage, cast: Cast, status: str, *, rings: bool
) -> None:
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    async with UnitOfWork(stage.app.db) as uow:
        await uow.accounts.set_blocked(focal.chat_id, blocked=rings)
        await uow.commit()
    me = {"id": 9, "is_bot": True, "first_name": "bot"}
    away = {"status": "kicked", "user": me, "until_date": 0}
    there = {"status": "member", "user": me}
    await focal.feeds(
        {
            "update_id": 1,
            "my_chat_member": {
                "chat": {"id": focal.chat_id, "type": "private"},
                "from": {"id": focal.chat_id, "is_bot": False, "first_name": "Lan"},
                "date": int(stage.clock().timestamp()),
                "old_chat_member": there if status == "kicked" else away,
                "new_chat_member": away if status == "kicked" else there,
            },
        }
    )
    await owe(stage, cast, "focal")
    await stage.app.clockwork.deliver()
    assert bool(told(stage)) is rings


async def test_a_blocked_door_does_not_hide_the_persons_other_one(stage: Stage, cast: Cast) -> None:
    one, other = await on_the_plain_door(stage, cast, "focal", "focal")
    failing(stage.plain, *[BLOCKED] * 9, only=min(one.chat_id, other.chat_id))
    await owe(stage, cast, "focal")
    for _ in range(2):
        await stage.app.clockwork.deliver()
        stage.clock.forward(minutes=1)
    assert stage.plain.session.sent == [(max(one.chat_id, other.chat_id), "Nhắc focal 0")]


async def test_a_message_refused_for_good_is_not_woken(stage: Stage, cast: Cast) -> None:
    await on_the_plain_door(stage, cast, "focal")
    asked = failing(stage.plain, *[TelegramAPIError(ANY, "Bad Request")] * 99)
    await owe(stage, cast, "focal")
    for _ in range(40):
        await stage.app.clockwork.deliver()
        stage.clock.forward(minutes=1)
    assert len(asked) == MOST_ATTEMPTS
    assert await states(stage) == {State.WAITING: 1}


async def test_what_never_left_is_sent_when_the_way_is_open(stage: Stage, cast: Cast) -> None:
    await on_the_plain_door(stage, cast, "focal", "head")
    asked = failing(stage.plain, REFUSED)
    await owe(stage, cast, "focal", "head")
    await stage.app.clockwork.deliver()
    assert (len(asked), told(stage)) == (1, [])
    stage.clock.forward(minutes=3)
    await stage.app.clockwork.deliver()
    assert told(stage) == ["Nhắc focal 0", "Nhắc head 1"]


async def test_what_may_have_left_is_not_sent_again(stage: Stage, cast: Cast) -> None:
    await on_the_plain_door(stage, cast, "focal", "head")
    failing(stage.plain, CUT)
    await owe(stage, cast, "focal", "head")
    for _ in range(2):
        await stage.app.clockwork.deliver()
        stage.clock.forward(minutes=3)
    assert told(stage) == ["Nhắc head 1"]
    assert await states(stage) == {State.SENT: 1, State.UNKNOWN: 1}


async def test_a_door_that_asks_for_a_pause_gets_it(stage: Stage, cast: Cast) -> None:
    await on_the_plain_door(stage, cast, "focal", "head", "member")
    asked = failing(stage.plain, SLOWER)
    await owe(stage, cast, "focal", "head", "member")
    for _ in range(5):
        await stage.app.clockwork.deliver()
        stage.clock.forward(minutes=1)
    assert len(asked) == 1
    stage.clock.forward(minutes=6)
    await stage.app.clockwork.deliver()
    assert told(stage) == ["Nhắc focal 0", "Nhắc head 1", "Nhắc member 2"]


class OtherDoor(PlainDoor):
    name = "other"


async def test_a_hanging_door_does_not_stop_the_others(stage: Stage, cast: Cast) -> None:
    await on_the_plain_door(stage, cast, "focal")
    other = OtherDoor(stage.clock)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.accounts.put(Account("other", 7, person_id=cast.people["head"]))
        await uow.commit()
    await owe(stage, cast, "focal", "head")
    real: Transmit = other.session.transmit
    arrived, goes_on = asyncio.Event(), asyncio.Event()

    async def hang(chat_id: int, text: str) -> None:
        await goes_on.wait()

    async def notice(chat_id: int, text: str) -> None:
        await real(chat_id, text)
        arrived.set()

    stage.plain.session.transmit = hang  # type: ignore[method-assign]
    other.session.transmit = notice  # type: ignore[method-assign]
    doors: dict[int, Door] = {1: stage.plain, 2: other}
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        run = group.create_task(deliver(stage.app.db, doors, stage.clock))
        await arrived.wait()
        assert not run.done()
        goes_on.set()
    assert other.session.sent == [(7, "Nhắc head 1")]


async def test_a_broken_door_or_commune_does_not_stop_the_others(
    stage: Stage, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever breaks is logged; the rest is planned and sent."""
    await found_commune(stage.app.db, "duc-an", "khác ")
    async with UnitOfWork(stage.app.db) as uow:
        await uow.communes.update("duc-an", period_choice="no such choice")
        await uow.accounts.put(Account("other", 7, person_id=cast.people["leader"]))
        await uow.commit()
    (focal,) = await on_the_plain_door(stage, cast, "focal")
    broken = OtherDoor(stage.clock)

    async def breaks(chat_id: int, text: str) -> None:
        raise RuntimeError("a proxy's own error")

    broken.session.transmit = breaks  # type: ignore[method-assign]
    at(stage, "2026-12-18T08:01")
    stage.app.clockwork._doors = {1: broken, 2: stage.plain}
    await stage.app.clockwork.tick()
    assert [chat for chat, _ in stage.plain.session.sent] == [focal.chat_id]
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [text.split(" ")[1] for text in errors] == ["duc-an", "door"]
    caplog.clear()
