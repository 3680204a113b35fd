"""Hamlets, units and teams of a sheet: found by code or name, added or changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.commune_settings import (
    NOTHING,
    hamlet_kind,
    read_code,
    read_day,
    read_phone,
    read_text,
    slug,
)
from domain.people import Hamlet, Team, Unit
from domain.roster._types import Action, BadRow, Column, PlanOf, Present, Row
from domain.text import fold, spelling, words, written_words

Place = TypeVar("Place", Hamlet, Unit, Team)
_OTHER = "other"


def are_alike(name: str, other: str) -> bool:
    """The same name: marks count where both have them, the place of a tone mark never does."""
    if name.isascii() or other.isascii():
        return fold(name) == fold(other)
    return _spelled(name) == _spelled(other)


def _spelled(name: str) -> list[str]:
    return [spelling(word) or word for word in written_words(name)]


def find(what: str, text: str, there: Mapping[str, Place]) -> Place | None:
    """The thing people mean by a code or a name. BadRow if it could be several."""
    if _is_code(text) and (known := there.get(text.casefold())) is not None:
        return known
    alike = [thing for thing in there.values() if are_alike(thing.name, text)]
    named = [thing for thing in alike if _spelled(thing.name) == _spelled(text)] or alike
    if len(named) > 1:
        codes = " or ".join(thing.code for thing in named)
        raise BadRow(f"{what} {text!r} may be {codes}: write the code")
    return named[0] if named else None


def a_day(row: Row, column: Column, before: date | None) -> date | None:
    """A cell's day: empty leaves what there is, "-" takes it away."""
    text = row.get(column)
    if not text:
        return before
    return None if text == NOTHING else read_day(column, text)


def in_order(first: date | None, last: date | None) -> None:
    """BadRow where something would end before it begins."""
    if first is not None and last is not None and last < first:
        raise BadRow(f"it ends on {last}, before it begins on {first}")


def a_phone(row: Row, before: str | None) -> str | None:
    """The phone cell: empty leaves what there is, "-" takes it away."""
    text = row.get(Column.PHONE)
    if not text:
        return before
    return None if text == NOTHING else read_phone(Column.PHONE, text)


def _is_code(text: str) -> bool:
    return text.casefold() == "-".join(words(text))


@dataclass(frozen=True, slots=True)
class Said:
    """What one row does to one thing."""

    action: Action
    code: str
    says: str


