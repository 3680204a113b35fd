"""What nobody claimed: never silence. Comes last."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as keyboards
from content.texts import start as texts
from domain.people import Actor
from handlers.screens import show

router = Router(name="fallback")


@router.callback_query()
async def old_button(query: CallbackQuery, actor: Actor) -> None:
    """A button of a screen that no longer exists."""
    await show(query, texts.old_button(), keyboards.home(actor.role))


@router.message(F.text.regexp(r"^\s*\d{1,2}\s*[.)]?\s*$"))
async def old_number(message: Message, actor: Actor) -> None:
    """A bare number that belongs to no open menu."""
    await show(message, texts.old_number(), keyboards.home(actor.role))


@router.message(F.photo)
async def photo(message: Message, actor: Actor) -> None:
    """A picture nobody asked for; it is not kept."""
    text = f"{texts.words_please()}\n\n{texts.no_identity_photos()}"
    await show(message, text, keyboards.home(actor.role))


@router.message()
async def anything_else(message: Message, actor: Actor) -> None:
    """Stickers, voices, contacts, and words that mean nothing to us."""
    text = texts.not_known() if message.text else texts.words_please()
    await show(message, text, keyboards.home(actor.role))
