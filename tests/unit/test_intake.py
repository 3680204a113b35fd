"""The one door in, its pure parts: whose word it is, what is masked, what a typed mark presses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Update

from bot.channels.fallback import Option
from bot.middlewares.intake import (
    as_press,
    external_key,
    label_of,
    line_of,
    masked,
    options_of,
    spoken_in,
)
from domain.messages import Button, ChatMessage, Direction
from domain.secrets import MASK

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
LAN = {"id": 7, "is_bot": False, "first_name": "Lan"}
CHAT = {"id": 7, "type": "private"}
PICTURE = {"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}


def message(**fields: Any) -> Update:
    told = {"message_id": 5, "date": AT, "chat": CHAT, "from": LAN, **fields}
    return Update.model_validate({"update_id": 90, "message": told})


def press(data: str | None = "go:home", **fields: Any) -> Update:
    on = {"message_id": 41, "date": AT, "chat": CHAT, "text": "…"}
    query = {"id": "q1", "from": LAN, "chat_instance": "7", "data": data, "message": on, **fields}
    return Update.model_validate({"update_id": 91, "callback_query": query})


def shown(*rows: tuple[Button, ...], text: str = "Chọn") -> ChatMessage:
    return ChatMessage(41, 7, 3, Direction.OUT, text, AT, rows)


MENU = shown(
    (Button("📝 Ghi lượt", "v:log"), Button("🪪 VNeID", "g:vneid")),
    (Button("Trang xã", None, "https://example.vn"),),
    (Button("🏠 Trang chính", "go:home"),),
)


# --- Whose word ------------------------------------------------------------------------------


def test_a_line_and_a_press_are_spoken_in_their_chat() -> None:
    for update in (message(text="chào"), press()):
        chat, sender = spoken_in(update)
        assert chat is not None
        assert sender is not None
        assert (chat.id, sender.id) == (7, 7)


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "edited_message": {"message_id": 5, "date": AT, "chat": CHAT}},
        {"update_id": 1, "callback_query": {"id": "q", "from": LAN, "chat_instance": "7"}},
        {"update_id": 1, "my_chat_member": None},
    ],
)
def test_what_is_no_part_of_a_talk_is_in_no_chat(update: dict[str, Any]) -> None:
    assert spoken_in(Update.model_validate(update)) == (None, None)


def test_a_channel_post_has_no_sender() -> None:
    told = {"message_id": 5, "date": AT, "chat": {"id": -9, "type": "channel"}, "text": "tin"}
    _, sender = spoken_in(Update.model_validate({"update_id": 1, "message": told}))
    assert sender is None


def test_each_door_has_its_own_name_for_what_was_said() -> None:
    assert external_key(message(text="a")) == "said:5"
    assert external_key(message(text="a", client_id="abc-1")) == "abc-1"
    assert external_key(press()) == "q1"
    assert external_key(Update(update_id=90)) == "update:90"


# --- What is masked --------------------------------------------------------------------------


def test_secrets_are_gone_from_text_and_from_the_words_under_a_picture() -> None:
    secret = "cccd 079123456789"
    for field, update in (
        ("text", message(text=secret)),
        ("caption", message(caption=secret, photo=[PICTURE])),
    ):
        clean = masked(update).message
        assert clean is not None
        assert getattr(clean, field) == f"cccd {MASK}"
        assert "079123456789" not in masked(update).model_dump_json()


def test_marks_of_the_unmasked_text_are_dropped_with_it() -> None:
    """They point into a text that is no more; a phone-number mark even holds it."""
    entities = [{"type": "phone_number", "offset": 5, "length": 12}]
    clean = masked(message(text="cccd 079123456789", entities=entities)).message
    assert clean is not None
    assert clean.entities is None


def test_a_command_keeps_its_mark() -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    clean = masked(message(text="/menu", entities=entities)).message
    assert clean is not None
    assert clean.entities is not None


def test_a_command_with_a_secret_behind_it_loses_only_the_secret() -> None:
    clean = masked(message(text="/ghi 079123456789")).message
    assert clean is not None
    assert clean.text == f"/ghi {MASK}"


def test_the_update_itself_is_left_as_it_came() -> None:
    update = message(text="cccd 079123456789")
    masked(update)
    assert update.message is not None
    assert update.message.text == "cccd 079123456789"


@pytest.mark.parametrize("update", [press(), message(), Update(update_id=1)])
def test_without_words_there_is_nothing_to_mask(update: Update) -> None:
    assert masked(update) is update


# --- What a typed mark presses ---------------------------------------------------------------


def pressed(typed: str, menu: ChatMessage | None, *, awaiting_text: bool = False) -> str | None:
    """The data of the button that a typed line presses."""
    update = message(text=typed)
    options = options_of(menu)
    understood = as_press(update, menu, options, awaiting_text=awaiting_text)
    if understood is update:
        return None
    assert understood.message is None
    assert understood.callback_query is not None
    return understood.callback_query.data


def test_options_are_those_that_answer_back_in_reading_order() -> None:
    assert options_of(MENU) == [
        Option("📝 Ghi lượt", "v:log"),
        Option("🪪 VNeID", "g:vneid"),
        Option("🏠 Trang chính", "go:home"),
    ]
    assert options_of(None) == []
    assert options_of(shown()) == []


@pytest.mark.parametrize(
    ("typed", "data"),
    [("1", "v:log"), ("3.", "go:home"), ("vneid", "g:vneid"), ("4", None), ("a", None)],
)
def test_a_number_presses_its_button(typed: str, data: str | None) -> None:
    assert pressed(typed, MENU) == data


@pytest.mark.parametrize(
    ("typed", "data"),
    [("1", None), ("a", "v:log"), ("C", "go:home"), ("d", None), ("ghi lượt", "v:log")],
)
def test_a_letter_does_where_words_are_awaited(typed: str, data: str | None) -> None:
    assert pressed(typed, MENU, awaiting_text=True) == data


@pytest.mark.parametrize("typed", ["1", "a", "vneid"])
def test_without_a_menu_nothing_is_pressed(typed: str) -> None:
    assert pressed(typed, None) is None
    assert pressed(typed, shown()) is None


def test_the_press_looks_as_if_the_button_had_been_pressed() -> None:
    update = message(text="3")
    query = as_press(update, MENU, options_of(MENU), awaiting_text=False).callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.message_id == 5
    assert query.message.chat.id == 7
    assert query.from_user.id == 7
    assert query.id == "typed:7:5"


@pytest.mark.parametrize(
    "update",
    [
        press(),
        message(photo=[PICTURE]),
        message(caption="1", photo=[PICTURE]),
        Update(update_id=1),
    ],
)
def test_only_typed_words_can_press(update: Update) -> None:
    assert as_press(update, MENU, options_of(MENU), awaiting_text=False) is update


# --- What the talk shows ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("update", "line"),
    [
        (message(text="chào"), "chào"),
        (message(caption="nhà tôi", photo=[]), "nhà tôi"),
        (message(photo=[PICTURE]), "[photo]"),
        (message(), "[unknown]"),
        (press("go:home"), "🏠 Trang chính"),
        (press("g:vneid"), "🪪 VNeID"),
        (press("of:an-old-message"), None),
        (press("~v:ticks-in-place"), None),
        (press(None), None),
    ],
)
def test_the_line_of_an_update(update: Update, line: str | None) -> None:
    assert line_of(update, options_of(MENU)) == line


def test_the_label_of_what_was_understood() -> None:
    menu = options_of(MENU)
    understood = as_press(message(text="2"), MENU, menu, awaiting_text=False)
    assert label_of(menu, understood) == "🪪 VNeID"
    assert label_of(menu, message(text="chào")) == ""
