"""What went wrong, in words: a rule's refusal has its sentence, anything else an apology."""

import logging

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, ErrorEvent, Message

from content.i18n import speaking
from content.keyboards import common as keyboards
from content.texts import errors as texts
from domain.errors import DomainError, StorageBusy
from domain.people import Actor
from handlers.screens import UNREACHED, show

log = logging.getLogger(__name__)
router = Router(name="errors")


@router.errors()
async def answer(
    event: ErrorEvent, actor: Actor | None = None, state: FSMContext | None = None
) -> None:
    """Say it where it happened. The unit of work is closed by now: nothing is written here."""
    error = event.exception
    spoken = event.update.message or event.update.callback_query
    comes_again = isinstance(error, (StorageBusy, *UNREACHED))
    if comes_again or not isinstance(spoken, Message | CallbackQuery):
        raise error  # the door itself answers, and lets the update come again
    if isinstance(error, TelegramAPIError):
        log.warning("a door refused: %s", error)
        return
    with speaking(actor.locale if actor else "vi"):
        if isinstance(error, DomainError):
            text = texts.sentence(error)
        else:
            log.error("update %s failed", event.update.update_id, exc_info=error)
            text = texts.unexpected()
        still_asked = state is not None and await state.get_state() is not None
        board = keyboards.open_question() if still_asked else keyboards.keyboard([])
        await show(spoken, text, board)
