"""A plan pack: one commune plan as data, each item with its place in the printed plan.

Names, units, results and times are quoted as printed. What the plan does not say is `None`,
an empty mapping or an entry of `silences`, never a guess.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Year = Annotated[str, StringConstraints(pattern=r"^20\d\d$")]
#: `>=80`, `>90`, `100`, `15-17`, `>=1.5`, or a word as printed ("Có", "Mức Khá"); never % or zeros.
Target = Annotated[str, StringConstraints(pattern=r"^((>=|<=|>|<)?\d+([.,]\d+)?|\d+-\d+|\D+)$")]
Kpi = Literal[
    "vneid",
    "esign",
    "dvc-use",
    "dvc-payment",
    "cashless",
    "cashless-business",
    "bank-account",
    "health-record",
    "digital-services",
    "sme-digital",
    "guidance-reached",
]
PeriodKind = Literal["month", "quarter", "half-year", "year", "once", "on-request"]
Audience = Literal["units", "office"]


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Indicator(_Item):
    """A line of the indicator table: what is counted, its goals by year, who answers for it."""

    id: Text
    section: Text | None
    number: Text | None
    name: Text
    unit: Text | None
    targets: dict[Year, Target]
    printed: dict[Year, Text] = Field(default_factory=dict)
    """The goals exactly as printed, for the report in the plan's own words."""
    owner: Text | None
    """Who monitors and owns the official figure."""
    lead: Text | None = None
    """Who does the work, where the plan prints a separate column for it."""
    partners: Text | None = None
    time: Text | None = None
    """When, where the plan prints such a column beside its indicators."""
    kpi: Kpi | None = None
    where: Text


class Goal(_Item):
    """A goal that stands in the body of the plan and in no annex."""

    id: Text
    name: Text
    """The sentence as printed."""
    targets: dict[Year, Target] = Field(default_factory=dict)
    kpi: Kpi | None = None
    where: Text


class Cutoff(_Item):
    """A reporting rule: who reports what period before which day."""

    id: Slug
    period: PeriodKind
    tier: Annotated[int, Field(ge=1, le=9)]
    audience: Audience
    day: Annotated[int, Field(ge=1, le=31)] | None
    date: dt.date | None = None
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    inclusive: bool
    """False for "trước ngày 25": the last valid day is the 24th."""
    data_period: Text | None = None
    """What the plan says the figures cover, as printed; None where it is silent."""
    name: Text
    """What is owed, in a few everyday words, for messages and lists."""
    quote: Text
    """The sentence of the plan."""
    where: Text

    @model_validator(mode="after")
    def _day_or_date(self) -> Self:
        if (self.period == "once") != (self.date is not None):
            raise ValueError("`date` goes with period `once`, and only with it")
        if self.day is not None and self.period in ("once", "on-request"):
            raise ValueError("a rule `once` or `on-request` has no recurring `day`")
        if self.day is not None and not self.months:
            raise ValueError("a rule with a `day` needs `months`, the months it falls due in")
        return self

    @property
    def has_day(self) -> bool:
        """Whether it falls due on a day the plan names; some plans print none."""
        return self.day is not None or self.date is not None


class Task(_Item):
    """A row of the task table, as printed."""

    id: Text
    section: Text | None
    number: Text | None
    name: Text
    owner: Text | None
    partners: Text | None = None
    result: Text | None = None
    time: Text | None = None
    target: Text | None = None
    kpi: Kpi | None = None
    where: Text


class PlanUnit(_Item):
    """A body that the plan binds to report; `hamlet` stands for one such unit per hamlet."""

    code: Slug
    name: Text
    kind: Literal["office", "police", "clinic", "school", "hamlet", "team", "other"]
    reports: bool = True
    """False for a body that only owns figures: the plan does not bind it to report."""
    where: Text


class Silence(_Item):
    """Something a reader would look for and the plan does not say."""

    what: Text
    where: Text


class PlanPack(_Item):
    """One commune's plan."""

    id: Slug
    name: Text
    kind: Literal["xã", "phường"]
    code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    short: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    """Initials in visit codes: LT in LT-26-00042."""
    province: Text
    hamlet_term: Text
    hamlets: int | None
    members_per_hamlet: int | None
    plan_title: Text
    plan_number: Text | None
    plan_date: Text | None
    """The date as printed, also when its day is left blank; None where there is none."""
    years: tuple[int, int]
    """First and last year the plan speaks for; its rules run on past them, marked assumed."""
    office: Text
    """The body that compiles the commune's report."""
    units: tuple[PlanUnit, ...]
    silences: tuple[Silence, ...] = ()
    indicators: tuple[Indicator, ...]
    other_goals: tuple[Goal, ...] = ()
    cutoffs: tuple[Cutoff, ...]
    tasks: tuple[Task, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        for group in ("units", "indicators", "other_goals", "cutoffs", "tasks"):
            seen: set[str] = set()
            for item in getattr(self, group):
                key = item.code if group == "units" else item.id
                if key in seen:
                    raise ValueError(f"{group}: id {key!r} occurs twice")
                seen.add(key)
        if self.years[0] > self.years[1]:
            raise ValueError("years: the first year is after the last")
        return self
