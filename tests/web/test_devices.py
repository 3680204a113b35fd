"""Clearing, signing in and out: who has power over a conversation."""

import json
from pathlib import Path

import aiohttp
import pytest

from storage.unit_of_work import UnitOfWork
from tests.support.phone import HELLO, Phone, Post
from tests.support.site import Site, chat_of, invitation, joins, socket_of, until_closed


async def test_clearing_leaves_nothing_and_begins_anew(site: Site, phone: Phone) -> None:
    await phone.says("bí mật của tôi ở đây")
    old, chat_id = phone.token, await chat_of(site)
    status, answer = await phone.posts("/chat/clear", {})
    assert (status, answer["ok"]) == (200, True)
    assert phone.token != old
    assert (await phone.loads())["messages"] == []
    await phone.says("/menu")
    async with UnitOfWork(site.stage.app.db) as uow:
        assert await uow.messages.latest(chat_id, 99) == []
    async with Phone(site.base, old) as thief:
        assert (await thief.gets("/chat/state"))[0] == 401


async def test_clearing_signs_out(site: Site, phone: Phone) -> None:
    await joins(site, phone)
    await phone.posts("/chat/clear", {})
    assert not (await phone.loads())["signed_in"]
    await phone.says("/menu")
    assert phone.last.button("Ghi một lượt") is None


def is_on_disk(folder: Path, word: bytes) -> bool:
    return any(word in file.read_bytes() for file in folder.glob("*.db*"))


async def test_a_cleared_talk_leaves_the_disk(
    site: Site, phone: Phone, tmp_path: Path, sqlite_url: str
) -> None:
    await phone.says("chuyện riêng XYZZYQ của nhà tôi")
    assert is_on_disk(tmp_path, b"XYZZYQ")
    await phone.posts("/chat/clear", {})
    assert not is_on_disk(tmp_path, b"XYZZYQ")


async def test_signing_out_tells_the_page_where_the_talk_begins(site: Site, phone: Phone) -> None:
    await joins(site, phone)
    async with socket_of(site, phone, phone.rev) as tab:
        await phone.says("/toi")
        await phone.presses("Đăng xuất máy này")
        first = (await phone.gets("/chat/state"))[1]["messages"][0]["id"]
        assert first == phone.last.id
        while (pushed := await tab.receive_json(timeout=2))["first"] != first:
            assert pushed["messages"]


async def test_a_revoked_device_is_shown_the_door(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    old = phone.token
    await phone.posts("/chat/clear", {})
    for path in ("/chat/say", "/chat/press", "/chat/clear"):
        async with Phone(site.base, old) as copy:
            assert await copy.posts(path, HELLO) == (401, {"gone": True})
    for path in ("/chat/state", "/chat/messages?before=9"):
        async with Phone(site.base, old) as copy:
            assert await copy.gets(path) == (401, {"gone": True})
    async with Phone(site.base, old) as copy:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await copy.http.ws_connect(f"{site.base}/chat/ws", headers=site.origin)
        assert refused.value.status == 401


async def test_a_device_that_was_shown_the_door_can_begin_anew(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    async with Phone(site.base, phone.token) as copy:
        await phone.posts("/chat/clear", {})
        assert (await copy.gets("/chat/state"))[0] == 401
        assert (await copy.loads())["messages"] == []
        assert (await copy.says("/menu")).text


async def test_signing_in_gives_another_cookie_and_the_old_one_loses_its_power(
    site: Site, phone: Phone
) -> None:
    """Nobody who saw, or planted, the cookie before comes along into the account."""
    await phone.says("/menu")
    old = phone.token
    await joins(site, phone)
    assert phone.token != old
    await phone.says("/menu")
    assert phone.last.button("Ghi một lượt")
    async with Phone(site.base, old) as thief:
        status, state = await thief.gets("/chat/state")
        assert not (status == 200 and (state["signed_in"] or state["messages"]))
        if status == 200:
            thief.csrf = state["csrf"]
            await thief.says("/menu")
            assert thief.last.button("Ghi một lượt") is None


async def test_a_socket_of_the_old_cookie_hears_nothing_after_signing_in(
    site: Site, phone: Phone
) -> None:
    await phone.says("/menu")
    async with Phone(site.base, phone.token) as thief, socket_of(site, thief) as socket:
        assert (await socket.receive_json(timeout=2))["messages"]
        await joins(site, phone)
        await phone.says("/luot")
        heard = [
            row["html"]
            async for message in until_closed(socket)
            for row in json.loads(message.data)["messages"]
        ]
    assert not [html for html in heard if "chưa ghi lượt nào" in html]


async def test_an_answer_lost_while_signing_in_locks_nobody_out(site: Site, phone: Phone) -> None:
    """The new cookie never arrived: the old one must do until the new one is used."""
    code = await invitation(site.stage)
    await phone.says(f"/start i-{code}")
    await phone.presses("Nhận lời mời")
    name = Post("/chat/say", {"text": "Người mẫu Mai"})
    async with Phone(site.base, phone.token) as same:
        await same.loads()
        assert (await same.sends(name))[0] == 200  # its Set-Cookie is what got lost
    status, _ = await phone.sends(name)
    assert status == 200
    await phone.loads()
    assert "đã vào" in phone.last.text
    await phone.says("/menu")
    assert phone.last.button("Ghi một lượt")
