"""Every table. Importing this fills `METADATA`, which migrations and tests compare."""

from sqlmodel import SQLModel

from storage.models import columns  # isort: skip  # the naming convention comes first
from storage.models import (
    channels,
    drafts,
    events,
    invitations,
    messages,
    outbox,
    people,
    reports,
    visits,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "channels",
    "columns",
    "drafts",
    "events",
    "invitations",
    "messages",
    "outbox",
    "people",
    "reports",
    "visits",
]
