"""`seed`: xã Lộc Tấn with a roster that is plainly a sample, to try everything out."""

from typing import TYPE_CHECKING

import typer

from bot.cli._invitations import add, new, state
from bot.cli.commune import add_commune
from bot.cli.database import Desk, in_database
from bot.cli.output import a_pack, fail
from bot.cli.roster import import_sheet

if TYPE_CHECKING:
    from domain.people import Invitation
    from domain.roster import Plan, Sheet

COMMUNE = "loc-tan"
#: A link for trying out is opened on a phone, a computer, and by a colleague.
USES = 20


def register(app: typer.Typer) -> None:
    """Add the `seed` command."""
    app.command("seed")(seed)


def seed() -> None:
    """Add the sample commune and roster if they are not there; print a link for each role."""
    from content.rosters import roster_words, sample_roster
    from domain.roster import read_sheet

    pack = a_pack(COMMUNE)
    sheet = read_sheet(sample_roster(COMMUNE), roster_words())

    async def work(desk: Desk) -> "tuple[Plan, dict[str, str]]":
        from handlers.links import Links

        await desk.uow.writing()
        if await desk.uow.communes.get(COMMUNE) is None:
            await add_commune(desk, pack)
        else:
            await _refuse_real(desk, sheet)
        plan = await import_sheet(desk, COMMUNE, sheet)
        if plan.errors:
            fail(f"the sample roster, line {plan.errors[0].line}: {plan.errors[0].says}")
        links = Links(desk.settings.public_url)
        doors = {
            invitation.role.value: links.invitation(invitation.code)
            for invitation in await _invitations(desk, sheet)
        }
        await desk.uow.commit()
        return plan, {"resident": links.resident(COMMUNE), **doors}

    plan, doors = in_database(work)
    counts = ", ".join(f"{n} {action.value}" for action, n in plan.counts.items() if n)
    typer.echo(f"{pack.name} with a SAMPLE roster ({counts}). Start it with `run`, then open:")
    for role, link in doors.items():
        typer.echo(f"  {role:9} {link}")


async def _refuse_real(desk: Desk, sheet: "Sheet") -> None:
    """A commune at work must not get sample people among its own."""
    from domain.roster import Column
    from domain.visits import local_day

    there = {hamlet.code for hamlet in await desk.uow.communes.hamlets(COMMUNE)}
    staff = await desk.uow.people.staff(COMMUNE, local_day(desk.now))
    samples = {row.get(Column.HAMLET) for row in sheet.rows}
    if (there or staff) and not samples & there:
        fail(f"{COMMUNE} has a roster of its own: a sample is for an empty database")


async def _invitations(desk: Desk, sheet: "Sheet") -> "list[Invitation]":
    """One for each role, bound to a sample person; what is still open is used again."""
    from dataclasses import replace

    from domain.access import can_invite
    from domain.people import Role
    from domain.roster import Column
    from domain.visits import local_day

    codes = {row.get(Column.CODE) for row in sheet.rows}
    keys = await desk.uow.people.roster_keys(COMMUNE)
    samples = {person.id: key for key, person in keys.items() if key in codes}
    holders = {
        membership.role: person.id
        for person, membership in reversed(
            await desk.uow.people.staff(COMMUNE, local_day(desk.now))
        )
        if person.id in samples
    }
    known = [
        invitation
        for invitation in await desk.uow.invitations.of_commune(COMMUNE)
        if state(invitation, desk.now) == "open"
    ]
    found = []
    for role in (role for role in Role if can_invite(Role.ADMIN, role)):
        holder = holders.get(role)
        if holder is None and role is not Role.ADMIN:  # somebody ended the sample's membership
            continue
        made = next((i for i in known if i.role is role and i.person_id == holder), None)
        if made is None:
            made = await new(desk, COMMUNE, role, person=samples[holder] if holder else "")
            made = replace(made, max_uses=USES) if holder else made
            await add(desk, made)
        found.append(made)
    return found
