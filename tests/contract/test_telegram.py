"""The Telegram door over real HTTP, polling and webhook; every request is read back by a second
library, and that library's own requests by aiogram."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import aiohttp
import pytest
import telegram
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    EditMessageText,
    SendMessage,
    SendPhoto,
    SendPoll,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update
from aiogram.utils.backoff import BackoffConfig
from aiohttp import web
from pydantic import TypeAdapter

from bot.channels.fallback import split, utf16
from bot.channels.telegram import LARGEST_UPDATE, PATH, Telegram, Timing
from bot.config import ConfigError, Settings
from tests.contract import cases
from tests.contract.cases import OUTGOING, Conversation, Outgoing
from tests.support.bot_api_server import SECRET_HEADER, TOKEN, BotApiServer, Call
from tests.support.second_reader import read_back

LAN, HOA = 700_000_001, 700_000_002
SECRET = "webhook-secret_0"
Mode = Literal["polling", "webhook"]
QUICKLY = BackoffConfig(min_delay=0.01, max_delay=0.05, factor=2.0, jitter=0.0)


class Waits:
    """Notes how long the door would have waited after a setback, and waits a moment instead."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0.02)


@dataclass
class Running:
    """A door at work, what stands behind it, and Telegram before it."""

    server: BotApiServer
    door: Telegram
    behind: Conversation
    waits: Waits
    address: str
    stop: Callable[[], Awaitable[None]]

    async def become(self, status: str) -> None:
        """Wait for the door's state."""
        await _until(lambda: self.door.state.status == status)

    async def other_page(self) -> str:
        """A page of the same process that has nothing to do with Telegram."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.address}/other") as response:
            return await response.text()


def settings(server_url: str, mode: Mode = "polling", **more: Any) -> Settings:
    """Settings of a door that talks to the fake."""
    values: dict[str, Any] = {
        "telegram_token": TOKEN,
        "telegram_mode": mode,
        "telegram_webhook_secret": SECRET,
        "telegram_api_url": server_url,
        **more,
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def connected(server: BotApiServer, mode: Mode, **more: Any) -> AsyncIterator[Telegram]:
    """A door that is not running yet, its HTTP client closed afterwards."""
    made = Telegram.from_settings(
        settings(server.url, mode, **more),
        timing=Timing(
            look_again=0.03,
            retry=QUICKLY,
            feed_retry=QUICKLY,
            answer_within=0.15,
            grace=0.5,
            sleep=Waits(),
        ),
    )
    assert made
    try:
        yield made
    finally:
        # Not session.close(): that sleeps a quarter second for the sake of TLS.
        assert isinstance(made.bot.session, AiohttpSession)
        await (await made.bot.session.create_session()).close()


@asynccontextmanager
async def telegram_door(mode: Mode, *, there: bool = True, **more: Any) -> AsyncIterator[Running]:
    """The door running before a fake Telegram; all that passed is read back at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with (
        BotApiServer() as server,
        connected(server, mode, public_url=address, **more) as door,
        asyncio.TaskGroup() as group,
    ):
        app = web.Application()
        app.add_routes(door.routes())
        app.router.add_get("/other", _other_door)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        if not there:
            await server.go_dark()
        behind = Conversation()
        task = group.create_task(door.run(behind.feed))

        async def stop() -> None:
            task.cancel()
            await asyncio.wait({task})

        waits = door._timing.sleep
        assert isinstance(waits, Waits)
        running = Running(server, door, behind, waits, address, stop)
        try:
            if there:
                await running.become("ok")
            yield running
        finally:
            behind.gate.set()
            await stop()
            await runner.cleanup()
        assert read_back(server) > 0 or not there


async def _other_door(_: web.Request) -> web.Response:
    return web.Response(text="đây")


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> Mode:
    """Both ways Telegram has to hand over updates."""
    param: Mode = request.param
    return param


# --- What people say and see -----------------------------------------------------------------


