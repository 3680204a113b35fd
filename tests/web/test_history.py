"""The conversation survives reloads, restarts and repetitions."""

import asyncio
from pathlib import Path

from domain.messages import Direction
from storage.unit_of_work import UnitOfWork
from tests.support.phone import Phone, Post
from tests.support.site import Site, chat_of, serving


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


async def test_a_talk_stays_in_no_cache(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    for path in ("/chat/state", "/chat/messages?before=9"):
        async with phone.http.get(site.base + path) as answer:
            assert answer.headers["Cache-Control"] == "no-store"


async def test_a_long_history_comes_in_pages(site: Site, phone: Phone) -> None:
    await phone.says("/menu")
    first = min(phone.rows)
    chat_id = await chat_of(site)
    async with UnitOfWork(site.stage.app.db) as uow:
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
