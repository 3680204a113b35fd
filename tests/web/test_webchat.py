"""The web chat through its HTTP: cookie, token, history, devices, limits, and every kind of abuse."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.channels.webchat.channel import LARGEST_POST
from bot.channels.webchat.devices import COOKIE
from bot.channels.webchat.inbound import LONGEST
from domain.people import Role
from handlers.invitations import new_invitation
from storage.unit_of_work import UnitOfWork
from tests.support.phone import Phone, Post
from tests.support.talk import Stage
from tests.web.conftest import NewPhone, Site, serving

HELLO = {"id": "11111111-aaaa", "text": "/menu"}


async def invitation(stage: Stage, role: Role = Role.MEMBER, place: str = "to-1") -> str:
    made = new_invitation("loc-tan", role, place, stage.clock(), uses=1)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.invitations.add(made)
        await uow.commit()
    return made.code


async def joins(site: Site, phone: Phone) -> Phone:
    """Come in as a member, by an invitation, as people do."""
    code = await invitation(site.stage)
    await phone.says(f"/start i-{code}")
    await phone.presses("Nhận lời mời")
    await phone.says("Người mẫu Mai")
    assert "đã vào" in phone.last.text
    return phone


# --- The cookie ------------------------------------------------------------------------------


async def cookie_of(phone: Phone, path: str) -> Any:
    async with phone.http.get(f"{phone.base}{path}") as answer:
        return SimpleCookie(answer.headers.get("Set-Cookie", "")).get(COOKIE)


async def test_the_cookie_is_random_http_only_lax_and_for_the_whole_site(site: Site) -> None:
    async with Phone(site.base) as one, Phone(site.base) as two:
        morsel, other = await cookie_of(one, "/"), await cookie_of(two, "/")
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel["path"] == "/"
    assert int(morsel["max-age"]) > 86_400 * 300
    assert not morsel["domain"]
    assert not morsel["secure"], "on plain http a secure cookie would never come back"
    assert len(morsel.value) >= 40
    assert morsel.value != other.value


async def test_behind_https_the_cookie_is_secure(tmp_path: Path, sqlite_url: str) -> None:
    async with (
        serving(tmp_path, sqlite_url, public_url="https://xa.example.vn") as (_, base),
        Phone(base) as phone,
    ):
        morsel = await cookie_of(phone, "/chat/state")
    assert morsel["secure"]


async def test_looking_costs_nothing(site: Site) -> None:
    """Crawlers and pre-fetches leave no row behind."""
    async with Phone(site.base) as phone:
        for path in ("/", "/c/loc-tan", "/c/loc-tan/ap-1", "/i/ABCD2345", "/l/ABCD2345"):
            await phone.opens(path)
        await phone.loads()
    async with site.stage.app.db.ro_engine.connect() as connection:
        for table in ("device", "chat", "account", "external_id", "chat_message", "inbox"):
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert rows.scalar_one() == 0, table


async def test_the_database_does_not_hold_the_cookie(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    file = Path(site.stage.app.db.engine.url.database or "")
    stored = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    assert phone.token.encode() not in stored
    assert b"/menu" in stored


# --- The token of a post ---------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "0" * 64, "é" * 64, "\u0111" * 10])
@pytest.mark.parametrize("path", ["/chat/say", "/chat/press", "/chat/clear"])
async def test_without_the_right_token_nothing_happens(
    site: Site, phone: Phone, path: str, token: str
) -> None:
    phone.csrf = token
    status, answer = await phone.posts(path, HELLO)
    assert (status, list(answer)) == (403, ["csrf"])
    assert (await phone.loads())["messages"] == []
    phone.csrf = answer["csrf"]
    assert (await phone.posts("/chat/say", HELLO))[0] == 200


async def test_a_token_of_another_cookie_is_wrong(new_phone: NewPhone) -> None:
    mine, other = await new_phone(), await new_phone()
    mine.csrf = other.csrf
    assert (await mine.posts("/chat/say", HELLO))[0] == 403


async def test_a_post_without_any_cookie_gets_one_and_a_token(site: Site) -> None:
    async with Phone(site.base) as phone:
        status, answer = await phone.posts("/chat/say", HELLO)
        assert status == 403
        phone.csrf = answer["csrf"]
        assert (await phone.posts("/chat/say", HELLO))[0] == 200
        assert "Bà con cần việc gì" in (await phone.loads())["messages"][-1]["html"]


async def test_nothing_changes_by_get(phone: Phone) -> None:
    for path in ("/chat/say", "/chat/press", "/chat/clear"):
        async with phone.http.get(f"{phone.base}{path}") as answer:
            assert answer.status == 405


# --- What is posted --------------------------------------------------------------------------


def test_the_limits_fit_each_other() -> None:
    """The longest line may be typed in letters that take four bytes, or six as \\uXXXX."""
    assert len(json.dumps({"text": "đ" * LONGEST})) < LARGEST_POST


@pytest.mark.parametrize(
    ("text", "status"),
    [("x" * LONGEST, 200), ("x" * (LONGEST + 1), 400), ("x" * (LARGEST_POST + 1), 413)],
)
async def test_too_long_is_a_sentence(phone: Phone, text: str, status: int) -> None:
    got, answer = await phone.posts("/chat/say", {"id": "11111111-aaaa", "text": text})
    assert got == status
    if status != 200:
        assert "Tin dài quá" in answer["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"chao"',
        b"\xff\xfe",
        b"{}",
        b'{"id": "11111111-aaaa"}',
        b'{"id": "11111111-aaaa", "text": "  "}',
        b'{"id": "11111111-aaaa", "text": "\\ud83d"}',
        b'{"id": "11111111-aaaa", "text": 5}',
        b'{"id": "x", "text": "chao"}',
        b"[" * 30_000,
        b'{"a":' * 6_000,
        b'{"id": "11111111-aaaa", "text": ' + b"9" * 20_000 + b"}",
    ],
    ids=repr,
)
@pytest.mark.parametrize("path", ["/chat/say", "/chat/press"])
async def test_what_is_no_message_is_refused_with_a_sentence(
    phone: Phone, path: str, body: bytes
) -> None:
    url, headers = f"{phone.base}{path}", {"X-CSRF": phone.csrf}
    async with phone.http.post(url, data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "chưa nhận được tin này" in (await answer.json())["error"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=nonsense", "text/plain; charset=utf-16", "", ";;;"]
)
async def test_a_strange_content_type_is_no_trouble_of_ours(phone: Phone, kind: str) -> None:
    headers = {"X-CSRF": phone.csrf, "Content-Type": kind}
    body = json.dumps(HELLO).encode()
    async with phone.http.post(f"{phone.base}/chat/say", data=body, headers=headers) as answer:
        assert answer.status in (200, 400)


@pytest.mark.parametrize("text", ["a\x00b", "\u202eabc", "\U0010ffff", "\ufeffchào", "a\r\nb\tc"])
async def test_strange_letters_are_answered(phone: Phone, text: str) -> None:
    assert (await phone.says(text)).text


@pytest.mark.postgres
async def test_strange_letters_are_answered_on_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    async with serving(tmp_path, postgres_url) as (_, base), Phone(base) as phone:
        await phone.loads()
        for text in ("a\x00b", "/start c-\x00", "\x00x"):
            assert (await phone.says(text)).text


async def test_markup_that_was_typed_is_shown_as_typed(phone: Phone) -> None:
    await phone.says("<script>alert(1)</script> & <b>")
    mine = next(row for row in phone.rows.values() if row["dir"] == "in")
    assert mine["html"] == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;"
    assert all("<script" not in row["html"] for row in phone.rows.values())


@pytest.mark.parametrize("number", ["-1", "0", "x", "", "9" * 19, "9" * 40, "9" * 5000, "٣", "²"])
async def test_a_cursor_that_is_none_is_the_beginning(
    site: Site, phone: Phone, number: str
) -> None:
    """From an old page, or from somebody who plays: never an error."""
    await phone.says("/menu")
    status, older = await phone.gets(f"/chat/messages?before={number}")
    assert (status, older["more"]) == (200, False)
    async with phone.http.post(
        f"{phone.base}/chat/say",
        json={"id": "22222222-bbbb", "text": "/menu"},
        headers={"X-CSRF": phone.csrf, "X-Rev": number},
    ) as answer:
        assert answer.status == 200
    url = URL(f"{site.base}/chat/ws").with_query(after=number)
    async with phone.http.ws_connect(url, headers=site.origin) as socket:
        await socket.ping()


@pytest.mark.parametrize("message", [-1, 2**63, 10**40, 1.5, "1", None])
async def test_a_press_on_no_message_is_answered_or_refused(phone: Phone, message: Any) -> None:
    body = {"id": "33333333-cccc", "message": message, "data": "~g:vneid-activate:1"}
    status, _ = await phone.posts("/chat/press", body)
    assert status in (200, 400)


async def raw(base: str, *lines: bytes) -> int:
    """The status of a request whose headers no client library would send."""
    url = URL(base)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"\r\n".join((*lines, b"Host: x", b"Connection: close", b"", b"")))
    status = (await reader.read()).split(b" ", 2)[1]
    writer.close()
    await writer.wait_closed()
    return int(status)


@pytest.mark.parametrize(
    "cookie", [b"\xff" * 30, b"x" * 19, b"x" * 101, b"", b'"' * 30, b"a" * 40 + b"\xc4\x91"]
)
async def test_a_cookie_of_rubbish_is_a_strangers(site: Site, cookie: bytes) -> None:
    line = COOKIE.encode() + b"=" + cookie
    assert await raw(site.base, b"GET /chat/state HTTP/1.1", b"Cookie: " + line) == 200


async def test_the_name_of_a_browser_may_be_rubbish(site: Site, phone: Phone) -> None:
    body = json.dumps(HELLO).encode()
    status = await raw_post(phone, body, b"User-Agent: \xff\xfe\xc4 chrome")
    assert status == 200


async def raw_post(phone: Phone, body: bytes, *headers: bytes) -> int:
    url = URL(phone.base)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    lines = (
        b"POST /chat/say HTTP/1.1",
        b"Host: x",
        b"Connection: close",
        f"Cookie: {COOKIE}={phone.token}".encode(),
        f"X-CSRF: {phone.csrf}".encode(),
        f"Content-Length: {len(body)}".encode(),
        *headers,
    )
    writer.write(b"\r\n".join((*lines, b"", body)))
    status = (await reader.read()).split(b" ", 2)[1]
    writer.close()
    await writer.wait_closed()
    return int(status)


# --- Too much --------------------------------------------------------------------------------


async def test_a_flood_is_slowed_down_and_told_how_long(phone: Phone) -> None:
    statuses = []
    for n in range(25):
        status, answer = await phone.posts("/chat/say", {"id": f"flood-{n:05}", "text": "/menu"})
        statuses.append(status)
    assert statuses[:20] == [200] * 20
    assert statuses[-1] == 429
    assert "chưa mất gì cả" in answer["error"]
    assert 0 < answer["retry_after"] <= 1.5


async def test_one_phone_that_floods_slows_no_other(new_phone: NewPhone) -> None:
    """Behind a carrier's NAT all have one address."""
    flooding, calm = await new_phone(), await new_phone()
    await calm.says("/menu")
    for n in range(25):
        await flooding.posts("/chat/say", {"id": f"flood-{n:05}", "text": "/menu"})
    assert (await calm.posts("/chat/say", {"id": "calm-0001", "text": "/menu"}))[0] == 200


