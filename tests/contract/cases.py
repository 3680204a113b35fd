"""What every door is asked to carry, in aiogram's terms; each door's test says how it came out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import Command
from aiogram.methods import (
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from PIL import Image

TEXT = (
    "Chào <b>bà con</b> ấp 5 &amp; ấp 6 👋🏽, mời xem <a href='https://dichvucong.gov.vn'>cổng</a>"
)
PLAIN_TEXT = "Chào bà con ấp 5 & ấp 6 👋🏽, mời xem cổng"
MENU = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Ghi lượt hỗ trợ", callback_data="visit:new"),
            InlineKeyboardButton(text="Việc của tôi", callback_data="mine"),
        ],
        [InlineKeyboardButton(text="Cổng dịch vụ công", url="https://dichvucong.gov.vn")],
        # 64 bytes, the most there may be; a Vietnamese letter takes two or three of them.
        [InlineKeyboardButton(text="Xã Lộc Tấn", callback_data="xã:" + "ấ" * 20)],
    ]
)
SHEET = BufferedInputFile(b"PK\x03\x04 not really a workbook", "bao-cao-quy-3.xlsx")


def picture(width: int = 64, height: int = 48) -> bytes:
    """A real little photo."""
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def longest(units: int) -> str:
    """A text of that many UTF-16 units, more bytes and fewer letters."""
    return "🏡" * 10 + "ấ" * (units - 20)


@dataclass(frozen=True)
class Outgoing:
    """One thing the program says."""

    name: str
    method: Callable[[int], TelegramMethod[Any]]


OUTGOING = (
    Outgoing("text", lambda chat: SendMessage(chat_id=chat, text=TEXT)),
    Outgoing("buttons", lambda chat: SendMessage(chat_id=chat, text="Chọn:", reply_markup=MENU)),
    Outgoing("long text", lambda chat: SendMessage(chat_id=chat, text=longest(4096))),
    Outgoing(
        "answer to a message",
        lambda chat: SendMessage(
            chat_id=chat,
            text="Đã ghi",
            disable_notification=True,
            reply_parameters=ReplyParameters(message_id=1, allow_sending_without_reply=True),
        ),
    ),
    Outgoing(
        "file",
        lambda chat: SendDocument(chat_id=chat, document=SHEET, caption="Báo cáo <i>quý III</i>"),
    ),
    Outgoing(
        "picture",
        lambda chat: SendPhoto(
            chat_id=chat, photo=BufferedInputFile(picture(), "qr.jpg"), caption="Mã của tổ"
        ),
    ),
    Outgoing("typing", lambda chat: SendChatAction(chat_id=chat, action="typing")),
    Outgoing(
        "commands",
        lambda _: SetMyCommands(commands=[BotCommand(command="start", description="Bắt đầu")]),
    ),
)


class Conversation:
    """A tiny program behind the door, and the `feed` that a door hands its updates to.

    /nut shows buttons, /dai the longest text, /tep a file; a press edits the message; a photo
    is downloaded; /cho waits for `gate`; anything else is said back.
    """

    def __init__(self) -> None:
        self.fed: list[int] = []
        """Ids of all updates handed over, repetitions too."""
        self.answers: list[bool] = []
        self.begun: list[str] = []
        self.said: list[str] = []
        """Texts in the order their handlers ended."""
        self.photos: list[bytes] = []
        self.failing: list[str] = []
        """Texts whose handler fails, once for each mention."""
        self.gate = asyncio.Event()
        self._done: set[int] = set()
        self._dispatcher = Dispatcher()
        self._dispatcher.include_router(self._router())

    async def feed(self, bot: Bot, update: Update) -> bool:
        """As the app's: a repetition of what went well has no effect, and says so."""
        self.fed.append(update.update_id)
        is_new = update.update_id not in self._done
        if is_new:
            result = await self._dispatcher.feed_update(bot, update)
            if isinstance(result, TelegramMethod):
                await bot(result)
            self._done.add(update.update_id)
        self.answers.append(is_new)
        return is_new

    def _router(self) -> Router:
        router = Router()
        router.message.register(self._buttons, Command("nut"))
        router.message.register(self._long, Command("dai"))
        router.message.register(self._file, Command("tep"))
        router.message.register(self._wait, Command("cho"))
        router.message.register(self._photo, F.photo)
        router.message.register(self._echo, F.text)
        router.callback_query.register(self._press)
        return router

    async def _buttons(self, message: Message) -> None:
        await message.answer("Bà con cần gì?", reply_markup=MENU)

    async def _long(self, message: Message) -> None:
        await message.answer(f"<b>{longest(4096)}</b>")

    async def _file(self, message: Message) -> None:
        await message.answer_document(SHEET, caption="Báo cáo")

    async def _wait(self, message: Message) -> None:
        self.begun.append(message.text or "")
        await self.gate.wait()
        self.said.append(message.text or "")

    async def _photo(self, message: Message, bot: Bot) -> None:
        assert message.photo
        out = await bot.download(message.photo[-1])
        assert out
        self.photos.append(out.read())
        await message.answer("Đã nhận ảnh")

    async def _echo(self, message: Message) -> TelegramMethod[Any]:
        text = message.text or ""
        if text in self.failing:
            self.failing.remove(text)
            raise RuntimeError("the database is away")
        self.said.append(text)
        return message.answer(f"Đã nghe: {message.html_text}")

    async def _press(self, query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.answer("Được rồi")
        await query.message.edit_text(f"Đã chọn <code>{query.data}</code>")
