"""The live line: who may open it, what it pushes, what it outlives."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.channels.webchat.hub import LINES
from storage.messages import Messages
from storage.unit_of_work import UnitOfWork
from tests.support.phone import Phone
from tests.support.site import Site, chat_of, joins, serving, socket_of


async def test_a_socket_from_another_page_is_refused(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    evil = ("http://evil.example", f"{site.base}.evil.example", "http://127.0.0.1:1", "null")
    for headers in ({}, *({"Origin": origin} for origin in evil)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await phone.http.ws_connect(f"{site.base}/chat/ws", headers=headers)
        assert refused.value.status == 403


async def test_a_second_device_sees_what_the_first_one_does(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with Phone(site.base, phone.token) as tablet, socket_of(site, tablet) as socket:
        tablet.takes(await socket.receive_json(timeout=2))
        await phone.says("chữ ký số là gì")
        while max(tablet.rows) < max(phone.rows):
            tablet.takes(await socket.receive_json(timeout=2))
        assert tablet.rows == phone.rows


async def test_a_change_in_place_is_pushed_as_well(site: Site, phone: Phone) -> None:
    await joins(site, phone)
    await phone.says("/ghi")
    async with socket_of(site, phone, phone.rev) as socket:
        await phone.presses("VNeID mức 2")
        pushed = await socket.receive_json(timeout=2)
    assert [row["edited"] for row in pushed["messages"]] == [True]
    assert "☑" in json.dumps(pushed["messages"], ensure_ascii=False)


async def test_a_socket_begins_after_what_the_page_has(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with socket_of(site, phone, phone.rev) as socket:
        await phone.says("chữ ký số là gì")
        pushed = await socket.receive_json(timeout=2)
        assert min(row["rev"] for row in pushed["messages"]) == 3


async def test_another_replica_is_heard_too(
    site: Site, phone: Phone, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hints do not reach this process; the socket looks by itself."""
    monkeypatch.setattr("bot.channels.webchat.socket.LOOK_EVERY", 0.1)  # no waiting in tests
    await phone.says("/menu")
    async with socket_of(site, phone, phone.rev) as socket:
        async with (
            serving(tmp_path, sqlite_url) as (_, elsewhere),
            Phone(elsewhere, phone.token) as tablet,
        ):
            await tablet.loads()
            await tablet.says("chữ ký số là gì")
        pushed = await socket.receive_json(timeout=5)
        assert pushed["messages"]


async def test_the_page_says_what_it_has_shown(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    chat_id = await chat_of(site)
    async with socket_of(site, phone) as socket:
        pushed = await socket.receive_json(timeout=2)
        await socket.send_json({"ack": pushed["rev"]})
        async with asyncio.timeout(2):
            while await acked(site, chat_id) != pushed["rev"]:  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.01)
        await socket.send_json({"ack": 1})
        await socket.send_json({"ack": 10**6})
        await socket.ping()
    assert await acked(site, chat_id) == pushed["rev"]


async def acked(site: Site, chat_id: int) -> int:
    async with UnitOfWork(site.stage.app.db) as uow:
        return (await uow.messages.cursor(chat_id))[1]


RUBBISH = (
    *("", "{", "[]", "null", "{}", '"ack"', "[" * 3000),
    *(f'{{"ack": {what}}}' for what in ("null", '"x"', "1e400", "-5", "true", "[1]", "9" * 23)),
)


async def test_a_socket_outlives_rubbish(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with socket_of(site, phone, phone.rev) as socket:
        for rubbish in RUBBISH:
            await socket.send_str(rubbish)
        await socket.send_bytes(b"\xff\x00")
        await phone.says("chữ ký số là gì")
        assert (await socket.receive_json(timeout=2))["messages"]


async def test_an_endless_word_ends_the_socket_and_nothing_else(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with socket_of(site, phone, phone.rev) as socket:
        await socket.send_str("x" * 10_000)
        message = await socket.receive(timeout=2)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert (await phone.says("/menu")).text


async def test_who_never_spoke_has_no_socket(site: Site, phone: Phone) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await phone.http.ws_connect(f"{site.base}/chat/ws", headers=site.origin)
    assert refused.value.status == 404


async def test_open_sockets_do_not_hold_up_the_end(tmp_path: Path, sqlite_url: str) -> None:
    async with AsyncExitStack() as site:
        _, base = await site.enter_async_context(serving(tmp_path, sqlite_url))
        async with Phone(base) as phone:
            await phone.loads()
            await phone.says("/menu")
            await phone.http.ws_connect(f"{base}/chat/ws", headers={"Origin": base})
            async with asyncio.timeout(5):
                await site.aclose()


async def test_one_browser_has_five_lines_and_no_more(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with AsyncExitStack() as lines:
        for _ in range(LINES):
            await lines.enter_async_context(socket_of(site, phone))
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await phone.http.ws_connect(f"{site.base}/chat/ws", headers=site.origin)
        assert refused.value.status == 429


async def test_a_flood_of_receipts_is_written_twice(
    site: Site, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.says("/menu")
    chat_id = await chat_of(site)
    written = []
    keep = Messages.ack

    async def ack(self: Messages, chat_id: int, rev: int) -> None:
        written.append(rev)
        await keep(self, chat_id, rev)

    monkeypatch.setattr(Messages, "ack", ack)
    async with socket_of(site, phone) as socket:
        for _ in range(200):
            await socket.send_json({"ack": 1})
            await socket.send_json({"ack": phone.rev})
    async with asyncio.timeout(2):
        while await acked(site, chat_id) != phone.rev:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.01)
    assert written == [1, phone.rev]
