"""`rehearse --pack ID --from D --days N`: every reminder of a stretch of days, nothing sent."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import a_date, a_pack, fail, print_json, print_table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from domain.commune_life import Life
    from domain.plan import PlanPack
    from domain.reminders import Reminder

#: No door that could ring: the message waits for the person's next visit.
_NO_DOOR = "waiting"


def register(app: typer.Typer) -> None:
    """Add the `rehearse` command."""
    app.command("rehearse")(rehearse)


def rehearse(
    pack_id: Annotated[str, typer.Option("--pack", metavar="ID")],
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    days: Annotated[int, typer.Option("--days", min=1, max=3660)] = 90,
    as_json: Annotated[bool, typer.Option("--json/--table", help="JSON, or to read.")] = True,
) -> None:
    """Every message that would go out, on a virtual clock; nothing is sent.

    To the commune's own people if the database has it with a roster, else to a sample one.
    """
    first = a_date(from_, "--from")
    pack = a_pack(pack_id)

    from content.i18n import SOURCE_LOCALE, speaking

    with speaking(SOURCE_LOCALE):
        life, doors = _live(pack, first)
        rows = [_row(message, pack, doors) for message in _messages(pack, first, days, life)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, ("at", "to_role", "to", "rung", "cutoffs"))
    else:
        typer.echo(f"{pack.id}: nobody is reminded in {days} days from {first}")


def _messages(pack: "PlanPack", first: "date", days: int, life: "Life | None") -> "list[Reminder]":
    """The virtual run."""
    from datetime import timedelta

    from content.texts.samples import sample_names
    from domain.commune_life import debtors
    from domain.deadlines import deadlines
    from domain.holidays import WorkCalendar
    from domain.ladder import REACH
    from domain.reminders import agenda_of, rehearse
    from domain.sample import sample_roster

    asked = debtors(life, pack) if life else ()
    calendar = life.calendar if life else WorkCalendar()
    choices = life.choices if life else None
    last = first + timedelta(days=days) + REACH
    due = deadlines(pack, calendar, first - REACH, last, choices)
    return rehearse(
        first, days, agenda_of(due, asked or sample_roster(pack, sample_names()), calendar)
    )


def _live(pack: "PlanPack", day: "date") -> "tuple[Life | None, dict[UUID, str]]":
    """The commune of this pack as the database has it, and each person's ringing door."""
    import asyncio
    from pathlib import Path

    from pydantic import ValidationError
    from sqlalchemy.engine import make_url

    from bot.config import Settings
    from domain.errors import StorageBusy
    from storage.engine import DatabaseUnusable
    from storage.migrate import current

    try:
        url = Settings(_env_file=".env").database_url
        file = make_url(url).database
        if url.startswith("sqlite") and not (file and Path(file).exists()):
            return None, {}  # opening would create it: a rehearsal leaves nothing behind
        if asyncio.run(current(url)) is None:
            return None, {}
        return asyncio.run(_read(url, pack.id, day))
    except (ValidationError, DatabaseUnusable, StorageBusy) as error:
        fail(error)


async def _read(url: str, pack_id: str, day: "date") -> "tuple[Life | None, dict[UUID, str]]":
    from storage.engine import Database
    from storage.life import load_life
    from storage.unit_of_work import UnitOfWork

    db = Database.open(url)
    try:
        async with UnitOfWork(db) as uow:
            found = [each.id for each in await uow.communes.all() if each.pack_id == pack_id]
            life = await load_life(uow, found[0], day) if found else None
            doors: dict[UUID, str] = {}
            for person, _ in life.staff if life else ():
                accounts = await uow.accounts.of_person(person.id)
                ringing = [each.channel for each in accounts if each.channel != "web"]
                if ringing:
                    doors[person.id] = ringing[0]
            return life, doors
    finally:
        await db.dispose()


def _row(message: "Reminder", pack: "PlanPack", doors: "dict[UUID, str]") -> dict[str, object]:
    """One message of the contract."""
    from content.texts import reminders as texts

    return {
        "at": message.at.isoformat(),
        "to_role": message.role.value,
        "to": message.to,
        "rung": message.rung.shown,
        "cutoffs": list(dict.fromkeys(item.deadline.cutoff_id for item in message.items)),
        "channel": doors.get(message.person_id, _NO_DOOR),
        "text": texts.reminder(message, pack.office, pack.kind),
    }