@dataclass(slots=True)
class Places:
    """The commune's places as they will be after the rows taken so far."""

    present: Present
    hamlets: dict[str, Hamlet] = field(init=False)
    units: dict[str, Unit] = field(init=False)
    teams: dict[str, Team] = field(init=False)
    changed_hamlets: list[PlanOf[Hamlet]] = field(default_factory=list)
    changed_units: list[PlanOf[Unit]] = field(default_factory=list)
    changed_teams: list[PlanOf[Team]] = field(default_factory=list)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Where a thing was spoken of first."""

    def __post_init__(self) -> None:
        self.hamlets = {hamlet.code: hamlet for hamlet in self.present.hamlets}
        self.units = {unit.code: unit for unit in self.present.units}
        self.teams = {team.code: team for team in self.present.teams}

    def take_hamlet(self, row: Row) -> Said:
        """A row about a hamlet."""
        commune = self.present.commune
        code, name, before = _identified(
            "hamlet", row.get(Column.HAMLET), row.get(Column.HAMLET_NAME), self.hamlets
        )
        kind = row.get(Column.HAMLET_KIND)
        after = Hamlet(
            commune_id=commune.id,
            code=code,
            name=name,
            kind=read_text(Column.HAMLET_KIND, kind, 40)
            if kind
            else (before.kind if before else hamlet_kind(commune.hamlet_term, name)),
            phone=a_phone(row, before.phone if before else None),
        )
        self._once("hamlet", code, row)
        self.hamlets[code] = after
        return _said("hamlet", before, after, self.changed_hamlets)

    def take_unit(self, row: Row) -> Said:
        """A row about a unit the plan does not name, such as one of several schools."""
        code, name, before = _identified(
            "unit", row.get(Column.UNIT), row.get(Column.UNIT_NAME), self.units
        )
        kind = before.kind if before else _OTHER
        after = Unit(self.present.commune.id, code, name, kind)
        self._once("unit", code, row)
        self.units[code] = after
        return _said("unit", before, after, self.changed_units)

    def take_team(self, row: Row, *, has_dates: bool) -> Said:
        """A row that says which hamlets a team serves; several may, if they say the same."""
        code, name, before = _identified(
            "team", row.get(Column.TEAM), row.get(Column.TEAM_NAME), self.teams
        )
        told = self._hamlets(row.get(Column.HAMLETS))
        if before is None and not told:
            raise BadRow(f"team {code} is new: say which hamlets it serves")
        if before is None or (told and set(told) != set(before.hamlets)):
            hamlets = told
        else:
            hamlets = before.hamlets
        first, last = (before.valid_from, before.valid_to) if before else (None, None)
        if has_dates:
            first, last = a_day(row, Column.FROM, first), a_day(row, Column.TO, last)
            in_order(first, last)
        after = Team(self.present.commune.id, code, name, hamlets, first, last)
        if before is not None and before != after and ("team", code) in self._lines:
            line = self._lines["team", code]
            raise BadRow(f"line {line} says otherwise about team {code}")
        self._lines.setdefault(("team", code), row.line)
        self.teams[code] = after
        return _said("team", before, after, self.changed_teams)

    def _hamlets(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in filter(None, map(str.strip, text.split("|"))):
            hamlet = find("hamlet", part, self.hamlets)
            if hamlet is None:
                raise BadRow(f"unknown hamlet {part!r}; several are parted by |")
            found.append(hamlet.code)
        return tuple(dict.fromkeys(found))

    def _once(self, what: str, code: str, row: Row) -> None:
        line = self._lines.setdefault((what, code), row.line)
        if line != row.line:
            raise BadRow(
                f"{what} {code} stands in line {line} already; two names that differ only in"
                " marks need codes of their own"
            )


def _identified(
    what: str, code_text: str, name_text: str, there: Mapping[str, Place]
) -> tuple[str, str, Place | None]:
    """(code, name, what is known) of a row that may give a code, a name or both."""
    if not name_text and code_text and not _is_code(code_text):
        known = find(what, code_text, there)
        code_text, name_text = (known.code, known.name) if known else ("", code_text)
    named = [t for t in there.values() if name_text and are_alike(t.name, name_text)]
    if not code_text:
        if len(named) > 1:
            raise BadRow(f"several {what}s are called {name_text!r}: give the code")
        code = named[0].code if named else slug(name_text)
        if not named and code in there:
            raise BadRow(
                f"the code {code} belongs to {there[code].name!r}: give {name_text!r} another one"
            )
    else:
        code = read_code(what, code_text)
        if others := [thing.code for thing in named if thing.code != code]:
            raise BadRow(f"{what} {name_text!r} is there already, as {others[0]}")
    before = there.get(code)
    if not name_text and before is None:
        raise BadRow(f"{what} {code} is new: give its name")
    name = read_text(f"{what} name", name_text) if name_text else before.name if before else ""
    return code, name, before


def _said(what: str, before: Place | None, after: Place, changes: list[PlanOf[Place]]) -> Said:
    if before == after:
        return Said(Action.SAME, after.code, f"{what} {after.name}")
    changes.append(PlanOf(before, after))
    if before is None:
        return Said(Action.ADD, after.code, f"{what} {after.name}")
    return Said(Action.CHANGE, after.code, f"{what} {after.name}: {_difference(before, after)}")


def _difference(before: Place, after: Place) -> str:
    """Which facts change; a phone is not shown."""
    parts = []
    for name in after.__dataclass_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            parts.append("phone" if name == "phone" else f"{name} {shown(old)} → {shown(new)}")
    return ", ".join(parts)


def shown(value: object) -> str:
    """A value in a preview."""
    if isinstance(value, tuple):
        return "|".join(map(str, value)) or NOTHING
    return NOTHING if value is None else str(value)
