"""A commune's roster from a sheet: what the file says, beside what is there, is a plan of changes.

Reading (`read_sheet`) and planning (`plan_roster`) are pure; `storage/roster.py` applies the plan.
Nothing is ever deleted, and the same file a second time changes nothing. docs/roster.md tells
operators what a file looks like.
"""

from domain.roster._planning import plan_roster
from domain.roster._reading import read_sheet
from domain.roster._told import name_key
from domain.roster._types import (
    Action,
    Column,
    Kind,
    PersonChange,
    Plan,
    PlannedRow,
    PlanOf,
    Present,
    RosterUnreadable,
    RosterWords,
    Row,
    Sheet,
)

__all__ = [
    "Action",
    "Column",
    "Kind",
    "PersonChange",
    "Plan",
    "PlanOf",
    "PlannedRow",
    "Present",
    "RosterUnreadable",
    "RosterWords",
    "Row",
    "Sheet",
    "name_key",
    "plan_roster",
    "read_sheet",
]
