"""The officer enters what the plan does not say. Every change is an event with before and after."""

from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from content.keyboards import settings as keyboards
from content.keyboards.common import Go
from content.keyboards.settings import TYPED, Setting
from content.texts import settings as texts
from domain.access import Action, require
from domain.commune_settings import (
    LONGEST,
    commune_set,
    read_hamlet,
    read_holiday,
    read_setting,
)
from domain.errors import CommuneUnknown
from domain.events import NewEvent
from domain.ids import new_id
from domain.people import Actor, Commune
from handlers.filters import Typed
from handlers.links import Links
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="settings")


class Editing(StatesGroup):
    """What is typed; which setting stands in the step's data."""

    value = State()
    hamlet = State()
    holiday = State()


@router.message(Command("caidat"))
@router.callback_query(Go.filter(F.to == "settings"))
async def overview(event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """Everything as it stands."""
    require(actor, Action.EDIT_COMMUNE)
    commune = await _commune(actor, uow)
    hamlets = await uow.communes.hamlets(commune.id)
    await show(event, texts.overview(commune, hamlets), keyboards.overview())


@router.callback_query(Setting.filter(F.value != ""))
async def choose(
    query: CallbackQuery, callback_data: Setting, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Keep a chosen value."""
    await _keep(query, actor, uow, now, callback_data.key, callback_data.value)


@router.callback_query(Setting.filter(F.key.in_(set(TYPED))))
async def ask_value(
    query: CallbackQuery, callback_data: Setting, state: FSMContext, actor: Actor
) -> None:
    """Ask for a typed value."""
    require(actor, Action.EDIT_COMMUNE)
    await state.set_state(Editing.value)
    await state.update_data(setting=callback_data.key)
    await show(query, texts.ask(callback_data.key), keyboards.typed())


@router.message(Editing.value, Typed(LONGEST))
async def keep_value(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Keep a typed value; "-" empties it."""
    key = (await state.get_data()).get("setting", "")
    value = read_setting(key, message.text or "")
    await _change(uow, actor, now, key, value)
    await uow.commit()
    await state.set_state(None)
    await show(message, texts.saved(key, await _commune(actor, uow)), keyboards.back())


@router.callback_query(Setting.filter(F.key == "period_choice"))
async def ask_period(query: CallbackQuery, actor: Actor) -> None:
    """How periods are cut."""
    require(actor, Action.EDIT_COMMUNE)
    await show(query, texts.ask_period(), keyboards.periods())


@router.callback_query(Setting.filter(F.key == "team_tier"))
async def ask_team_tier(query: CallbackQuery, actor: Actor) -> None:
    """Whether teams report themselves."""
    require(actor, Action.EDIT_COMMUNE)
    await show(query, texts.ask_team_tier(), keyboards.team_tier())


@router.callback_query(Setting.filter(F.key == "hamlets"))
async def list_hamlets(query: CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """The hamlets known."""
    require(actor, Action.EDIT_COMMUNE)
    commune = await _commune(actor, uow)
    hamlets = await uow.communes.hamlets(commune.id)
    await show(query, texts.hamlets(commune, hamlets), keyboards.hamlets())


@router.callback_query(Setting.filter(F.key == "hamlet"))
async def ask_hamlet(query: CallbackQuery, state: FSMContext, actor: Actor) -> None:
    """A new hamlet."""
    require(actor, Action.EDIT_COMMUNE)
    await state.set_state(Editing.hamlet)
    await show(query, texts.ask_hamlet(), keyboards.typed())


@router.message(Editing.hamlet, Typed(LONGEST))
async def keep_hamlet(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Name, then phone after a comma."""
    require(actor, Action.EDIT_COMMUNE)
    commune = await _commune(actor, uow)
    known = {each.code: each for each in await uow.communes.hamlets(commune.id)}
    hamlet = read_hamlet(commune, message.text or "", known)
    before = known.get(hamlet.code)
    await uow.communes.put_hamlet(hamlet)
    field = f"hamlet {hamlet.code}"
    await uow.record(
        _event(commune.id, actor, now, field, before.name if before else None, hamlet.name)
    )
    await uow.commit()
    await state.set_state(None)
    await show(message, texts.hamlet_added(hamlet.name), keyboards.hamlets())


@router.callback_query(Setting.filter(F.key == "holidays"))
async def list_holidays(
    query: CallbackQuery, state: FSMContext, actor: Actor, uow: UnitOfWork
) -> None:
    """The commune's own days; a new one is typed."""
    require(actor, Action.EDIT_COMMUNE)
    await state.set_state(Editing.holiday)
    days = await uow.communes.holiday_overrides((await _commune(actor, uow)).id)
    await show(query, texts.holidays(days), keyboards.typed())


@router.message(Editing.holiday, Typed(LONGEST))
async def keep_holiday(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A day off or a day worked, with its reason."""
    require(actor, Action.EDIT_COMMUNE)
    day, off, reason = read_holiday(message.text or "")
    commune = await _commune(actor, uow)
    await uow.communes.set_holiday(commune.id, day, off, reason)
    await uow.record(_event(commune.id, actor, now, f"holiday {day}", None, off, reason))
    await uow.commit()
    await state.set_state(None)
    await show(message, texts.holiday_saved(day, off), keyboards.back())


@router.callback_query(Setting.filter(F.key == "links"))
async def list_links(query: CallbackQuery, actor: Actor, uow: UnitOfWork, links: Links) -> None:
    """Addresses and QR pictures for residents."""
    require(actor, Action.EDIT_COMMUNE)
    commune = await _commune(actor, uow)
    doors = [(commune.name, links.resident(commune.id))]
    doors += [
        (hamlet.name, links.resident(commune.id, hamlet.code))
        for hamlet in await uow.communes.hamlets(commune.id)
    ]
    rows = [(name, url, links.qr(url)) for name, url in doors]
    await show(query, texts.addresses(rows), keyboards.back())


async def _keep(
    query: CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime, key: str, typed: str
) -> None:
    await _change(uow, actor, now, key, read_setting(key, typed))
    await uow.commit()
    await show(query, texts.saved(key, await _commune(actor, uow)), keyboards.back())


async def _change(
    uow: UnitOfWork, actor: Actor, now: datetime, key: str, value: str | bool | None
) -> None:
    require(actor, Action.EDIT_COMMUNE)
    commune = await _commune(actor, uow)
    await uow.communes.update(commune.id, **{key: value})
    await uow.record(_event(commune.id, actor, now, key, getattr(commune, key), value))


def _event(
    commune_id: str,
    actor: Actor,
    now: datetime,
    field: str,
    before: Any,
    after: Any,
    reason: str | None = None,
) -> NewEvent:
    actor_id = actor.person.id if actor.person else None
    return commune_set(
        commune_id,
        field,
        before,
        after,
        event_id=new_id(),
        at=now,
        actor_id=actor_id,
        reason=reason,
    )


async def _commune(actor: Actor, uow: UnitOfWork) -> Commune:
    commune = await uow.communes.get(actor.commune_id) if actor.commune_id else None
    if commune is None:
        raise CommuneUnknown
    return commune
