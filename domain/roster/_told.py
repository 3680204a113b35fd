"""What the row of a person says, judged by itself, and the place it names."""

from dataclasses import dataclass

from domain.commune_settings import read_code, read_text
from domain.people import Role
from domain.roster._places import Places, a_day, a_phone, find, in_order
from domain.roster._types import BadRow, Column, RosterWords, Row
from domain.text import fold

LONGEST_NAME = 80
IN_TEAMS = frozenset({Role.MEMBER, Role.HEAD})
#: Residents need no entry; who runs the server comes by an invitation of its own.
IN_ROSTER = tuple(role for role in Role if role not in (Role.RESIDENT, Role.ADMIN))

_UNIT_COLUMNS = (Column.UNIT, Column.UNIT_NAME)


def name_key(name: str, role: Role, place: str | None) -> str:
    """What a row without a code is known by. Codes have no slash, so the two never meet."""
    return f"{fold(name).replace(' ', '-')}/{role.value}/{place or ''}"


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of a person, before anybody is looked for."""

    row: Row
    name: str
    role: Role
    code: str | None


def read_person(row: Row, words: RosterWords) -> Told:
    """The cells that need nothing else to be judged. Raises BadRow and FieldInvalid."""
    name, role_text = row.get(Column.NAME), row.get(Column.ROLE)
    if not name:
        raise BadRow("there is a role and no name")
    role = words.roles.get(fold(role_text))
    if role not in IN_ROSTER or role is None:
        known = ", ".join(role.value for role in IN_ROSTER)
        raise BadRow(f"unknown role {role_text!r}; a roster has {known}")
    if not any(ch.isalpha() for ch in name):
        raise BadRow(f"{name!r} is not a name")
    _fits(row, role)
    a_phone(row, None)
    in_order(a_day(row, Column.FROM, None), a_day(row, Column.TO, None))
    code = row.get(Column.CODE)
    return Told(
        row,
        read_text(Column.NAME, name, LONGEST_NAME),
        role,
        read_code(Column.CODE, code) if code else None,
    )


def _fits(row: Row, role: Role) -> None:
    """A team for the teams' people, a unit for the others: anything else is a slip."""
    has_team = any(row.get(column) for column in (Column.TEAM, Column.TEAM_NAME))
    has_unit = any(row.get(column) for column in _UNIT_COLUMNS)
    if role in IN_TEAMS and has_unit:
        raise BadRow(f"a {role.value} belongs to a team: leave the unit empty")
    if role in IN_TEAMS and not has_team:
        raise BadRow(f"a {role.value} needs a team")
    if role not in IN_TEAMS and (has_team or row.get(Column.HAMLETS)):
        raise BadRow(f"a {role.value} belongs to no team: leave team and hamlets empty")
    if role is Role.FOCAL and not has_unit:
        raise BadRow("a focal person needs a unit")


def place_of(told: Told, places: Places) -> tuple[str | None, str | None]:
    """(team code, unit code) of a person's row. BadRow where there is no such place."""
    row = told.row
    if told.role in IN_TEAMS:
        text = row.get(Column.TEAM) or row.get(Column.TEAM_NAME)
        team = find("team", text, places.teams)
        if team is None:
            raise BadRow(f"unknown team {text!r}, and no row says which hamlets it serves")
        return team.code, None
    units = {_unit(text, places) for column in _UNIT_COLUMNS if (text := row.get(column))}
    if len(units) > 1:
        raise BadRow(f"unit code and unit name are two units: {' and '.join(sorted(units))}")
    return None, next(iter(units), None)


def _unit(text: str, places: Places) -> str:
    unit = find("unit", text, places.units)
    if unit is None:
        raise BadRow(f"unknown unit {text!r}; there are {', '.join(places.units) or 'none'}")
    return unit.code
