"""`deadlines ID --from D --to D`: what falls due, as every other part of the program sees it."""

from typing import Annotated

import typer

from bot.cli.output import a_date, a_pack, fail, print_json, print_table


def register(app: typer.Typer) -> None:
    """Add the `deadlines` command."""
    app.command("deadlines")(deadlines)


def deadlines(
    pack_id: Annotated[str, typer.Argument(metavar="ID")],
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="First last valid day.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="Last last valid day.")],
    as_json: Annotated[bool, typer.Option("--json/--table", help="JSON, or to read.")] = True,
) -> None:
    """The reports of a plan whose last valid day lies between two days, both included."""
    first, last = a_date(from_, "--from"), a_date(to, "--to")
    if last < first:
        fail(f"--to {to} is before --from {from_}")
    pack = a_pack(pack_id)

    from domain import deadlines as rules
    from domain.holidays import WorkCalendar

    rows = [
        {
            "cutoff": due.cutoff_id,
            "period": due.period,
            "tier": due.tier,
            "audience": due.audience,
            "data_from": due.data.first.isoformat() if due.data else None,
            "data_to": due.data.last.isoformat() if due.data else None,
            "assumed": due.assumed,
            "last_valid_day": due.last_valid_day.isoformat(),
            "target_day": due.target_day.isoformat(),
        }
        for due in rules.deadlines(pack, WorkCalendar(), first, last)
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, rows[0])
    else:
        typer.echo(f"{pack.id}: nothing falls due from {first} to {last}")
