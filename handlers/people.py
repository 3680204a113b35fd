"""Coming in by invitation, one's account and devices, inviting others."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from content.i18n import speaking
from content.keyboards import common as common_keyboards
from content.keyboards import people as keyboards
from content.keyboards.common import Go
from content.keyboards.people import Invited, Link, Me
from content.texts import people as texts
from domain.errors import InvitationUnknown, InvitationUsedUp, LinkCodeWrong, NotAllowed
from domain.events import NewEvent
from domain.ids import new_id
from domain.invitations import WRONG_CODES_WINDOW, check_attempts, check_invitation, normal_code
from domain.people import Actor, Invitation, Membership, Person
from domain.visits import local_day
from handlers.invitations import place_name
from handlers.links import Links, random_code
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="people")
LINK_LIFETIME = timedelta(minutes=10)
LONGEST_NAME = 60


class Joining(StatesGroup):
    """What is typed while coming in."""

    code = State()
    name = State()


@router.message(CommandStart(deep_link=True, magic=F.args.startswith("i-")))
async def opened_invitation(
    message: Message, command: CommandObject, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Someone opened an invitation: say what it is. Messengers pre-fetch links; nothing changes."""
    await _offer(message, actor, uow, (command.args or "")[2:], now)


@router.message(Command("ma"))
async def ask_code(message: Message, state: FSMContext) -> None:
    """Someone has a code and no link."""
    await state.set_state(Joining.code)
    await show(message, texts.ask_invitation_code(), keyboards.typed())


@router.message(Joining.code, F.text.regexp(r"^[\w\s-]{6,14}$"))
async def typed_code(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A typed code: offered like an opened link."""
    await state.set_state(None)
    await _offer(message, actor, uow, message.text or "", now)


@router.callback_query(Invited.filter(F.do == "decline"))
async def decline(query: CallbackQuery, actor: Actor) -> None:
    """Nothing happens."""
    await show(query, texts.declined(), common_keyboards.home(actor.role))


@router.callback_query(Invited.filter(F.do == "accept"))
async def accept(
    query: CallbackQuery,
    callback_data: Invited,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Come in; an invitation that names nobody asks for a name first."""
    invitation = await _checked(uow, actor, callback_data.code, now)
    if invitation.person_id is None and actor.person is None:
        await state.set_state(Joining.name)
        await state.set_data({"code": invitation.code})
        await show(query, texts.ask_name(), keyboards.typed())
        return
    await _join(query, actor, uow, invitation, None, now)


@router.message(Joining.name, F.text.len() <= LONGEST_NAME)
async def keep_name(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """The name, then in."""
    code = (await state.get_data()).get("code", "")
    await state.clear()
    invitation = await _checked(uow, actor, code, now)
    await _join(message, actor, uow, invitation, " ".join((message.text or "").split()), now)


@router.message(CommandStart(deep_link=True, magic=F.args.startswith("l-")))
async def opened_link(message: Message, command: CommandObject) -> None:
    """A link that joins devices: asked first."""
    await show(message, texts.link_question(), keyboards.link((command.args or "")[2:]))


@router.message(Command("noi"))
async def typed_link(message: Message, command: CommandObject) -> None:
    """The same by hand."""
    await show(
        message, texts.link_question(), keyboards.link(normal_code(command.args or "-")[:12])
    )


@router.callback_query(Link.filter())
async def join_device(
    query: CallbackQuery, callback_data: Link, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Join this device to the account; wrong codes are counted."""
    wrong = await uow.invitations.wrong_attempts(actor.account.chat_id, now - WRONG_CODES_WINDOW)
    check_attempts(wrong)
    person_id = await uow.links.take(_hash(callback_data.code), now)
    person = await uow.people.get(person_id) if person_id else None
    if person is None:
        await uow.invitations.count_wrong(actor.account.chat_id, now)
        await uow.commit()
        raise LinkCodeWrong
    await uow.accounts.put(replace(actor.account, person_id=person.id))
    await uow.commit()
    memberships = await uow.people.memberships_of(person.id, local_day(now))
    role = memberships[0].role if memberships else actor.role
    await show(query, texts.linked(person), common_keyboards.home(role))


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
    await uow.links.add(_hash(code), _person(actor).id, now + LINK_LIFETIME)
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


@router.callback_query(Me.filter(F.do == "speak"))
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


async def _offer(
    message: Message, actor: Actor, uow: UnitOfWork, typed: str, now: datetime
) -> None:
    invitation = await _checked(uow, actor, typed, now)
    commune = await uow.communes.get(invitation.commune_id)
    if commune is None:
        raise InvitationUnknown
    person = await uow.people.get(invitation.person_id) if invitation.person_id else None
    place = await place_name(uow, invitation)
    name = person.name if person else None
    text = texts.invited(invitation, commune, place, name)
    await show(message, text, keyboards.invitation(invitation.code))


async def _checked(uow: UnitOfWork, actor: Actor, typed: str, now: datetime) -> Invitation:
    """The invitation if it opens; wrong codes are counted before the refusal is said."""
    chat_id = actor.account.chat_id
    check_attempts(await uow.invitations.wrong_attempts(chat_id, now - WRONG_CODES_WINDOW))
    invitation = await uow.invitations.by_code(normal_code(typed))
    if invitation is None:
        await uow.invitations.count_wrong(chat_id, now)
        await uow.commit()
    return check_invitation(invitation, now)


async def _join(
    event: Message | CallbackQuery,
    actor: Actor,
    uow: UnitOfWork,
    invitation: Invitation,
    name: str | None,
    now: datetime,
) -> None:
    """Take one use, bind the account, give the membership: one transaction."""
    if not await uow.invitations.take(invitation.id, now):
        raise InvitationUsedUp
    person = await _joining_person(uow, actor, invitation, name)
    membership = await uow.people.add_membership(
        Membership(
            id=new_id(),
            person_id=person.id,
            commune_id=invitation.commune_id,
            role=invitation.role,
            team_code=invitation.team_code,
            unit_code=invitation.unit_code,
            valid_from=local_day(now),
        )
    )
    bound = replace(actor.account, person_id=person.id, active_membership=membership.id)
    await uow.accounts.put(bound)
    await uow.record(
        NewEvent(
            id=new_id(),
            commune_id=invitation.commune_id,
            at=now,
            actor_id=person.id,
            kind="membership.added",
            subject=str(membership.id),
            payload={"role": membership.role.value, "invitation": str(invitation.id)},
        )
    )
    await uow.commit()
    commune = await uow.communes.get(invitation.commune_id)
    if commune is not None:
        home = common_keyboards.home(membership.role)
        await show(event, texts.welcome(person, membership, commune), home)


async def _joining_person(
    uow: UnitOfWork, actor: Actor, invitation: Invitation, name: str | None
) -> Person:
    """The person of the roster, the one already signed in, or a new one."""
    known = await uow.people.get(invitation.person_id) if invitation.person_id else actor.person
    if known is not None:
        return known
    person = Person(id=new_id(), name=name or "?")
    await uow.people.add(person)
    return person


def _person(actor: Actor) -> Person:
    if actor.person is None:
        raise NotAllowed
    return actor.person


def _hash(code: str) -> str:
    return sha256(normal_code(code).encode()).hexdigest()
