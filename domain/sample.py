"""A roster for trying things out before a commune has entered its own, plainly a sample."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from domain.duties import Debtor, OwingUnit, office_code
from domain.people import Role
from domain.plan import PlanPack

#: A plan that names hamlets gets this many, enough to see several owing the same report.
SAMPLE_HAMLETS = 3


@dataclass(frozen=True, slots=True)
class SampleNames:
    """How sample people and hamlets are called; the words come from `content`."""

    focal: Callable[[str], str]
    """From the unit's name."""
    head: Callable[[str], str]
    """From the hamlet's name."""
    hamlet: Callable[[str, int], str]
    """From the commune's word for a hamlet and a number."""
    officer: str
    leader: str


def sample_units(pack: PlanPack, names: SampleNames) -> list[OwingUnit]:
    """The office, for its own reports, and the plan's other units, with a few sample hamlets.

    The office does not owe the units' reports: it is who compiles them.
    """
    return [_office(pack), *(unit for unit, _ in _senders(pack, names))]


def sample_roster(pack: PlanPack, names: SampleNames) -> list[Debtor]:
    """One focal person a unit, one head a hamlet, one officer, one leader; ids never change."""
    office = _office(pack)
    people = [
        _person(pack, role, (names.head if role is Role.HEAD else names.focal)(unit.name), unit)
        for unit, role in _senders(pack, names)
    ]
    return [
        *people,
        _person(pack, Role.OFFICER, names.officer, office),
        _person(pack, Role.LEADER, names.leader, office),
    ]


def _office(pack: PlanPack) -> OwingUnit:
    return OwingUnit(office_code(pack), pack.office, "office")


def _senders(pack: PlanPack, names: SampleNames) -> Iterator[tuple[OwingUnit, Role]]:
    """Who reports to the office, and the role of the person asked for it."""
    for unit in pack.units:
        if unit.kind == "hamlet":
            for number in range(1, min(SAMPLE_HAMLETS, pack.hamlets or SAMPLE_HAMLETS) + 1):
                name = names.hamlet(pack.hamlet_term, number)
                yield OwingUnit(f"{unit.code}-{number}", name), Role.HEAD
        elif unit.reports and unit.code != office_code(pack):
            yield OwingUnit(unit.code, unit.name), Role.FOCAL


def _person(pack: PlanPack, role: Role, name: str, unit: OwingUnit) -> Debtor:
    person_id = uuid5(NAMESPACE_URL, f"sample:{pack.id}:{role}:{unit.code}")
    return Debtor(person_id, name, role, unit.code, unit.name, unit.audience)
