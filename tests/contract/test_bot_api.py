"""Two libraries before the same Bot API: what either asks, the other reads as the same."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram
import telegram.ext
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.methods import (
    EditMessageText,
    SendMessage,
    SendPhoto,
    SendPoll,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update
from pydantic import TypeAdapter

from tests.contract import cases
from tests.contract.cases import OUTGOING, Outgoing
from tests.support.bot_api_server import TOKEN, BotApiServer, Call
from tests.support.second_reader import read_back
from tests.support.telegram_door import connected

LAN, HOA = 700_000_001, 700_000_002

_MENU = telegram.InlineKeyboardMarkup(
    [
        [
            telegram.InlineKeyboardButton(
                button.text, url=button.url, callback_data=button.callback_data
            )
            for button in row
        ]
        for row in cases.MENU.inline_keyboard
    ]
)
#: The same eight things as OUTGOING, said in python-telegram-bot's words.
SECOND_CLIENT: dict[str, Callable[[telegram.Bot], Awaitable[Any]]] = {
    "text": lambda bot: bot.send_message(LAN, cases.TEXT),
    "buttons": lambda bot: bot.send_message(LAN, "Chọn:", reply_markup=_MENU),
    "long text": lambda bot: bot.send_message(LAN, cases.longest(4096)),
    "answer to a message": lambda bot: bot.send_message(
        LAN,
        "Đã ghi",
        disable_notification=True,
        reply_parameters=telegram.ReplyParameters(1, allow_sending_without_reply=True),
    ),
    "file": lambda bot: bot.send_document(
        LAN, cases.SHEET.data, caption="Báo cáo <i>quý III</i>", filename=cases.SHEET.filename
    ),
    "picture": lambda bot: bot.send_photo(
        LAN, cases.picture(), caption="Mã của tổ", filename="qr.jpg"
    ),
    "typing": lambda bot: bot.send_chat_action(LAN, "typing"),
    "commands": lambda bot: bot.set_my_commands([("start", "Bắt đầu")]),
}


@asynccontextmanager
async def second_client(server: BotApiServer) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot before the same server."""
    defaults = telegram.ext.Defaults(
        parse_mode="HTML", link_preview_options=telegram.LinkPreviewOptions(is_disabled=True)
    )
    async with telegram.ext.ExtBot(
        TOKEN,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        defaults=defaults,
    ) as bot:
        yield bot


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.name)
async def test_both_libraries_ask_the_same_and_read_the_same(case: Outgoing) -> None:
    async with (
        BotApiServer(clock=lambda: 1_795_000_000.0) as server,
        connected(server, "polling") as door,
        second_client(server) as other,
    ):
        server.knows(LAN)
        method = case.method(LAN)
        ours = await door.bot(method)
        theirs = await SECOND_CLIENT[case.name](other)
        mine, second = server.over(method.__api_method__)
        read_back(server)

    assert _comparable(mine) == _comparable(second)
    read = TypeAdapter(method.__returning__).validate_python(second.result)
    assert type(read) is type(ours)
    if isinstance(theirs, telegram.Message):
        assert ours.date == read.date == theirs.date
        assert ours.html_text == theirs.text_html if ours.text else theirs.caption_html
        assert not ours.model_extra


def _comparable(call: Call) -> dict[str, Any]:
    """What was asked, apart from how a library names its file parts."""
    files = [(part.name, part.content) for part in call.files.values()]
    names = {"photo", "document"}
    return {k: v for k, v in call.params.items() if k not in names} | {"files": files}


async def test_the_second_library_hears_the_same_person() -> None:
    """One update read by both, so that a date or an id cannot mean two things."""
    async with (
        BotApiServer() as server,
        connected(server, "polling") as door,
        second_client(server) as other,
    ):
        await server.user_says(LAN, "/start lt-5")
        await server.user_sends_photo(LAN, cases.picture(), "Hộ bà Hoa")
        await door.bot.send_message(LAN, "Chọn", reply_markup=cases.MENU)
        await server.user_presses(LAN, "mine")
        ours = await door.bot.get_updates()
        theirs = await other.get_updates()
        assert theirs[1].message
        file = await other.get_file(theirs[1].message.photo[-1])
        assert bytes(await file.download_as_bytearray()) == cases.picture()
    assert [_gist(update) for update in ours] == [_gist(update) for update in theirs]
    assert [_gist(update)[3] for update in ours] == ["/start lt-5", "Hộ bà Hoa", "mine"]


