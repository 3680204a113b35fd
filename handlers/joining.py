"""Coming in: by an invitation, or by joining another device to one's account.

Opening a link changes nothing: messengers pre-fetch links. Whoever is signed in already is told
so before anything changes, and never becomes somebody else by one tap.
"""

from dataclasses import replace
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as common_keyboards
from content.keyboards import people as keyboards
from content.keyboards.people import Invited, Link
from content.texts import people as texts
from domain.errors import InvitationUnknown, InvitationUsedUp, LinkCodeWrong, NotAllowed
from domain.events import NewEvent
from domain.ids import new_id
from domain.invitations import (
    CODE_LENGTH,
    WRONG_CODES_WINDOW,
    check_attempts,
    check_invitation,
    normal_code,
)
from domain.people import Actor, Invitation, Membership, Person
from domain.visits import local_day
from handlers.filters import Typed
from handlers.invitations import place_name
from handlers.links import code_hash
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="joining")
LONGEST_NAME = 60
LONGEST_CODE = 16


class Joining(StatesGroup):
    """What is typed while coming in; the invitation's code stands in the step's data."""

    code = State()
    name = State()


@router.message(CommandStart(deep_link=True, magic=F.args.startswith("i-")))
async def opened_invitation(
    message: Message, command: CommandObject, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Someone opened an invitation: say what it is."""
    await _offer(message, actor, uow, (command.args or "")[2:], now)


@router.message(Command("ma"))
async def ask_code(message: Message, state: FSMContext) -> None:
    """Someone has a code and no link."""
    await state.set_state(Joining.code)
    await show(message, texts.ask_invitation_code(), keyboards.typed())


@router.message(Joining.code, Typed(LONGEST_CODE), F.text.regexp(r"^[\w\s-]{6,}$"))
async def typed_code(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """A typed code, offered like an opened link; after a wrong one another may be typed."""
    await _offer(message, actor, uow, message.text or "", now)
    await state.set_state(None)


@router.callback_query(Invited.filter(F.do == "decline"))
async def decline(query: CallbackQuery, actor: Actor) -> None:
    """Nothing happens."""
    await show(query, texts.declined(), common_keyboards.home(actor.role))


@router.callback_query(Invited.filter(F.do.in_({"accept", "switch"})))
async def accept(
    query: CallbackQuery,
    callback_data: Invited,
    state: FSMContext,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Come in. One that names nobody asks a stranger for a name first; "switch" signs out first."""
    held = await _held_already(uow, actor, callback_data.code)
    if held is not None and actor.person is not None:
        await _welcome(query, uow, actor.person, held)
        return
    invitation = await _checked(uow, actor, callback_data.code, now)
    if callback_data.do == "switch":
        actor = Actor(replace(actor.account, person_id=None, active_membership=None))
        await uow.messages.clear(actor.account.chat_id)  # what the one before said is theirs
    elif _is_for_another(actor, invitation):
        raise NotAllowed
    if invitation.person_id is None and actor.person is None:
        await state.set_state(Joining.name)
        await state.update_data(invitation=invitation.code)
        await show(query, texts.ask_name(), keyboards.typed())
        return
    await _join(query, actor, uow, invitation, None, now)


@router.message(Joining.name, Typed(LONGEST_NAME))
async def keep_name(
    message: Message, state: FSMContext, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """The name, then in."""
    code = (await state.get_data()).get("invitation", "")
    invitation = await _checked(uow, actor, code, now)
    await _join(message, actor, uow, invitation, " ".join((message.text or "").split()), now)
    await state.set_state(None)


@router.message(CommandStart(deep_link=True, magic=F.args.startswith("l-")))
async def opened_link(message: Message, command: CommandObject, actor: Actor) -> None:
    """A link that joins devices: asked first."""
    await _ask_link(message, (command.args or "")[2:], actor)


@router.message(Command("noi"))
async def typed_link(message: Message, command: CommandObject, actor: Actor) -> None:
    """The same by hand."""
    await _ask_link(message, command.args or "-", actor)


async def _ask_link(message: Message, typed: str, actor: Actor) -> None:
    name = actor.person.name if actor.person else None
    code = normal_code(typed)[:CODE_LENGTH]
    await show(message, texts.link_question(name), keyboards.link(code))


@router.callback_query(Link.filter())
async def join_device(
    query: CallbackQuery, callback_data: Link, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Join this device to the account; wrong codes are counted."""
    wrong = await uow.invitations.wrong_attempts(actor.account.chat_id, now - WRONG_CODES_WINDOW)
    check_attempts(wrong)
    person_id = await uow.links.take(code_hash(callback_data.code), now)
    person = await uow.people.get(person_id) if person_id else None
    if person is None:
        await uow.invitations.count_wrong(actor.account.chat_id, now)
        await uow.commit()
        raise LinkCodeWrong
    joined = replace(actor.account, person_id=person.id, active_membership=None)
    await uow.accounts.put(joined)
    await uow.commit()
    memberships = await uow.people.memberships_of(person.id, local_day(now))
    role = memberships[0].role if memberships else actor.role
    await show(query, texts.linked(person), common_keyboards.home(role))


async def _offer(
    message: Message, actor: Actor, uow: UnitOfWork, typed: str, now: datetime
) -> None:
    """What accepting would mean, and for whom."""
    invitation = await _checked(uow, actor, typed, now)
    commune = await uow.communes.get(invitation.commune_id)
    if commune is None:
        raise InvitationUnknown
    person = await uow.people.get(invitation.person_id) if invitation.person_id else None
    place = await place_name(uow, invitation)
    text = texts.invited(invitation, commune, place, person.name if person else None)
    if actor.person is None:
        board = keyboards.invitation(invitation.code)
    elif _is_for_another(actor, invitation):
        text += texts.signed_in_as_another(actor.person)
        board = keyboards.switch_person(invitation.code)
    else:
        text += texts.role_is_added(actor.person)
        board = keyboards.invitation(invitation.code)
    await show(message, text, board)


def _is_for_another(actor: Actor, invitation: Invitation) -> bool:
    """An invitation of the roster names one person; nobody else's device takes it silently."""
    return (
        invitation.person_id is not None
        and actor.person is not None
        and actor.person.id != invitation.person_id
    )


async def _held_already(uow: UnitOfWork, actor: Actor, code: str) -> Membership | None:
    """The membership a second tap on "accept" would give again; it takes no further use."""
    invitation = await uow.invitations.by_code(normal_code(code))
    if invitation is None:
        return None
    wanted = (invitation.commune_id, invitation.role, invitation.team_code, invitation.unit_code)
    for held in actor.memberships:
        if (held.commune_id, held.role, held.team_code, held.unit_code) == wanted:
            return held
    return None


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
    """Take one use, bind the account, give the membership: one transaction.

    Who had a role before keeps working in it; the new one is a tap away under "Đổi vai".
    """
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
    in_use = actor.membership or membership
    bound = replace(actor.account, person_id=person.id, active_membership=in_use.id)
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
    await _welcome(event, uow, person, membership)


async def _welcome(
    event: Message | CallbackQuery, uow: UnitOfWork, person: Person, membership: Membership
) -> None:
    commune = await uow.communes.get(membership.commune_id)
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
