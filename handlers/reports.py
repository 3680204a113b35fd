"""Who owes what and who has not sent it; the officer marks a report as in."""

from collections.abc import Mapping
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from content.keyboards import reports as keyboards
from content.keyboards.common import Go
from content.keyboards.common import keyboard as plain_keyboard
from content.keyboards.reports import Due, Mark, Reopen
from content.texts import reports as texts
from domain.access import Action, can, require
from domain.commune_life import Life, deadlines_around, debtors, owed_by, owing, recent
from domain.duties import Standing, open_now, standings
from domain.errors import CommuneUnknown, NotAllowed, ReportAlreadyIn
from domain.ids import new_id
from domain.people import Actor
from domain.plan import PlanPack
from domain.reports import received_keys, report_received, report_reopened
from domain.visits import local_day
from handlers.screens import show
from storage.life import load_life
from storage.unit_of_work import UnitOfWork

router = Router(name="reports")
Packs = Mapping[str, PlanPack]
LISTED = 6


@router.message(Command("hannop"))
@router.callback_query(Go.filter(F.to == "owed"))
async def list_owed(
    event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork, packs: Packs, now: datetime
) -> None:
    """What the speaker's own unit owes: what is late, then what comes, soonest first."""
    require(actor, Action.SEE_OWN_REPORTS)
    life, pack = await _life(actor, uow, packs, now)
    received = received_keys(await uow.reports.received(life.commune.id, recent(local_day(now))))
    mine = [d for d in debtors(life, pack) if actor.person and d.person_id == actor.person.id]
    rows = owed_by(mine, life, pack, received, now)
    asked = {debtor.audience for debtor in mine}
    has_days = any(rule.has_day for rule in pack.cutoffs if not asked or rule.audience in asked)
    text = texts.owed(rows[:LISTED], pack.kind, now) if rows else texts.nothing_owed(has_days)
    await show(event, text, plain_keyboard([]))


@router.message(Command("thieu"))
@router.callback_query(Go.filter(F.to == "missing"))
async def list_missing(
    event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork, packs: Packs, now: datetime
) -> None:
    """Who has not reported, exceptions first."""
    require(actor, Action.SEE_MISSING_REPORTS)
    life, pack = await _life(actor, uow, packs, now)
    found = await standings_now(uow, life, pack, now)
    open_ones = open_now(found, now)
    has_days = any(rule.has_day for rule in pack.cutoffs)
    text = texts.missing(open_ones, now, has_days=has_days)
    await show(event, text, keyboards.missing(open_ones))


@router.callback_query(Due.filter())
async def show_one(
    query: CallbackQuery,
    callback_data: Due,
    actor: Actor,
    uow: UnitOfWork,
    packs: Packs,
    now: datetime,
) -> None:
    """One deadline with the units still missing."""
    require(actor, Action.SEE_MISSING_REPORTS)
    life, pack = await _life(actor, uow, packs, now)
    standing = await _standing(uow, life, pack, callback_data, now)
    may_mark = can(actor.role, Action.MARK_REPORT_RECEIVED)
    board = keyboards.one(standing, may_mark=may_mark)
    await show(query, texts.one(standing, pack.kind), board)


@router.callback_query(Mark.filter())
async def mark(
    query: CallbackQuery,
    callback_data: Mark,
    actor: Actor,
    uow: UnitOfWork,
    packs: Packs,
    now: datetime,
) -> None:
    """Ask how the report came, then mark it as in; queued reminders fall silent with it."""
    require(actor, Action.MARK_REPORT_RECEIVED)
    life, pack = await _life(actor, uow, packs, now)
    standing = await _standing(uow, life, pack, callback_data, now)
    due = standing.deadline
    unit = next((u for u in standing.missing if u.code == callback_data.unit), None)
    if unit is None or actor.person is None:
        raise ReportAlreadyIn
    if callback_data.how is None:
        await show(query, texts.how_received(unit.name, due.name), keyboards.ways(callback_data))
        return
    event = report_received(
        life.commune.id,
        unit.code,
        due.cutoff_id,
        due.last_valid_day,
        by=actor.person.id,
        at=now,
        event_id=new_id(),
        how=callback_data.how,
    )
    await uow.record(event)
    await uow.outbox.silence(life.commune.id, unit.code, due.cutoff_id, due.last_valid_day)
    await uow.commit()
    after = await _standing(uow, life, pack, callback_data, now)
    board = keyboards.one(after, may_mark=True, marked=unit.code)
    await show(query, texts.marked(unit.name, due.name), board)


@router.callback_query(Reopen.filter())
async def reopen(
    query: CallbackQuery,
    callback_data: Reopen,
    actor: Actor,
    uow: UnitOfWork,
    packs: Packs,
    now: datetime,
) -> None:
    """Take a mark off, by mistake or because the report went back: it is owed again."""
    require(actor, Action.MARK_REPORT_RECEIVED)
    life, pack = await _life(actor, uow, packs, now)
    standing = await _standing(uow, life, pack, callback_data, now)
    due = standing.deadline
    unit = next((u for u in standing.received if u.code == callback_data.unit), None)
    if unit is None or actor.person is None:
        board = keyboards.received(standing, callback_data)
        await show(query, texts.which_to_reopen(due.name), board)
        return
    if callback_data.why is None:
        await show(query, texts.why_reopened(unit.name, due.name), keyboards.reasons(callback_data))
        return
    event = report_reopened(
        life.commune.id,
        unit.code,
        due.cutoff_id,
        due.last_valid_day,
        by=actor.person.id,
        at=now,
        event_id=new_id(),
        why=callback_data.why,
    )
    await uow.record(event)
    await uow.commit()
    after = await _standing(uow, life, pack, callback_data, now)
    await show(query, texts.reopened(unit.name, due.name), keyboards.one(after, may_mark=True))


async def standings_now(
    uow: UnitOfWork, life: Life, pack: PlanPack, now: datetime
) -> list[Standing]:
    """How every report around today stands."""
    today = local_day(now)
    stored = await uow.reports.received(life.commune.id, recent(today))
    due = deadlines_around(life, pack, today)
    return standings(due, owing(life, pack), received_keys(stored), now)


async def _life(
    actor: Actor, uow: UnitOfWork, packs: Packs, now: datetime
) -> tuple[Life, PlanPack]:
    life = await load_life(uow, actor.commune_id or "", local_day(now))
    pack = packs.get(life.commune.pack_id or "") if life else None
    if life is None or pack is None:
        raise CommuneUnknown
    return life, pack


async def _standing(
    uow: UnitOfWork, life: Life, pack: PlanPack, which: Due | Mark | Reopen, now: datetime
) -> Standing:
    for standing in await standings_now(uow, life, pack, now):
        due = standing.deadline
        if (due.cutoff_id, due.last_valid_day.strftime("%y%m%d")) == (which.cutoff, which.day):
            return standing
    raise NotAllowed
