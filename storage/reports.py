"""Reports that are in, as the log projects them. Written by events only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from storage.models.reports import ReportRow
from storage.sql import Repository


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """A unit's report for one cut-off; `period_to` is the last valid day of its deadline."""

    commune_id: str
    unit_code: str
    cutoff_id: str
    period_to: date
    by: str | None
    """Who marked it as received, as the event has it: a person's id."""
    at: datetime
    how: str
    note: str | None = None


class Reports(Repository):
    """Reopened reports are not among them."""

    async def received(self, commune_id: str, since: date) -> set[tuple[str, str, date]]:
        """(unit code, cut-off id, last valid day), for last valid days from `since` on."""
        session = await self._reading()
        rows = await session.exec(
            select(ReportRow.unit_code, ReportRow.cutoff_id, col(ReportRow.period_to)).where(
                ReportRow.commune_id == commune_id, col(ReportRow.period_to) >= since
            )
        )
        return {(unit, cutoff, period_to) for unit, cutoff, period_to in rows}

    async def one(
        self, commune_id: str, unit_code: str, cutoff_id: str, period_to: date
    ) -> ReceivedReport | None:
        """The report of one unit, or None while it is owed."""
        found = [
            report
            for report in await self.of_period(commune_id, cutoff_id, period_to)
            if report.unit_code == unit_code
        ]
        return found[0] if found else None

    async def of_period(
        self, commune_id: str, cutoff_id: str, period_to: date
    ) -> list[ReceivedReport]:
        """What is in for one deadline, in the order it came."""
        session = await self._reading()
        rows = await session.exec(
            select(ReportRow)
            .where(
                ReportRow.commune_id == commune_id,
                ReportRow.cutoff_id == cutoff_id,
                ReportRow.period_to == period_to,
            )
            .order_by(col(ReportRow.at), ReportRow.unit_code)
        )
        return [ReceivedReport(**row.model_dump()) for row in rows]
