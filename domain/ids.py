"""New ids: UUIDv7, ordered by time, made without asking the database."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A fresh id (RFC 9562, version 7)."""
    return UUID(int=uuid6.uuid7().int)
