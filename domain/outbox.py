"""Messages owed to someone who is not the one talking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

#: A door that refuses a message this often is not asked again; the person finds it at a visit.
MOST_ATTEMPTS = 5


class State(StrEnum):
    """The life of an owed message. A `waiting` one has no door yet; `unknown` may have arrived."""

    WAITING = "waiting"
    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


class Priority(StrEnum):
    """Who goes first when a door is narrow, in this order."""

    ANSWER = "1-answer"
    OVERDUE = "2-overdue"
    REMINDER = "3-reminder"
    DIGEST = "4-digest"


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to one person: rendered text (small HTML) and buttons as (label, data) rows."""

    id: UUID
    dedupe_key: str
    commune_id: str
    person_id: UUID
    kind: str
    priority: Priority
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    due_at: datetime
    expires_at: datetime
    keys: tuple[Mapping[str, Any], ...] = ()
    """What the message stands for: reminder keys {rule, period_to, rung, unit}; unique each."""
    state: State = State.WAITING
    attempts: int = 0
    sent_at: datetime | None = None
    chat_id: int | None = None
