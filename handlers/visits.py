"""Log a visit by taps, see one's own, take one back. Every answer lives in the draft."""

from datetime import datetime, timedelta
from uuid import UUID

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from content.keyboards import visits as keyboards
from content.keyboards.common import Go
from content.keyboards.visits import Log, Pick, Taken
from content.texts import visits as texts
from domain import visits as rules
from domain.access import Action, can_see_visit, require
from domain.drafts import LIFETIME, Draft, Form
from domain.errors import DraftGone, NoTeam, VisitAlreadyRecorded, VisitUnknown
from domain.ids import new_id
from domain.people import Actor, Hamlet
from domain.visits import Service, Step, Visit, local_day
from handlers.screens import edit_screen, show
from storage.unit_of_work import UnitOfWork

router = Router(name="visits")
LISTED = timedelta(days=31)


class LogVisit(StatesGroup):
    """The two answers that are typed. Buttons need no state: they name their draft."""

    people = State()
    household = State()


@router.message(Command("ghi"))
@router.callback_query(Go.filter(F.to == "log"))
async def start(
    event: Message | CallbackQuery, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Begin a visit, or find the one that was left unfinished."""
    require(actor, Action.LOG_VISIT)
    await state.set_state(None)
    person_id = _person(actor)
    draft = await uow.drafts.open_of(person_id, Form.VISIT, now)
    if draft is not None and draft.data.get("services"):
        hamlet = await _hamlet_name(uow, actor, draft)
        await show(event, texts.unfinished(draft, hamlet), keyboards.unfinished(draft))
        return
    if draft is None:
        draft = await _new_draft(uow, actor, now)
        await uow.commit()
    await _ask_next(event, uow, actor, draft, now)


@router.callback_query(Log.filter(F.do == "anew"))
async def start_anew(
    query: CallbackQuery, callback_data: Log, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Throw the unfinished one away and begin."""
    require(actor, Action.LOG_VISIT)
    old = await _draft(uow, actor, callback_data.draft, now)
    await uow.drafts.discard(old.id, now)
    draft = await _new_draft(uow, actor, now)
    await uow.commit()
    await _ask_next(query, uow, actor, draft, now)


@router.callback_query(Pick.filter())
async def pick_services(
    query: CallbackQuery, callback_data: Pick, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Switch services on or off on the same screen."""
    draft = await _draft(uow, actor, callback_data.draft, now)
    draft = rules.toggled(draft, [Service(s) for s in callback_data.services.split("+")])
    await uow.drafts.save(draft)
    await uow.commit()
    several = len(await _hamlets(uow, actor, now)) > 1
    await edit_screen(query, None, keyboards.services(draft, several_hamlets=several))


@router.callback_query(Log.filter(F.do.in_({"hamlet", "services", "outcome", "reason"})))
async def answer(
    query: CallbackQuery,
    callback_data: Log,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Keep one answer and ask the next question."""
    await state.set_state(None)
    draft = await _draft(uow, actor, callback_data.draft, now)
    draft = rules.answered(draft, Step(callback_data.do), callback_data.value)
    await uow.drafts.save(draft)
    await uow.commit()
    await _ask_next(query, uow, actor, draft, now)


@router.callback_query(Log.filter(F.do.in_({"back", "review"})))
async def go_back(
    query: CallbackQuery,
    callback_data: Log,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """One question back, or to wherever the draft stands."""
    await state.set_state(None)
    draft = await _draft(uow, actor, callback_data.draft, now)
    if callback_data.do == "back":
        several = len(await _hamlets(uow, actor, now)) > 1
        draft = rules.step_back(draft, asks_hamlet=several)
        await uow.drafts.save(draft)
        await uow.commit()
    await _ask_next(query, uow, actor, draft, now)


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
    draft = await _draft(uow, actor, callback_data.draft, now)
    asks_people = callback_data.do == "people"
    await state.set_state(LogVisit.people if asks_people else LogVisit.household)
    await state.set_data({"draft": draft.id.hex})
    question = texts.ask_people() if asks_people else texts.ask_household()
    await show(query, question, keyboards.typed(draft))


@router.message(LogVisit.people, F.text.regexp(r"^\s*\d+\s*$"))
async def keep_people(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A number of people."""
    people = rules.read_people(message.text or "")
    await _keep_typed(message, state, actor, uow, now, people=people)


@router.message(LogVisit.household, F.text.len() <= rules.LONGEST_HOUSEHOLD)
async def keep_household(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A household code. Longer lines are questions and go on to the search."""
    household = rules.read_household(message.text or "")
    await _keep_typed(message, state, actor, uow, now, household=household)


@router.callback_query(Log.filter(F.do == "save"))
async def save(
    query: CallbackQuery, callback_data: Log, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Record the visit: the draft closes and the event is written in one transaction."""
    require(actor, Action.LOG_VISIT)
    draft = await uow.drafts.get(callback_data.draft)
    if draft is None or draft.person_id != _person(actor):
        raise DraftGone
    commune = await uow.communes.get(draft.commune_id)
    team = await _hamlets(uow, actor, now)
    fields = rules.visit_fields(draft, now, [h.code for h in team])
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
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Throw the draft away."""
    await state.set_state(None)
    draft = await _draft(uow, actor, callback_data.draft, now)
    await uow.drafts.discard(draft.id, now)
    await uow.commit()
    await show(query, texts.dropped(), keyboards.mine([]))


@router.message(Command("luot"))
@router.callback_query(Go.filter(F.to == "my-visits"))
async def list_mine(
    event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """One's own records; the fresh ones can be taken back."""
    require(actor, Action.SEE_OWN_VISITS)
    commune_id, person_id = actor.commune_id or "", _person(actor)
    visits = await uow.visits.of_person(commune_id, person_id, since=None, limit=50)
    names = {h.code: h.name for h in await uow.communes.hamlets(commune_id)}
    fresh = [v for v in visits if v.undone_at is None and now - v.recorded_at <= rules.UNDO_WINDOW]
    await show(event, texts.mine(visits, names), keyboards.mine(fresh))


@router.callback_query(Go.filter(F.to == "team-visits"))
async def list_team(query: CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """The team's records for its head; the commune's for officer, leader and auditor."""
    require(actor, Action.SEE_TEAM_VISITS)
    commune_id, since = actor.commune_id or "", local_day(now) - LISTED
    whole = actor.membership is None or actor.membership.team_code is None
    if whole:
        visits = await uow.visits.of_commune(commune_id, since, local_day(now), limit=200)
    else:
        team_code = actor.membership.team_code if actor.membership else ""
        visits = await uow.visits.of_team(commune_id, team_code or "", since=since, limit=200)
    visits = [v for v in visits if can_see_visit(actor, v)]
    staff = await uow.people.staff(commune_id, local_day(now))
    names = {str(person.id): person.name for person, _ in staff}
    hamlets = {h.code: h.name for h in await uow.communes.hamlets(commune_id)}
    await show(query, texts.team(visits, hamlets, names, whole), keyboards.mine([]))


@router.callback_query(Taken.filter())
async def take_back(
    query: CallbackQuery, callback_data: Taken, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Ask once, then take the record back."""
    visit = await uow.visits.by_id(callback_data.visit)
    if visit is None or visit.person_id != _person(actor) or visit.undone_at is not None:
        raise VisitUnknown
    rules.check_undo(visit, now)
    if callback_data.do == "ask":
        await show(query, texts.ask_undo(visit), keyboards.undo(visit))
        return
    await uow.record(rules.visit_undone(visit, new_id(), _person(actor), now))
    await uow.commit()
    await show(query, texts.undone(visit.code), keyboards.mine([]))


async def _keep_typed(
    message: Message,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    **told: object,
) -> None:
    kept = await state.get_data()
    await state.clear()
    draft = await _draft(uow, actor, UUID(kept.get("draft", "0" * 32)), now)
    draft = draft.told(**told)
    await uow.drafts.save(draft)
    await uow.commit()
    await _ask_next(message, uow, actor, draft, now)


async def _ask_next(
    event: Message | CallbackQuery, uow: UnitOfWork, actor: Actor, draft: Draft, now: datetime
) -> None:
    """Show the screen of the first open question."""
    hamlets = await _hamlets(uow, actor, now)
    names = {h.code: h.name for h in hamlets}
    hamlet, today = names.get(draft.data.get("hamlet") or "", ""), local_day(now)
    match rules.next_step(draft):
        case Step.HAMLET:
            await show(event, texts.ask_hamlet(), keyboards.hamlets(draft, hamlets))
        case Step.SERVICES:
            board = keyboards.services(draft, several_hamlets=len(hamlets) > 1)
            await show(event, texts.ask_services(hamlet, today), board)
        case Step.OUTCOME:
            await show(event, texts.ask_outcome(), keyboards.outcomes(draft))
        case Step.REASON:
            await show(event, texts.ask_reason(), keyboards.reasons(draft))
        case Step.CONFIRM:
            await show(event, texts.confirm(draft, hamlet, today), keyboards.confirm(draft))


async def _new_draft(uow: UnitOfWork, actor: Actor, now: datetime) -> Draft:
    """A draft with what is known: the only hamlet, or the one of the last visit."""
    hamlets = await _hamlets(uow, actor, now)
    commune_id, person_id = actor.commune_id or "", _person(actor)
    last: list[Visit] = await uow.visits.of_person(commune_id, person_id, since=None, limit=1)
    codes = [h.code for h in hamlets]
    known = next((v.hamlet_code for v in last if v.hamlet_code in codes), None)
    hamlet = codes[0] if len(codes) == 1 else known
    team = actor.membership.team_code if actor.membership else None
    draft = Draft(
        id=new_id(),
        commune_id=commune_id,
        person_id=person_id,
        form=Form.VISIT,
        subject="household",
        data={"hamlet": hamlet, "team": team},
        created_at=now,
        expires_at=now + LIFETIME,
    )
    await uow.drafts.start(draft)
    return draft


async def _draft(uow: UnitOfWork, actor: Actor, draft_id: UUID, now: datetime) -> Draft:
    """The actor's own open draft; a recorded one says its code."""
    draft = await uow.drafts.get(draft_id)
    if draft is None or actor.person is None or draft.person_id != actor.person.id:
        raise DraftGone
    if not draft.is_open(now):
        recorded = await uow.visits.by_id(draft_id)
        raise VisitAlreadyRecorded(recorded.code) if recorded else DraftGone()
    return draft


async def _hamlets(uow: UnitOfWork, actor: Actor, now: datetime) -> list[Hamlet]:
    """The hamlets the actor's team serves today; raises NoTeam when there are none."""
    membership = actor.membership
    teams = await uow.communes.teams(actor.commune_id or "")
    served = {
        code
        for team in teams
        if membership is not None
        and team.code == membership.team_code
        and team.is_valid_on(local_day(now))
        for code in team.hamlets
    }
    hamlets = [h for h in await uow.communes.hamlets(actor.commune_id or "") if h.code in served]
    if not hamlets:
        raise NoTeam
    return hamlets


async def _hamlet_name(uow: UnitOfWork, actor: Actor, draft: Draft) -> str | None:
    hamlets = await uow.communes.hamlets(actor.commune_id or "")
    return next((h.name for h in hamlets if h.code == draft.data.get("hamlet")), None)


def _person(actor: Actor) -> UUID:
    if actor.person is None:
        raise DraftGone
    return actor.person.id
