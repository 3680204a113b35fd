"""Who owes which report, and who has not sent it: one answer for reminders, lists and digests."""

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.deadlines import Deadline, is_due, is_overdue, is_same_period
from domain.people import Role
from domain.plan import Audience, PlanPack
from domain.visits import local_day

#: (unit code, `Deadline.key`) of every report that is in.
Received = Set[tuple[str, str]]

#: Who is asked for a report of each kind of sender. Members and leaders never are.
_ASKED: dict[Audience, frozenset[Role]] = {
    "units": frozenset({Role.FOCAL, Role.HEAD}),
    "office": frozenset({Role.OFFICER}),
}


@dataclass(frozen=True, slots=True)
class Debtor:
    """A person who is asked for the reports of one unit; one with two units is listed twice."""

    person_id: UUID
    name: str
    role: Role
    unit_code: str
    unit_name: str
    audience: Audience
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class OwingUnit:
    """A unit that owes reports; the office that compiles them owes those `for office`."""

    code: str
    name: str
    audience: Audience = "units"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one report stands at a moment, over all who owe it."""

    deadline: Deadline
    expected: tuple[OwingUnit, ...]
    missing: tuple[OwingUnit, ...]
    is_overdue: bool
    """Late by `is_overdue` of the deadline, and something is missing."""
    blocked_by: tuple[OwingUnit, ...] = ()
    """Units of lower tiers whose report for this period is missing: the upper one waits."""

    @property
    def received(self) -> tuple[OwingUnit, ...]:
        """Whose report is in."""
        return tuple(unit for unit in self.expected if unit not in self.missing)


def is_asked(debtor: Debtor, deadline: Deadline) -> bool:
    """Whether this person is the one to ask for this report.

    Focal persons for their unit, heads where the unit is a team or hamlet, officers for the
    office's own reports.
    """
    return debtor.audience == deadline.audience and debtor.role in _ASKED[deadline.audience]


def to_call(
    standings: Iterable[Standing], debtors: Iterable[Debtor], reached: Set[UUID]
) -> tuple[Debtor, ...]:
    """Who owes one of these reports and has no door that rings: somebody has to call them."""
    missing = [(each.deadline, {unit.code for unit in each.missing}) for each in standings]
    return tuple(
        debtor
        for debtor in debtors
        if debtor.person_id not in reached
        and any(is_asked(debtor, due) and debtor.unit_code in codes for due, codes in missing)
    )


def office_code(pack: PlanPack) -> str:
    """The unit code under which the office's own reports are kept.

    The plan's unit of that name, or `office` where the plan does not list it.
    """
    return next((unit.code for unit in pack.units if unit.name == pack.office), "office")


def standings(
    deadlines: Sequence[Deadline],
    units: Collection[OwingUnit],
    received: Received,
    at: datetime,
) -> list[Standing]:
    """How every report stands: missing is exactly expected without received, at any instant."""
    expected = {
        deadline.key: tuple(unit for unit in units if unit.audience == deadline.audience)
        for deadline in deadlines
    }
    missing = {
        key: tuple(unit for unit in owing if (unit.code, key) not in received)
        for key, owing in expected.items()
    }
    return [
        Standing(
            deadline,
            expected[deadline.key],
            missing[deadline.key],
            bool(missing[deadline.key]) and is_overdue(deadline, at),
            _blockers(deadline, deadlines, missing) if missing[deadline.key] else (),
        )
        for deadline in deadlines
    ]


def open_now(standings: Iterable[Standing], at: datetime) -> list[Standing]:
    """What can be sent now and is missing somewhere: the late ones first, then by last day."""
    day = local_day(at)
    found = [s for s in standings if s.missing and (s.is_overdue or is_due(s.deadline, day))]
    return sorted(found, key=lambda s: (not s.is_overdue, s.deadline.last_valid_day))


def _blockers(
    deadline: Deadline,
    among: Iterable[Deadline],
    missing: dict[str, tuple[OwingUnit, ...]],
) -> tuple[OwingUnit, ...]:
    """The units of lower tiers that have not reported this period, each once, in order."""
    found = (
        unit
        for lower in among
        if lower.tier < deadline.tier and is_same_period(lower, deadline)
        for unit in missing[lower.key]
    )
    return tuple(dict.fromkeys(found))
