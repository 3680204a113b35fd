"""When each report is due: the one definition of due, overdue and closed.

Cards, lists, digests, pages, reminders and reports all ask here, so that they agree at every
hour. Nothing here ever extends a deadline: the last valid day is what the plan says, and the
target day, on which we ask people to be done, only ever comes earlier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.cutoffs import due_days
from domain.holidays import WorkCalendar
from domain.periods import DataPeriod, PeriodChoice, data_period
from domain.plan import Audience, Cutoff, PeriodKind, PlanPack
from domain.visits import LOCAL, local_day

_DAY = timedelta(days=1)

#: The first reminder goes this many days before the target day; see `domain.ladder`.
FIRST_NOTICE = 7 * _DAY

#: What a commune has confirmed about its periods: for all rules at once, or by cut-off id.
Choices = PeriodChoice | Mapping[str, PeriodChoice] | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One report that falls due once: a rule of the plan on one of its days."""

    cutoff_id: str
    name: str
    """What is owed, in everyday words."""
    period: PeriodKind
    tier: int
    audience: Audience
    data: DataPeriod | None
    """What the figures cover; None for a report without a period."""
    last_valid_day: date
    """Counts until 24:00 of this day, whatever day of the week it is."""
    target_day: date
    """The last working day on or before it: when people are asked to be done."""
    assumed: bool
    """The plan no longer (or not yet) speaks for this year, or its period is not confirmed."""
    opens_on: date
    """From here on it is due: the figures are complete, or the first reminder goes out."""

    @property
    def key(self) -> str:
        """Names this deadline for ever; a rule moved to another day makes another key."""
        return f"{self.cutoff_id}:{self.last_valid_day.isoformat()}"

    @property
    def closes_at(self) -> datetime:
        """24:00 of the last valid day, local time."""
        return datetime.combine(self.last_valid_day + _DAY, time(), LOCAL)


def deadlines(
    pack: PlanPack,
    calendar: WorkCalendar,
    first: date,
    last: date,
    choices: Choices = None,
) -> list[Deadline]:
    """Every report whose last valid day lies from `first` to `last`, both included.

    In order of last valid day, tier and cut-off id. Rules without a day give nothing. Rules run
    on before and after the plan's years, marked `assumed`.
    """
    found = [
        _deadline(pack, cutoff, day, calendar, _choice(choices, cutoff))
        for cutoff in pack.cutoffs
        for day in due_days(cutoff, first, last)
    ]
    return sorted(found, key=lambda each: (each.last_valid_day, each.tier, each.cutoff_id))


def is_due(deadline: Deadline, day: date) -> bool:
    """Whether the report is to be sent now: it may come in, and it is not late yet."""
    return deadline.opens_on <= day <= deadline.last_valid_day


def is_overdue(deadline: Deadline, at: datetime) -> bool:
    """Whether a report missing at this moment is late: from 24:00 of the last valid day on.

    ValueError for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return local_day(at) > deadline.last_valid_day


def is_same_period(one: Deadline, other: Deadline) -> bool:
    """Whether two reports are tiers of the same (kind, period): they cover the same days."""
    if one.period != other.period:
        return False
    if one.data is None or other.data is None:
        return one == other
    return (one.data.first, one.data.last) == (other.data.first, other.data.last)


def closing(deadline: Deadline, among: Iterable[Deadline]) -> datetime:
    """When the period of this report closes: 24:00 of the top tier's last valid day.

    One moment for all tiers of a (kind, period). `among` holds the commune's deadlines around it;
    a report without a period closes by itself.
    """
    tiers = [each for each in among if is_same_period(each, deadline)]
    top = max((deadline, *tiers), key=lambda each: (each.tier, each.last_valid_day))
    return top.closes_at


def _deadline(
    pack: PlanPack, cutoff: Cutoff, day: date, calendar: WorkCalendar, choice: PeriodChoice | None
) -> Deadline:
    data = data_period(cutoff, day, choice)
    target = calendar.last_working_on_or_before(day)
    first_notice = calendar.last_working_on_or_before(target - FIRST_NOTICE)
    # What is printed with its date is certain in any year; only rules can outlive their plan.
    runs_on = cutoff.date is None and not pack.years[0] <= day.year <= pack.years[1]
    return Deadline(
        cutoff_id=cutoff.id,
        name=cutoff.name,
        period=cutoff.period,
        tier=cutoff.tier,
        audience=cutoff.audience,
        data=data,
        last_valid_day=day,
        target_day=target,
        assumed=runs_on or (data is not None and data.assumed),
        opens_on=first_notice if data is None else min(first_notice, data.last + _DAY),
    )


def _choice(choices: Choices, cutoff: Cutoff) -> PeriodChoice | None:
    """The commune's confirmed choice for one rule, if there is one."""
    return choices.get(cutoff.id) if isinstance(choices, Mapping) else choices
