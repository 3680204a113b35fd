"""Making an invitation for the commands that do: `invite` and `seed`."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cli.database import REASON, Desk
from bot.cli.output import fail

if TYPE_CHECKING:
    from datetime import datetime

    from domain.people import Invitation, Role


async def new(
    desk: Desk, commune_id: str, role: "Role", *, team: str = "", unit: str = "", person: str = ""
) -> "Invitation":
    """An invitation, not written; a place or person that does not fit ends the command."""
    from domain.people import Role
    from handlers.invitations import new_invitation

    if sum(map(bool, (team, unit, person))) > 1:
        fail("say one of --team, --unit and --person")
    if person:
        return await _for_person(desk, commune_id, role, person)
    if (role in (Role.MEMBER, Role.HEAD)) != bool(team):
        fail(f"a {role.value} is invited {'without' if team else 'with'} --team")
    if (role is Role.FOCAL) != bool(unit):
        fail(f"a {role.value} is invited {'without' if unit else 'with'} --unit")
    if team:
        _known("team", team, [each.code for each in await desk.uow.communes.teams(commune_id)])
    if unit:
        _known("unit", unit, [each.code for each in await desk.uow.communes.units(commune_id)])
    return new_invitation(commune_id, role, team or unit, desk.now)


async def _for_person(desk: Desk, commune_id: str, role: "Role", key: str) -> "Invitation":
    """For somebody of the roster, exactly as the roster has the person: nothing is added twice."""
    from domain.visits import local_day
    from handlers.invitations import new_invitation

    found = await desk.uow.people.by_roster_key(commune_id, key)
    if found is None:
        fail(f"nobody is {key!r} in the roster; `roster import --dry-run` shows the keys")
    today = local_day(desk.now)
    roles = [
        m
        for m in await desk.uow.people.memberships_of(found.id, today)
        if m.commune_id == commune_id
    ]
    membership = next((m for m in roles if m.role == role), None)
    if membership is None:
        held = ", ".join(m.role.value for m in roles) or "no role today"
        fail(f"{key} is no {role.value} in the roster, but has: {held}")
    return replace(
        new_invitation(commune_id, role, "", desk.now, uses=1),
        team_code=membership.team_code,
        unit_code=membership.unit_code,
        person_id=found.id,
    )


async def add(desk: Desk, invitation: "Invitation") -> None:
    """Write it, not committed."""
    await desk.uow.invitations.add(invitation)
    await record(desk, "invitation.made", invitation)


def state(invitation: "Invitation", now: "datetime") -> str:
    """open, revoked, expired or used up."""
    from domain import errors
    from domain.invitations import check_invitation

    try:
        check_invitation(invitation, now)
    except errors.InvitationRevoked:
        return "revoked"
    except errors.InvitationExpired:
        return "expired"
    except errors.InvitationUsedUp:
        return "used up"
    return "open"


def _known(what: str, code: str, codes: list[str]) -> None:
    if code not in codes:
        fail(f"no {what} {code!r}; there are {', '.join(codes) or 'none'}")


async def record(desk: Desk, kind: str, invitation: "Invitation") -> None:
    """The event of an invitation made or revoked."""
    from domain.events import NewEvent
    from domain.ids import new_id

    await desk.uow.record(
        NewEvent(
            id=new_id(),
            commune_id=invitation.commune_id,
            at=desk.now,
            actor_id=None,
            kind=kind,
            subject=str(invitation.id),
            payload={"role": invitation.role.value, "uses": invitation.max_uses},
            reason=REASON,
        )
    )
