"""`roster import FILE.csv`: people, teams, hamlets of a commune from a sheet."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.database import REASON, Desk, a_commune, in_database
from bot.cli.output import fail, print_json

if TYPE_CHECKING:
    from domain.roster import Plan, Sheet

_TOLD = f"roster, {REASON}"


def register(app: typer.Typer) -> None:
    """Add the `roster` commands."""
    group = typer.Typer(help="The people of a commune.")
    group.command("import")(import_file)
    # One command alone would lose its name.
    group.callback()(lambda: None)
    app.add_typer(group, name="roster")


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="See docs/roster.md.")],
    commune_id: Annotated[str, typer.Option("--commune", metavar="ID")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import the good rows although others are wrong.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import hamlets, teams and people from a CSV file; the same file again changes nothing."""
    sheet = _read(file)

    async def work(desk: Desk) -> "tuple[Plan, bool]":
        await a_commune(desk, commune_id)
        if dry_run:
            return await plan_import(desk, commune_id, sheet), False
        plan = await import_sheet(desk, commune_id, sheet, partial=partial)
        if plan.errors and not partial:
            return plan, False
        await desk.uow.commit()
        return plan, True

    plan, is_applied = in_database(work)
    if as_json:
        print_json(
            {
                "commune": commune_id,
                "dry_run": dry_run,
                "applied": is_applied,
                "unused_columns": list(sheet.unused),
                "counts": {action.value: n for action, n in plan.counts.items()},
                "rows": [
                    {
                        "line": row.line,
                        "kind": row.kind.value if row.kind else None,
                        "action": row.action.value,
                        "key": row.key,
                        "says": row.says,
                    }
                    for row in plan.rows
                ],
            }
        )
    else:
        _print(plan, sheet, everything=dry_run, changes=dry_run or is_applied)
    if plan.errors and not is_applied:
        first, *others = plan.errors
        more = f" (and {len(others)} more)" if others else ""
        nothing = "" if dry_run else "; nothing was imported: correct it, or use --partial"
        fail(f"{file}, line {first.line}: {first.says}{more}{nothing}")


async def plan_import(desk: Desk, commune_id: str, sheet: "Sheet") -> "Plan":
    """What the import would do now; nothing is written."""
    from content.rosters import roster_words
    from domain.roster import plan_roster
    from storage.roster import load_roster

    present = await load_roster(desk.uow, commune_id)
    if present is None:
        fail(f"no commune {commune_id!r}")
    return plan_roster(sheet, roster_words(), present)


async def import_sheet(
    desk: Desk, commune_id: str, sheet: "Sheet", *, partial: bool = False
) -> "Plan":
    """Plan and write, not committed; with errors nothing is written unless `partial`."""
    from storage.roster import Because, apply_roster

    await desk.uow.events.lock(commune_id)  # two imports at once: the second sees the first
    plan = await plan_import(desk, commune_id, sheet)
    if partial or not plan.errors:
        await apply_roster(desk.uow, commune_id, plan, Because(desk.now, _TOLD))
    return plan


def _read(file: Path) -> "Sheet":
    from content.rosters import roster_words
    from domain.roster import RosterUnreadable, read_sheet

    try:
        return read_sheet(file.read_bytes(), roster_words())
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    except RosterUnreadable as error:
        fail(f"{file}: {error}")


def _print(plan: "Plan", sheet: "Sheet", *, everything: bool, changes: bool) -> None:
    """Rows that are wrong always; those that stay the same only on a dry run."""
    from domain.roster import Action

    wanted = {Action.ERROR}
    if changes:
        wanted |= {Action.ADD, Action.CHANGE}
    if everything:
        wanted.add(Action.SAME)
    for row in plan.rows:
        if row.action in wanted:
            key = f"  [{row.key}]" if row.key else ""
            typer.echo(f"line {row.line:4}  {row.action.value:6}  {row.says}{key}")
    if sheet.unused:
        typer.echo(f"Columns left alone: {', '.join(sheet.unused)}")
    if changes:
        typer.echo(", ".join(f"{n} {action.value}" for action, n in plan.counts.items()))
