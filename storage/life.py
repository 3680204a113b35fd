"""Reads one commune as it is now, for rules that need all of it."""

from datetime import date

from domain.commune_life import Life
from storage.unit_of_work import UnitOfWork


async def load_life(uow: UnitOfWork, commune_id: str, day: date) -> Life | None:
    """The commune with its units, hamlets, valid teams and staff; None if there is none."""
    commune = await uow.communes.get(commune_id)
    if commune is None:
        return None
    teams = await uow.communes.teams(commune_id)
    return Life(
        commune=commune,
        units=tuple(await uow.communes.units(commune_id)),
        hamlets=tuple(await uow.communes.hamlets(commune_id)),
        teams=tuple(team for team in teams if team.is_valid_on(day)),
        staff=tuple(await uow.people.staff(commune_id, day)),
        holidays=tuple(await uow.communes.holiday_overrides(commune_id)),
    )