async def test_new_cookies_by_the_hundred_are_slowed_down_too(site: Site) -> None:
    async with Phone(site.base) as phone:
        statuses = []
        for n in range(64):
            phone.http.cookie_jar.clear()
            _, answer = await phone.posts("/chat/say", HELLO)
            phone.csrf = answer["csrf"]
            status, _ = await phone.posts("/chat/clear", {"n": n})
            statuses.append(status)
    assert statuses[0] == 200
    assert statuses[-1] == 429


# --- History ---------------------------------------------------------------------------------


async def test_the_conversation_survives_a_reload(phone: Phone) -> None:
    await phone.says("/menu")
    await phone.presses("VNeID")
    before = dict(phone.rows)
    await phone.opens()
    await phone.loads()
    assert phone.rows == before
    assert [row["dir"] for row in before.values()] == ["in", "out", "in", "out"]
    assert (await phone.presses("Quên mật khẩu")).text


async def test_the_conversation_survives_the_program(tmp_path: Path, sqlite_url: str) -> None:
    async with serving(tmp_path, sqlite_url) as (_, base), Phone(base) as phone:
        await phone.loads()
        await phone.says("/menu")
        cookie, rows, press = phone.token, dict(phone.rows), phone.press_of("VNeID")
    async with serving(tmp_path, sqlite_url) as (_, base), Phone(base, cookie) as phone:
        state = await phone.loads()
        assert phone.rows == rows
        assert phone.token == cookie
        assert state["rev"] == max(row["rev"] for row in rows.values())
        assert "Bà con cần việc nào" in (await phone.taps(press)).text


