"""The words of the roster: columns, rows, what is there, what would change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from domain.people import Commune, Hamlet, Membership, Person, Role, Team, Unit

T = TypeVar("T")


class RosterUnreadable(Exception):
    """The file as a whole cannot be read. The message is one line for whoever imports it."""


class BadRow(Exception):
    """One row cannot be taken. The message says why; planning turns it into the row's reason."""


class Column(StrEnum):
    """The columns a sheet may have, under many headings (content/lexicons/roster.yaml)."""

    CODE = "code"
    NAME = "name"
    PHONE = "phone"
    ROLE = "role"
    TEAM = "team"
    TEAM_NAME = "team name"
    HAMLETS = "hamlets"
    """The hamlets a team serves, parted by |."""
    UNIT = "unit"
    UNIT_NAME = "unit name"
    FROM = "from"
    TO = "to"
    HAMLET = "hamlet"
    HAMLET_NAME = "hamlet name"
    HAMLET_KIND = "hamlet kind"


class Kind(StrEnum):
    """What a row speaks of."""

    PERSON = "person"
    HAMLET = "hamlet"
    TEAM = "team"
    UNIT = "unit"


class Action(StrEnum):
    """What importing a row does."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RosterWords:
    """How people write columns and roles."""

    headings: Mapping[str, tuple[Column, ...]]
    """In small letters, and folded (`domain.text.fold`): without marks one heading may mean two
    columns, as the Vietnamese word for a team and the English "to" do."""
    roles: Mapping[str, Role]
    """Folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet. `line` is where it starts in the file."""

    line: int
    cells: Mapping[Column, str]
    """Tidied, and only those that are not empty."""
    surplus: int = 0
    """Cells beyond the last heading: most often a comma that should stand in quotes."""

    def get(self, column: Column) -> str:
        """The cell's text, or nothing."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read."""

    rows: tuple[Row, ...]
    unused: tuple[str, ...] = ()
    """Headings that mean nothing to us; their columns are left alone."""


@dataclass(frozen=True, slots=True)
class Present:
    """What the database knows of the commune, before the import."""

    commune: Commune
    units: tuple[Unit, ...] = ()
    hamlets: tuple[Hamlet, ...] = ()
    teams: tuple[Team, ...] = ()
    people: tuple[tuple[Person, Membership], ...] = ()
    """Everyone with a role here, now or once, once for each membership."""
    keys: Mapping[str, Person] = field(default_factory=dict)
    """Whom a roster key stands for."""


@dataclass(frozen=True, slots=True)
class PlanOf(Generic[T]):
    """One thing as it is and as it will be; `before` is None for a new one."""

    before: T | None
    after: T


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person and one membership, as they will be."""

    person: PlanOf[Person]
    membership: PlanOf[Membership]
    keys: tuple[str, ...] = ()
    """Roster keys that are new for this person."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What a row will do, for the preview."""

    line: int
    kind: Kind | None
    action: Action
    key: str
    """The roster key of a person, the code of the rest; empty where a row has neither."""
    says: str
    """What will be added or changed, or why the row cannot be taken."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes an import would make, in the order they can be made."""

    rows: tuple[PlannedRow, ...]
    units: tuple[PlanOf[Unit], ...] = ()
    hamlets: tuple[PlanOf[Hamlet], ...] = ()
    teams: tuple[PlanOf[Team], ...] = ()
    people: tuple[PersonChange, ...] = ()

    @property
    def counts(self) -> dict[Action, int]:
        """How many rows of each action."""
        found = Counter(row.action for row in self.rows)
        return {action: found[action] for action in Action}

    @property
    def errors(self) -> tuple[PlannedRow, ...]:
        """The rows that cannot be taken."""
        return tuple(row for row in self.rows if row.action is Action.ERROR)
