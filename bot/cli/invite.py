"""`invite`, `invite list`, `invite revoke`: ways in for staff, counted, expiring, revocable."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli._invitations import add, new, record, state
from bot.cli.database import Desk, a_commune, in_database
from bot.cli.output import fail, print_json, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from domain.people import Invitation, Role

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_PICTURES = (".svg", ".png")


def register(app: typer.Typer) -> None:
    """Add the `invite` commands."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(invite)
    group.command("list")(list_invitations)
    group.command("revoke")(revoke)
    app.add_typer(group, name="invite")


def invite(
    context: typer.Context,
    commune_id: Annotated[str, typer.Option("--commune", metavar="ID")] = "",
    role: Annotated[
        str, typer.Option("--role", help="member head focal officer leader auditor admin")
    ] = "",
    team: Annotated[str, typer.Option("--team", metavar="CODE", help="Of members, heads.")] = "",
    unit: Annotated[str, typer.Option("--unit", metavar="CODE", help="Of focal persons.")] = "",
    person: Annotated[
        str, typer.Option("--person", metavar="KEY", help="One person of the roster.")
    ] = "",
    uses: Annotated[int | None, typer.Option("--uses", min=1, max=500)] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, max=365)] = None,
    qr: Annotated[Path | None, typer.Option("--qr", metavar="FILE.svg|png")] = None,
    as_json: AsJson = False,
) -> None:
    """Invite somebody to work in a commune: prints code, link and last day."""
    if context.invoked_subcommand is not None:
        return
    if not commune_id or not role:
        fail("say --commune ID and --role ROLE (or `invite list`, `invite revoke CODE`)")
    if qr is not None and (qr.suffix.lower() not in _PICTURES or not qr.absolute().parent.is_dir()):
        fail(f"--qr {qr} must end in .svg or .png, in a folder that exists")
    wanted = _a_role(role, commune_id)

    async def work(desk: Desk) -> "tuple[Invitation, str]":
        from handlers.links import Links

        await a_commune(desk, commune_id)
        made = await new(desk, commune_id, wanted, team=team, unit=unit, person=person)
        if uses is not None:
            made = replace(made, max_uses=uses)
        if days is not None:
            made = replace(made, expires_at=desk.now + timedelta(days=days))
        await add(desk, made)
        await desk.uow.commit()
        return made, Links(desk.settings.public_url).invitation(made.code)

    made, link = in_database(work)
    if as_json:
        print_json({**_row(made, made.created_at), "link": link})
    else:
        typer.echo(
            f"Code {_spaced(made.code)}\nLink {link}\n{made.role.value}"
            f"{_of_place(made)}, {made.max_uses} time(s), until {_local(made.expires_at)}"
        )
    if qr is not None:
        _draw(link, qr)


def list_invitations(
    commune_id: Annotated[str, typer.Option("--commune", metavar="ID")] = "",
    as_json: AsJson = False,
) -> None:
    """Every invitation, newest first."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        if commune_id:
            communes = [await a_commune(desk, commune_id)]
        else:
            communes = await desk.uow.communes.all()
        return [
            _row(invitation, desk.now)
            for commune in communes
            for invitation in await desk.uow.invitations.of_commune(commune.id)
        ]

    rows = in_database(work)
    if as_json:
        print_json(rows)
    elif rows:
        shown = [{**row, "uses": f"{row['uses']}/{row['max_uses']}"} for row in rows]
        print_table(shown, ("code", "commune", "role", "team", "unit", "uses", "expires", "state"))
    else:
        typer.echo("No invitation yet.")


def revoke(code: Annotated[str, typer.Argument(metavar="CODE")]) -> None:
    """Take an invitation back: who has not accepted it yet cannot any more."""

    async def work(desk: Desk) -> "tuple[Invitation, bool]":
        from domain.invitations import normal_code

        found = await desk.uow.invitations.by_code(normal_code(code))
        if found is None:
            fail(f"no invitation has the code {code!r}")
        is_new = await desk.uow.invitations.revoke(found.id, desk.now)
        if is_new:
            await record(desk, "invitation.revoked", found)
            await desk.uow.commit()
        return found, is_new

    found, is_new = in_database(work)
    typer.echo(f"{_spaced(found.code)}: {'revoked' if is_new else 'was revoked before'}")


def _a_role(text: str, commune_id: str) -> "Role":
    from domain.access import can_invite
    from domain.people import Role

    invitable = [role.value for role in Role if can_invite(Role.ADMIN, role)]
    if text == Role.RESIDENT:
        fail(f"residents need no invitation: the address ending in /c/{commune_id} is for all")
    if text not in invitable:
        fail(f"--role {text!r} must be one of {', '.join(invitable)}")
    return Role(text)


def _row(invitation: "Invitation", now: "datetime") -> dict[str, Any]:
    """The contract of `--json`."""
    return {
        "code": invitation.code,
        "commune": invitation.commune_id,
        "role": invitation.role.value,
        "team": invitation.team_code,
        "unit": invitation.unit_code,
        "for_one_person": invitation.person_id is not None,
        "uses": invitation.uses,
        "max_uses": invitation.max_uses,
        "expires": _local(invitation.expires_at),
        "state": state(invitation, now),
    }


def _of_place(invitation: "Invitation") -> str:
    place = invitation.team_code or invitation.unit_code
    return f" of {place}" if place else ""


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def _local(at: "datetime") -> str:
    from domain.visits import LOCAL

    return at.astimezone(LOCAL).isoformat(timespec="minutes")


def _draw(link: str, file: Path) -> None:
    import segno

    try:
        segno.make(link, error="m").save(str(file), kind=file.suffix[1:].lower(), scale=8, border=4)
    except OSError as error:
        fail(f"the invitation is good, but {file} could not be written: {error.strerror}")
    typer.echo(f"QR   {file}", err=True)
