"""Rows beside what is there: every row judged, every change listed, nothing touched."""

from collections.abc import Callable

from domain.commune_settings import explained
from domain.errors import FieldInvalid
from domain.roster._people import People
from domain.roster._places import Places, Said
from domain.roster._told import Told, place_of, read_person
from domain.roster._types import (
    Action,
    BadRow,
    Column,
    Kind,
    Plan,
    PlannedRow,
    Present,
    RosterWords,
    Row,
    Sheet,
    T,
)
from domain.secrets import mask_secrets

C = Column
#: What a row of each kind may say. A cell elsewhere is a slip, and is named.
_SAYS: dict[Kind, frozenset[Column]] = {
    Kind.PERSON: frozenset(
        {C.CODE, C.NAME, C.PHONE, C.ROLE, C.TEAM, C.TEAM_NAME, C.HAMLETS, C.UNIT, C.UNIT_NAME}
        | {C.FROM, C.TO}
    ),
    Kind.HAMLET: frozenset({C.HAMLET, C.HAMLET_NAME, C.HAMLET_KIND, C.PHONE}),
    Kind.TEAM: frozenset({C.TEAM, C.TEAM_NAME, C.HAMLETS, C.FROM, C.TO}),
    Kind.UNIT: frozenset({C.UNIT, C.UNIT_NAME}),
}


def plan_roster(sheet: Sheet, words: RosterWords, present: Present) -> Plan:
    """What importing the sheet would do: hamlets, units and teams first, then people."""
    return _Planner(sheet, words, present).plan()


class _Planner:
    """One planning: rows that turn out wrong are judged and left out of what follows."""

    def __init__(self, sheet: Sheet, words: RosterWords, present: Present) -> None:
        self.sheet, self.words = sheet, words
        self.places, self.people = Places(present), People(present)
        self.kinds: dict[int, Kind] = {}
        self.judged: dict[int, PlannedRow] = {}
        self.notes: dict[int, Said] = {}
        """What a person's row does to the person's team."""

    def plan(self) -> Plan:
        for row in self.sheet.rows:
            self._try(row, self._sort)
        for row in self._rows(Kind.HAMLET):
            self._judge(row, self.places.take_hamlet)
        for row in self._rows(Kind.UNIT):
            self._judge(row, self.places.take_unit)
        told = {row.line: t for row in self._rows(Kind.PERSON) if (t := self._read(row))}
        self._teams()
        for row in self._rows(Kind.PERSON):
            self._judge(row, lambda row: self._person(told[row.line]))
        return Plan(
            rows=tuple(self.judged[row.line] for row in self.sheet.rows),
            units=tuple(self.places.changed_units),
            hamlets=tuple(self.places.changed_hamlets),
            teams=tuple(self.places.changed_teams),
            people=tuple(self.people.changes),
        )

    def _sort(self, row: Row) -> None:
        kind = kind_of(row)
        self.kinds[row.line] = kind
        for column, text in row.cells.items():
            if column not in _SAYS[kind]:
                raise BadRow(f"{column!s} does not belong in the row of a {kind.value}")
            if column is not C.PHONE and mask_secrets(text) != text:
                raise BadRow(f"{column!s} holds an identity or card number: leave it out")

    def _teams(self) -> None:
        """Rows that say which hamlets a team serves come before those that only name it."""
        rows = [*self._rows(Kind.TEAM), *self._rows(Kind.PERSON)]
        for row in sorted(rows, key=lambda row: (not row.get(C.HAMLETS), row.line)):
            if self.kinds[row.line] is Kind.TEAM:
                self._judge(row, lambda row: self.places.take_team(row, has_dates=True))
            elif row.get(C.HAMLETS) or (row.get(C.TEAM) and row.get(C.TEAM_NAME)):
                self._try(row, self._note)

    def _note(self, row: Row) -> None:
        self.notes[row.line] = self.places.take_team(row, has_dates=False)

    def _read(self, row: Row) -> Told | None:
        return self._try(row, lambda row: read_person(row, self.words))

    def _person(self, told: Told) -> Said:
        team, unit = place_of(told, self.places)
        said = self.people.take(told, team, unit)
        note = self.notes.get(told.row.line)
        if note is None or note.action is Action.SAME:
            return said
        is_same = said.action is Action.SAME
        return Said(
            Action.CHANGE if is_same else said.action, said.code, f"{said.says}; {note.says}"
        )

    def _rows(self, kind: Kind) -> list[Row]:
        """The rows of a kind that are not judged yet."""
        return [
            row
            for row in self.sheet.rows
            if self.kinds.get(row.line) is kind and row.line not in self.judged
        ]

    def _judge(self, row: Row, take: Callable[[Row], Said]) -> None:
        said = self._try(row, take)
        if said is not None:
            kind = self.kinds[row.line]
            self.judged[row.line] = PlannedRow(row.line, kind, said.action, said.code, said.says)

    def _try(self, row: Row, work: Callable[[Row], T]) -> T | None:
        """The work's result, or None and the row judged wrong."""
        try:
            return work(row)
        except FieldInvalid as error:
            problem = explained(error)
        except BadRow as error:
            problem = str(error)
        name = row.get(C.NAME) or row.get(C.HAMLET_NAME)
        says = f"{name}: {problem}" if name else problem
        kind = self.kinds.get(row.line)
        self.judged[row.line] = PlannedRow(row.line, kind, Action.ERROR, "", says)
        return None


def kind_of(row: Row) -> Kind:
    """What a row speaks of, by the cells that are filled. Raises BadRow."""
    if row.surplus:
        raise BadRow(
            "there are more cells than headings: a comma inside a cell needs quotation marks"
        )
    if row.get(C.ROLE):
        return Kind.PERSON
    if row.get(C.NAME):
        raise BadRow("there is a name and no role")
    if row.get(C.HAMLET) or row.get(C.HAMLET_NAME):
        return Kind.HAMLET
    if row.get(C.TEAM) or row.get(C.TEAM_NAME):
        return Kind.TEAM
    if row.get(C.UNIT) or row.get(C.UNIT_NAME):
        return Kind.UNIT
    raise BadRow("the row names no person, hamlet, team or unit")
