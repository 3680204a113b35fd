"""Accounts: which chat is whose."""

from collections.abc import Collection
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from domain.people import Account
from storage.models.people import AccountRow
from storage.sql import Repository, put


class Accounts(Repository):
    """`chat_id` is the integer aiogram knows and the key over all channels."""

    async def of_chat(self, chat_id: int) -> Account | None:
        session = await self._reading()
        row = (
            await session.exec(select(AccountRow).where(AccountRow.chat_id == chat_id))
        ).one_or_none()
        return Account(**row.model_dump()) if row else None

    async def of_person(self, person_id: UUID) -> list[Account]:
        session = await self._reading()
        rows = await session.exec(
            select(AccountRow)
            .where(AccountRow.person_id == person_id)
            .order_by(col(AccountRow.chat_id))
        )
        return [Account(**row.model_dump()) for row in rows]

    async def of_people(self, person_ids: Collection[UUID]) -> list[Account]:
        """Every account of any of them."""
        session = await self._reading()
        rows = await session.exec(
            select(AccountRow).where(col(AccountRow.person_id).in_(person_ids))
        )
        return [Account(**row.model_dump()) for row in rows]

    async def put(self, account: Account) -> None:
        """Add the account or replace it as a whole."""
        await put(await self._writing(), AccountRow, asdict(account))

    async def bind(self, chat_id: int, person_id: UUID) -> bool:
        """The chat is this person's from now on; False if there is no such account."""
        return await self._set_person(chat_id, person_id)

    async def unbind(self, chat_id: int) -> bool:
        """The chat is nobody's again; the commune chosen in it stays."""
        return await self._set_person(chat_id, None)

    async def set_blocked(self, chat_id: int, *, blocked: bool) -> None:
        """Whether the person has shut this door. Writes nothing if it is known."""
        account = await self.of_chat(chat_id)
        if account is not None and account.blocked is not blocked:
            statement = sa.update(AccountRow).where(col(AccountRow.chat_id) == chat_id)
            await self._changed(statement.values(blocked=blocked))

    async def _set_person(self, chat_id: int, person_id: UUID | None) -> bool:
        statement = sa.update(AccountRow).where(col(AccountRow.chat_id) == chat_id)
        # Whose role was in use before says nothing about the new person's.
        values = {"person_id": person_id, "active_membership": None}
        return await self._changed(statement.values(**values)) == 1
