"""One's account: devices, language, roles. Coming in is in `handlers/joining.py`."""

from dataclasses import replace
from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from content.i18n import LOCALES, speaking
from content.keyboards import common as common_keyboards
from content.keyboards import people as keyboards
from content.keyboards.common import Go
from content.keyboards.people import Me
from content.texts import people as texts
from domain.errors import NotAllowed
from domain.people import Actor, Person
from handlers.invitations import place_name
from handlers.links import Links, code_hash, random_code
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="people")
LINK_LIFETIME = timedelta(minutes=10)


@router.message(Command("toi"))
@router.callback_query(Go.filter(F.to == "me"))
async def account(event: Message | CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """One's own account."""
    person = _person(actor)
    commune = await uow.communes.get(actor.commune_id) if actor.commune_id else None
    place = await place_name(uow, actor.membership) if actor.membership else None
    board = keyboards.account(actor.locale, several=len(actor.memberships) > 1)
    await show(event, texts.account(person, actor.membership, commune, place), board)


@router.callback_query(Me.filter(F.do == "link"))
async def make_link(
    query: CallbackQuery, actor: Actor, uow: UnitOfWork, links: Links, now: datetime
) -> None:
    """A one-time code for another device."""
    code = random_code()
    await uow.links.add(code_hash(code), _person(actor).id, now + LINK_LIFETIME)
    await uow.commit()
    await show(query, texts.link_code(code, links.link(code)), common_keyboards.keyboard([]))


@router.callback_query(Me.filter(F.do == "doors"))
async def doors(query: CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """Where this person is signed in."""
    accounts = await uow.accounts.of_person(_person(actor).id)
    await show(query, texts.doors(accounts, actor.account.chat_id), keyboards.doors())


@router.callback_query(Me.filter(F.do == "out"))
async def sign_out(query: CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """This device: the account and what was said go; the next person finds nothing."""
    _person(actor)
    await uow.accounts.unbind(actor.account.chat_id)
    await uow.messages.clear(actor.account.chat_id)
    await uow.commit()
    await show(query, texts.signed_out(), common_keyboards.home(Actor(actor.account).role))


@router.callback_query(Me.filter(F.do == "out-others"))
async def sign_out_others(
    query: CallbackQuery, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Every other device: its cookie dies, so that what was said there is closed as well."""
    for each in await uow.accounts.of_person(_person(actor).id):
        if each.chat_id != actor.account.chat_id:
            await uow.accounts.unbind(each.chat_id)
            await uow.devices.revoke_chat(each.chat_id, now)
    await uow.commit()
    await show(query, texts.others_signed_out(), common_keyboards.home(actor.role))


@router.callback_query(Me.filter((F.do == "speak") & F.value.in_(set(LOCALES))))
async def speak(query: CallbackQuery, callback_data: Me, actor: Actor, uow: UnitOfWork) -> None:
    """Change the language of this account."""
    await uow.accounts.put(replace(actor.account, locale=callback_data.value))
    await uow.commit()
    with speaking(callback_data.value):
        await show(query, texts.language_changed(), common_keyboards.home(actor.role))


@router.callback_query(Me.filter(F.do == "roles"))
async def choose_role(query: CallbackQuery, actor: Actor, uow: UnitOfWork) -> None:
    """For a person with several roles or communes."""
    communes = {commune.id: commune for commune in await uow.communes.all()}
    labelled = [(m, texts.membership_label(m, communes[m.commune_id])) for m in actor.memberships]
    await show(query, texts.choose_membership(), keyboards.memberships(labelled))


@router.callback_query(Me.filter(F.do == "as"))
async def act_as(query: CallbackQuery, callback_data: Me, actor: Actor, uow: UnitOfWork) -> None:
    """Work with another of one's own roles."""
    membership = next((m for m in actor.memberships if m.id.hex == callback_data.value), None)
    if membership is None:
        raise NotAllowed
    await uow.accounts.put(replace(actor.account, active_membership=membership.id))
    await uow.commit()
    acting = replace(actor, membership=membership)
    await account(query, acting, uow)


def _person(actor: Actor) -> Person:
    if actor.person is None:
        raise NotAllowed
    return actor.person
