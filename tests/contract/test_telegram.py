"""The Telegram door over real HTTP, polling and webhook; every request is read back by a second
library, and that library's own requests by aiogram."""

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.channels.fallback import split, utf16
from bot.channels.telegram import LARGEST_UPDATE, PATH, Telegram
from bot.config import ConfigError
from tests.contract import cases
from tests.support.bot_api_server import SECRET_HEADER, TOKEN, BotApiServer, Call
from tests.support.telegram_door import (
    QUICKLY,
    SECRET,
    Mode,
    connected,
    settings,
    telegram_door,
    until,
)

LAN, HOA = 700_000_001, 700_000_002


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
        await until(lambda: it.behind.begun == ["/cho"])
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
        await until(lambda: bool(it.behind.fed))
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
        await until(lambda: it.behind.begun == ["/cho"])
        asyncio.get_running_loop().call_later(0.05, it.behind.gate.set)
        await it.stop()
        assert it.behind.said == ["/cho"]


async def test_work_that_does_not_end_is_cut_off_and_comes_again(mode: Mode) -> None:
    async with telegram_door(mode) as it, asyncio.TaskGroup() as people:
        people.create_task(it.server.user_says(LAN, "/cho"))
        await until(lambda: it.behind.begun == ["/cho"])
        it.door._timing = replace(it.door._timing, grace=0.01)
        await it.stop()
        assert it.behind.said == []
        assert len(it.server.store.pending) == 1


async def test_the_door_is_quiet_in_good_times(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    async with telegram_door(mode) as it:
        await it.server.user_says(LAN, "một")
        await it.server.heard("sendMessage")
    noted = [record.message for record in caplog.records if record.name.startswith("bot.")]
    assert noted == ["telegram connected, bot 123456789"]


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
        await until(lambda: len(it.waits.seconds) >= 5)
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
        await until(lambda: bool(it.waits.seconds))
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
        await until(lambda: it.door.state.last_error is not None)
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
