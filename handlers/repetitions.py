"""An update that came again because its answer never went out: the effect stands, say so."""

from datetime import datetime

from aiogram import Router
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as keyboards
from content.keyboards.visits import Log
from content.library import Library
from content.texts import start as texts
from domain.people import Actor
from handlers.resuming import resume_button
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="repetitions")
SAVE = f"{Log.__prefix__}:save:"


class CameAgain(Filter):
    """Dealt with before, by a program that was stopped or a door that was shut before it spoke.

    Saving goes through once more: its draft is closed, so it only says the visit's code.
    """

    async def __call__(self, event: Message | CallbackQuery, *, came_again: bool = False) -> bool:
        saves = isinstance(event, CallbackQuery) and (event.data or "").startswith(SAVE)
        return came_again and not saves


@router.message(CameAgain())
@router.callback_query(CameAgain())
async def say_where_they_stand(
    event: Message | CallbackQuery,
    state: FSMContext,
    library: Library,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """The home screen, with what was left unfinished on top."""
    await state.set_state(None)
    resume = await resume_button(state, library, actor, uow, now)
    await show(event, texts.answer_lost(), keyboards.home(actor.role, resume))