async def test_a_long_history_comes_in_pages(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    first = min(phone.rows)
    chat_id = await chat_of(site)
    async with UnitOfWork(site.stage.app.db) as uow:
        from domain.messages import Direction

        for n in range(120):
            await uow.messages.append(chat_id, Direction.OUT, f"tin {n}", site.stage.clock())
        await uow.commit()
    state = await phone.loads()
    assert (len(state["messages"]), state["more"]) == (50, True)
    seen = [row["id"] for row in state["messages"]]
    while state["more"]:
        _, state = await phone.gets(f"/chat/messages?before={seen[0]}")
        seen = [row["id"] for row in state["messages"]] + seen
    assert seen == sorted(set(seen))
    assert seen[0] == first
    assert len(seen) == 122


async def chat_of(site: Site) -> int:
    """The only chat there is."""
    async with site.stage.app.db.ro_engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT chat_id FROM chat")
        chat_id: int = found.scalar_one()
        return chat_id


async def test_the_same_id_again_is_the_same_message(phone: Phone) -> None:
    post = Post("/chat/say", {"text": "/menu"})
    await phone.taps(post)
    rows = dict(phone.rows)
    for _ in range(3):
        await phone.taps(post)
    assert phone.rows == rows
    assert rows[min(rows)]["client_id"] == post.id


async def test_twenty_copies_at_once_are_one_message(phone: Phone) -> None:
    post = Post("/chat/say", {"text": "/menu"})
    answers = await asyncio.gather(*(phone.sends(post) for _ in range(20)))
    assert [status for status, _ in answers] == [200] * 20
    await phone.loads()
    assert [row["dir"] for row in phone.rows.values()] == ["in", "out"]


async def test_two_first_posts_at_once_are_one_conversation(site: Site, phone: Phone) -> None:
    posts = [Post("/chat/say", {"text": text}) for text in ("/menu", "chữ ký số là gì")]
    answers = await asyncio.gather(*map(phone.sends, posts))
    assert [status for status, _ in answers] == [200, 200]
    await phone.loads()
    assert len(phone.rows) == 4
    assert await chat_of(site)


# --- Clearing, signing in and out -----------------------------------------------------------


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


# --- The socket ------------------------------------------------------------------------------


@asynccontextmanager
async def socket_of(
    site: Site, phone: Phone, after: int = 0
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = f"{site.base}/chat/ws?after={after}"
    async with phone.http.ws_connect(url, headers=site.origin) as socket:
        yield socket


async def until_closed(
    socket: aiohttp.ClientWebSocketResponse,
) -> AsyncIterator[aiohttp.WSMessage]:
    """What the socket still says before it is closed, or falls silent for a while."""
    while True:
        try:
            message = await socket.receive(timeout=0.3)
        except TimeoutError:
            return
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        yield message


@pytest.mark.parametrize(
    "origin",
    ["", "null", "http://evil.example", "https://127.0.0.1.evil.example", "http://127.0.0.1:1"],
)
async def test_a_socket_from_another_page_is_refused(
    site: Site, phone: Phone, origin: str
) -> None:
    await phone.says("/menu")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        headers = {"Origin": origin} if origin else {}
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
    site: Site, phone: Phone, tmp_path: Path, sqlite_url: str
) -> None:
    """Its hints do not reach this process; the socket looks by itself."""
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


@pytest.mark.parametrize(
    "rubbish",
    ["", "{", "[]", "null", "{}", '{"ack": null}', '{"ack": "x"}', '{"ack": 1e400}', '"ack"',
     '{"ack": 99999999999999999999999}', '{"ack": -5}', "[" * 3000],
)  # fmt: skip
async def test_a_socket_outlives_rubbish(site: Site, phone: Phone, rubbish: str) -> None:
    await phone.says("/menu")
    async with socket_of(site, phone, phone.rev) as socket:
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
    async with asyncio.timeout(5), Phone("") as phone:
        async with serving(tmp_path, sqlite_url) as (_, base):
            phone.base = base
            await phone.loads()
            await phone.says("/menu")
            await phone.http.ws_connect(f"{base}/chat/ws", headers={"Origin": base})


# --- Pages -----------------------------------------------------------------------------------


async def test_the_page_loads_only_from_here_and_runs_only_its_files(phone: Phone) -> None:
    async with phone.http.get(f"{phone.base}/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "://" not in policy
    assert "onclick=" not in html
    assert "http://" not in html.replace("http://www.w3.org", "")


async def test_every_file_the_page_names_is_there(phone: Phone) -> None:
    html = await phone.opens()
    named = {part.split('"')[0] for part in html.split('="')[1:] if part.startswith("/chat/static")}
    assert named
    for path in named:
        async with phone.http.get(f"{phone.base}{path}") as answer:
            assert answer.status == 200, path
            assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["/static/chat.js", "/chat/static/../channel.py", "/chat/static/x/chat.html", "/c/../etc",
     "/i/", "/c/LOC-TAN!", "/qr/../chat.svg", "/qr/x/y.svg", "/qr/c/loc-tan.gif", "/nothing",
     "/qr/c/" + "x" * 90 + ".svg"],
)  # fmt: skip
async def test_what_is_not_there_is_404(phone: Phone, path: str) -> None:
    async with phone.http.get(URL(f"{phone.base}{path}", encoded=True)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/", ""),
        ("/c/loc-tan", "c-loc-tan"),
        ("/c/loc-tan/ap-1", "c-loc-tan--ap-1"),
        ("/i/abcd2345", "i-ABCD2345"),
        ("/l/ABCD2345", "l-ABCD2345"),
    ],
)
async def test_a_link_is_told_to_the_page(phone: Phone, path: str, start: str) -> None:
    assert f'data-start="{start}"' in await phone.opens(path)


