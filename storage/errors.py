"""Which failures of a driver mean "not now": they become domain.errors.StorageBusy."""

import sqlite3
from collections.abc import Iterator

import sqlalchemy.exc


class BrokenTransaction(Exception):
    """A statement of this transaction failed, somebody went on, and now wants to commit.

    PostgreSQL would answer COMMIT with a silent rollback, SQLite would keep the half that worked.
    """


# https://www.sqlite.org/rescode.html; the low byte is the primary code.
SQLITE_BUSY_CODES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES_BUSY_STATES = frozenset(
    {
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "55P03",  # lock_not_available, after lock_timeout
        "57P01",  # admin_shutdown
        "57P02",  # crash_shutdown
        "57P03",  # cannot_connect_now
    }
)
POSTGRES_BUSY_CLASSES = frozenset({"08", "53"})  # connection lost; out of disk, memory, connections


def is_read_only(error: BaseException) -> bool:
    """Whether SQLite refused a write: a read-only disk, or a session that is for reading."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_READONLY


def is_busy(error: BaseException) -> bool:
    """Whether the same work may succeed later: a lock, a full or read-only disk, a lost server.

    A write inside a reading session (25006 on PostgreSQL) is not among them: that is our mistake.
    """
    return any(_says_busy(cause) for cause in _causes(error))


def _says_busy(error: BaseException) -> bool:
    if isinstance(error, sqlalchemy.exc.TimeoutError | OSError):
        return True  # no free connection in time; no server, no answer
    if isinstance(error, sqlite3.Error):
        code: int | None = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in SQLITE_BUSY_CODES
    state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and (
        state in POSTGRES_BUSY_STATES or state[:2] in POSTGRES_BUSY_CLASSES
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what SQLAlchemy wrapped, and what the driver raised it from."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or any(cause is other for other in seen):
            continue
        seen.append(cause)
        yield cause
        waiting += [getattr(cause, "orig", None), cause.__cause__]
