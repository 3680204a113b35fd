"""What a page may post, what it may not, and how often."""

import asyncio
import json
from pathlib import Path

import pytest
from yarl import URL

from bot.channels.webchat.channel import LARGEST_POST
from bot.channels.webchat.devices import COOKIE
from bot.channels.webchat.inbound import LONGEST
from tests.support.phone import HELLO, Phone
from tests.support.site import Site, serving
from tests.web.conftest import NewPhone


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
async def test_what_is_no_message_is_refused_with_a_sentence(phone: Phone, body: bytes) -> None:
    for path in ("/chat/say", "/chat/press"):
        url, headers = f"{phone.base}{path}", {"X-CSRF": phone.csrf}
        async with phone.http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 400
            assert "chưa nhận được tin này" in (await answer.json())["error"]


async def test_a_strange_content_type_is_no_trouble_of_ours(phone: Phone) -> None:
    body = json.dumps(HELLO).encode()
    for kind in ("application/json; charset=nonsense", "text/plain; charset=utf-16", "", ";;;"):
        headers = {"X-CSRF": phone.csrf, "Content-Type": kind}
        async with phone.http.post(f"{phone.base}/chat/say", data=body, headers=headers) as answer:
            assert answer.status in (200, 400)


async def test_strange_letters_are_answered(phone: Phone) -> None:
    for text in ("a\x00b", "\u202eabc", "\U0010ffff", "\ufeffchào", "a\r\nb\tc"):
        said = len(phone.said)
        await phone.says(text)
        assert len(phone.said) == said + 1


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


async def test_a_cursor_that_is_none_is_the_beginning(site: Site, phone: Phone) -> None:
    """From an old page, or from somebody who plays: never an error."""
    await phone.says("/menu")
    for number in ("-1", "0", "x", "", "9" * 18, "9" * 19, "9" * 40, "9" * 5000, "٣", "²"):
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


async def test_a_press_on_no_message_is_answered_or_refused(phone: Phone) -> None:
    for n, message in enumerate((-1, 0, 2**63 - 1, 2**63, 10**40, 1.5, "1", None)):
        body = {"id": f"33333333-{n:04}", "message": message, "data": "~g:vneid-activate:1"}
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


async def test_a_cookie_of_rubbish_is_a_strangers(site: Site) -> None:
    rubbish = (b"\xff" * 30, b"x" * 19, b"x" * 101, b"", b'"' * 30, b"a" * 40 + b"\xc4\x91")
    for cookie in rubbish:
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


async def test_a_flood_is_slowed_down_and_told_how_long(phone: Phone) -> None:
    posts = ({"id": f"flood-{n:05}", "text": "/menu"} for n in range(25))
    answers = [await phone.posts("/chat/say", post) for post in posts]
    assert [status for status, _ in answers[:20]] == [200] * 20
    status, answer = answers[-1]
    assert status == 429
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
