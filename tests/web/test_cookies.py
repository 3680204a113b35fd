"""The cookie of a device and the token of its posts."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from bot.channels.webchat.devices import COOKIE
from tests.support.phone import HELLO, Phone
from tests.support.site import Site, serving
from tests.web.conftest import NewPhone


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


async def test_without_the_right_token_nothing_happens(phone: Phone) -> None:
    right = phone.csrf
    for path in ("/chat/say", "/chat/press", "/chat/clear"):
        for token in ("", "wrong", "0" * 64, "é" * 64, "\u0111" * 10, right[:-1], right.upper()):
            phone.csrf = token
            assert await phone.posts(path, HELLO) == (403, {"csrf": right})
    assert (await phone.loads())["messages"] == []
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
