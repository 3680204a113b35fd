"""What was said in a chat, as the web page shows it and the masked transcript keeps it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Who spoke."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says and either what it sends back or where it leads."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One bubble. `rev` grows with every change in its chat: it is the reader's cursor."""

    id: int
    chat_id: int
    rev: int
    direction: Direction
    text: str
    """Small HTML for OUT, masked plain text for IN."""
    at: datetime
    buttons: tuple[tuple[Button, ...], ...] = ()
    edited_at: datetime | None = None
    client_id: str | None = None
    """The id the page gave an incoming message, so that it can tick off what it queued."""
    deleted: bool = False
