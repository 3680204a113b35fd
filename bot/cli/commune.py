"""`commune add | list | show`: the communes of this server. `_commune_facts` changes one."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import _commune_facts
from bot.cli._commune_facts import Id, shown
from bot.cli.database import REASON, Desk, a_commune, in_database
from bot.cli.output import a_pack, fail, print_json

if TYPE_CHECKING:
    from domain.commune_life import Life
    from domain.plan import PlanPack

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the `commune` commands."""
    group = typer.Typer(help="The communes of this server.")
    group.command("add")(add)
    group.command("list")(list_communes)
    group.command("show")(show)
    _commune_facts.register(group)
    app.add_typer(group, name="commune")


def add(pack_id: Annotated[str, typer.Argument(metavar="PACK_ID")]) -> None:
    """Take a commune in, with the units its plan binds."""
    pack = a_pack(pack_id)

    async def work(desk: Desk) -> int:
        if await desk.uow.communes.get(pack.id) is not None:
            fail(f"{pack.id} is there already; nothing was changed")
        units = await add_commune(desk, pack)
        await desk.uow.commit()
        return units

    units = in_database(work)
    typer.echo(
        f"{pack.id}: {pack.name} added, {units} units. Next: `commune set {pack.id} address …`,"
        f" `roster import FILE.csv --commune {pack.id}`"
    )


async def add_commune(desk: Desk, pack: "PlanPack") -> int:
    """Write the commune and its units, not committed; returns how many units."""
    from domain.commune_settings import commune_of
    from domain.events import NewEvent
    from domain.ids import new_id
    from domain.visits import local_day

    commune, units = commune_of(pack, local_day(desk.now))
    await desk.uow.communes.add(commune)
    for unit in units:
        await desk.uow.communes.put_unit(unit)
    await desk.uow.record(
        NewEvent(
            id=new_id(),
            commune_id=commune.id,
            at=desk.now,
            actor_id=None,
            kind="commune.added",
            subject=commune.id,
            payload={"pack": pack.id, "units": [unit.code for unit in units]},
            reason=REASON,
        )
    )
    return len(units)


def list_communes(as_json: AsJson = False) -> None:
    """Every commune of this server."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [
            {
                "id": commune.id,
                "name": commune.name,
                "pack": commune.pack_id,
                "hamlets": len(await desk.uow.communes.hamlets(commune.id)),
                "teams": len(await desk.uow.communes.teams(commune.id)),
                "staff": len(await desk.uow.people.staff(commune.id, _today(desk))),
            }
            for commune in await desk.uow.communes.all()
        ]

    rows = in_database(work)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['id']:12} {row['name']}: {row['hamlets']} hamlets, {row['teams']} teams,"
            f" {row['staff']} staff"
        )
    if not rows:
        typer.echo("No commune yet: `commune add PACK_ID` adds one, `packs list` names the packs.")


def show(commune_id: Id, as_json: AsJson = False) -> None:
    """Everything that is known of a commune, and what is still to be entered."""

    async def work(desk: Desk) -> "Life":
        from storage.life import load_life

        await a_commune(desk, commune_id)
        life = await load_life(desk.uow, commune_id, _today(desk))
        if life is None:
            fail(f"no commune {commune_id!r}")
        return life

    facts = _facts(in_database(work))
    if as_json:
        print_json(facts)
    else:
        _print_facts(facts)


def _facts(life: "Life") -> dict[str, Any]:
    """The contract of `show --json`."""
    from collections import Counter

    from domain.commune_settings import SETTINGS

    commune = life.commune
    settings = {key: getattr(commune, key) for key in SETTINGS}
    roles = Counter(membership.role.value for _, membership in life.staff)
    return {
        "id": commune.id,
        "name": commune.name,
        "kind": commune.kind,
        "short": commune.short,
        "pack": commune.pack_id,
        "hamlet_term": commune.hamlet_term,
        **settings,
        "not_entered": [key for key, value in settings.items() if value is None],
        "units": [{"code": u.code, "name": u.name, "kind": u.kind} for u in life.units],
        "hamlets": [
            {"code": h.code, "name": h.name, "kind": h.kind, "phone": h.phone} for h in life.hamlets
        ],
        "teams": [{"code": t.code, "name": t.name, "hamlets": list(t.hamlets)} for t in life.teams],
        "staff": dict(sorted(roles.items())),
        "holidays": [
            {"day": day.isoformat(), "off": off, "reason": reason}
            for day, off, reason in life.holidays
        ],
    }


def _print_facts(facts: dict[str, Any]) -> None:
    from domain.commune_settings import SETTINGS

    typer.echo(f"{facts['id']}: {facts['name']} ({facts['short']}), plan {facts['pack']}")
    for key in SETTINGS:
        typer.echo(f"  {key:15} {shown(facts[key])}")
    for group in ("units", "hamlets", "teams"):
        names = ", ".join(f"{each['code']} {each['name']}" for each in facts[group])
        typer.echo(f"  {group:15} {len(facts[group])}{f': {names}' if names else ''}")
    staff = ", ".join(f"{n} {role}" for role, n in facts["staff"].items())
    typer.echo(f"  {'staff':15} {staff or 'nobody'}")
    for each in facts["holidays"]:
        typer.echo(f"  {each['day']:15} {'off' if each['off'] else 'work'}: {each['reason']}")
    if facts["not_entered"]:
        typer.echo(f"Not entered yet: {', '.join(facts['not_entered'])}")


def _today(desk: Desk) -> date:
    from domain.visits import local_day

    return local_day(desk.now)
