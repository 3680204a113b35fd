"""Log a visit by taps. Every answer lives in the draft; every press names its draft."""

from datetime import datetime
from uuid import UUID

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from content.keyboards import visits as keyboards
from content.keyboards.common import Go
from content.keyboards.visits import Log, Pick
from content.texts import visits as texts
from domain import visit_form as form
from domain import visits as rules
from domain.access import Action, require
from domain.drafts import Form
from domain.errors import DraftGone, VisitAlreadyRecorded
from domain.ids import new_id
from domain.people import Actor
from domain.visit_form import Step
from handlers.filters import Typed
from handlers.screens import edit_screen, show
from handlers.visits._drafts import (
    ask_next,
    hamlet_name,
    hamlets_of,
    new_draft,
    own_draft,
    person_of,
)
from storage.unit_of_work import UnitOfWork

router = Router(name="visit-log")


class LogVisit(StatesGroup):
    """The two answers that are typed. Buttons need no state: they name their draft."""

    people = State()
    household = State()


@router.message(Command("ghi"))
@router.callback_query(Go.filter(F.to == "log"))
async def start(
    event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Begin a visit, or find the one that was left unfinished."""
    require(actor, Action.LOG_VISIT)
    person_id = person_of(actor)
    draft = await uow.drafts.open_of(person_id, Form.VISIT, now, commune_id=actor.commune_id)
    if draft is not None and draft.data.get("services"):
        hamlet = await hamlet_name(uow, actor, draft)
        await show(event, texts.unfinished(draft, hamlet), keyboards.unfinished(draft))
        return
    if draft is None:
        draft = await new_draft(uow, actor, now)
        await uow.commit()
    await ask_next(event, uow, actor, draft, now)


@router.callback_query(Log.filter(F.do == "anew"))
async def start_anew(
    query: CallbackQuery, callback_data: Log, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Throw the unfinished one away and begin."""
    require(actor, Action.LOG_VISIT)
    old = await own_draft(uow, actor, callback_data.draft, now)
    await uow.drafts.discard(old.id, now)
    draft = await new_draft(uow, actor, now)
    await uow.commit()
    await ask_next(query, uow, actor, draft, now)


@router.callback_query(Pick.filter())
async def pick_services(
    query: CallbackQuery, callback_data: Pick, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Switch services on or off on the same screen."""
    draft = await own_draft(uow, actor, callback_data.draft, now)
    draft = form.toggled(draft, form.read_services(callback_data.services))
    await uow.drafts.save(draft)
    await uow.commit()
    several = len(await hamlets_of(uow, actor, now)) > 1
    await edit_screen(query, None, keyboards.services(draft, several_hamlets=several))


@router.callback_query(Log.filter(F.do.in_({"hamlet", "services", "outcome", "reason", "day"})))
async def answer(
    query: CallbackQuery,
    callback_data: Log,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Keep one answer and ask the next question."""
    draft = await own_draft(uow, actor, callback_data.draft, now)
    if callback_data.do == "day":
        draft = form.on_day(draft, callback_data.value, now)
    else:
        draft = form.answered(draft, Step(callback_data.do), callback_data.value)
    await uow.drafts.save(draft)
    await uow.commit()
    await ask_next(query, uow, actor, draft, now)


@router.callback_query(Log.filter(F.do.in_({"back", "review"})))
async def go_back(
    query: CallbackQuery,
    callback_data: Log,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """One question back, or to wherever the draft stands."""
    goes_back = callback_data.do == "back"
    draft = await own_draft(uow, actor, callback_data.draft, now, to_change=goes_back)
    if goes_back:
        several = len(await hamlets_of(uow, actor, now)) > 1
        draft = form.step_back(draft, asks_hamlet=several)
        await uow.drafts.save(draft)
        await uow.commit()
    await ask_next(query, uow, actor, draft, now)


@router.callback_query(Log.filter(F.do == "date"))
async def ask_day(
    query: CallbackQuery, callback_data: Log, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Today or one of the days before."""
    draft = await own_draft(uow, actor, callback_data.draft, now, to_change=False)
    await show(query, texts.ask_day(), keyboards.days(draft, form.days_to_choose(now)))


@router.callback_query(Log.filter(F.do.in_({"people", "household"})))
async def ask_typed(
    query: CallbackQuery,
    callback_data: Log,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Ask for something that is typed."""
    draft = await own_draft(uow, actor, callback_data.draft, now, to_change=False)
    asks_people = callback_data.do == "people"
    await state.set_state(LogVisit.people if asks_people else LogVisit.household)
    await state.update_data(draft=draft.id.hex)
    question = texts.ask_people() if asks_people else texts.ask_household()
    await show(query, question, keyboards.typed(draft))


@router.message(LogVisit.people, F.text.regexp(r"^\s*\d+\s*$"))
async def keep_people(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A number of people."""
    people = form.read_people(message.text or "")
    await _keep_typed(message, state, actor, uow, now, people=people)


@router.message(LogVisit.household, Typed(form.LONGEST_HOUSEHOLD), F.text.regexp(r".*\d"))
async def keep_household(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A household code has a digit. Words and longer lines are questions and go to the search."""
    household = form.read_household(message.text or "")
    await _keep_typed(message, state, actor, uow, now, household=household)


@router.callback_query(Log.filter(F.do == "save"))
async def save(
    query: CallbackQuery, callback_data: Log, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Record the visit: the draft closes and the event is written in one transaction."""
    require(actor, Action.LOG_VISIT)
    draft = await own_draft(uow, actor, callback_data.draft, now)
    commune = await uow.communes.get(draft.commune_id)
    team = await hamlets_of(uow, actor, now)
    # The team of today: the draft may be older than a move to another one.
    team_code = actor.membership.team_code if actor.membership else None
    fields = rules.visit_fields(draft.told(team=team_code), now, [h.code for h in team])
    if commune is None or not await uow.drafts.close(draft.id, now):
        recorded = await uow.visits.by_id(draft.id)
        raise VisitAlreadyRecorded(recorded.code) if recorded else DraftGone()
    year = fields.visited_on.year
    number = await uow.visits.next_number(commune.id, year)
    visit = rules.record_visit(draft, fields, rules.visit_code(commune.short, year, number), now)
    await uow.record(rules.visit_logged(visit, new_id()))
    await uow.commit()
    names = {h.code: h.name for h in team}
    await show(query, texts.saved(visit, names[visit.hamlet_code]), keyboards.after_saving(visit))


@router.callback_query(Log.filter(F.do == "drop"))
async def drop(
    query: CallbackQuery,
    callback_data: Log,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Throw the draft away."""
    draft = await own_draft(uow, actor, callback_data.draft, now)
    await uow.drafts.discard(draft.id, now)
    await uow.commit()
    await show(query, texts.dropped(), keyboards.mine([]))


async def _keep_typed(
    message: Message,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    **told: object,
) -> None:
    kept = await state.get_data()
    draft = await own_draft(uow, actor, UUID(kept.get("draft", "0" * 32)), now)
    draft = draft.told(**told)
    await uow.drafts.save(draft)
    await uow.commit()
    await state.set_state(None)  # not before: an answer that was not kept is asked for again
    await ask_next(message, uow, actor, draft, now)
