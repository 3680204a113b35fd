"""`rehearse --pack ID --from D --days N`: every reminder of a stretch of days, nothing sent."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import a_date, a_pack, print_json, print_table

if TYPE_CHECKING:
    from datetime import date

    from domain.plan import PlanPack
    from domain.reminders import Reminder

#: The sample people have no door that could ring.
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
    """Every message that would go out, on a virtual clock, to a sample roster."""
    first = a_date(from_, "--from")
    pack = a_pack(pack_id)

    from content.i18n import SOURCE_LOCALE, speaking

    with speaking(SOURCE_LOCALE):
        rows = [_row(message, pack) for message in _messages(pack, first, days)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, ("at", "to_role", "to", "rung", "cutoffs"))
    else:
        typer.echo(f"{pack.id}: nobody is reminded in {days} days from {first}")


def _messages(pack: "PlanPack", first: "date", days: int) -> "list[Reminder]":
    """The virtual run with the sample roster."""
    from datetime import timedelta

    from content.texts.samples import sample_names
    from domain.deadlines import deadlines
    from domain.holidays import WorkCalendar
    from domain.ladder import REACH
    from domain.reminders import agenda_of, rehearse
    from domain.sample import sample_roster

    calendar = WorkCalendar()
    due = deadlines(pack, calendar, first - REACH, first + timedelta(days=days) + REACH)
    return rehearse(first, days, agenda_of(due, sample_roster(pack, sample_names()), calendar))


def _row(message: "Reminder", pack: "PlanPack") -> dict[str, object]:
    """One message of the contract."""
    from content.texts import reminders as texts

    return {
        "at": message.at.isoformat(),
        "to_role": message.role.value,
        "to": message.to,
        "rung": message.rung.shown,
        "cutoffs": list(dict.fromkeys(item.deadline.cutoff_id for item in message.items)),
        "channel": _NO_DOOR,
        "text": texts.reminder(message, pack.office, pack.kind),
    }
