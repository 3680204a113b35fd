"""Communes, units, hamlets, teams, changed days off."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from domain.people import Hamlet, Team, Unit
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World


async def test_communes_are_added_read_and_updated(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        assert await uow.communes.get(world.home.id) == world.home
        assert await uow.communes.get("nowhere") is None
        assert await uow.communes.all() == [world.away, world.home]
        facts = {"address": "1 A", "team_tier": True, "phone": None}
        assert await uow.communes.update(world.home.id, **facts)
        assert not await uow.communes.update("nowhere", **facts)
        await uow.commit()
        assert await uow.communes.get(world.home.id) == replace(
            world.home, address="1 A", team_tier=True
        )
        with pytest.raises(IntegrityError):
            await uow.communes.add(world.home)


async def test_units_and_hamlets_say_what_changed(settled: Database, world: World) -> None:
    home = world.home.id
    async with UnitOfWork(settled) as uow:
        for code in ("ap-10", "ap-2"):
            assert await uow.communes.put_hamlet(Hamlet(home, code, code, "ap")) == "add"
        assert await uow.communes.put_hamlet(Hamlet(home, "ap-2", "ap-2", "ap")) == "same"
        second = Hamlet(home, "ap-2", "Ap 2", "ap", "0900")
        assert await uow.communes.put_hamlet(second) == "change"
        hamlets = await uow.communes.hamlets(home)
        assert [hamlet.code for hamlet in hamlets] == ["ap-1", "ap-2", "ap-10"]
        assert hamlets[1] == second

        clinic = Unit(home, "clinic", "Clinic", "clinic")
        assert await uow.communes.put_unit(clinic) == "add"
        assert await uow.communes.put_unit(clinic) == "same"
        assert await uow.communes.put_unit(replace(clinic, name="The clinic")) == "change"
        assert [unit.name for unit in await uow.communes.units(home)] == ["The clinic", "Police"]


async def test_a_team_keeps_its_hamlets_in_order(settled: Database, world: World) -> None:
    home = world.home.id
    team = Team(home, "to-2", "To 2", ("ap-2", "ap-1"), date(2026, 1, 1))
    async with UnitOfWork(settled) as uow:
        with pytest.raises(IntegrityError):
            await uow.communes.put_team(team)
        await uow.rollback()
        await uow.communes.put_hamlet(Hamlet(home, "ap-2", "Ap 2", "ap"))
        assert await uow.communes.put_team(team) == "add"
        assert await uow.communes.put_team(team) == "same"
        assert (await uow.communes.teams(home))[1] == team
        ended = replace(team, hamlets=("ap-1",), valid_to=date(2026, 6, 30))
        assert await uow.communes.put_team(ended) == "change"
        assert await uow.communes.put_team(replace(ended, hamlets=())) == "change"
        assert await uow.communes.put_team(ended) == "change"
        assert [t.code for t in await uow.communes.teams(home)] == ["to-1", "to-2"]
        assert (await uow.communes.teams(home))[1] == ended


async def test_days_off_can_be_changed_and_given_back(settled: Database, world: World) -> None:
    home = world.home.id
    first, second = date(2026, 1, 2), date(2026, 1, 10)
    async with UnitOfWork(settled) as uow:
        await uow.communes.set_holiday(home, second, off=True, reason="?")
        await uow.communes.set_holiday(home, first, off=True, reason="swap")
        await uow.communes.set_holiday(home, second, off=False, reason="swap")
        expected = [(first, True, "swap"), (second, False, "swap")]
        assert await uow.communes.holiday_overrides(home) == expected
        assert await uow.communes.drop_holiday(home, first)
        assert not await uow.communes.drop_holiday(home, first)
        assert await uow.communes.holiday_overrides(home) == expected[1:]
