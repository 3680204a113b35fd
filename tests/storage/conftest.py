"""A small world for the storage tests: two communes, three persons, and makers of values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from domain.drafts import Draft, Form
from domain.events import NewEvent
from domain.outbox import Owed, Priority, State
from domain.people import Commune, Hamlet, Invitation, Membership, Person, Role, Team, Unit
from domain.visits import Kind, Outcome, Service, Visit, visit_logged
from storage.engine import Database
from storage.unit_of_work import UnitOfWork


def new_id() -> UUID:
    return UUID(int=uuid7().int)


class World:
    """What the tests talk about. `lan` and `minh` serve Loc Tan, `hoa` serves Cam My."""

    now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    today = date(2026, 11, 21)
    home = Commune("loc-tan", "Loc Tan", "xa", "LT", None, "ap")
    away = Commune("cam-my", "Cam My", "xa", "CM", None, "ap")
    lan = Person(new_id(), "Lan")
    minh = Person(new_id(), "Minh")
    hoa = Person(new_id(), "Hoa")

    new_id = staticmethod(new_id)

    def draft(self, **fields: Any) -> Draft:
        draft = Draft(
            id=new_id(),
            commune_id=self.home.id,
            person_id=self.lan.id,
            form=Form.VISIT,
            subject="",
            data={"services": ["vneid"]},
            created_at=self.now,
            expires_at=self.now + timedelta(days=7),
        )
        return replace(draft, **fields)

    def visit(self, number: int = 1, **fields: Any) -> Visit:
        visit = Visit(
            id=new_id(),
            code=f"LT-26-{number:05d}",
            commune_id=self.home.id,
            hamlet_code="ap-1",
            team_code="to-1",
            person_id=self.lan.id,
            kind=Kind.HOUSEHOLD,
            services=(Service.VNEID, Service.DVC),
            outcome=Outcome.DONE,
            reason=None,
            people=2,
            household=None,
            visited_on=self.today,
            recorded_at=self.now,
        )
        return replace(visit, **fields)

    def logged(self, visit: Visit) -> NewEvent:
        return visit_logged(visit, new_id())

    def event(self, kind: str, payload: Mapping[str, Any], **fields: Any) -> NewEvent:
        event = NewEvent(new_id(), self.home.id, self.now, self.lan.id, kind, "subject", payload)
        return replace(event, **fields)

    def report(self, unit: str = "police", day: str = "2026-11-24", **fields: Any) -> NewEvent:
        payload = {
            "unit": unit,
            "cutoff": "monthly",
            "period_to": day,
            "by": str(self.lan.id),
            "at": self.now.isoformat(),
            "how": "paper",
            "note": None,
        }
        return self.event("report.received", payload, **fields)

    def owed(self, name: str = "a", **fields: Any) -> Owed:
        owed = Owed(
            id=new_id(),
            dedupe_key=name,
            commune_id=self.home.id,
            person_id=self.lan.id,
            kind="reminder",
            priority=Priority.REMINDER,
            text=name,
            buttons=((("Yes", "yes"), ("No", "no")), (("Back", "back"),)),
            due_at=self.now,
            expires_at=self.now + timedelta(days=1),
            state=State.DUE,
        )
        return replace(owed, **fields)

    def key(self, unit: str | None = "police", rung: str = "T-3") -> dict[str, Any]:
        return {"rule": "monthly", "period_to": "2026-11-24", "rung": rung, "unit": unit}

    def invitation(self, code: str = "ABCD2345", **fields: Any) -> Invitation:
        invitation = Invitation(
            id=new_id(),
            code=code,
            commune_id=self.home.id,
            role=Role.MEMBER,
            created_at=self.now,
            expires_at=self.now + timedelta(days=7),
            max_uses=1,
            team_code="to-1",
        )
        return replace(invitation, **fields)

    def membership(self, **fields: Any) -> Membership:
        membership = Membership(new_id(), self.lan.id, self.home.id, Role.MEMBER, "to-1")
        return replace(membership, **fields)

    async def settle(self, db: Database) -> None:
        """Write the communes, a hamlet and a team in each, and the persons."""
        async with UnitOfWork(db) as uow:
            for commune in (self.home, self.away):
                await uow.communes.add(commune)
                await uow.communes.put_unit(Unit(commune.id, "police", "Police", "police"))
                await uow.communes.put_hamlet(Hamlet(commune.id, "ap-1", "Ap 1", "ap"))
                await uow.communes.put_team(Team(commune.id, "to-1", "To 1", ("ap-1",)))
            for person in (self.lan, self.minh, self.hoa):
                await uow.people.add(person)
            await uow.commit()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def settled(db: Database, world: World) -> Database:
    """`db` with the world in it."""
    await world.settle(db)
    return db
