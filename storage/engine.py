"""One database, SQLite or PostgreSQL, opened so that both behave alike.

SQLite follows the recipe of reference/dependencies.md: writers say BEGIN IMMEDIATE, because with
the driver's defaults concurrent writers lose updates without an error; readers (`ro`) say plain
BEGIN and never wait for them. Writers of one process queue for one connection, first come, first
served: SQLite's own waiting is a poll with growing pauses.
"""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import StorageBusy
from storage.errors import BrokenTransaction, is_busy, is_read_only
from storage.models.columns import NaiveMoment

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
LOCK_MILLISECONDS = 5000
POOL_SECONDS = 10.0
#: Connections whose transaction has a failed statement in it; a session never uses one again.
_broken: WeakSet[Connection] = WeakSet()


class DatabaseUnusable(Exception):
    """The database cannot be opened. The message is one line for whoever starts the program."""


class Database:
    """Two ways in: `engine` for writing, `ro_engine` for reading, where a write is an error."""

    def __init__(self, engine: AsyncEngine, ro_engine: AsyncEngine) -> None:
        self.engine = engine
        self.ro_engine = ro_engine
        self._writing = _sessions(self.engine)
        self._reading = _sessions(self.ro_engine)

    @classmethod
    def open(
        cls, url: str, *, foreign_keys: bool = True, lock_milliseconds: int = LOCK_MILLISECONDS
    ) -> "Database":
        """An engine for `url`; no connection is made yet: `ping` makes one.

        Takes sqlite:///file and postgresql://… with or without a driver. The folder of a SQLite
        file is created. Only migrations switch `foreign_keys` off: they rebuild tables. Whoever
        waits longer for a lock than `lock_milliseconds` gets StorageBusy. Raises DatabaseUnusable.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            pragmas = [
                "journal_mode=WAL",
                f"busy_timeout={lock_milliseconds}",
                f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
                "synchronous=NORMAL",
                "secure_delete=ON",  # what is erased must not stay readable in free pages
            ]
            one = {"pool_size": 1, "max_overflow": 0, "pool_timeout": lock_milliseconds / 1000}
            many = {"pool_size": 8, "max_overflow": 24, "pool_timeout": POOL_SECONDS}
            engine = _sqlite_engine(parsed, pragmas, one)
            return cls(engine, _sqlite_engine(parsed, [*pragmas, "query_only=ON"], many, ro=True))
        engine = _postgres_engine(parsed, lock_milliseconds)
        return cls(engine, engine.execution_options(ro=True, postgresql_readonly=True))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    async def writing(self) -> AsyncSession:
        """A session with its write transaction begun; the caller ends it by `commit` or `close`.

        `UnitOfWork.writing` is the usual way to one. On SQLite there is one at a time: raises
        StorageBusy when the others took too long.
        """
        return await _begun(self._writing())

    async def reading(self) -> AsyncSession:
        """A session that waits for nobody and must not write; the caller closes it."""
        return await _begun(self._reading())

    @staticmethod
    async def commit(session: AsyncSession) -> None:
        """Commit and close a writing session. Raises BrokenTransaction, StorageBusy."""
        async with session, translated():
            if (await session.connection()).sync_connection in _broken:
                raise BrokenTransaction
            await session.commit()

    async def ping(self) -> None:
        """Ask the database for a sign of life. Raises DatabaseUnusable."""
        try:
            async with self.ro_engine.connect() as connection:
                await connection.exec_driver_sql("SELECT 1")
        except Exception as error:
            shown = self.engine.url.render_as_string(hide_password=True)
            raise DatabaseUnusable(f"{shown}: {_reason(error)}") from error

    async def wipe_journal(self) -> bool:
        """Empty SQLite's write-ahead log, where what was deleted stays readable until then.

        False while somebody reads an older state or writes: a later call will do it. PostgreSQL
        has its own way (VACUUM).
        """
        if self.dialect != "sqlite":
            return True
        async with translated(), self.engine.connect() as connection:
            return await connection.run_sync(_journal_wiped)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.ro_engine.dispose()
        await self.engine.dispose()


def parse_url(url: str) -> URL:
    """`url` with the driver we use. Raises DatabaseUnusable for anything but a file or a server."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusable("the database URL is not a URL") from error
    driver = DRIVERS.get(parsed.drivername)
    if driver is None:
        raise DatabaseUnusable(f"{parsed.drivername}: only sqlite and postgresql are supported")
    parsed = parsed.set(drivername=driver)
    in_memory = parsed.database in (None, "", ":memory:") or "mode=memory" in str(parsed)
    if parsed.get_backend_name() == "sqlite" and in_memory:
        raise DatabaseUnusable("SQLite in memory keeps nothing: name a file")
    return parsed


