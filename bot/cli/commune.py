"""`commune add | list | show | set | hamlet | holiday`: a commune and the facts no plan carries."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.database import REASON, Desk, a_commune, in_database
from bot.cli.output import a_pack, fail, print_json

if TYPE_CHECKING:
    from domain.commune_life import Life
    from domain.people import Hamlet
    from domain.plan import PlanPack

Id = Annotated[str, typer.Argument(metavar="ID", help="The commune's id, such as loc-tan.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_KEYS = (
    "Keys: address, hours, phone, police_address, police_phone (- empties them), period_choice"
    " (decree, calendar-before or assumed), team_tier (yes or no)."
)


def register(app: typer.Typer) -> None:
    """Add the `commune` commands."""
    group = typer.Typer(help="The communes of this server.", no_args_is_help=True)
    group.command("add")(add)
    group.command("list")(list_communes)
    group.command("show")(show)
    group.command("set", help=f"Enter a fact the plan does not carry. {_KEYS}")(set_fact)
    group.command("hamlet")(hamlet)
    group.command("holiday")(holiday)
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

    commune, units = commune_of(pack)
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
        typer.echo(f"  {key:15} {_shown(facts[key])}")
    for group in ("units", "hamlets", "teams"):
        names = ", ".join(f"{each['code']} {each['name']}" for each in facts[group])
        typer.echo(f"  {group:15} {len(facts[group])}{f': {names}' if names else ''}")
    staff = ", ".join(f"{n} {role}" for role, n in facts["staff"].items())
    typer.echo(f"  {'staff':15} {staff or 'nobody'}")
    for each in facts["holidays"]:
        typer.echo(f"  {each['day']:15} {'off' if each['off'] else 'work'}: {each['reason']}")
    if facts["not_entered"]:
        typer.echo(f"Not entered yet: {', '.join(facts['not_entered'])}")


def set_fact(
    commune_id: Id,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    value: Annotated[list[str], typer.Argument(metavar="VALUE…")],
) -> None:
    """Enter a fact the plan does not carry; the help, with the keys, is given in `register`."""
    from domain.commune_settings import SETTINGS, explained, read_setting
    from domain.errors import FieldInvalid

    if key not in SETTINGS:
        fail(f"no setting {key!r}; there are {', '.join(SETTINGS)}")
    try:
        wanted = read_setting(key, " ".join(value))
    except FieldInvalid as error:
        fail(f"{explained(error)}. {_KEYS}" if not error.hint else explained(error))

    async def work(desk: Desk) -> Any:
        await desk.uow.writing()  # nobody changes it between our reading and our writing
        before = getattr(await a_commune(desk, commune_id), key)
        if before != wanted:
            await desk.uow.communes.update(commune_id, **{key: wanted})
            await _record(desk, commune_id, key, before, wanted)
            await desk.uow.commit()
        return before

    _say_changed(f"{commune_id} {key}", in_database(work), wanted)


def hamlet(
    commune_id: Id,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Short, such as ap-1.")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    kind: Annotated[str, typer.Option("--kind", help="Where the plan has several words.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="- takes it away.")] = "",
) -> None:
    """Add a hamlet, or change its name, kind or phone."""

    async def work(desk: Desk) -> "tuple[Hamlet | None, Hamlet]":
        from domain.commune_settings import NOTHING, hamlet_kind, read_code, read_phone, read_text
        from domain.people import Hamlet
        from storage.roster import place_facts

        await desk.uow.writing()
        commune = await a_commune(desk, commune_id)
        wanted = read_code("code", code)
        there = {each.code: each for each in await desk.uow.communes.hamlets(commune_id)}
        before = there.get(wanted)
        told = read_text("name", name)
        kept = before or Hamlet(commune_id, wanted, told, hamlet_kind(commune.hamlet_term, told))
        after = Hamlet(
            commune_id=commune_id,
            code=wanted,
            name=told,
            kind=read_text("kind", kind) if kind else kept.kind,
            phone=None if phone == NOTHING else read_phone("phone", phone) if phone else kept.phone,
        )
        if before != after:
            await desk.uow.communes.put_hamlet(after)
            facts, phones = zip(place_facts(before), place_facts(after), strict=True)
            personal = dict(zip(("before", "after"), phones, strict=True)) if any(phones) else None
            await _record(desk, commune_id, f"hamlet {wanted}", *facts, personal=personal)
            await desk.uow.commit()
        return before, after

    before, after = in_database(work)
    says = "there already" if before == after else "changed" if before else "added"
    typer.echo(f"{commune_id} hamlet {after.code} {after.name}: {says}")


def holiday(
    commune_id: Id,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    what: Annotated[str, typer.Argument(metavar="off|work")] = "",
    reason: Annotated[list[str] | None, typer.Argument(metavar="REASON")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Back to the calendar.")] = False,
) -> None:
    """Make a day a day off, or a working day, against the calendar; say why."""
    if drop == bool(what):
        fail("say off or work and the reason, or --drop to go back to the calendar")
    if not drop and what not in ("off", "work"):
        fail(f"{what!r} is neither off nor work")

    async def work(desk: Desk) -> tuple[date, Any, Any]:
        from domain.commune_settings import read_day, read_text

        when = read_day("DATE", day)
        await desk.uow.writing()
        await a_commune(desk, commune_id)
        communes = desk.uow.communes
        overrides = await communes.holiday_overrides(commune_id)
        before = next(({"off": off, "reason": why} for d, off, why in overrides if d == when), None)
        after = None
        if not drop:
            after = {"off": what == "off", "reason": read_text("REASON", " ".join(reason or []))}
        if before != after:
            if after is None:
                await communes.drop_holiday(commune_id, when)
            else:
                await communes.set_holiday(commune_id, when, what == "off", str(after["reason"]))
            await _record(desk, commune_id, f"holiday {when}", before, after)
            await desk.uow.commit()
        return when, before, after

    when, before, after = in_database(work)
    _say_changed(f"{commune_id} {when}", _day_off(before), _day_off(after))


def _day_off(override: dict[str, Any] | None) -> str:
    if override is None:
        return "as the calendar has it"
    return f"{'off' if override['off'] else 'work'} ({override['reason']})"


async def _record(
    desk: Desk,
    commune_id: str,
    field: str,
    before: Any,
    after: Any,
    personal: dict[str, Any] | None = None,
) -> None:
    from domain.commune_settings import commune_set
    from domain.ids import new_id

    event = commune_set(
        commune_id,
        field,
        before,
        after,
        event_id=new_id(),
        at=desk.now,
        reason=REASON,
        personal=personal,
    )
    await desk.uow.record(event)


def _say_changed(what: str, before: object, after: object) -> None:
    if before == after:
        typer.echo(f"{what}: {_shown(after)} (as before)")
    else:
        typer.echo(f"{what}: {_shown(before)} → {_shown(after)}")


def _shown(value: object) -> str:
    words = {None: "-", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def _today(desk: Desk) -> date:
    from domain.visits import local_day

    return local_day(desk.now)