async def test_text_is_heard_and_answered_letter_by_letter(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "Bà Hoà hỏi: <VNeID> & chữ ký số 👵🏽")
        [call] = await it.server.heard("sendMessage")
    assert call.params["parse_mode"] == "HTML"
    assert call.params["text"] == "Đã nghe: Bà Hoà hỏi: &lt;VNeID&gt; &amp; chữ ký số 👵🏽"
    assert call.result["text"] == "Đã nghe: Bà Hoà hỏi: <VNeID> & chữ ký số 👵🏽"
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_a_pressed_button_is_answered_and_its_message_changes(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "/nut")
        [menu] = await it.server.heard("sendMessage")
        for data in ("mine", "xã:" + "ấ" * 20):
            await it.server.user_presses(LAN, data)
            [answer] = await it.server.heard("answerCallbackQuery")
            [edit] = await it.server.heard("editMessageText")
            it.server.calls.remove(answer)
            it.server.calls.remove(edit)
            assert answer.params["text"] == "Được rồi"
            assert edit.result["message_id"] == menu.result["message_id"]
            assert edit.result["text"] == f"Đã chọn {data}"
            it.server.store.messages[LAN, menu.result["message_id"]] = menu.result
    kinds = [[set(button) - {"text"} for button in row] for row in _keyboard(menu)]
    assert kinds == [[{"callback_data"}, {"callback_data"}], [{"url"}], [{"callback_data"}]]


def _keyboard(call: Call) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = call.result["reply_markup"]["inline_keyboard"]
    return rows


async def test_the_longest_text_passes_and_one_letter_more_does_not(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "/dai")
        [call] = await it.server.heard("sendMessage")
        assert utf16(call.result["text"]) == it.door.capabilities.max_text
        with pytest.raises(TelegramBadRequest, match="message is too long"):
            await it.door.bot.send_message(LAN, cases.longest(4097))
        for piece in split(cases.longest(9000), it.door.capabilities.max_text):
            await it.door.bot.send_message(LAN, piece)


async def test_a_file_arrives_whole_under_its_name(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "/tep")
        [call] = await it.server.heard("sendDocument")
    [part] = call.files.values()
    assert (part.name, part.content) == ("bao-cao-quy-3.xlsx", cases.SHEET.data)
    assert call.result["document"]["file_name"] == "bao-cao-quy-3.xlsx"


