"""Half-told submissions: one open draft per (commune, person, form, subject)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.drafts import Draft, Form
from domain.errors import DraftGone
from storage.models.drafts import DraftRow
from storage.sql import Repository, add_new


class Drafts(Repository):
    """Closing is the moment a submission becomes a record: True for exactly one caller."""

    async def get(self, draft_id: UUID, *, to_change: bool = False) -> Draft | None:
        """Open or not. `to_change` keeps others from changing it until the commit: what is read
        and written back whole must not lose what somebody else wrote in between.
        """
        session = await (self._writing() if to_change else self._reading())
        wanted = select(DraftRow).where(DraftRow.id == draft_id)
        row = (await session.exec(wanted.with_for_update() if to_change else wanted)).one_or_none()
        return _draft(row) if row else None

    async def open_of(
        self,
        person_id: UUID,
        form: Form,
        now: datetime,
        subject: str | None = None,
        commune_id: str | None = None,
    ) -> Draft | None:
        """The newest open draft of this form; None for subject or commune means any."""
        session = await self._reading()
        open_ones = _open_ones(person_id, now).where(DraftRow.form == form)
        if subject is not None:
            open_ones = open_ones.where(DraftRow.subject == subject)
        if commune_id is not None:
            open_ones = open_ones.where(DraftRow.commune_id == commune_id)
        row = (await session.exec(open_ones.limit(1))).first()
        return _draft(row) if row else None

    async def all_open(self, person_id: UUID, now: datetime) -> list[Draft]:
        """Newest first."""
        session = await self._reading()
        return [_draft(row) for row in await session.exec(_open_ones(person_id, now))]

    async def start(self, draft: Draft) -> Draft:
        """Begin a draft; returns the one that is open now.

        That is another one if the same thing was begun before and has not expired (a double tap,
        a second door). An expired leftover is closed first.
        """
        key = (
            col(DraftRow.commune_id) == draft.commune_id,
            col(DraftRow.person_id) == draft.person_id,
            col(DraftRow.form) == draft.form,
            col(DraftRow.subject) == draft.subject,
            col(DraftRow.closed_at).is_(None),
        )
        leftover = sa.update(DraftRow).where(*key, col(DraftRow.expires_at) <= draft.created_at)
        await self._changed(leftover.values(closed_at=draft.created_at))
        session = await self._writing()
        values = {name: getattr(draft, name) for name in DraftRow.model_fields}
        if await add_new(session, DraftRow, {**values, "data": dict(draft.data)}):
            return draft
        return _draft((await session.exec(select(DraftRow).where(*key))).one())

    async def save(self, draft: Draft) -> None:
        """Keep its data and expiry. Raises DraftGone if it was closed meanwhile."""
        statement = sa.update(DraftRow).where(
            col(DraftRow.id) == draft.id, col(DraftRow.closed_at).is_(None)
        )
        values = {"data": dict(draft.data), "expires_at": draft.expires_at}
        if await self._changed(statement.values(**values)) != 1:
            raise DraftGone

    async def close(self, draft_id: UUID, at: datetime) -> bool:
        """False if it was closed already: then somebody else has made, or thrown away, the record.

        On PostgreSQL a second caller waits here until the first commits or rolls back.
        """
        statement = sa.update(DraftRow).where(
            col(DraftRow.id) == draft_id, col(DraftRow.closed_at).is_(None)
        )
        return await self._changed(statement.values(closed_at=at)) == 1

    async def discard(self, draft_id: UUID, at: datetime) -> bool:
        """Close it and forget what was told; False if it was closed already."""
        statement = sa.update(DraftRow).where(
            col(DraftRow.id) == draft_id, col(DraftRow.closed_at).is_(None)
        )
        return await self._changed(statement.values(closed_at=at, data={})) == 1

    async def purge(self, before: datetime) -> int:
        """Forget what was closed, or expired, before; returns how many."""
        ended = sa.or_(col(DraftRow.closed_at) < before, col(DraftRow.expires_at) < before)
        return await self._changed(sa.delete(DraftRow).where(ended))


def _open_ones(person_id: UUID, now: datetime) -> SelectOfScalar[DraftRow]:
    return (
        select(DraftRow)
        .where(
            DraftRow.person_id == person_id,
            col(DraftRow.closed_at).is_(None),
            col(DraftRow.expires_at) > now,
        )
        .order_by(col(DraftRow.created_at).desc(), col(DraftRow.id).desc())
    )


def _draft(row: DraftRow) -> Draft:
    return Draft(**{**row.model_dump(), "form": Form(row.form)})
