"""How commands speak: JSON on stdout, one readable line on stderr, exit code 2 on bad input."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from domain.plan import PlanPack

#: Plans and the lunar calendar are good for these years.
_YEARS = range(2000, 2100)


def one_line(problem: object) -> str:
    """A problem as the single line that stderr gets."""
    return f"error: {' '.join(str(problem).split())}"


def fail(problem: object) -> NoReturn:
    """End the command with one line on stderr."""
    typer.echo(one_line(problem), err=True)
    raise typer.Exit(2)


def print_json(value: object) -> None:
    """Print a stable contract: UTF-8, keys in the order of the contract."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Sequence[Mapping[str, object]], columns: Iterable[str]) -> None:
    """Print rows for a person to read, a column as wide as its longest value."""
    names = list(columns)
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def a_date(text: str, option: str) -> date:
    """A day as 2026-11-24, in the years our calendar is meant for; else the command ends."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        fail(f"{option} {text!r} is not a date such as 2026-11-24")
    if day.year not in _YEARS:
        fail(f"{option} {text} is outside {_YEARS[0]}-{_YEARS[-1]}")
    return day


def a_pack(pack_id: str) -> "PlanPack":
    """The plan pack of this id; an unknown or broken one ends the command."""
    from content.pack_loader import PackError, load_pack

    try:
        return load_pack(pack_id)
    except PackError as error:
        fail(error)
