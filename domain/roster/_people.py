"""The people of a sheet: who a row means, and what becomes of the person and the membership."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from domain.commune_settings import NOTHING, read_code, read_text
from domain.ids import new_id
from domain.people import Membership, Person, Role
from domain.roster._places import Places, Said, a_day, a_phone, are_alike, find, in_order, shown
from domain.roster._types import (
    Action,
    BadRow,
    Column,
    PersonChange,
    PlanOf,
    Present,
    RosterWords,
    Row,
)
from domain.text import fold

LONGEST_NAME = 80
IN_TEAMS = frozenset({Role.MEMBER, Role.HEAD})
#: Residents need no entry; who runs the server comes by an invitation of its own.
IN_ROSTER = tuple(role for role in Role if role not in (Role.RESIDENT, Role.ADMIN))


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
    a_phone(row, None)
    in_order(a_day(row, Column.FROM, None), a_day(row, Column.TO, None))
    code = row.get(Column.CODE)
    return Told(
        row,
        read_text(Column.NAME, name, LONGEST_NAME),
        role,
        read_code(Column.CODE, code) if code else None,
    )


def place_of(told: Told, places: Places) -> tuple[str | None, str | None]:
    """(team code, unit code) of a person's row: a team for the teams' people, else a unit."""
    row, role = told.row, told.role
    team_text = row.get(Column.TEAM) or row.get(Column.TEAM_NAME)
    unit_text = row.get(Column.UNIT) or row.get(Column.UNIT_NAME)
    if role in IN_TEAMS:
        if unit_text:
            raise BadRow(f"a {role.value} belongs to a team: leave the unit empty")
        if not team_text:
            raise BadRow(f"a {role.value} needs a team")
        team = find("team", team_text, places.teams)
        if team is None:
            raise BadRow(f"unknown team {team_text!r}, and no row says which hamlets it serves")
        return team.code, None
    if team_text or row.get(Column.HAMLETS):
        raise BadRow(f"a {role.value} belongs to no team: leave team and hamlets empty")
    if not unit_text:
        if role is Role.FOCAL:
            raise BadRow("a focal person needs a unit")
        return None, None
    unit = find("unit", unit_text, places.units)
    if unit is None:
        known = ", ".join(places.units)
        raise BadRow(f"unknown unit {unit_text!r}; there are {known}")
    return None, unit.code


@dataclass(slots=True)
class People:
    """Everybody as they will be; `changes` in the order of the rows."""

    present: Present
    persons: dict[UUID, Person] = field(default_factory=dict)
    memberships: dict[UUID, list[Membership]] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    changes: list[PersonChange] = field(default_factory=list)
    _told: dict[UUID, Told] = field(default_factory=dict)
    """The first row about a person."""
    _claimed: dict[UUID, int] = field(default_factory=dict)
    """Membership -> the line that speaks of it."""

    def __post_init__(self) -> None:
        self.keys.update(self.present.keys or {})
        for person, membership in self.present.people:
            self.persons[person.id] = person
            self.memberships.setdefault(person.id, []).append(membership)

    def take(self, told: Told, team: str | None, unit: str | None) -> Said:
        """What the row does. Raises BadRow where it contradicts another one."""
        row = told.row
        key = name_key(told.name, told.role, team or unit)
        known = self._whom(told, key)
        person = Person(known.id if known else new_id(), told.name)
        if known is not None:
            self._agrees(told, known)
            person = replace(known, name=told.name)
        person = replace(person, phone=a_phone(row, person.phone))
        before = self._which(person.id, told, team, unit)
        after = _membership(before, person.id, self.present.commune.id, told, team, unit)
        self._claim(after, row.line)
        keys = self._new_keys(told, key, person)
        says = _says(known, person, before, after, keys)
        if says:
            change = PersonChange(PlanOf(known, person), PlanOf(before, after), keys)
            self._keep(change)
        self._told.setdefault(person.id, told)
        shown_key = told.code or key
        who = f"{told.name}, {told.role.value}{f' of {team or unit}' if team or unit else ''}"
        if before is None:
            return Said(Action.ADD, shown_key, who if known is None else f"{who}: one role more")
        return Said(Action.CHANGE if says else Action.SAME, shown_key, f"{who}: {says}" if says else who)

    def _whom(self, told: Told, key: str) -> Person | None:
        """The person a row means: by its code, else by name, role and place."""
        if told.code and told.code in self.keys:
            return self.persons[self.keys[told.code]]
        found = {
            person.id
            for person in self.persons.values()
            for m in self.memberships.get(person.id, ())
            if name_key(person.name, m.role, m.team_code or m.unit_code) == key
        }
        if told.code:  # somebody known by another code is somebody else
            found -= self._coded()
        elif (keyed := self.keys.get(key)) in found:
            return self.persons[keyed] if keyed else None
        if len(found) > 1:
            raise BadRow(f"several people are {key}: give each a code of their own")
        return self.persons[found.pop()] if found else None

    def _coded(self) -> set[UUID]:
        return {person for key, person in self.keys.items() if "/" not in key}

    def _agrees(self, told: Told, known: Person) -> None:
        """Two rows about one person may not say different things of the person."""
        first = self._told.get(known.id)
        if first is None:
            return
        if not told.code and not first.code:
            hint = "if these are two people, give each a code"
        else:
            hint = "they have the same code"
        phones = {told.row.get(Column.PHONE), first.row.get(Column.PHONE)} - {""}
        if told.name != first.name or len(phones) > 1:
            raise BadRow(f"line {first.row.line} tells this person otherwise: {hint}")

    def _which(
        self, person_id: UUID, told: Told, team: str | None, unit: str | None
    ) -> Membership | None:
        """The membership a row speaks of, if the person has it; several may follow each other."""
        first = a_day(told.row, Column.FROM, None)
        last = a_day(told.row, Column.TO, None)
        fitting = [
            m
            for m in self.memberships.get(person_id, ())
            if (m.role, m.team_code, m.unit_code) == (told.role, team, unit)
            and not (first and m.valid_to and m.valid_to < first)
            and not (last and m.valid_from and last < m.valid_from)
        ]

        def nearness(m: Membership) -> tuple[bool, bool, bool, date]:
            return (
                first is not None and m.valid_from == first,
                last is not None and m.valid_to == last,
                m.valid_to is None,
                m.valid_to or date.max,
            )

        return max(fitting, key=nearness, default=None)

    def _claim(self, membership: Membership, line: int) -> None:
        first = self._claimed.setdefault(membership.id, line)
        if first != line:
            raise BadRow(
                f"the same row as line {first}; if these are two people, give each a code"
            )

    def _new_keys(self, told: Told, key: str, person: Person) -> tuple[str, ...]:
        """Keys to be kept. A name's key stays with whoever has it and still has that name."""
        wanted = [told.code] if told.code else []
        holder = self.persons.get(self.keys[key]) if key in self.keys else None
        if holder is None or fold(holder.name) != fold(person.name):
            wanted.append(key)
        return tuple(k for k in wanted if k and self.keys.get(k) != person.id)

    def _keep(self, change: PersonChange) -> None:
        person, membership = change.person.after, change.membership.after
        self.persons[person.id] = person
        others = [m for m in self.memberships.get(person.id, ()) if m.id != membership.id]
        self.memberships[person.id] = [*others, membership]
        self.keys.update(dict.fromkeys(change.keys, person.id))
        self.changes.append(change)


