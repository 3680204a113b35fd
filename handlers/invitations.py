"""Making and taking back invitations, by officers and admins."""

from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from content.keyboards import common as common_keyboards
from content.keyboards import people as keyboards
from content.keyboards.common import Go
from content.keyboards.people import Invite, Revoke
from content.texts import people as texts
from domain.access import Action, can_invite, require
from domain.errors import CommuneUnknown, InvitationUnknown, NotAllowed
from domain.events import NewEvent
from domain.ids import new_id
from domain.people import Actor, Invitation, Membership, Role
from handlers.links import Links, random_code
from handlers.screens import show
from storage.unit_of_work import UnitOfWork

router = Router(name="invitations")
LIFETIME = timedelta(days=14)
#: A team's invitation is passed round among its 3-8 members; every other one is for one person.
USES = {Role.MEMBER: 8}


@router.message(Command("moi"))
@router.callback_query(Go.filter(F.to == "invite"))
async def choose_role(event: Message | CallbackQuery, actor: Actor) -> None:
    """Whom to invite?"""
    require(actor, Action.INVITE)
    await show(event, texts.choose_role_to_invite(), keyboards.roles_to_invite(actor.role))


@router.callback_query(Invite.filter())
async def invite(
    query: CallbackQuery,
    callback_data: Invite,
    actor: Actor,
    uow: UnitOfWork,
    links: Links,
    now: datetime,
) -> None:
    """Ask for the place if the role has one, then make the invitation."""
    require(actor, Action.INVITE)
    role, commune_id = callback_data.role, actor.commune_id
    if not can_invite(actor.role, role):
        raise NotAllowed
    if commune_id is None:
        raise CommuneUnknown
    if not callback_data.place and role in (Role.MEMBER, Role.HEAD):
        teams = await uow.communes.teams(commune_id)
        await show(query, texts.choose_team(), keyboards.teams(role, teams))
        return
    if not callback_data.place and role is Role.FOCAL:
        units = await uow.communes.units(commune_id)
        await show(query, texts.choose_unit(), keyboards.units(role, units))
        return
    made = new_invitation(commune_id, role, callback_data.place, now)
    place = await place_name(uow, made)
    if (made.team_code or made.unit_code) and place is None:
        raise NotAllowed
    await uow.invitations.add(made)
    await uow.record(_event("invitation.made", made, actor, now))
    await uow.commit()
    text = texts.invitation_made(made, links.invitation(made.code), place)
    await show(query, text, keyboards.invitation_made(made))


@router.callback_query(Revoke.filter())
async def revoke(
    query: CallbackQuery, callback_data: Revoke, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Take an invitation back."""
    require(actor, Action.INVITE)
    own = await uow.invitations.of_commune(actor.commune_id or "")
    found = next((i for i in own if i.id == callback_data.invitation), None)
    if found is None:
        raise InvitationUnknown
    await uow.invitations.revoke(found.id, now)
    await uow.record(_event("invitation.revoked", found, actor, now))
    await uow.commit()
    await show(query, texts.revoked(), common_keyboards.keyboard([]))


def new_invitation(
    commune_id: str, role: Role, place: str, now: datetime, uses: int | None = None
) -> Invitation:
    """An invitation of the usual length; `place` is a team's or a unit's code."""
    return Invitation(
        id=new_id(),
        code=random_code(),
        commune_id=commune_id,
        role=role,
        created_at=now,
        expires_at=now + LIFETIME,
        max_uses=uses or USES.get(role, 1),
        team_code=(place or None) if role in (Role.MEMBER, Role.HEAD) else None,
        unit_code=(place or None) if role is Role.FOCAL else None,
    )


async def place_name(uow: UnitOfWork, of: Invitation | Membership) -> str | None:
    """The team or unit somebody is invited to or works in."""
    if of.team_code:
        teams = await uow.communes.teams(of.commune_id)
        return next((team.name for team in teams if team.code == of.team_code), None)
    if of.unit_code:
        units = await uow.communes.units(of.commune_id)
        return next((unit.name for unit in units if unit.code == of.unit_code), None)
    return None


def _event(kind: str, invitation: Invitation, actor: Actor, now: datetime) -> NewEvent:
    return NewEvent(
        id=new_id(),
        commune_id=invitation.commune_id,
        at=now,
        actor_id=actor.person.id if actor.person else None,
        kind=kind,
        subject=str(invitation.id),
        payload={"role": invitation.role.value, "uses": invitation.max_uses},
    )
