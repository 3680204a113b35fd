"""What was left unfinished, as the first button of the home screen."""

from datetime import datetime

from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext

from content.keyboards.guides import Open
from content.keyboards.visits import Log
from content.library import Library
from content.texts import guides as guide_texts
from content.texts import visits as visit_texts
from domain.drafts import Form
from domain.people import Actor
from handlers.guides import PLACE
from storage.unit_of_work import UnitOfWork


async def resume_button(
    state: FSMContext, library: Library, actor: Actor, uow: UnitOfWork, now: datetime
) -> tuple[str, CallbackData] | None:
    """(label, what it opens): an unfinished visit before an unfinished guide."""
    if actor.person is not None:
        draft = await uow.drafts.open_of(
            actor.person.id, Form.VISIT, now, commune_id=actor.commune_id
        )
        if draft is not None and draft.data.get("services"):
            return visit_texts.resume(draft), Log(do="review", draft=draft.id)
    place = (await state.get_data()).get(PLACE)
    card = library.card(place[0]) if place else None
    if card is None or place is None:
        return None
    return guide_texts.resume(card, place[1]), Open(topic=card.topic, part=f"at{place[1]}")
