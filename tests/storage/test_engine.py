"""Opening a database, and moments in it."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.messages import Direction
from storage.engine import Database, DatabaseUnusable
from storage.models.columns import NaiveMoment
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

VIETNAM = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("postgres://u:p@h/d", "postgresql"),
        ("postgresql://u:p@h/d", "postgresql"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql"),
    ],
)
def test_urls_are_taken_with_or_without_a_driver(url: str, dialect: str) -> None:
    assert Database.open(url).dialect == dialect


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data.db", "not a URL"),
        ("mysql://h/d", "only sqlite and postgresql"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "name a file"),
    ],
)
def test_an_url_we_cannot_use_is_refused(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnusable, match=said):
        Database.open(url)


async def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    db = Database.open(f"sqlite:///{tmp_path / 'a' / 'b.db'}")
    await db.ping()
    await db.dispose()
    assert (tmp_path / "a" / "b.db").exists()


async def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(DatabaseUnusable, match=r"File exists|Not a directory"):
        Database.open(f"sqlite:///{tmp_path / 'a' / 'b.db'}")


async def test_a_file_that_is_a_folder_is_said_in_one_line(tmp_path: Path) -> None:
    db = Database.open(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseUnusable, match=r"unable to open database file$"):
        await db.ping()
    await db.dispose()


async def test_a_server_that_is_not_there_is_said_in_one_line_without_the_password() -> None:
    db = Database.open("postgresql://someone:secret@127.0.0.1:1/d")
    with pytest.raises(DatabaseUnusable) as raised:
        await db.ping()
    await db.dispose()
    said = str(raised.value)
    assert "127.0.0.1" in said
    assert "secret" not in said
    assert "\n" not in said


async def test_foreign_keys_are_kept(db: Database, world: World) -> None:
    async with UnitOfWork(db) as uow:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await uow.invitations.add(world.invitation(commune_id="nowhere"))


async def test_moments_come_back_aware_and_in_utc_to_the_microsecond(
    settled: Database, world: World
) -> None:
    said = datetime(2026, 11, 21, 6, 59, 59, 123456, tzinfo=VIETNAM)
    draft = world.draft(created_at=said, expires_at=said + timedelta(days=1))
    async with UnitOfWork(settled) as uow:
        await uow.drafts.start(draft)
        await uow.commit()
        kept = await uow.drafts.get(draft.id)
        assert kept == draft
        assert kept.created_at.tzinfo is UTC

        # Compared as moments, not as texts: 06:59 in Vietnam is the day before in UTC.
        open_just_before = await uow.drafts.open_of(
            world.lan.id, draft.form, said + timedelta(days=1, microseconds=-1)
        )
        assert open_just_before == draft
        assert (
            await uow.drafts.open_of(world.lan.id, draft.form, draft.expires_at.astimezone(UTC))
            is None
        )


async def test_a_naive_moment_is_refused(settled: Database, world: World) -> None:
    naive = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001 — this is what must not pass
    async with UnitOfWork(settled) as uow:
        with pytest.raises(NaiveMoment):
            await uow.invitations.count_wrong(7, naive)
        await uow.rollback()
        with pytest.raises(NaiveMoment):
            await uow.invitations.wrong_attempts(7, naive)
        with pytest.raises(NaiveMoment):
            await uow.drafts.start(world.draft(expires_at=naive))


def is_on_disk(folder: Path, word: bytes) -> bool:
    return any(word in file.read_bytes() for file in folder.glob("*.db*"))


async def test_what_was_deleted_leaves_the_disk(tmp_path: Path, sqlite_url: str) -> None:
    db = Database.open(sqlite_url)
    async with UnitOfWork(db) as uow:
        await uow.messages.append(7, Direction.IN, "XYZZYQ", datetime.now(UTC))
        await uow.commit()
        await uow.messages.clear(7)
        await uow.commit()
    assert is_on_disk(tmp_path, b"XYZZYQ")
    assert await db.wipe_journal()
    assert not is_on_disk(tmp_path, b"XYZZYQ")
    await db.dispose()


async def test_a_journal_that_is_read_is_wiped_another_time(sqlite_url: str) -> None:
    db = Database.open(sqlite_url, lock_milliseconds=20)
    async with UnitOfWork(db) as reader, UnitOfWork(db) as uow:
        assert await reader.messages.first_id(7) is None
        await uow.messages.append(7, Direction.IN, "…", datetime.now(UTC))
        await uow.commit()
        assert not await db.wipe_journal()
        await reader.rollback()
        assert await db.wipe_journal()
    await db.dispose()
