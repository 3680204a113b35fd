"""Half-told submissions: one open draft per (person, form, subject).

The draft's id becomes the submission's id, unique on the record it turns into; closing the draft
and writing the record is one transaction. That is what stops double taps and redeliveries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class Form(StrEnum):
    """The conversations that collect something before they record it."""

    VISIT = "visit"
    COMMUNE = "commune"


LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been told so far. `data` is plain JSON; `subject` keeps households apart."""

    id: UUID
    commune_id: str
    person_id: UUID
    form: Form
    subject: str
    data: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None

    def told(self, **answers: Any) -> "Draft":
        """The draft with these answers added or replaced."""
        return replace(self, data={**self.data, **answers})

    def is_open(self, now: datetime) -> bool:
        """Neither closed nor past its last moment."""
        return self.closed_at is None and now < self.expires_at
