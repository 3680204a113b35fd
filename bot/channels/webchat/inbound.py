"""Pure: what the page posts -> the Update our handlers know. Errors are sentences for the page."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from domain.text import nfc

LONGEST = 2000
ClientId = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{8,64}$")]

#: A row's number in the database.
RowId = Annotated[int, Field(ge=0, lt=2**63)]


class Said(BaseModel):
    """A typed message. `id` is the page's own: the same id twice is the same message."""

    model_config = ConfigDict(extra="ignore")
    id: ClientId
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]

    @field_validator("text", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        """Without the one character that PostgreSQL keeps in no text."""
        return value.replace("\0", "") if isinstance(value, str) else value


class Pressed(BaseModel):
    """A button. `data` is at most 64 bytes, as on Telegram."""

    model_config = ConfigDict(extra="ignore")
    id: ClientId
    message: RowId
    data: Annotated[str, Field(min_length=1, max_length=64)]


def _chat(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "type": "private"}


def _sender(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "web"}


def said_update(said: Said, chat_id: int, at: datetime) -> dict[str, Any]:
    """An Update with a text message. Commands get their entity, as a messenger would add it."""
    text = nfc(said.text)
    message: dict[str, Any] = {
        "message_id": _number(said.id),
        "date": at,
        "chat": _chat(chat_id),
        "from": _sender(chat_id),
        "text": text,
        "client_id": said.id,
    }
    return {"update_id": _number(said.id), "message": message}


def pressed_update(pressed: Pressed, chat_id: int, at: datetime) -> dict[str, Any]:
    """An Update with a callback query on one of our own messages."""
    query: dict[str, Any] = {
        "id": pressed.id,
        "from": _sender(chat_id),
        "chat_instance": str(chat_id),
        "data": pressed.data,
        "message": {"message_id": pressed.message, "date": at, "chat": _chat(chat_id), "text": "…"},
    }
    return {"update_id": _number(pressed.id), "callback_query": query}


def _number(client_id: str) -> int:
    """A positive 31-bit number for fields that want one; nothing is identified by it."""
    return sum(ord(ch) * 31**place for place, ch in enumerate(client_id)) % 2**31 or 1