def _membership(
    before: Membership | None,
    person_id: UUID,
    commune_id: str,
    told: Told,
    team: str | None,
    unit: str | None,
) -> Membership:
    blank = before or Membership(new_id(), person_id, commune_id, told.role, team, unit)
    after = replace(
        blank,
        valid_from=a_day(told.row, Column.FROM, blank.valid_from),
        valid_to=a_day(told.row, Column.TO, blank.valid_to),
    )
    in_order(after.valid_from, after.valid_to)
    return after


def _says(
    known: Person | None,
    person: Person,
    before: Membership | None,
    after: Membership,
    keys: tuple[str, ...],
) -> str:
    """What changes, in words; empty when nothing does. A phone is not shown."""
    if known is None or before is None:
        return "new"
    parts = []
    if known.name != person.name:
        parts.append(f"name {known.name} → {person.name}")
    if known.phone != person.phone:
        parts.append("phone")
    if before.valid_from != after.valid_from:
        parts.append(f"from {shown(before.valid_from)} → {shown(after.valid_from)}")
    if before.valid_to != after.valid_to:
        parts.append(f"to {shown(before.valid_to)} → {shown(after.valid_to)}")
    if keys and not parts:
        parts.append("now known by this roster")
    return ", ".join(parts)


_ = (NOTHING, are_alike)
