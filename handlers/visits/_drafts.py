"""The draft behind a visit: finding it, starting it, and asking its next question."""

from datetime import datetime
from uuid import UUID

from aiogram.types import CallbackQuery, Message

from content.keyboards import visits as keyboards
from content.texts import visits as texts
from domain import visit_form as form
from domain.drafts import LIFETIME, Draft, Form
from domain.errors import DraftGone, NotAllowed, NoTeam, VisitAlreadyRecorded
from domain.ids import new_id
from domain.people import Actor, Hamlet
from domain.visit_form import Step
from domain.visits import Visit, local_day
from handlers.screens import show
from storage.unit_of_work import UnitOfWork


async def ask_next(
    event: Message | CallbackQuery, uow: UnitOfWork, actor: Actor, draft: Draft, now: datetime
) -> None:
    """Show the screen of the first open question."""
    hamlets = await hamlets_of(uow, actor, now)
    names = {h.code: h.name for h in hamlets}
    hamlet, day = names.get(draft.data.get("hamlet") or "", ""), form.day_of(draft, now)
    match form.next_step(draft):
        case Step.HAMLET:
            await show(event, texts.ask_hamlet(), keyboards.hamlets(draft, hamlets))
        case Step.SERVICES:
            board = keyboards.services(draft, several_hamlets=len(hamlets) > 1)
            await show(event, texts.ask_services(hamlet, day), board)
        case Step.OUTCOME:
            await show(event, texts.ask_outcome(), keyboards.outcomes(draft))
        case Step.REASON:
            await show(event, texts.ask_reason(), keyboards.reasons(draft))
        case Step.CONFIRM:
            await show(event, texts.confirm(draft, hamlet, day), keyboards.confirm(draft))


async def new_draft(uow: UnitOfWork, actor: Actor, now: datetime) -> Draft:
    """A draft with what is known: the only hamlet, or the one of the last visit."""
    hamlets = await hamlets_of(uow, actor, now)
    commune_id, person_id = actor.commune_id or "", person_of(actor)
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
        data={"hamlet": hamlet, "team": team, "date": local_day(now).isoformat()},
        created_at=now,
        expires_at=now + LIFETIME,
    )
    await uow.drafts.start(draft)
    return draft


async def own_draft(
    uow: UnitOfWork, actor: Actor, draft_id: UUID, now: datetime, *, to_change: bool = True
) -> Draft:
    """The actor's own open draft; a recorded one says its code.

    One of another commune is closed to whoever acts in this one. `to_change` begins the write
    transaction: commit it before anything is said.
    """
    draft = await uow.drafts.get(draft_id, to_change=to_change)
    if draft is None or draft.person_id != person_of(actor):
        raise DraftGone
    if not draft.is_open(now):
        recorded = await uow.visits.by_id(draft_id)
        raise VisitAlreadyRecorded(recorded.code) if recorded else DraftGone()
    if draft.commune_id != actor.commune_id:
        raise DraftGone
    return draft


async def hamlets_of(uow: UnitOfWork, actor: Actor, now: datetime) -> list[Hamlet]:
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


async def hamlet_name(uow: UnitOfWork, actor: Actor, draft: Draft) -> str | None:
    hamlets = await uow.communes.hamlets(actor.commune_id or "")
    return next((h.name for h in hamlets if h.code == draft.data.get("hamlet")), None)


def person_of(actor: Actor) -> UUID:
    if actor.person is None:
        raise NotAllowed
    return actor.person.id
