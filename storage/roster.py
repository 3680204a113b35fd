"""The roster of a commune: read for planning, and a plan applied with an event for every change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.commune_settings import commune_set
from domain.events import NewEvent
from domain.ids import new_id
from domain.people import Hamlet, Membership, Person, Team, Unit
from domain.roster import PersonChange, Plan, PlanOf, Present
from storage.unit_of_work import UnitOfWork


async def load_roster(uow: UnitOfWork, commune_id: str) -> Present | None:
    """What a sheet is held against; None if there is no such commune."""
    commune = await uow.communes.get(commune_id)
    if commune is None:
        return None
    return Present(
        commune=commune,
        units=tuple(await uow.communes.units(commune_id)),
        hamlets=tuple(await uow.communes.hamlets(commune_id)),
        teams=tuple(await uow.communes.teams(commune_id)),
        people=tuple(await uow.people.staff_ever(commune_id)),
        keys=await uow.people.roster_keys(commune_id),
    )


@dataclass(frozen=True, slots=True)
class Because:
    """When a change is made, by whom (None: the program itself) and why."""

    at: datetime
    reason: str
    actor_id: UUID | None = None


async def apply_roster(uow: UnitOfWork, commune_id: str, plan: Plan, because: Because) -> int:
    """Write every change of the plan; returns how many events were recorded.

    Rows with errors are not in the plan's changes. The plan must come from `load_roster` in this
    same transaction, after `uow.events.lock`: then nobody else's import came between.
    """
    events = []
    for unit in plan.units:
        await uow.communes.put_unit(unit.after)
        events.append(_of_place("unit", unit, because))
    for hamlet in plan.hamlets:
        await uow.communes.put_hamlet(hamlet.after)
        events.append(_of_place("hamlet", hamlet, because))
    for team in plan.teams:
        await uow.communes.put_team(team.after)
        events.append(_of_place("team", team, because))
    for change in plan.people:
        await _keep(uow, commune_id, change)
        events.append(_of_person(change, because))
    for event in events:
        await uow.record(event)
    return len(events)


async def _keep(uow: UnitOfWork, commune_id: str, change: PersonChange) -> None:
    person, membership = change.person, change.membership
    if person.before is None:
        await uow.people.add(person.after)
    elif person.before != person.after:
        await uow.people.update(person.after.id, name=person.after.name, phone=person.after.phone)
    if membership.before is None:
        await uow.people.add_membership(membership.after)
    elif membership.before != membership.after:
        after = membership.after
        await uow.people.set_dates(after.id, after.valid_from, after.valid_to)
    for key in change.keys:
        await uow.people.set_roster_key(commune_id, key, person.after.id)


def _of_place(
    what: str, place: PlanOf[Unit] | PlanOf[Hamlet] | PlanOf[Team], because: Because
) -> NewEvent:
    before, phone_before = place_facts(place.before)
    after, phone_after = place_facts(place.after)
    phones = {"before": phone_before, "after": phone_after}
    return commune_set(
        place.after.commune_id,
        f"{what} {place.after.code}",
        before,
        after,
        event_id=new_id(),
        at=because.at,
        actor_id=because.actor_id,
        reason=because.reason,
        personal=phones if phone_before or phone_after else None,
    )


def place_facts(place: Unit | Hamlet | Team | None) -> tuple[dict[str, Any] | None, str | None]:
    """(what may stay in the log for ever, the phone, which may be somebody's own)."""
    if place is None:
        return None, None
    facts = {name: _plain(value) for name, value in asdict(place).items()}
    del facts["commune_id"]
    return facts, facts.pop("phone", None)


def _of_person(change: PersonChange, because: Because) -> NewEvent:
    """Names, phones and what they were known by are personal; role, place and dates are not."""
    person, membership = change.person, change.membership
    is_new = membership.before is None
    return NewEvent(
        id=new_id(),
        commune_id=membership.after.commune_id,
        at=because.at,
        actor_id=because.actor_id,
        kind="membership.added" if is_new else "membership.changed",
        subject=str(membership.after.id),
        payload={
            "person": str(person.after.id),
            "role": membership.after.role.value,
            "team": membership.after.team_code,
            "unit": membership.after.unit_code,
            "before": _dates(membership.before),
            "after": _dates(membership.after),
        },
        personal={
            "before": _personal(person.before),
            "after": _personal(person.after),
            "keys": list(change.keys),
        },
        reason=because.reason,
    )


def _dates(membership: Membership | None) -> Mapping[str, Any] | None:
    if membership is None:
        return None
    return {"from": _plain(membership.valid_from), "to": _plain(membership.valid_to)}


def _personal(person: Person | None) -> Mapping[str, Any] | None:
    return None if person is None else {"name": person.name, "phone": person.phone}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
