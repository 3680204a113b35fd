"""Buttons of reports: pick a deadline, a unit, and how its report came."""

from collections.abc import Sequence
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from content.keyboards.common import Go, button, keyboard
from content.texts import reports as texts
from domain.duties import Standing

WAYS = ("paper", "zalo", "email", "phone")


class Due(CallbackData, prefix="d"):
    """One deadline: its cut-off and last valid day."""

    cutoff: str
    day: str


class Mark(CallbackData, prefix="dm"):
    """One unit's report: by number among the missing when asked, by code when told how."""

    cutoff: str
    day: str
    unit: str
    how: str = ""


def _day(day: date) -> str:
    return day.strftime("%y%m%d")


def missing(standings: Sequence[Standing]) -> InlineKeyboardMarkup:
    """The deadlines that lack something, most urgent first."""
    rows = [
        [
            button(
                texts.deadline_label(s),
                Due(cutoff=s.deadline.cutoff_id, day=_day(s.deadline.last_valid_day)),
            )
        ]
        for s in standings[:8]
    ]
    return keyboard(rows)


def one(standing: Standing, *, may_mark: bool) -> InlineKeyboardMarkup:
    """The units still missing; officers mark them."""
    due = standing.deadline
    rows = [
        [
            button(
                unit.name,
                Mark(cutoff=due.cutoff_id, day=_day(due.last_valid_day), unit=unit.code),
            )
        ]
        for unit in (standing.missing if may_mark else ())
    ]
    return keyboard(rows, back=Go(to="missing"))


def ways(of: Mark) -> InlineKeyboardMarkup:
    """How it came."""
    rows = [
        [button(texts.how(way), Mark(cutoff=of.cutoff, day=of.day, unit=of.unit, how=way))]
        for way in WAYS
    ]
    return keyboard(rows, back=Due(cutoff=of.cutoff, day=of.day))