@contextlib.asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Errors of connecting and waiting for a connection, which no engine event sees."""
    try:
        yield
    except Exception as error:
        if is_busy(error):
            raise StorageBusy from error
        raise


async def _begun(session: AsyncSession) -> AsyncSession:
    try:
        async with translated():
            await session.connection()
    except BaseException:
        await session.close()
        raise
    return session


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    # We write with statements, not through objects: rows read later must be what the database
    # has, never what this session remembers.
    options = {"populate_existing": True, "synchronize_session": False}
    return async_sessionmaker(
        engine,
        class_=AsyncSession,
        expire_on_commit=False,
        autoflush=False,
        execution_options=options,
    )


def _sqlite_engine(
    url: URL, pragmas: Sequence[str], pool: Mapping[str, Any], *, ro: bool = False
) -> AsyncEngine:
    folder = Path(str(url.database)).absolute().parent
    if not str(url.database).startswith("file:"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"{folder}: {error.strerror}") from error
    # Values of a statement may be personal data: they never get into a message or a log.
    engine = create_async_engine(url, execution_options={"ro": ro}, hide_parameters=True, **pool)

    @event.listens_for(engine.sync_engine, "do_connect")
    def look(_dialect: Dialect, _record: object, args: list[Any], options: dict[str, Any]) -> None:
        # Where this fails, aiosqlite would fail as well, but leave a thread behind that complains
        # when the program ends.
        sqlite3.connect(*args, **options).close()

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(dbapi_connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: the next listener does.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        try:
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:  # not a database
            dbapi_connection.close()
            raise
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if ro else "BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "handle_error", _translate)
    return engine


def _journal_wiped(connection: Connection) -> bool:
    # Beneath SQLAlchemy, which would begin a transaction: none may be open here.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (is_busy_now, *_) = cursor.fetchone() or (1,)
    cursor.close()
    return not is_busy_now


def _postgres_engine(url: URL, lock_milliseconds: int) -> AsyncEngine:
    settings = {
        "lock_timeout": str(lock_milliseconds),
        "idle_in_transaction_session_timeout": "60000",
        "jit": "off",  # our queries are short
    }
    connect: dict[str, Any] = {"server_settings": settings, "timeout": POOL_SECONDS}
    pool: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_timeout": POOL_SECONDS}
    engine = create_async_engine(
        url, connect_args=connect, pool_pre_ping=True, hide_parameters=True, **pool
    )
    event.listen(engine.sync_engine, "handle_error", _translate)
    return engine


def _translate(context: ExceptionContext) -> None:
    """What every statement, begin and commit of an engine raises, in our words."""
    if context.connection is not None:
        _broken.add(context.connection)
    original = context.original_exception
    if isinstance(original, NaiveMoment):
        raise original
    refused = is_read_only(original) and _reads_only(context)  # our mistake, not the disk's
    if context.is_disconnect or (is_busy(original) and not refused):
        raise StorageBusy from original


def _reads_only(context: ExceptionContext) -> bool:
    known = context.connection
    return known is not None and bool(known.get_execution_options().get("ro"))


def _reason(error: BaseException) -> str:
    """The deepest cause, on one line."""
    cause: BaseException = error
    while (deeper := getattr(cause, "orig", None) or cause.__cause__) is not None:
        cause = deeper
    return " ".join(str(cause).split()) or type(cause).__name__
