"""Buttons of reports: pick a deadline, a unit, and how its report came."""

from collections.abc import Sequence
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from content.i18n import t
from content.keyboards.common import Go, button, keyboard
from content.texts import reports as texts
from domain.duties import Standing
from domain.reports import Reopening, Way


class Due(CallbackData, prefix="d"):
    """One deadline: its cut-off and last valid day."""

    cutoff: str
    day: str


class Mark(CallbackData, prefix="dm"):
    """One unit's report: by number among the missing when asked, by code when told how."""

    cutoff: str
    day: str
    unit: str
    how: Way | None = None


class Reopen(CallbackData, prefix="dr"):
    """Take the mark of a unit's report off: which unit first, then why."""

    cutoff: str
    day: str
    unit: str = ""
    why: Reopening | None = None


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


def one(standing: Standing, *, may_mark: bool, marked: str = "") -> InlineKeyboardMarkup:
    """The units still missing; officers mark them, and take a mark off, that of `marked` first."""
    cutoff, day = standing.deadline.cutoff_id, _day(standing.deadline.last_valid_day)
    rows = [
        [button(unit.name, Mark(cutoff=cutoff, day=day, unit=unit.code))]
        for unit in (standing.missing if may_mark else ())
    ]
    if may_mark and standing.received:
        rows.append([button(t("Gỡ đánh dấu"), Reopen(cutoff=cutoff, day=day, unit=marked))])
    return keyboard(rows, back=Go(to="missing"))


def ways(of: Mark) -> InlineKeyboardMarkup:
    """How it came."""
    rows = [
        [button(texts.how(way), Mark(cutoff=of.cutoff, day=of.day, unit=of.unit, how=way))]
        for way in Way
    ]
    return keyboard(rows, back=Due(cutoff=of.cutoff, day=of.day))


def received(standing: Standing, of: Reopen) -> InlineKeyboardMarkup:
    """The units whose report is in."""
    rows = [
        [button(unit.name, Reopen(cutoff=of.cutoff, day=of.day, unit=unit.code))]
        for unit in standing.received
    ]
    return keyboard(rows, back=Due(cutoff=of.cutoff, day=of.day))


def reasons(of: Reopen) -> InlineKeyboardMarkup:
    """Why it is owed again."""
    rows = [
        [button(texts.why(why), Reopen(cutoff=of.cutoff, day=of.day, unit=of.unit, why=why))]
        for why in Reopening
    ]
    return keyboard(rows, back=Due(cutoff=of.cutoff, day=of.day))
