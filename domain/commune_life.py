"""One commune as it is now: its people, units and choices, put beside its plan.

Reminders, lists and digests all start from here, so that they name the same units and people.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.deadlines import Choices, Deadline, deadlines, is_overdue
from domain.duties import Debtor, OwingUnit, Received, is_asked, office_code
from domain.holidays import Override, WorkCalendar
from domain.ladder import REACH
from domain.people import Commune, Hamlet, Membership, Person, Role, Team, Unit
from domain.periods import PeriodChoice
from domain.plan import PlanPack
from domain.visits import local_day

HAMLET = "hamlet"
TEAM = "team"
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Life:
    """What the database knows of one commune on one day."""

    commune: Commune
    units: tuple[Unit, ...]
    hamlets: tuple[Hamlet, ...]
    teams: tuple[Team, ...]
    staff: tuple[tuple[Person, Membership], ...]
    holidays: tuple[tuple[date, bool, str], ...]
    """Days the commune entered itself: day, off or worked, reason."""

    @property
    def calendar(self) -> WorkCalendar:
        """The national working days with the commune's own."""
        return WorkCalendar(
            tuple(
                Override(day=day, off=off, source=reason, name=reason)
                for day, off, reason in self.holidays
            )
        )

    @property
    def choices(self) -> Choices:
        """How the commune cuts its periods, once it has confirmed it."""
        chosen = self.commune.period_choice
        return PeriodChoice(chosen) if chosen else None


def deadlines_around(life: Life, pack: PlanPack, day: date) -> list[Deadline]:
    """Every deadline whose reminders, or whose being late, can matter on the day.

    What fell due before the commune went live is nobody's fault: it is not there.
    """
    first = max(day - REACH, life.commune.live_since or date.min)
    return deadlines(pack, life.calendar, first, day + REACH, life.choices)


def coming(life: Life, pack: PlanPack, day: date) -> list[Deadline]:
    """What is owed from the day on: all that is near, and of each rule at least its next day."""
    first = max(day, life.commune.live_since or date.min)
    found = deadlines(pack, life.calendar, first, first + _YEAR, life.choices)
    rules: set[str] = set()
    kept = []
    for each in found:
        if each.last_valid_day <= day + REACH or each.cutoff_id not in rules:
            kept.append(each)
        rules.add(each.cutoff_id)
    return kept


def owing(life: Life, pack: PlanPack) -> tuple[OwingUnit, ...]:
    """Who owes reports: the office, the units the plan binds, each hamlet, each team."""
    office = office_code(pack)
    bound = {unit.code: unit for unit in pack.units}
    found = [OwingUnit(office, pack.office, "office")]
    for unit in life.units:
        printed = bound.get(unit.code)
        reports = printed is None or printed.reports
        if unit.code != office and unit.kind not in (HAMLET, TEAM) and reports:
            found.append(OwingUnit(unit.code, unit.name))
    found += [unit for unit, _ in _hamlets_and_teams(life, pack)]
    return tuple(found)


def debtors(life: Life, pack: PlanPack) -> tuple[Debtor, ...]:
    """Who is asked for each unit's report."""
    units = {unit.code: unit for unit in owing(life, pack)}
    heads = {unit.code: teams for unit, teams in _hamlets_and_teams(life, pack)}
    office = office_code(pack)
    return tuple(
        Debtor(
            person_id=person.id,
            name=person.name,
            role=membership.role,
            unit_code=unit.code,
            unit_name=unit.name,
            audience=unit.audience,
            phone=person.phone,
        )
        for person, membership in life.staff
        for unit in units.values()
        if _asked(membership, unit, office, heads)
    )


def owed_by(
    mine: Collection[Debtor], life: Life, pack: PlanPack, received: Received, at: datetime
) -> list[tuple[Deadline, OwingUnit, bool]]:
    """What these debtors are asked for, and whether it is in: late and missing, then to come."""
    units = {unit.code: unit for unit in owing(life, pack)}
    today = local_day(at)
    late = [due for due in deadlines_around(life, pack, today) if is_overdue(due, at)]
    rows = [
        (due, units[debtor.unit_code], (debtor.unit_code, due.key) in received)
        for due in (*late, *coming(life, pack, today))
        for debtor in mine
        if is_asked(debtor, due)
    ]
    return [(due, unit, is_in) for due, unit, is_in in rows if not (is_in and due in late)]


def _asked(
    membership: Membership, unit: OwingUnit, office: str, heads: dict[str, frozenset[str]]
) -> bool:
    match membership.role:
        case Role.OFFICER:
            return unit.code == office
        case Role.FOCAL:
            return membership.unit_code == unit.code
        case Role.HEAD:
            return membership.team_code in heads.get(unit.code, frozenset())
        case _:
            return False


def _hamlets_and_teams(life: Life, pack: PlanPack) -> Iterator[tuple[OwingUnit, frozenset[str]]]:
    """Hamlets the plan binds, and teams the commune asks, each with the teams that answer."""
    if any(unit.kind == HAMLET and unit.reports for unit in pack.units):
        for hamlet in life.hamlets:
            serving = frozenset(team.code for team in life.teams if hamlet.code in team.hamlets)
            yield OwingUnit(f"{HAMLET}-{hamlet.code}", hamlet.name), serving
    if life.commune.team_tier:
        for team in life.teams:
            yield OwingUnit(f"{TEAM}-{team.code}", team.name), frozenset({team.code})


def recent(day: date) -> date:
    """From when on deadlines and what came in for them still matter."""
    return day - REACH - timedelta(days=1)
