"""A database that is locked or away: one sentence, and nothing is lost."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.ids import new_id
from domain.outbox import Owed, Priority, State
from storage.unit_of_work import UnitOfWork
from tests.support.phone import HELLO, Phone, Post
from tests.support.site import Site, chat_of, joins, serving


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
