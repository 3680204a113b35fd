"""Showing a screen: a new message, or the same message changed."""

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message


async def show(
    event: Message | CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Say `text` as a new message in the chat the event came from."""
    message = event if isinstance(event, Message) else event.message
    if message is not None:
        await message.answer(text, reply_markup=keyboard)


async def edit_screen(
    query: CallbackQuery, text: str | None, keyboard: InlineKeyboardMarkup
) -> None:
    """Change the message whose button was pressed. The same again is fine; Telegram says 400."""
    if not isinstance(query.message, Message):
        return
    try:
        if text is None:
            await query.message.edit_reply_markup(reply_markup=keyboard)
        else:
            await query.message.edit_text(text, reply_markup=keyboard)
    except TelegramBadRequest as error:
        if "not modified" not in error.message:
            raise
