"""A unit's report: marked as in by whoever received it, and the event that says so."""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from domain.duties import Received
from domain.events import NewEvent


class Way(StrEnum):
    """How a report came in."""

    PAPER = "paper"
    ZALO = "zalo"
    EMAIL = "email"
    PHONE = "phone"


class Reopening(StrEnum):
    """Why a report that was marked as in is owed again."""

    SLIP = "slip"
    RETURNED = "returned"


def received_keys(stored: set[tuple[str, str, date]]) -> Received:
    """(unit, cut-off, last valid day) as the keys that deadlines have."""
    return {(unit, f"{cutoff}:{day.isoformat()}") for unit, cutoff, day in stored}


def report_received(
    commune_id: str,
    unit_code: str,
    cutoff_id: str,
    last_valid_day: date,
    by: UUID,
    at: datetime,
    event_id: UUID,
    how: Way,
) -> NewEvent:
    """The event: reminders for this item stop with it."""
    return NewEvent(
        id=event_id,
        commune_id=commune_id,
        at=at,
        actor_id=by,
        kind="report.received",
        subject=f"{unit_code}:{cutoff_id}:{last_valid_day.isoformat()}",
        payload={
            "unit": unit_code,
            "cutoff": cutoff_id,
            "period_to": last_valid_day.isoformat(),
            "by": str(by),
            "at": at.astimezone(UTC).isoformat(),
            "how": how.value,
            "note": None,
        },
    )


def report_reopened(
    commune_id: str,
    unit_code: str,
    cutoff_id: str,
    last_valid_day: date,
    by: UUID,
    at: datetime,
    event_id: UUID,
    why: Reopening,
) -> NewEvent:
    """The event: the report is owed again, and the reminders still to come do come."""
    return NewEvent(
        id=event_id,
        commune_id=commune_id,
        at=at,
        actor_id=by,
        kind="report.reopened",
        subject=f"{unit_code}:{cutoff_id}:{last_valid_day.isoformat()}",
        reason=why.value,
        payload={
            "unit": unit_code,
            "cutoff": cutoff_id,
            "period_to": last_valid_day.isoformat(),
        },
    )
