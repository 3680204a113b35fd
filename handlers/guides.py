"""Guidance: by menu or by question, one step at a time, resumed where it was left."""

from datetime import datetime

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from content.keyboards import guides as keyboards
from content.keyboards.common import Go
from content.keyboards.guides import Open, Walk
from content.library import Library
from content.texts import guides as texts
from domain.guides import Card, Serving, Topic, freshness
from domain.people import Actor, Commune, Hamlet
from domain.visits import local_day
from handlers.screens import edit_screen, show
from storage.unit_of_work import UnitOfWork

router = Router(name="guides")
#: Where a chat stands in a card, kept with its step: {"guide": [topic, step]}.
PLACE = "guide"


@router.callback_query(Go.filter(F.to == "guides"))
async def choose_group(query: CallbackQuery, library: Library) -> None:
    """All groups of topics."""
    await show(
        query, texts.choose_group(), keyboards.groups([g.id for g in library.groups if g.topics])
    )


@router.callback_query(Go.filter(F.to.startswith("group-")))
async def choose_topic(query: CallbackQuery, callback_data: Go, library: Library) -> None:
    """The topics of one group that have a card; of one that is none, all groups."""
    wanted = callback_data.to.removeprefix("group-")
    group = next((g for g in library.groups if g.id == wanted), None)
    if group is None:
        await choose_group(query, library)
        return
    having = [topic for topic in group.topics if library.card(topic.id)]
    await show(query, texts.choose_topic(group.id), keyboards.topics(having))


@router.callback_query(Open.filter(F.part == ""))
async def open_card(
    query: CallbackQuery,
    callback_data: Open,
    library: Library,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """The card at a glance."""
    await show_card(query, callback_data.topic, library, actor, uow, now)


@router.callback_query(Walk.filter())
async def walk(
    query: CallbackQuery,
    callback_data: Walk,
    library: Library,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """To another step, in place; the place is remembered."""
    card = library.card(callback_data.topic)
    if card is None or freshness(card, local_day(now)).service is Serving.WITHHELD:
        await show_card(query, callback_data.topic, library, actor, uow, now)
        return
    number = min(callback_data.step, len(card.steps))
    if number < 1:
        text, board = await _overview(card, actor, uow, now)
        await edit_screen(query, text, board)
        return
    await state.update_data({PLACE: [card.topic, number]})
    await edit_screen(query, texts.step(card, number), keyboards.step(card, number))


@router.callback_query(Open.filter())
async def open_side(
    query: CallbackQuery,
    callback_data: Open,
    library: Library,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Stuck, an obstacle, the sources, the end."""
    card = library.card(callback_data.topic)
    part = callback_data.part
    if card is None:
        await show_card(query, callback_data.topic, library, actor, uow, now)
    elif part == "before":
        await show(query, texts.before(card), keyboards.before(card))
    elif part == "sources":
        await show(query, texts.sources(card), keyboards.back_to(card))
    elif part == "done":
        await state.update_data({PLACE: None})
        related = [topic for each in card.related if (topic := written(library, each))]
        await show(query, texts.finished(card), keyboards.finished(card, related))
    elif part == "good":
        await state.update_data({PLACE: None})
        await show(query, texts.good(), keyboards.finished_well())
    elif part.startswith("at"):
        number = max(1, min(int(part.removeprefix("at")), len(card.steps)))
        await show(query, texts.step(card, number), keyboards.step(card, number))
    elif part != "stuck" and int(part.removeprefix("stuck")) < len(card.obstacles):
        obstacle = card.obstacles[int(part.removeprefix("stuck"))]
        await show(query, texts.obstacle(card, obstacle), keyboards.obstacle(card))
    else:
        await show(query, texts.stuck(card), keyboards.stuck(card))


def written(library: Library, topic: str) -> Topic | None:
    """The topic, if it has a card."""
    return library.topic(topic) if library.card(topic) else None


async def show_card(
    event: Message | CallbackQuery,
    topic: str,
    library: Library,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """The card at a glance, or why there is none."""
    card = library.card(topic)
    if card is None:
        title = missing.title if (missing := library.topic(topic)) else ""
        await show(event, texts.not_written(title), keyboards.topics([]))
        return
    if freshness(card, local_day(now)).service is Serving.WITHHELD:
        await show(event, texts.withheld(card), keyboards.topics([]))
        return
    text, board = await _overview(card, actor, uow, now)
    await show(event, text, board)


async def _overview(
    card: Card, actor: Actor, uow: UnitOfWork, now: datetime
) -> tuple[str, InlineKeyboardMarkup]:
    commune, hamlet = await _local(actor, uow)
    fresh = freshness(card, local_day(now))
    return texts.overview(card, fresh, commune, hamlet), keyboards.overview(card)


async def _local(actor: Actor, uow: UnitOfWork) -> tuple[Commune | None, Hamlet | None]:
    """The commune and hamlet whose facts go under the card."""
    if actor.commune_id is None:
        return None, None
    commune = await uow.communes.get(actor.commune_id)
    hamlets = await uow.communes.hamlets(actor.commune_id)
    code = actor.hamlet_code
    return commune, next((h for h in hamlets if h.code == code), None)