async def test_a_link_opened_changes_nothing_until_its_button(site: Site, phone: Phone) -> None:
    code = await invitation(site.stage)
    for _ in range(3):
        await phone.opens(f"/i/{code}")
    async with UnitOfWork(site.stage.app.db) as uow:
        found = await uow.invitations.by_code(code)
    assert found is not None
    assert found.uses == 0


@pytest.mark.parametrize(
    ("kind", "content_type", "begin"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
@pytest.mark.parametrize("path", ["c/loc-tan", "c/loc-tan/ap-1", "i/ABCD2345", "l/ABCD2345"])
async def test_qr_pictures(
    phone: Phone, path: str, kind: str, content_type: str, begin: bytes
) -> None:
    async with phone.http.get(f"{phone.base}/qr/{path}.{kind}") as answer:
        assert answer.status == 200
        assert answer.content_type == content_type
        assert (await answer.read()).startswith(begin)


async def test_health_says_how_it_is(site: Site, phone: Phone) -> None:
    status, health = await phone.gets("/health")
    assert (status, health["status"]) == (200, "ok")
    assert health["doors"] == {"web": "open", "plain": "open"}
    assert health["since"] == site.stage.clock().isoformat()


async def test_health_is_ill_without_a_database(
    tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, sqlite_url) as (_, base), Phone(base) as phone:
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        file.rename(file.with_suffix(".away"))
        file.mkdir()
        status, health = await phone.gets("/health")
    assert (status, health["status"]) == (503, "database")


# --- A database that is not to be had ---------------------------------------------------------


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds the database for writing."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_locked_database_is_a_sentence_and_nothing_is_lost(
    phone: Phone, sqlite_url: str
) -> None:
    await phone.says("/menu")
    rows = dict(phone.rows)
    post = Post("/chat/say", {"text": "chữ ký số là gì"})
    with locked(sqlite_url):
        for _ in range(2):
            status, answer = await phone.sends(post)
            assert status == 503
            assert "Tin vẫn còn đây" in answer["error"]
        assert (await phone.loads())["messages"], "reading goes on"
        assert phone.rows == rows
    assert (await phone.sends(post))[0] == 200
    assert "Chữ ký số" in phone.last.text
    assert len(phone.rows) == len(rows) + 2


async def test_a_first_word_to_a_locked_database_is_not_lost_either(
    phone: Phone, sqlite_url: str
) -> None:
    post = Post("/chat/say", {"text": "/menu"})
    with locked(sqlite_url):
        assert (await phone.sends(post))[0] == 503
    assert (await phone.sends(post))[0] == 200
    assert len(phone.rows) == 2


@pytest.mark.parametrize("steps", range(1, 6))
async def test_a_visit_goes_on_where_the_lock_came(
    site: Site, phone: Phone, sqlite_url: str, steps: int
) -> None:
    await joins(site, phone)
    await phone.says("/menu")
    taps = ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong", "Lưu")
    for n, tap in enumerate(taps, 1):
        post = phone.press_of(tap) if tap != "Xong" else exact(phone, tap)
        if n == steps:
            with locked(sqlite_url):
                assert (await phone.sends(post))[0] == 503
        await phone.taps(post)
    assert "Đã ghi LT-26-00001" in phone.last.text
    async with UnitOfWork(site.stage.app.db) as uow:
        assert await uow.visits.by_code("loc-tan", "LT-26-00002") is None


def exact(phone: Phone, label: str) -> Post:
    screen = phone.last
    return Post("/chat/press", {"message": screen.id, "data": screen.buttons[label]})


async def test_what_waits_is_no_reason_to_refuse_the_page(
    site: Site, phone: Phone, sqlite_url: str
) -> None:
    """Showing a waiting reminder is a write; a locked database only puts it off."""
    await joins(site, phone)
    async with UnitOfWork(site.stage.app.db) as uow:
        account = await uow.accounts.of_chat(await chat_of(site))
        assert account is not None
        assert account.person_id is not None
        await uow.outbox.enqueue(owed(site, account.person_id))
        await uow.commit()
    site.stage.clock.forward(minutes=30)
    with locked(sqlite_url):
        status, state = await phone.gets("/chat/state")
        assert status == 200
        assert "Nhắc hạn" not in json.dumps(state, ensure_ascii=False)
    state = await phone.loads()
    assert "Nhắc hạn" in state["messages"][-1]["html"]


async def test_a_server_without_its_database_says_so_on_every_path(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL is away: each page and each call is a 503, never a stack trace."""
    away = "postgresql://nobody@127.0.0.1:9/none"
    async with serving(tmp_path, away) as (_, base), Phone(base, "a-cookie-that-is-known") as phone:
        for path in ("/", "/c/loc-tan", "/chat/state", "/chat/messages?before=9", "/health"):
            async with phone.http.get(f"{base}{path}") as answer:
                assert answer.status == 503, path
        for path in ("/chat/say", "/chat/clear"):
            status, answer_json = await phone.posts(path, HELLO)
            assert status == 503
            assert "Máy chủ đang bận" in answer_json["error"]
    assert "Traceback" not in caplog.text


def owed(site: Site, person_id: Any) -> Any:
    from datetime import timedelta

    from domain.ids import new_id
    from domain.outbox import Owed, Priority, State

    now = site.stage.clock()
    return Owed(
        id=new_id(),
        dedupe_key="one",
        commune_id="loc-tan",
        person_id=person_id,
        kind="reminder",
        priority=Priority.REMINDER,
        text="Nhắc hạn",
        buttons=(),
        due_at=now,
        expires_at=now + timedelta(days=1),
        state=State.WAITING,
    )
