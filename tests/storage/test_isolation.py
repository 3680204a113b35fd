"""A commune's data is invisible to every other: each repository method that names a commune."""

import inspect
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from domain.drafts import Form
from domain.outbox import State
from domain.people import Role
from storage.engine import Database
from storage.sql import Repository
from storage.unit_of_work import UnitOfWork, rebuild_projections
from tests.storage.conftest import World

W = World()
TODAY, SOON = W.today, W.today + timedelta(days=3)
DEADLINE = date(2026, 11, 24)
LAN = W.lan.id

#: Method → its other arguments, all of them about things that only Loc Tan has.
READS: dict[str, dict[str, Any]] = {
    "communes.get": {},
    "communes.units": {},
    "communes.hamlets": {},
    "communes.teams": {},
    "communes.holiday_overrides": {},
    "people.staff": {"on": TODAY},
    "people.members_of_team": {"team_code": "to-1", "on": TODAY},
    "people.by_roster_key": {"key": "row-1"},
    "people.roster_keys": {},
    "people.staff_ever": {},
    "invitations.of_commune": {},
    "drafts.open_of": {"person_id": LAN, "form": Form.VISIT, "now": W.now},
    "visits.by_code": {"code": "LT-26-00001"},
    "visits.of_person": {"person_id": LAN, "since": None, "limit": 9},
    "visits.of_team": {"team_code": "to-1", "since": None, "limit": 9},
    "visits.of_commune": {"first": TODAY, "last": TODAY, "limit": 9},
    "visits.counts": {"first": TODAY, "last": TODAY},
    "reports.received": {"since": TODAY},
    "reports.one": {"unit_code": "police", "cutoff_id": "monthly", "period_to": DEADLINE},
    "reports.of_period": {"cutoff_id": "monthly", "period_to": DEADLINE},
    "outbox.known_keys": {"since": TODAY},
    "outbox.counts_by_state": {},
    "events.head": {},
    "events.after": {"seq": 0, "limit": 9},
    "events.of_subject": {"subject": "told"},
}
WRITES: dict[str, dict[str, Any]] = {
    "communes.update": {"name": "Changed"},
    "communes.set_holiday": {"day": TODAY, "off": False, "reason": "changed"},
    "communes.drop_holiday": {"day": TODAY},
    "people.set_roster_key": {"key": "row-1", "person_id": W.minh.id},
    "visits.next_number": {"year": 2026},
    "outbox.silence": {"unit_code": "police", "cutoff_id": "monthly", "period_to": DEADLINE},
    "events.lock": {},
}


def methods() -> Iterator[tuple[str, inspect.Signature]]:
    uow = UnitOfWork(None)  # type: ignore[arg-type]
    for name, repository in vars(uow).items():
        if isinstance(repository, Repository):
            for method, function in inspect.getmembers(repository, inspect.ismethod):
                if not method.startswith("_"):
                    yield f"{name}.{method}", inspect.signature(function)


async def call(uow: UnitOfWork, method: str, commune_id: str) -> Any:
    repository, name = method.split(".")
    arguments = {**READS, **WRITES}[method]
    return await getattr(getattr(uow, repository), name)(commune_id=commune_id, **arguments)


async def fill(db: Database) -> None:
    """Loc Tan has one of everything; Cam My only exists."""
    home = W.home.id
    await W.settle(db)
    async with UnitOfWork(db) as uow:
        await uow.communes.set_holiday(home, TODAY, off=True, reason="swap")
        await uow.people.add_membership(W.membership(role=Role.HEAD))
        await uow.people.set_roster_key(home, "row-1", LAN)
        await uow.invitations.add(W.invitation())
        await uow.drafts.start(W.draft())
        await uow.visits.next_number(home, 2026)
        await uow.record(W.logged(W.visit()))
        await uow.record(W.report(subject="told"))
        await uow.outbox.enqueue(W.owed(keys=(W.key(),)))
        await uow.commit()


def is_empty(found: Any) -> bool:
    if isinstance(found, tuple):  # the head of a chain
        return bool(found[0] == 0)
    if isinstance(found, dict) and set(found) == set(State):
        return not any(found.values())
    return bool(not found)


def test_no_method_that_names_a_commune_is_forgotten() -> None:
    named = {name for name, signature in methods() if "commune_id" in signature.parameters}
    assert named == {*READS, *WRITES}


async def test_another_commune_finds_nothing(db: Database) -> None:
    await fill(db)
    own = {"communes.get", "communes.units", "communes.hamlets", "communes.teams"}
    async with UnitOfWork(db) as uow:
        for method in READS:
            assert not is_empty(await call(uow, method, W.home.id)), method
            found = await call(uow, method, W.away.id)
            if method in own:
                ids = [getattr(one, "commune_id", None) or one.id for one in _listed(found)]
                assert set(ids) == {W.away.id}, method
            else:
                assert is_empty(found), method


async def test_another_communes_writes_change_nothing(db: Database) -> None:
    await fill(db)
    async with UnitOfWork(db) as uow:
        before = {method: await call(uow, method, W.home.id) for method in READS}
        for method in WRITES:
            await call(uow, method, W.away.id)
        await uow.commit()
    await rebuild_projections(db, W.away.id)
    async with UnitOfWork(db) as uow:
        for method, found in before.items():
            assert await call(uow, method, W.home.id) == found, method
        assert await call(uow, "visits.next_number", W.home.id) == 2


@pytest.mark.parametrize("method", ["update", "silence"])
async def test_a_commune_that_does_not_exist_is_nobodys(db: Database, method: str) -> None:
    async with UnitOfWork(db) as uow:
        name = next(known for known in WRITES if known.endswith(f".{method}"))
        assert not await call(uow, name, "nowhere")
        assert await uow.events.head("nowhere") == (0, "0" * 64)


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
