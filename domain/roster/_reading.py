"""Bytes of a CSV file to rows: encodings, separators and headings as they come from Excel."""

import csv
import io
from collections.abc import Iterator, Mapping

from domain.commune_settings import tidy
from domain.roster._types import Column, RosterUnreadable, RosterWords, Row, Sheet
from domain.text import fold

LARGEST = 2_000_000
_HINT = 'in Excel choose "Save as", then "CSV UTF-8 (comma delimited)"'
#: How other formats begin, and what they are.
_STARTS = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a workbook (.xlsx or .ods)",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"%PDF": "a PDF",
}
#: A sheet speaks of people (both columns), of hamlets, of teams, or of units.
_ENOUGH = (
    {Column.NAME, Column.ROLE},
    {Column.HAMLET},
    {Column.HAMLET_NAME},
    {Column.TEAM, Column.HAMLETS},
    {Column.TEAM_NAME, Column.HAMLETS},
    {Column.UNIT, Column.UNIT_NAME},
)


def read_sheet(data: bytes, words: RosterWords) -> Sheet:
    """The rows of the file, without the empty ones. Raises RosterUnreadable."""
    text = _decoded(data)
    lines = _parsed(text)
    try:
        _, headings = next(lines)
    except StopIteration:
        raise RosterUnreadable("the file is empty") from None
    columns = _columns(headings, words)
    _check(headings, columns)
    # A row of nothing but running numbers is as good as empty.
    read = (_row(line, cells, columns) for line, cells in lines)
    rows = tuple(row for row in read if row.cells or row.surplus)
    if not rows:
        raise RosterUnreadable("the file has headings and no rows")
    unused = (tidy(h) for h, c in zip(headings, columns, strict=True) if c is None and tidy(h))
    return Sheet(rows, tuple(unused))


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise RosterUnreadable(f"the file has {len(data):,} bytes; a roster has far less")
    for start, what in _STARTS.items():
        if data.startswith(start):
            raise RosterUnreadable(f"this is {what}, not CSV in UTF-8: {_HINT}")
    if b"\0" in data:
        raise RosterUnreadable(f"this is UTF-16 text or no text at all, not CSV in UTF-8: {_HINT}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RosterUnreadable(
            f"line {line} is not UTF-8 text (perhaps Windows-1258 or TCVN3): {_HINT}"
        ) from None


def _parsed(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that holds anything."""
    first = next((line for line in text.splitlines() if line.strip(" \t,;")), "")
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(tidy(cell) for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise RosterUnreadable(f"line {line}: {error}; look for a stray quotation mark") from None


def _columns(headings: list[str], words: RosterWords) -> list[Column | None]:
    """What each heading means; what the clear ones mean helps to tell what the others do."""
    meanings = [
        words.headings.get(tidy(heading).casefold()) or words.headings.get(fold(heading), ())
        for heading in headings
    ]
    clear = {found[0] for found in meanings if len(found) == 1}
    return [_clearest(found, clear) for found in meanings]


def _clearest(found: tuple[Column, ...], clear: set[Column]) -> Column | None:
    if len(found) < 2:
        return found[0] if found else None
    free = [column for column in found if column not in clear] or list(found)
    # Beside a "from" it is a "to"; without one it is a team, written without its marks.
    if len(free) > 1 and Column.TO in free and Column.FROM in clear:
        return Column.TO
    return free[0]


def _check(headings: list[str], columns: list[Column | None]) -> None:
    """The headings say enough, and none twice."""
    seen: Mapping[Column, str] = {}
    for heading, column in zip(headings, columns, strict=True):
        if column is not None and column in seen:
            raise RosterUnreadable(
                f"the columns {seen[column]!r} and {tidy(heading)!r} mean the same: {column}"
            )
        if column is not None:
            seen = {**seen, column: tidy(heading)}
    there = f"the headings are {', '.join(repr(tidy(heading)) for heading in headings)}"
    if (Column.NAME in seen) != (Column.ROLE in seen):
        missing = Column.ROLE if Column.NAME in seen else Column.NAME
        raise RosterUnreadable(f"there is no column {missing!s}; {there}")
    if not any(enough <= seen.keys() for enough in _ENOUGH):
        raise RosterUnreadable(f"there are no columns {Column.NAME!s} and {Column.ROLE!s}; {there}")


def _row(line: int, cells: list[str], columns: list[Column | None]) -> Row:
    told = {
        column: text
        for column, cell in zip(columns, cells, strict=False)
        if column is not None and (text := tidy(cell))
    }
    surplus = sum(bool(tidy(cell)) for cell in cells[len(columns) :])
    return Row(line, told, surplus)
