"""What was said in a chat, with a cursor for readers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.messages import Button, ChatMessage, Direction
from storage.models.messages import ChatMessageRow, ChatRow
from storage.sql import Repository, insert

Buttons = tuple[tuple[Button, ...], ...]


class Messages(Repository):
    """Every change gives its bubble a new `rev`. The chat's row is locked until the commit, so
    revisions become visible in their order and a reader with a cursor misses none.
    """

    async def append(
        self,
        chat_id: int,
        direction: Direction,
        text: str,
        at: datetime,
        buttons: Buttons = (),
        client_id: str | None = None,
        channel: str | None = None,
    ) -> ChatMessage:
        """A new bubble; if the chat has one with this `client_id`, that one, unchanged.

        `channel` is remembered with the chat when its first bubble comes.
        """
        rev = await self._next_rev(chat_id, channel)
        session = await self._writing()
        if client_id is not None:
            sent_before = select(ChatMessageRow).where(
                ChatMessageRow.chat_id == chat_id, ChatMessageRow.client_id == client_id
            )
            if (row := (await session.exec(sent_before)).one_or_none()) is not None:
                return _message(row)
        values = {
            "chat_id": chat_id,
            "rev": rev,
            "direction": direction,
            "text": text,
            "at": at,
            "buttons": _buttons_to_json(buttons),
            "client_id": client_id,
            "deleted": False,
        }
        statement = insert(session, ChatMessageRow).values(**values)
        given: int = (await session.exec(statement.returning(col(ChatMessageRow.id)))).scalar_one()
        return ChatMessage(given, chat_id, rev, direction, text, at, buttons, client_id=client_id)

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        at: datetime,
        text: str | None = None,
        buttons: Buttons | None = None,
    ) -> ChatMessage | None:
        """Replace text, buttons or both (None: keep; (): none left). None if it is not there."""
        values: dict[str, Any] = {"edited_at": at}
        if text is not None:
            values["text"] = text
        if buttons is not None:
            values["buttons"] = _buttons_to_json(buttons)
        return await self._change(chat_id, message_id, values)

    async def delete(self, chat_id: int, message_id: int) -> ChatMessage | None:
        """Empty the bubble and mark it, so that readers drop it. None if it is not there."""
        gone = {"text": "", "buttons": [], "deleted": True}
        return await self._change(chat_id, message_id, gone)

    async def after(self, chat_id: int, rev: int, limit: int) -> list[ChatMessage]:
        """Bubbles changed after the reader's `rev`, oldest change first, deleted ones too."""
        session = await self._reading()
        rows = await session.exec(
            select(ChatMessageRow)
            .where(ChatMessageRow.chat_id == chat_id, ChatMessageRow.rev > rev)
            .order_by(col(ChatMessageRow.rev))
            .limit(limit)
        )
        return [_message(row) for row in rows]

    async def latest(
        self, chat_id: int, limit: int, before: int | None = None
    ) -> list[ChatMessage]:
        """The last bubbles in the order they were said, without deleted ones.

        `before` is the id of the oldest one the reader has: those above it.
        """
        chosen = _shown(chat_id).limit(limit)
        if before is not None:
            chosen = chosen.where(col(ChatMessageRow.id) < before)
        session = await self._reading()
        return [_message(row) for row in await session.exec(chosen)][::-1]

    async def newest_out(self, chat_id: int) -> ChatMessage | None:
        """What the person saw last from us: its buttons are what a typed number answers."""
        newest = _shown(chat_id).where(ChatMessageRow.direction == Direction.OUT).limit(1)
        row = (await (await self._reading()).exec(newest)).first()
        return _message(row) if row else None

    async def is_unanswered(self, chat_id: int, client_id: str) -> bool:
        """Whether this line is in the talk, and nothing was said or changed by us since."""
        session = await self._reading()
        came = select(ChatMessageRow.rev).where(
            ChatMessageRow.chat_id == chat_id, ChatMessageRow.client_id == client_id
        )
        rev = (await session.exec(came)).one_or_none()
        if rev is None:
            return False
        answers = select(ChatMessageRow.id).where(
            ChatMessageRow.chat_id == chat_id,
            ChatMessageRow.direction == Direction.OUT,
            ChatMessageRow.rev > rev,
        )
        return (await session.exec(answers.limit(1))).first() is None

    async def first_id(self, chat_id: int) -> int | None:
        """The oldest bubble there is; whatever a page shows from before it was cleared."""
        session = await self._reading()
        first = select(func.min(ChatMessageRow.id)).where(ChatMessageRow.chat_id == chat_id)
        found: int | None = (await session.exec(first)).one()
        return found

    async def ack(self, chat_id: int, rev: int) -> None:
        """The page has everything up to `rev`. An older or impossible one changes nothing."""
        statement = sa.update(ChatRow).where(
            col(ChatRow.chat_id) == chat_id, col(ChatRow.acked) < rev, col(ChatRow.rev) >= rev
        )
        await self._changed(statement.values(acked=rev))

    async def cursor(self, chat_id: int) -> tuple[int, int]:
        """(last revision given, last one acknowledged); (0, 0) for a chat nobody spoke in."""
        session = await self._reading()
        row = (await session.exec(select(ChatRow).where(ChatRow.chat_id == chat_id))).one_or_none()
        return (row.rev, row.acked) if row else (0, 0)

    async def clear(self, chat_id: int) -> int:
        """Delete the conversation for good; returns how many bubbles.

        Revisions go on from where they were: a cursor from before stays usable.
        """
        statement = sa.delete(ChatMessageRow).where(col(ChatMessageRow.chat_id) == chat_id)
        return await self._changed(statement)

    async def purge(self, before: datetime) -> int:
        """Delete bubbles said before; returns how many."""
        return await self._changed(sa.delete(ChatMessageRow).where(col(ChatMessageRow.at) < before))

    async def _next_rev(self, chat_id: int, channel: str | None = None) -> int:
        session = await self._writing()
        first = {"chat_id": chat_id, "channel": channel, "rev": 1, "acked": 0}
        statement = (
            insert(session, ChatRow)
            .values(**first)
            .on_conflict_do_update(index_elements=["chat_id"], set_={"rev": ChatRow.rev + 1})
            .returning(col(ChatRow.rev))
        )
        rev: int = (await session.exec(statement)).scalar_one()
        return rev

    async def _change(
        self, chat_id: int, message_id: int, values: dict[str, Any]
    ) -> ChatMessage | None:
        session = await self._writing()
        one = (
            col(ChatMessageRow.chat_id) == chat_id,
            col(ChatMessageRow.id) == message_id,
            col(ChatMessageRow.deleted).is_(False),
        )
        rev = await self._next_rev(chat_id)
        changed = sa.update(ChatMessageRow).where(*one).values(**values, rev=rev)
        if (await session.exec(changed)).rowcount != 1:
            return None
        row = (
            await session.exec(select(ChatMessageRow).where(ChatMessageRow.id == message_id))
        ).one()
        return _message(row)


def _shown(chat_id: int) -> SelectOfScalar[ChatMessageRow]:
    return (
        select(ChatMessageRow)
        .where(ChatMessageRow.chat_id == chat_id, col(ChatMessageRow.deleted).is_(False))
        .order_by(col(ChatMessageRow.id).desc())
    )


def _buttons_to_json(buttons: Buttons) -> list[list[list[str | None]]]:
    return [[[button.label, button.data, button.url] for button in row] for row in buttons]


def _buttons_from_json(rows: Sequence[Sequence[Sequence[Any]]]) -> Buttons:
    return tuple(tuple(Button(*button) for button in row) for row in rows)


def _message(row: ChatMessageRow) -> ChatMessage:
    typed = {"direction": Direction(row.direction), "buttons": _buttons_from_json(row.buttons)}
    return ChatMessage(**{**row.model_dump(), **typed})
