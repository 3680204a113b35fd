"""What the page posts, as the Update our handlers know; anything else is refused before that."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Update
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.channels.webchat.inbound import LONGEST, Pressed, Said, pressed_update, said_update
from bot.channels.webchat.views import sentence_for
from content.texts import errors as texts

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
CHAT = 2**52 + 2**44 + 7
ID = "6f1c2f0e-5c61-4a57-9d0b-2f4f6f1c2f0e"


def said(text: str, said_id: str = ID) -> Update:
    return Update.model_validate(said_update(Said(id=said_id, text=text), CHAT, AT))


def test_a_line_becomes_a_private_message_of_its_chat() -> None:
    message = said("chào").message
    assert message is not None
    assert message.from_user is not None
    assert message.text == "chào"
    assert message.date == AT
    assert (message.chat.id, message.chat.type, message.from_user.id) == (CHAT, "private", CHAT)
    assert message.model_extra == {"client_id": ID}


def test_a_press_becomes_a_callback_query_on_its_message() -> None:
    pressed = Pressed(id=ID, message=41, data="go:home")
    query = Update.model_validate(pressed_update(pressed, CHAT, AT)).callback_query
    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.from_user.id) == (ID, "go:home", CHAT)
    assert (query.message.message_id, query.message.chat.id) == (41, CHAT)


def test_text_is_stripped_and_in_one_form() -> None:
    message = said("  o\u031b\u0309 đa\u0302y \n").message
    assert message is not None
    assert message.text == "\u1edf đ\u00e2y"


@pytest.mark.parametrize("text", ["x" * LONGEST, "😀" * LONGEST, "a\n" * (LONGEST // 2), "🙂", "/"])
def test_what_fits_is_taken(text: str) -> None:
    message = said(text).message
    assert message is not None
    assert message.text == text.strip()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": ID},
        {"text": "chào"},
        {"id": ID, "text": ""},
        {"id": ID, "text": "  \n\t "},
        {"id": ID, "text": None},
        {"id": ID, "text": 5},
        {"id": ID, "text": ["chào"]},
        {"id": ID, "text": "nửa chữ \ud83d"},
        {"id": "ngắn", "text": "chào"},
        {"id": "x" * 65, "text": "chào"},
        {"id": "a b c d e", "text": "chào"},
        {"id": "../../../etc", "text": "chào"},
        {"id": f"{ID}\n", "text": "chào"},
        {"id": 12345678, "text": "chào"},
        [],
        "chào",
        None,
    ],
)
def test_what_is_no_line_is_refused(body: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Said.model_validate(body)
    assert sentence_for(refused.value) is texts.not_understood


def test_a_line_too_long_is_told_so() -> None:
    with pytest.raises(ValidationError) as refused:
        Said.model_validate({"id": ID, "text": "x" * (LONGEST + 1)})
    assert sentence_for(refused.value) is texts.too_long


@pytest.mark.parametrize(
    "body",
    [
        {"id": ID, "message": 1},
        {"id": ID, "message": 1, "data": ""},
        {"id": ID, "message": 1, "data": "x" * 65},
        {"id": ID, "message": "một", "data": "go:home"},
        {"id": ID, "message": None, "data": "go:home"},
        {"id": ID, "message": 1.5, "data": "go:home"},
        {"id": ID, "message": -1, "data": "go:home"},
        {"id": ID, "message": 2**63, "data": "go:home"},
        {"id": "", "message": 1, "data": "go:home"},
    ],
)
def test_what_is_no_press_is_refused(body: Any) -> None:
    with pytest.raises(ValidationError):
        Pressed.model_validate(body)


@pytest.mark.parametrize("form", [Said, Pressed])
def test_what_the_page_adds_one_day_is_ignored_today(form: type[BaseModel]) -> None:
    form.model_validate(
        {"id": ID, "text": "chào", "message": 1, "data": "go:home", "later": {"a": [1]}}
    )


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "a\u0000 \x00b"])
def test_a_character_that_postgresql_cannot_keep_never_comes_in(text: str) -> None:
    try:
        message = said(text).message
    except ValidationError:
        return
    assert message is not None
    assert "\x00" not in (message.text or "")


@given(st.text(st.sampled_from("0123456789abcdefABCDEFxyz-"), min_size=8, max_size=64))
def test_every_id_gives_numbers_that_aiogram_and_the_database_take(client_id: str) -> None:
    update = said("chào", client_id)
    assert update.message is not None
    assert 0 < update.update_id < 2**31
    assert update.update_id == update.message.message_id


@given(st.text(min_size=1, max_size=60))
def test_any_text_arrives_as_it_was_or_is_refused(text: str) -> None:
    body = json.loads(json.dumps({"id": ID, "text": text}))
    try:
        line = Said.model_validate(body)
    except ValidationError:
        assert not text.strip() or "\x00" in text
        return
    message = Update.model_validate(said_update(line, CHAT, AT)).message
    assert message is not None
    assert message.text
