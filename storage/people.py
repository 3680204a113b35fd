"""Persons, their memberships, and the keys of the roster they came from."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from domain.people import STAFF, Membership, Person, Role
from storage.models.people import MembershipRow, PersonRow, RosterKeyRow
from storage.sql import Repository, add, put


class People(Repository):
    """`on` is a local date; a membership counts on its first and its last day."""

    async def get(self, person_id: UUID) -> Person | None:
        session = await self._reading()
        row = (await session.exec(select(PersonRow).where(PersonRow.id == person_id))).one_or_none()
        return _person(row) if row else None

    async def add(self, person: Person) -> None:
        await add(await self._writing(), PersonRow, asdict(person))

    async def update(self, person_id: UUID, **fields: Any) -> bool:
        """Set these fields of `Person`; False if there is no such person."""
        statement = sa.update(PersonRow).where(col(PersonRow.id) == person_id)
        return await self._changed(statement.values(**fields)) == 1

    async def memberships_of(self, person_id: UUID, on: date) -> list[Membership]:
        """In every commune; the caller picks the one in use."""
        session = await self._reading()
        rows = await session.exec(
            select(MembershipRow)
            .where(MembershipRow.person_id == person_id, _valid(on))
            .order_by(col(MembershipRow.id))
        )
        return [_membership(row) for row in rows]

    async def staff(self, commune_id: str, on: date) -> list[tuple[Person, Membership]]:
        """Everyone with a role in the commune, once for each role."""
        return await self._with_persons(
            MembershipRow.commune_id == commune_id, col(MembershipRow.role).in_(STAFF), _valid(on)
        )

    async def members_of_team(
        self, commune_id: str, team_code: str, on: date
    ) -> list[tuple[Person, Membership]]:
        """Members and head of one team."""
        return await self._with_persons(
            MembershipRow.commune_id == commune_id, MembershipRow.team_code == team_code, _valid(on)
        )

    async def add_membership(self, membership: Membership) -> Membership:
        """Give the role; if the person holds the same one without an end, that one is returned.

        A double tap on an invitation must not make two. The person's row is locked meanwhile.
        """
        session = await self._writing()
        person = select(PersonRow.id).where(PersonRow.id == membership.person_id)
        await session.exec(person.with_for_update())
        if membership.valid_to is None:
            same = select(MembershipRow).where(
                MembershipRow.person_id == membership.person_id,
                MembershipRow.commune_id == membership.commune_id,
                MembershipRow.role == membership.role,
                col(MembershipRow.team_code).is_not_distinct_from(membership.team_code),
                col(MembershipRow.unit_code).is_not_distinct_from(membership.unit_code),
                col(MembershipRow.valid_to).is_(None),
            )
            if (row := (await session.exec(same)).first()) is not None:
                return _membership(row)
        await add(session, MembershipRow, asdict(membership))
        return membership

    async def end_membership(self, membership_id: UUID, on: date) -> bool:
        """`on` becomes its last day; False if there is no such membership."""
        statement = sa.update(MembershipRow).where(col(MembershipRow.id) == membership_id)
        return await self._changed(statement.values(valid_to=on)) == 1

    async def set_dates(self, membership_id: UUID, first: date | None, last: date | None) -> bool:
        """Its first and last day from now on; False if there is no such membership."""
        statement = sa.update(MembershipRow).where(col(MembershipRow.id) == membership_id)
        return await self._changed(statement.values(valid_from=first, valid_to=last)) == 1

    async def staff_ever(self, commune_id: str) -> list[tuple[Person, Membership]]:
        """As `staff`, with those whose time is over or has not begun."""
        return await self._with_persons(
            MembershipRow.commune_id == commune_id, col(MembershipRow.role).in_(STAFF)
        )

    async def roster_keys(self, commune_id: str) -> dict[str, Person]:
        """Whom each key of the commune's roster stands for."""
        session = await self._reading()
        rows = await session.exec(
            select(RosterKeyRow.key, PersonRow)
            .join(PersonRow, col(PersonRow.id) == RosterKeyRow.person_id)
            .where(RosterKeyRow.commune_id == commune_id)
            .order_by(RosterKeyRow.key)
        )
        return {key: _person(row) for key, row in rows}

    async def by_roster_key(self, commune_id: str, key: str) -> Person | None:
        session = await self._reading()
        row = (
            await session.exec(
                select(PersonRow)
                .join(RosterKeyRow, col(RosterKeyRow.person_id) == PersonRow.id)
                .where(RosterKeyRow.commune_id == commune_id, RosterKeyRow.key == key)
            )
        ).one_or_none()
        return _person(row) if row else None

    async def set_roster_key(self, commune_id: str, key: str, person_id: UUID) -> None:
        """The row known by `key` is this person from now on."""
        values = {"commune_id": commune_id, "key": key, "person_id": person_id}
        await put(await self._writing(), RosterKeyRow, values)

    async def _with_persons(
        self, *conditions: sa.ColumnElement[bool] | bool
    ) -> list[tuple[Person, Membership]]:
        session = await self._reading()
        rows = await session.exec(
            select(PersonRow, MembershipRow)
            .join(MembershipRow, col(MembershipRow.person_id) == PersonRow.id)
            .where(*conditions)
            .order_by(PersonRow.name, col(MembershipRow.id))
        )
        return [(_person(person), _membership(membership)) for person, membership in rows]


def _valid(on: date) -> sa.ColumnElement[bool]:
    start, end = col(MembershipRow.valid_from), col(MembershipRow.valid_to)
    return sa.or_(start.is_(None), start <= on) & sa.or_(end.is_(None), end >= on)


def _person(row: PersonRow) -> Person:
    return Person(**row.model_dump())


def _membership(row: MembershipRow) -> Membership:
    return Membership(**{**row.model_dump(), "role": Role(row.role)})
