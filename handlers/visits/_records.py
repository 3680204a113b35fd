"""The records: one's own, the team's, the commune's; and taking one back."""

from datetime import date, datetime, timedelta

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from content.keyboards import visits as keyboards
from content.keyboards.common import Go
from content.keyboards.visits import Taken
from content.texts import visits as texts
from domain import visits as rules
from domain.access import Action, can, can_see_visit, require
from domain.errors import VisitUnknown
from domain.ids import new_id
from domain.people import Actor
from domain.visits import local_day
from handlers.screens import show
from handlers.visits._drafts import person_of
from storage.unit_of_work import UnitOfWork

router = Router(name="visit-records")
LISTED = timedelta(days=31)


@router.message(Command("luot"))
@router.callback_query(Go.filter(F.to == "my-visits"))
async def list_mine(
    event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """One's own records; the fresh ones can be taken back."""
    require(actor, Action.SEE_OWN_VISITS)
    commune_id, person_id = actor.commune_id or "", person_of(actor)
    visits = await uow.visits.of_person(
        commune_id, person_id, since=None, limit=50, with_undone=True
    )
    counts = await uow.visits.counts(commune_id, date.min, local_day(now), person_id=person_id)
    names = {h.code: h.name for h in await uow.communes.hamlets(commune_id)}
    fresh = [v for v in visits if v.undone_at is None and now - v.recorded_at <= rules.UNDO_WINDOW]
    await show(event, texts.mine(visits, sum(counts.values()), names), keyboards.mine(fresh))


@router.callback_query(Go.filter(F.to == "team-visits"))
async def list_team(query: CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """The team's records for its head; the commune's for officer, leader and auditor."""
    require(actor, Action.SEE_TEAM_VISITS)
    commune_id, today = actor.commune_id or "", local_day(now)
    since = today - LISTED
    team_code = None if can(actor.role, Action.SEE_COMMUNE_VISITS) else _team_of(actor)
    if team_code is None:
        visits = await uow.visits.of_commune(commune_id, since, today, limit=200, with_undone=True)
    else:
        visits = await uow.visits.of_team(
            commune_id, team_code, since=since, limit=200, with_undone=True
        )
    counts = await uow.visits.counts(commune_id, since, today, team_code=team_code)
    visits = [v for v in visits if can_see_visit(actor, v)]
    staff = await uow.people.staff(commune_id, local_day(now))
    names = {str(person.id): person.name for person, _ in staff}
    hamlets = {h.code: h.name for h in await uow.communes.hamlets(commune_id)}
    text = texts.team(visits, sum(counts.values()), hamlets, names, whole=team_code is None)
    await show(query, text, keyboards.mine([]))


@router.callback_query(Taken.filter())
async def take_back(
    query: CallbackQuery, callback_data: Taken, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Ask once, then take the record back."""
    require(actor, Action.SEE_OWN_VISITS)
    visit = await uow.visits.by_id(callback_data.visit)
    if visit is None or visit.person_id != person_of(actor) or visit.undone_at is not None:
        raise VisitUnknown
    if visit.commune_id != actor.commune_id:
        raise VisitUnknown
    rules.check_undo(visit, now)
    if callback_data.do == "ask":
        await show(query, texts.ask_undo(visit), keyboards.undo(visit))
        return
    await uow.record(rules.visit_undone(visit, new_id(), person_of(actor), now))
    await uow.commit()
    await show(query, texts.undone(visit.code), keyboards.mine([]))


def _team_of(actor: Actor) -> str:
    """The team's code; of a head without a team, that of no team."""
    return (actor.membership.team_code if actor.membership else None) or ""
