"""Who a row of a sheet means, and what becomes of the person and the membership."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from domain.ids import new_id
from domain.people import Membership, Person
from domain.roster._places import Said, a_day, a_phone, in_order, shown
from domain.roster._told import Told, name_key
from domain.roster._types import Action, BadRow, Column, PersonChange, PlanOf, Present
from domain.text import fold


@dataclass(slots=True)
class People:
    """Everybody as they will be; `changes` in the order of the rows."""

    present: Present
    changes: list[PersonChange] = field(default_factory=list)
    _persons: dict[UUID, Person] = field(default_factory=dict)
    _memberships: dict[UUID, list[Membership]] = field(default_factory=dict)
    _keys: dict[str, UUID] = field(default_factory=dict)
    _named: dict[str, set[UUID]] = field(default_factory=dict)
    """Who has, or had, the name, role and place of a key."""
    _coded: set[UUID] = field(default_factory=set)
    _told: dict[UUID, Told] = field(default_factory=dict)
    """The first row about a person."""
    _claimed: dict[UUID, int] = field(default_factory=dict)
    """Membership -> the line that speaks of it."""

    def __post_init__(self) -> None:
        for key, person in self.present.keys.items():
            self._persons[person.id] = person
            self._know(key, person.id)
        for person, membership in self.present.people:
            self._put(person, membership)

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
        return Said(
            Action.CHANGE if says else Action.SAME, shown_key, f"{who}: {says}" if says else who
        )

    def _whom(self, told: Told, key: str) -> Person | None:
        """The person a row means: by its code, else by name, role and place."""
        if told.code and told.code in self._keys:
            return self._persons[self._keys[told.code]]
        name = fold(told.name)
        found = {p for p in self._named.get(key, ()) if fold(self._persons[p].name) == name}
        if told.code:  # somebody known by another code is somebody else
            found -= self._coded
            return self._persons[found.pop()] if len(found) == 1 else None
        keyed = self._keys.get(key)
        if len(found) > 1 and keyed not in found:
            raise BadRow(f"several people are {key}: give each a code of their own")
        if keyed is not None and keyed in found:
            return self._persons[keyed]
        return self._persons[found.pop()] if found else None

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
            for m in self._memberships.get(person_id, ())
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
            raise BadRow(f"the same row as line {first}; if these are two people, give each a code")

    def _new_keys(self, told: Told, key: str, person: Person) -> tuple[str, ...]:
        """Keys to be kept. A name's key stays with whoever has it and still has that name."""
        holder = self._persons[self._keys[key]] if key in self._keys else None
        is_free = holder is None or fold(holder.name) != fold(person.name)
        wanted = (told.code, key if is_free else None)
        return tuple(k for k in wanted if k and self._keys.get(k) != person.id)

    def _keep(self, change: PersonChange) -> None:
        person = change.person.after
        self._put(person, change.membership.after)
        for key in change.keys:
            self._know(key, person.id)
        self.changes.append(change)

    def _put(self, person: Person, membership: Membership) -> None:
        self._persons[person.id] = person
        others = [m for m in self._memberships.get(person.id, ()) if m.id != membership.id]
        self._memberships[person.id] = [*others, membership]
        place = membership.team_code or membership.unit_code
        key = name_key(person.name, membership.role, place)
        self._named.setdefault(key, set()).add(person.id)

    def _know(self, key: str, person_id: UUID) -> None:
        self._keys[key] = person_id
        if "/" not in key:
            self._coded.add(person_id)


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