def _gist(update: Update | telegram.Update) -> tuple[Any, ...]:
    """Id, person, moment and words, as the library that read the update has them."""
    query, message = update.callback_query, update.message
    if query:
        return update.update_id, query.from_user.id, None, query.data
    assert message
    assert message.from_user
    words = message.text or message.caption
    return update.update_id, message.from_user.id, message.date, words


# --- What Telegram refuses -------------------------------------------------------------------


def _button(**what: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="?", **what)]])


REFUSED: list[tuple[str, TelegramMethod[Any]]] = [
    ("message text is empty", SendMessage(chat_id=LAN, text=" \n ")),
    ("message is too long", SendMessage(chat_id=LAN, text="🏡" * 2049)),
    ("chat not found", SendMessage(chat_id=HOA, text="chào")),
    (
        'Unsupported start tag "hộ" at byte offset 5',
        SendMessage(chat_id=LAN, text="hộ <hộ>"),
    ),
    ('Unsupported start tag "p" at byte', SendMessage(chat_id=LAN, text="<p>chào</p>")),
    (
        'Can\'t find end tag corresponding to start tag "b"',
        SendMessage(chat_id=LAN, text="<b>chào"),
    ),
    (
        'Unmatched end tag at byte offset 11, expected "</i>", found "</b>"',
        SendMessage(chat_id=LAN, text="<b><i>chào</b></i>"),
    ),
    ("Unexpected end tag at byte offset 0", SendMessage(chat_id=LAN, text="</b>")),
    (
        "BUTTON_DATA_INVALID",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button(callback_data="ấ" * 22)),
    ),
    (
        "Wrong HTTP URL",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button(url="http://localhost/")),
    ),
    (
        "Text buttons are unallowed",
        SendMessage(chat_id=LAN, text="?", reply_markup=_button()),
    ),
    ("message to edit not found", EditMessageText(chat_id=LAN, message_id=99, text="?")),
    ("message can't be edited", EditMessageText(chat_id=LAN, message_id=1, text="?")),
    ("message is not modified", EditMessageText(chat_id=LAN, message_id=2, text="đây")),
    ("unknown parameter", SendMessage(chat_id=LAN, text="?", textt="?")),
    (
        "IMAGE_PROCESS_FAILED",
        SendPhoto(chat_id=LAN, photo=BufferedInputFile(b"not a picture", "x.jpg")),
    ),
    (
        "file must be non-empty",
        SendPhoto(chat_id=LAN, photo=BufferedInputFile(b"", "x.jpg")),
    ),
    (
        "message caption is too long",
        SendPhoto(
            chat_id=LAN, photo=BufferedInputFile(cases.picture(), "x.jpg"), caption="ấ" * 1025
        ),
    ),
]


@pytest.mark.parametrize(("reason", "method"), REFUSED, ids=[reason for reason, _ in REFUSED])
async def test_what_telegram_would_refuse_is_refused_here(
    reason: str, method: TelegramMethod[Any]
) -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        await server.user_says(LAN, "một")
        await door.bot.send_message(LAN, "<b>đây</b>", parse_mode=None, entities=[])
        await door.bot.edit_message_text("đây", chat_id=LAN, message_id=2)
        with pytest.raises(TelegramBadRequest) as caught:
            await door.bot(method)
    assert reason in caught.value.message


async def test_an_unknown_method_is_not_found() -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        with pytest.raises(TelegramNotFound, match="method not found"):
            await door.bot(SendPoll(chat_id=LAN, question="?", options=["1", "2"]))


@pytest.mark.parametrize("parse_mode", ["HTML", None])
async def test_a_line_break_is_a_newline_where_the_text_is_html(parse_mode: str | None) -> None:
    async with BotApiServer() as server, connected(server, "polling") as door:
        server.knows(LAN)
        text = "Bước 1<br>Bước 2<BR/>\nBước 3"
        await door.bot.send_message(LAN, text, parse_mode=parse_mode)
        photo = BufferedInputFile(cases.picture(), "x.jpg")
        await door.bot.send_photo(LAN, photo, caption=text, parse_mode=parse_mode)
        [message] = server.over("sendMessage")
        [picture] = server.over("sendPhoto")
    expected = "Bước 1\nBước 2\nBước 3" if parse_mode else text
    assert message.result["text"] == picture.result["caption"] == expected
