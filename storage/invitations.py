"""Invitations, the wrong codes typed, and the one-time codes that join two accounts."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from domain.people import Invitation, Role
from storage.models.invitations import InvitationRow, LinkCodeRow, WrongCodeRow
from storage.sql import Repository, add, add_new


class Invitations(Repository):
    """Codes are kept as given: `domain.invitations.normal_code` comes before."""

    async def add(self, invitation: Invitation) -> None:
        """Raises sqlalchemy.exc.IntegrityError if the code is taken."""
        await add(await self._writing(), InvitationRow, asdict(invitation))

    async def by_code(self, code: str) -> Invitation | None:
        """Whatever its state: `domain.invitations.check_invitation` says if it may be used."""
        session = await self._reading()
        row = (
            await session.exec(select(InvitationRow).where(InvitationRow.code == code))
        ).one_or_none()
        return _invitation(row) if row else None

    async def of_commune(self, commune_id: str) -> list[Invitation]:
        """All of them, newest first."""
        session = await self._reading()
        rows = await session.exec(
            select(InvitationRow)
            .where(InvitationRow.commune_id == commune_id)
            .order_by(col(InvitationRow.created_at).desc(), col(InvitationRow.id).desc())
        )
        return [_invitation(row) for row in rows]

    async def take(self, invitation_id: UUID, now: datetime) -> bool:
        """Use it once. False if it was used up, revoked or expired by then: exact under races."""
        statement = sa.update(InvitationRow).where(
            col(InvitationRow.id) == invitation_id,
            col(InvitationRow.uses) < col(InvitationRow.max_uses),
            col(InvitationRow.revoked_at).is_(None),
            col(InvitationRow.expires_at) > now,
        )
        return await self._changed(statement.values(uses=col(InvitationRow.uses) + 1)) == 1

    async def revoke(self, invitation_id: UUID, at: datetime) -> bool:
        """False if it was revoked before."""
        statement = sa.update(InvitationRow).where(
            col(InvitationRow.id) == invitation_id, col(InvitationRow.revoked_at).is_(None)
        )
        return await self._changed(statement.values(revoked_at=at)) == 1

    async def wrong_attempts(self, chat_id: int, since: datetime) -> int:
        """How many wrong codes were typed in this chat after `since`."""
        session = await self._reading()
        counted = select(func.count()).where(
            WrongCodeRow.chat_id == chat_id, col(WrongCodeRow.at) > since
        )
        return (await session.exec(counted)).one()

    async def count_wrong(self, chat_id: int, at: datetime) -> None:
        await add(await self._writing(), WrongCodeRow, {"chat_id": chat_id, "at": at})

    async def purge_wrong(self, before: datetime) -> int:
        """Forget wrong codes typed before; returns how many."""
        return await self._changed(sa.delete(WrongCodeRow).where(col(WrongCodeRow.at) < before))


class Links(Repository):
    """One-time codes, hashed by the caller."""

    async def add(self, code_hash: str, person_id: UUID, expires_at: datetime) -> bool:
        """False if the code was ever given before: make another one."""
        values = {"code_hash": code_hash, "person_id": person_id, "expires_at": expires_at}
        return await add_new(await self._writing(), LinkCodeRow, values)

    async def take(self, code_hash: str, now: datetime) -> UUID | None:
        """The person the code stands for, once only; None if unknown, taken or too old."""
        session = await self._writing()
        statement = (
            sa.update(LinkCodeRow)
            .where(
                col(LinkCodeRow.code_hash) == code_hash,
                col(LinkCodeRow.taken_at).is_(None),
                col(LinkCodeRow.expires_at) > now,
            )
            .values(taken_at=now)
            .returning(col(LinkCodeRow.person_id))
        )
        taken: UUID | None = (await session.exec(statement)).scalar_one_or_none()
        return taken

    async def purge(self, before: datetime) -> int:
        """Forget codes that expired before; they may be given again."""
        return await self._changed(
            sa.delete(LinkCodeRow).where(col(LinkCodeRow.expires_at) < before)
        )


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(**{**row.model_dump(), "role": Role(row.role)})
