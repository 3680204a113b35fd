"""Table: reports that are in, a projection of the log."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime


class ReportRow(SQLModel, table=True):
    """A unit's report for one cut-off and period; `period_to` is the deadline's last valid day."""

    __tablename__ = "report"

    commune_id: str = Field(primary_key=True, foreign_key="commune.id")
    cutoff_id: str = Field(primary_key=True)
    period_to: date = Field(primary_key=True)
    unit_code: str = Field(primary_key=True)
    by: str | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    how: str
    note: str | None = None
