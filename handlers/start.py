"""Greeting, home, a resident's commune, and where to find a person."""

from dataclasses import replace
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as keyboards
from content.keyboards.common import Go, Place
from content.library import Library
from content.texts import start as texts
from domain.errors import CommuneUnknown
from domain.people import Actor, Commune, Hamlet
from handlers.resuming import resume_button
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="start")
COMMUNE_PAYLOAD = "c-"


@router.message(CommandStart(deep_link=True, magic=F.args.startswith(COMMUNE_PAYLOAD)))
async def arrive(message: Message, command: CommandObject, actor: Actor, uow: UnitOfWork) -> None:
    """A resident came by a commune's link or QR; staff keep the commune they work for."""
    code, _, hamlet_code = (command.args or "").removeprefix(COMMUNE_PAYLOAD).partition("--")
    commune = await uow.communes.get(code)
    if commune is None:
        raise CommuneUnknown
    hamlet = await _hamlet(uow, commune.id, hamlet_code)
    if actor.membership is None:
        await _live_in(uow, actor, commune, hamlet)
        await uow.commit()
    await show(message, texts.hello(commune), keyboards.home(actor.role))


@router.message(CommandStart())
async def start(message: Message, actor: Actor, uow: UnitOfWork) -> None:
    """Someone came without a link: ask for the commune once, when there is a choice."""
    commune = await commune_of(uow, actor)
    await show(message, texts.hello(commune), keyboards.home(actor.role))
    if commune is None and (communes := await uow.communes.all()):
        await show(message, texts.choose_commune(), keyboards.communes(communes))


@router.message(Command("menu"))
@router.callback_query(Go.filter(F.to == "home"))
async def home(
    event: Message | CallbackQuery,
    state: FSMContext,
    library: Library,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """The home screen of the role, with what was left unfinished on top."""
    resume = await resume_button(state, library, actor, uow, now)
    name = actor.person.name if actor.person else None
    commune = await commune_of(uow, actor)
    await show(event, texts.home(commune, actor.role, name), keyboards.home(actor.role, resume))


@router.message(Command("xa"))
@router.callback_query(Go.filter(F.to == "commune"))
async def ask_commune(event: Message | CallbackQuery, uow: UnitOfWork) -> None:
    """Which commune?"""
    await show(event, texts.choose_commune(), keyboards.communes(await uow.communes.all()))


@router.callback_query(Place.filter())
async def keep_commune(
    query: CallbackQuery, callback_data: Place, actor: Actor, uow: UnitOfWork
) -> None:
    """Keep the commune, then the hamlet."""
    if callback_data.commune == "-":
        await show(query, texts.no_commune(), keyboards.home(actor.role))
        return
    commune = await uow.communes.get(callback_data.commune)
    if commune is None:
        raise CommuneUnknown
    hamlet = await _hamlet(uow, commune.id, callback_data.hamlet)
    await _live_in(uow, actor, commune, hamlet)
    await uow.commit()
    hamlets = await uow.communes.hamlets(commune.id) if not callback_data.hamlet else []
    board = keyboards.hamlets(commune, hamlets) if hamlets else keyboards.home(actor.role)
    await show(query, texts.commune_chosen(commune, hamlet), board)


@router.message(Command("nguoithat"))
@router.callback_query(Go.filter(F.to == "person"))
async def find_person(event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """Where a real person is found."""
    commune = await commune_of(uow, actor)
    code = actor.hamlet_code
    hamlet = await _hamlet(uow, commune.id, code) if commune and code else None
    await show(event, texts.person(commune, hamlet), keyboards.keyboard([]))


async def commune_of(uow: UnitOfWork, actor: Actor) -> Commune | None:
    """The commune spoken about, if one is known."""
    return await uow.communes.get(actor.commune_id) if actor.commune_id else None


async def _hamlet(uow: UnitOfWork, commune_id: str, code: str) -> Hamlet | None:
    hamlets = await uow.communes.hamlets(commune_id)
    return next((h for h in hamlets if h.code == code), None)


async def _live_in(uow: UnitOfWork, actor: Actor, commune: Commune, hamlet: Hamlet | None) -> None:
    hamlet_code = hamlet.code if hamlet else None
    await uow.accounts.put(replace(actor.account, commune_id=commune.id, hamlet_code=hamlet_code))