async def test_a_photo_can_be_downloaded(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        await it.server.user_sends_photo(LAN, cases.picture(), caption="Hộ bà Hoa")
        await it.server.heard("sendMessage")
    assert it.behind.photos == [cases.picture()]


async def test_a_repeated_update_reaches_feed_whose_word_counts(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        update_id = await it.server.user_says(LAN, "một")
        await it.server.heard("sendMessage")
        await it.server.all_confirmed()
        await it.server.repeat(update_id)
        await it.server.user_says(LAN, "hai")
        await it.server.heard("sendMessage", 2)
    assert it.behind.fed[:2] == [update_id, update_id]
    assert it.behind.answers == [True, False, True]
    assert it.behind.said == ["một", "hai"]


async def test_an_unknown_kind_of_update_is_passed_over(mode: Mode) -> None:
    """aiogram would warn at each of them, and polling would stay with it for ever."""
    async with telegram_door(mode) as it:
        await it.server.happens("telepathy", {"from": {"id": LAN}, "thought": "?"})
        await it.server.user_says(LAN, "vẫn đây")
        await it.server.heard("sendMessage")
        await it.server.all_confirmed()
    assert len(it.behind.fed) == 1


async def test_an_update_that_cannot_be_read_does_not_hide_the_next(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_door(mode) as it:
        await it.server.happens("message_of_tomorrow", {})
        it.server.updates.clear()  # nothing a second reader could read either
        broken = {"message_id": "một", "date": 1, "chat": {"id": "?", "secret": "0912345678"}}
        await it.server.happens("message", broken)
        it.server.updates.clear()
        it.server.calls.clear()
        await it.server.user_says(LAN, "vẫn đây")
        await it.server.heard("sendMessage")
        await it.server.all_confirmed()
        it.server.calls = [call for call in it.server.calls if call.method != "getUpdates"]
    assert len(it.behind.fed) == 1
    assert "cannot be read at ['message.chat.id'" in caplog.text
    assert "0912345678" not in caplog.text


async def test_a_person_who_blocks_the_bot_is_noticed(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        update_id = await it.server.user_blocks(LAN)
        await it.server.all_confirmed()
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await it.door.bot.send_message(LAN, "Nhắc hạn")
    assert it.behind.fed == [update_id]


# --- Order, failures, the end ----------------------------------------------------------------


async def test_one_chat_waits_for_itself_and_not_for_others(mode: Mode) -> None:
    async with telegram_door(mode) as it, asyncio.TaskGroup() as people:
        people.create_task(it.server.user_says(LAN, "/cho"))
        await _until(lambda: it.behind.begun == ["/cho"])
        people.create_task(it.server.user_says(LAN, "sau /cho"))
        people.create_task(it.server.user_says(HOA, "không liên quan"))
        await it.server.heard("sendMessage")
        assert it.behind.said == ["không liên quan"]
        it.behind.gate.set()
        await it.server.all_confirmed()
    assert it.behind.said == ["không liên quan", "/cho", "sau /cho"]


async def test_many_messages_at_once_keep_the_order_of_each_chat(mode: Mode) -> None:
    chats = range(LAN, LAN + 20)
    async with telegram_door(mode) as it:
        for number in range(4):
            async with asyncio.TaskGroup() as people:
                for chat in chats:
                    people.create_task(it.server.user_says(chat, f"{chat}/{number}"))
        await it.server.all_confirmed()
    for chat in chats:
        of_chat = [text for text in it.behind.said if text.startswith(str(chat))]
        assert of_chat == [f"{chat}/{number}" for number in range(4)]


async def test_what_feed_could_not_do_is_done_again(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_door(mode) as it:
        it.behind.failing = ["ghi giúp"] * 3
        await it.server.user_says(LAN, "ghi giúp")
        await it.server.user_says(LAN, "xong chưa")
        await it.server.all_confirmed()
    assert it.behind.said == ["ghi giúp", "xong chưa"]
    assert caplog.text.count("Traceback") == 1, "the story once, not at every try"


async def test_an_update_that_always_fails_is_given_up_while_others_pass(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_door(mode) as it, asyncio.TaskGroup() as people:
        it.behind.failing = ["độc"] * 100
        people.create_task(it.server.user_says(LAN, "độc"))
        await _until(lambda: bool(it.behind.fed))
        people.create_task(it.server.user_says(HOA, "bình thường"))
        people.create_task(it.server.user_says(LAN, "tiếp"))
        await it.server.all_confirmed()
    assert it.behind.said == ["bình thường", "tiếp"]
    assert "is given up" in caplog.text


async def test_an_answer_that_telegram_failed_to_send_is_sent_again(mode: Mode) -> None:
    async with telegram_door(mode) as it:
        it.server.will_refuse("sendMessage", 500)
        it.server.will_refuse("sendMessage", 429, retry_after=7)
        it.server.will_cut("sendMessage", after_acting=False)
        await it.server.user_says(LAN, "một")
        calls = await it.server.heard("sendMessage", 4)
    assert [call.status for call in calls] == [500, 429, 0, 200]


async def test_every_refusal_has_its_own_error() -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        server.knows(LAN)
        expected: list[tuple[type[Exception], Callable[[], None]]] = [
            (TelegramServerError, lambda: server.will_refuse("sendMessage", 502, "Bad Gateway")),
            (TelegramRetryAfter, lambda: server.will_refuse("sendMessage", 429, retry_after=3)),
            (TelegramNetworkError, lambda: server.will_cut("sendMessage", after_acting=True)),
        ]
        for error, trouble in expected:
            trouble()
            with pytest.raises(error):
                await door.bot.send_message(LAN, "Nhắc hạn")
        # The one whose answer was lost had been sent: why a reminder may be `unknown`.
        assert [m["text"] for m in server.store.messages.values()] == ["Nhắc hạn"]


async def test_work_in_hand_ends_before_the_door_does(mode: Mode) -> None:
    async with telegram_door(mode) as it, asyncio.TaskGroup() as people:
        people.create_task(it.server.user_says(LAN, "/cho"))
        await _until(lambda: it.behind.begun == ["/cho"])
        asyncio.get_running_loop().call_later(0.05, it.behind.gate.set)
        await it.stop()
        assert it.behind.said == ["/cho"]


async def test_work_that_does_not_end_is_cut_off_and_comes_again(mode: Mode) -> None:
    async with telegram_door(mode) as it, asyncio.TaskGroup() as people:
        people.create_task(it.server.user_says(LAN, "/cho"))
        await _until(lambda: it.behind.begun == ["/cho"])
        it.door._timing = replace(it.door._timing, grace=0.01)
        await it.stop()
        assert it.behind.said == []
        assert len(it.server.store.pending) == 1


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for what no server can tell of: a door's state, a handler that has begun."""
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110 (nobody sets an event for a test)
            await asyncio.sleep(0.005)


# --- Polling ---------------------------------------------------------------------------------


async def test_polling_first_takes_a_webhook_away_and_says_what_it_wants() -> None:
    async with telegram_door("polling") as it:
        await it.server.until(lambda: len(it.server.calls) >= 4)
    who, delete, first, second = it.server.calls
    assert [who.method, delete.method, first.method] == ["getMe", "deleteWebhook", "getUpdates"]
    assert not delete.params.get("drop_pending_updates")
    wanted = ["message", "callback_query", "my_chat_member"]
    assert first.params == {"timeout": 0, "allowed_updates": wanted}
    assert second.params == {"timeout": 30, "allowed_updates": wanted}


async def test_an_update_is_confirmed_only_when_feed_has_returned() -> None:
    async with telegram_door("polling") as it:
        slow = await it.server.user_says(LAN, "/cho")
        await it.server.user_says(HOA, "nhanh")
        await it.server.heard("sendMessage")
        looks = len(it.server.over("getUpdates"))
        await it.server.heard("getUpdates", looks + 3)  # it goes on looking for others
        pending = [pending.update["update_id"] for pending in it.server.store.pending]
        assert pending == [slow, slow + 1]
        it.behind.gate.set()
        await it.server.all_confirmed()
    assert it.behind.fed == [slow, slow + 1]


async def test_what_was_said_while_we_were_away_is_answered() -> None:
    async with telegram_door("polling") as it:
        await it.stop()
        await it.server.user_says(LAN, "quá lâu rồi")
        it.server.forward(25 * 3600)  # Telegram keeps it for a day
        await it.server.user_says(LAN, "hôm qua")
        it.server.forward(3600)
        await it.server.user_says(LAN, "vừa xong")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(it.door.run(it.behind.feed))
            await it.server.heard("sendMessage", 2)
            task.cancel()
    assert it.behind.said == ["hôm qua", "vừa xong"]


async def test_a_connection_cut_while_polling_loses_nothing() -> None:
    async with telegram_door("polling") as it:
        it.server.will_cut("getUpdates", after_acting=True, times=2)
        await it.server.user_says(LAN, "một")
        await it.server.heard("sendMessage")
        it.server.will_cut("getUpdates", after_acting=False, times=2)
        await it.server.user_says(LAN, "hai")
        await it.server.heard("sendMessage", 2)
    assert it.behind.said == ["một", "hai"]
    assert it.behind.answers == [True, True]


async def test_telegram_gone_at_the_start_stops_nothing_else_and_is_found_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with telegram_door("polling", there=False) as it:
        await it.become("down")
        await _until(lambda: len(it.waits.seconds) >= 5)
        assert await it.other_page() == "đây"
        down = it.door.state
        assert down.last_error
        assert "TelegramNetworkError" in down.last_error

        await it.server.come_back()
        await it.become("ok")
        assert it.door.state.since >= down.since
        assert it.door.state.last_error == down.last_error
        await it.server.user_says(LAN, "có ai không")
        await it.server.heard("sendMessage")
        assert it.waits.seconds[:5] == [0.01, 0.02, 0.04, 0.05, 0.05], "it grows, and has an end"

        it.waits.seconds.clear()
        await it.server.go_dark()
        await it.become("down")
        assert it.waits.seconds[0] == 0.01, "a new trouble is a small one again"
        assert str(it.door.state).startswith("down since 20")
    noted = [r for r in caplog.records if r.name == "bot.channels.telegram" and r.levelno > 20]
    assert len(noted) < 5, "a line for each kind of trouble, not for each try"


async def test_the_token_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    """A server in between may put the address it was asked for into its answer."""
    caplog.set_level(logging.INFO)
    async with telegram_door("polling") as it:
        it.server.will_refuse(
            "getUpdates", 400, f"Bad Request: no such page /bot{TOKEN}/getUpdates"
        )
        await it.server.user_says(LAN, "một")
        await it.become("down")
        await it.become("ok")
    assert it.door.state.last_error
    assert "/bot<token>/getUpdates" in it.door.state.last_error
    assert TOKEN not in caplog.text + it.door.state.last_error


async def test_a_refused_token_is_said_once_and_seldom_tried(
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = "123456789:AAE-an-older-token-that-was-revoked"
    async with telegram_door("polling", there=False, telegram_token=other) as it:
        await it.server.come_back()
        await it.server.heard("getMe", 3)
        assert await it.other_page() == "đây"
        assert it.door.state.status == "down"
        assert "the token is refused" in (it.door.state.last_error or "")
    assert it.waits.seconds[-3:] == [600.0, 600.0, 600.0]
    assert caplog.text.count("the token is refused") == 1
    assert "AAE-an-older" not in caplog.text


async def test_told_to_wait_the_door_waits_exactly_that_long() -> None:
    async with telegram_door("polling") as it:
        it.server.will_refuse("getUpdates", 429, retry_after=7)
        await it.server.user_says(LAN, "một")  # ends the poll under way
        await _until(lambda: bool(it.waits.seconds))
        await it.server.user_says(LAN, "hai")
        await it.server.heard("sendMessage", 2)
    assert it.waits.seconds == [7.0]


async def test_a_second_program_on_the_same_token_is_not_fought() -> None:
    async with telegram_door("polling") as it:
        async with aiohttp.ClientSession() as http:
            await http.post(f"{it.server.url}/bot{TOKEN}/getUpdates")
        await it.become("down")
        assert "only one bot instance" in (it.door.state.last_error or "")
        await it.become("ok")
    assert it.waits.seconds == [QUICKLY.max_delay]


async def test_a_webhook_set_by_somebody_else_is_taken_away_again() -> None:
    async with telegram_door("polling") as it:
        it.server.store.webhook.url = "https://example.org/"
        it.server.will_cut("getUpdates", after_acting=True)  # the next poll meets the webhook
        await it.server.user_says(LAN, "một")
        await it.server.heard("sendMessage")
    assert it.behind.said == ["một"]


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (200, b"<html>Trang nay da bi chan</html>"),
        (502, b"{}"),
        (502, b'{"ok": false}'),
        (200, b'{"ok": true, "result": [{"update_id": "?"}, 5]}'),
        (200, b"\xff\xfe\x00"),
        (404, b'{"ok": false, "error_code": 404, "description": "Not Found"}'),
    ],
)
async def test_whatever_a_blocking_network_answers_the_door_goes_on(
    status: int, page: bytes
) -> None:
    async with telegram_door("polling") as it:
        it.server.will_show_page("getUpdates", page, status)
        await it.server.user_says(LAN, "một")
        await it.server.user_says(LAN, "hai")
        await it.server.heard("sendMessage", 2)
        assert "\n" not in (it.door.state.last_error or "")
    assert it.behind.said == ["một", "hai"]


# --- Webhook ---------------------------------------------------------------------------------


async def test_the_webhook_is_set_with_its_secret_and_what_it_wants() -> None:
    async with telegram_door("webhook") as it:
        [call] = await it.server.heard("setWebhook")
    assert call.params == {
        "url": it.address + PATH,
        "secret_token": SECRET,
        "allowed_updates": ["message", "callback_query", "my_chat_member"],
    }


async def test_a_webhook_that_cannot_be_set_yet_is_set_later() -> None:
    async with telegram_door("webhook", there=False) as it:
        await it.become("down")
        assert await it.other_page() == "đây"
        await it.server.come_back()
        await it.become("ok")
        await it.server.user_says(LAN, "một")
    assert it.behind.said == ["một"]


async def test_the_webhook_is_looked_after_and_its_trouble_noted() -> None:
    async with telegram_door("webhook") as it:
        await it.server.user_says(LAN, "một", secret="wrong")
        it.server.store.webhook.url = ""
        await it.server.until(lambda: bool(it.server.store.webhook.url), "set again")
        it.server.store.webhook.last_error = (2_000_000_000, "Connection timed out")
        it.server.forward(0)
        await _until(lambda: it.door.state.last_error is not None)
    assert it.door.state.status == "ok"
    assert it.door.state.last_error == "Connection timed out"
    assert set(it.waits.seconds) == {600.0}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "0", "sécrèt", SECRET.upper()])
async def test_without_the_secret_nothing_is_even_read(secret: str | None) -> None:
    async with telegram_door("webhook") as it:
        await it.server.user_says(LAN, "giả mạo", secret=secret)
        assert [delivery.status for delivery in it.server.deliveries] == [401]
        assert it.behind.fed == []
        assert (await it.server.post(b"{ not even JSON", secret=secret)).status == 401
        await it.server.deliver()  # Telegram itself, with the right one
    assert it.behind.said == ["giả mạo"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"message": {}}',
        b'{"update_id": "870000001"}',
        b'{"update_id": true}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    async with telegram_door("webhook") as it:
        assert (await it.server.post(body)).status == 400
        await it.server.user_says(LAN, "vẫn đây")
    assert it.behind.said == ["vẫn đây"]


async def test_an_endless_body_is_refused() -> None:
    async with telegram_door("webhook") as it:
        body = b'{"update_id": 1, "x": "' + b"x" * LARGEST_UPDATE
        assert (await it.server.post(body)).status == 413


async def test_slow_work_goes_on_and_the_repetition_joins_it() -> None:
    async with telegram_door("webhook") as it:
        await it.server.user_says(LAN, "/cho")
        [delivery] = it.server.deliveries
        assert (delivery.status, delivery.headers["Retry-After"]) == (503, "2")
        asyncio.get_running_loop().call_later(0.03, it.behind.gate.set)
        assert await it.server.deliver() == [200]
    assert len(it.behind.fed) == 1
    assert it.behind.said == ["/cho"]


async def test_a_stopped_door_asks_telegram_to_keep_the_update() -> None:
    async with telegram_door("webhook") as it:
        await it.stop()
        await it.server.user_says(LAN, "một")
        assert [delivery.status for delivery in it.server.deliveries] == [503]
        assert len(it.server.store.pending) == 1


async def test_the_webhook_takes_nothing_but_post() -> None:
    async with telegram_door("webhook") as it, aiohttp.ClientSession() as http:
        headers = {SECRET_HEADER: SECRET}
        async with http.get(it.address + PATH, headers=headers) as response:
            assert response.status == 405


async def test_a_polling_door_has_no_address() -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        assert door.routes() == []


# --- Settings --------------------------------------------------------------------------------


def test_without_a_token_there_is_no_door() -> None:
    assert Telegram.from_settings(settings("", telegram_token="")) is None


@pytest.mark.parametrize("token", ["١٢٣:AAE-not-our-digits", "123:ключ-не-отсюда", "1:x"])
def test_a_token_of_the_wrong_shape_is_one_readable_line(token: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_TOKEN must be") as caught:
        Telegram.from_settings(settings("", telegram_token=token))
    assert token not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_proxy_that_is_none_is_one_readable_line_without_its_password() -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_PROXY must be") as caught:
        Telegram.from_settings(settings("", telegram_proxy="socks5://me:hush@host:port"))
    assert "hush" not in str(caught.value)


async def test_a_dead_proxy_is_only_a_telegram_that_is_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    proxy = f"socks5://me:hush@127.0.0.1:{port}"
    async with telegram_door("polling", there=False, telegram_proxy=proxy) as it:
        await it.server.come_back()  # reachable, but not through that proxy
        await it.become("down")
        assert await it.other_page() == "đây"
        assert it.server.calls == []
    assert "hush" not in caplog.text + (it.door.state.last_error or "")


# --- Both libraries, the same words ----------------------------------------------------------

_MENU = telegram.InlineKeyboardMarkup(
    [
        [
            telegram.InlineKeyboardButton(
                button.text, url=button.url, callback_data=button.callback_data
            )
            for button in row
        ]
        for row in cases.MENU.inline_keyboard
    ]
)
#: The same eight things as OUTGOING, said in python-telegram-bot's words.
SECOND_CLIENT: dict[str, Callable[[telegram.Bot], Awaitable[Any]]] = {
    "text": lambda bot: bot.send_message(LAN, cases.TEXT),
    "buttons": lambda bot: bot.send_message(LAN, "Chọn:", reply_markup=_MENU),
    "long text": lambda bot: bot.send_message(LAN, cases.longest(4096)),
    "answer to a message": lambda bot: bot.send_message(
        LAN,
        "Đã ghi",
        disable_notification=True,
        reply_parameters=telegram.ReplyParameters(1, allow_sending_without_reply=True),
    ),
    "file": lambda bot: bot.send_document(
        LAN, cases.SHEET.data, caption="Báo cáo <i>quý III</i>", filename=cases.SHEET.filename
    ),
    "picture": lambda bot: bot.send_photo(
        LAN, cases.picture(), caption="Mã của tổ", filename="qr.jpg"
    ),
    "typing": lambda bot: bot.send_chat_action(LAN, "typing"),
    "commands": lambda bot: bot.set_my_commands([("start", "Bắt đầu")]),
}


@asynccontextmanager
async def second_client(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot before the same server."""
    defaults = telegram.ext.Defaults(
        parse_mode="HTML", link_preview_options=telegram.LinkPreviewOptions(is_disabled=True)
    )
    async with telegram.ext.ExtBot(
        TOKEN,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        defaults=defaults,
    ) as bot:
        yield bot


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.name)
async def test_both_libraries_ask_the_same_and_read_the_same(case: Outgoing) -> None:
    async with (
        BotApiServer(clock=lambda: 1_795_000_000.0) as server,
        connected(server, "polling") as door,
        second_client(server) as other,
    ):
        server.knows(LAN)
        method = case.method(LAN)
        ours = await door.bot(method)
        theirs = await SECOND_CLIENT[case.name](other)
        mine, second = server.over(method.__api_method__)
        read_back(server)

    assert _comparable(mine) == _comparable(second)
    read = TypeAdapter(method.__returning__).validate_python(second.result)
    assert type(read) is type(ours)
    if isinstance(theirs, telegram.Message):
        assert ours.date == read.date == theirs.date
        assert ours.html_text == theirs.text_html if ours.text else theirs.caption_html
        assert not ours.model_extra


def _comparable(call: Call) -> dict[str, Any]:
    """What was asked, apart from how a library names its file parts."""
    files = [(part.name, part.content) for part in call.files.values()]
    names = {"photo", "document"}
    return {k: v for k, v in call.params.items() if k not in names} | {"files": files}


async def test_the_second_library_hears_the_same_person() -> None:
    """One update read by both, so that a date or an id cannot mean two things."""
    async with (
        BotApiServer() as server,
        connected(server, "polling") as door,
        second_client(server) as other,
    ):
        await server.user_says(LAN, "/start lt-5")
        await server.user_sends_photo(LAN, cases.picture(), "Hộ bà Hoa")
        await door.bot.send_message(LAN, "Chọn", reply_markup=cases.MENU)
        await server.user_presses(LAN, "mine")
        ours = await door.bot.get_updates()
        theirs = await other.get_updates()
        assert theirs[1].message
        file = await other.get_file(theirs[1].message.photo[-1])
        assert bytes(await file.download_as_bytearray()) == cases.picture()
    assert [_gist(update) for update in ours] == [_gist(update) for update in theirs]
    assert [_gist(update)[3] for update in ours] == ["/start lt-5", "Hộ bà Hoa", "mine"]


def _gist(update: Update | telegram.Update) -> tuple[Any, ...]:
    """Id, person, moment and words, as the library that read the update has them."""
    query, message = update.callback_query, update.message
    if query:
        return update.update_id, query.from_user.id, None, query.data
    assert message
    assert message.from_user
    words = message.text or message.caption
    return update.update_id, message.from_user.id, message.date, words


# --- What Telegram refuses -------------------------------------------------------------------


def _button(**what: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="?", **what)]])


REFUSED: list[tuple[str, TelegramMethod[Any]]] = [
    ("message text is empty", SendMessage(chat_id=LAN, text=" \n ")),
    ("message is too long", SendMessage(chat_id=LAN, text="🏡" * 2049)),
    ("chat not found", SendMessage(chat_id=HOA, text="chào")),
    (
        'Unsupported start tag "hộ" at byte offset 5',
        SendMessage(chat_id=LAN, text="hộ <hộ>"),
    ),
    ('Unsupported start tag "p" at byte', SendMessage(chat_id=LAN, text="<p>chào</p>")),
    (
        'Can\'t find end tag corresponding to start tag "b"',
        SendMessage(chat_id=LAN, text="<b>chào"),
    ),
    (
        'Unmatched end tag at byte offset 11, expected "</i>", found "</b>"',
        SendMessage(chat_id=LAN, text="<b><i>chào</b></i>"),
    ),
    ("Unexpected end tag at byte offset 0", SendMessage(chat_id=LAN, text="</b>")),
    (
        "BUTTON_DATA_INVALID",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button(callback_data="ấ" * 22)),
    ),
    (
        "Wrong HTTP URL",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button(url="http://localhost/")),
    ),
    (
        "Text buttons are unallowed",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button()),
    ),
    ("message to edit not found", EditMessageText(chat_id=LAN, message_id=99, text="?")),
    ("message can't be edited", EditMessageText(chat_id=LAN, message_id=1, text="?")),
    ("message is not modified", EditMessageText(chat_id=LAN, message_id=2, text="đây")),
    ("unknown parameter", SendMessage(chat_id=LAN, text="?", textt="?")),
    (
        "IMAGE_PROCESS_FAILED",
        SendPhoto(chat_id=LAN, photo=BufferedInputFile(b"not a picture", "x.jpg")),
    ),
    (
        "file must be non-empty",
        SendPhoto(chat_id=LAN, photo=BufferedInputFile(b"", "x.jpg")),
    ),
    (
        "message caption is too long",
        SendPhoto(
            chat_id=LAN, photo=BufferedInputFile(cases.picture(), "x.jpg"), caption="ấ" * 1025
        ),
    ),
]


@pytest.mark.parametrize(("reason", "method"), REFUSED, ids=[reason for reason, _ in REFUSED])
async def test_what_telegram_would_refuse_is_refused_here(
    reason: str, method: TelegramMethod[Any]
) -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        await server.user_says(LAN, "một")
        await door.bot.send_message(LAN, "<b>đây</b>", parse_mode=None, entities=[])
        await door.bot.edit_message_text("đây", chat_id=LAN, message_id=2)
        with pytest.raises(TelegramBadRequest) as caught:
            await door.bot(method)
    assert reason in caught.value.message


async def test_an_unknown_method_is_not_found() -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        with pytest.raises(TelegramNotFound, match="method not found"):
            await door.bot(SendPoll(chat_id=LAN, question="?", options=["1", "2"]))


@pytest.mark.parametrize("parse_mode", ["HTML", None])
async def test_a_line_break_is_a_newline_where_the_text_is_html(parse_mode: str | None) -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        server.knows(LAN)
        text = "Bước 1<br>Bước 2<BR/>\nBước 3"
        await door.bot.send_message(LAN, text, parse_mode=parse_mode)
        photo = BufferedInputFile(cases.picture(), "x.jpg")
        await door.bot.send_photo(LAN, photo, caption=text, parse_mode=parse_mode)
        [message] = server.over("sendMessage")
        [picture] = server.over("sendPhoto")
    expected = "Bước 1\nBước 2\nBước 3" if parse_mode else text
    assert message.result["text"] == picture.result["caption"] == expected


async def test_the_door_is_quiet_in_good_times(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "một")
        await it.server.heard("sendMessage")
    noted = [record.message for record in caplog.records if record.name.startswith("bot.")]
    assert noted == ["telegram connected, bot 123456789"]
