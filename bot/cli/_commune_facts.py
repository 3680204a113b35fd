"""`commune set | hamlet | holiday`: the facts no plan carries. Every change is an event."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.database import REASON, Desk, a_commune, in_database
from bot.cli.output import fail

if TYPE_CHECKING:
    from domain.people import Hamlet

Id = Annotated[str, typer.Argument(metavar="ID", help="The commune's id, such as loc-tan.")]
_KEYS = (
    "Keys: address, hours, phone, police_address, police_phone (- empties them), period_choice"
    " (decree, calendar-before or assumed), team_tier (yes or no)."
)


def register(group: typer.Typer) -> None:
    """Add the commands to the group `commune`."""
    group.command("set", help=f"Enter a fact the plan does not carry. {_KEYS}")(set_fact)
    group.command("hamlet")(hamlet)
    group.command("holiday")(holiday)


def set_fact(
    commune_id: Id,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    value: Annotated[list[str], typer.Argument(metavar="VALUE")],
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
        typer.echo(f"{what}: {shown(after)} (as before)")
    else:
        typer.echo(f"{what}: {shown(before)} → {shown(after)}")


def shown(value: object) -> str:
    """A value for a person to read."""
    words = {None: "-", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)
