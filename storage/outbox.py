"""Messages owed to someone who is not the one talking, until they are delivered or moot.

waiting → (a door) due → claimed → sent. A claim is a lease: who dies before the send began gives
the message back; who dies while sending leaves it `unknown`, because it may have arrived.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from domain.outbox import Owed, State
from storage.claims import FREE, Claims
from storage.models.columns import to_json
from storage.models.outbox import OwedRow, ReminderKeyRow
from storage.sql import add_new

KnownKey = tuple[str, date, str, str | None, UUID]

_KEY_COLUMNS = ("commune_id", "person_id", "owed_id", "period_to", "rule", "rung", "unit_code")


class Outbox(Claims):
    """Planning is here, delivering in `Claims`."""

    async def enqueue(self, owed: Owed) -> bool:
        """Owe a message, once for each dedupe key of the commune; False if it adds nothing.

        Its reminder keys are remembered until it is given up unsent. A message that stands for
        reminders of which each was planned before adds nothing either.
        """
        session = await self._writing()
        plain = {name: getattr(owed, name) for name in Owed.__dataclass_fields__}
        keys = [_plain_key(key) for key in owed.keys]
        values = {**plain, "keys": keys, "buttons": to_json(owed.buttons)}
        if not await add_new(session, OwedRow, values, ["commune_id", "dedupe_key"]):
            return False
        mine = owed.commune_id, owed.person_id, owed.id
        wanted = {
            (
                *mine,
                date.fromisoformat(key["period_to"]),
                key["rule"],
                key["rung"],
                key["unit"] or "",
            )
            for key in keys
        }
        # In one order, or two clocks that plan the same at once could wait for each other.
        new = [
            await add_new(session, ReminderKeyRow, dict(zip(_KEY_COLUMNS, key, strict=True)))
            for key in sorted(wanted)
        ]
        if wanted and not any(new):
            await session.exec(sa.delete(OwedRow).where(col(OwedRow.id) == owed.id))
            return False
        return True

    async def known_keys(self, commune_id: str, since: date) -> set[KnownKey]:
        """(rule, period_to, rung, unit or None, person) planned before, periods from `since` on."""
        session = await self._reading()
        rows = await session.exec(
            select(ReminderKeyRow).where(
                ReminderKeyRow.commune_id == commune_id, col(ReminderKeyRow.period_to) >= since
            )
        )
        return {
            (row.rule, row.period_to, row.rung, row.unit_code or None, row.person_id)
            for row in rows
        }

    async def silence(
        self, commune_id: str, unit_code: str, cutoff_id: str, period_to: date
    ) -> int:
        """Expire what is not on its way yet and stands for this item; returns how many messages.

        A message that stood for more is free to be planned again without it: its keys are
        forgotten and its dedupe key is given up.
        """
        session = await self._writing()
        not_begun = (col(OwedRow.state) == State.CLAIMED) & col(OwedRow.send_started_at).is_(None)
        waiting = sa.or_(col(OwedRow.state).in_([State.WAITING, State.DUE]), not_begun)
        item = {"unit": unit_code, "rule": cutoff_id, "period_to": period_to.isoformat()}
        rows = (
            await session.exec(
                select(OwedRow)
                .where(OwedRow.commune_id == commune_id, waiting)
                .order_by(col(OwedRow.id))
                .with_for_update()
            )
        ).all()
        silenced = 0
        for row in rows:
            others = [key for key in row.keys if not item.items() <= key.items()]
            if len(others) == len(row.keys):
                continue
            silenced += 1
            await self._give_up(row, again=bool(others))
        return silenced

    async def expire(self, now: datetime) -> int:
        """Give up what nobody got before its time was over; returns how many.

        What it stood for was never said: a reminder is free to be planned again, in new words.
        """
        over = col(OwedRow.state).in_([State.WAITING, State.DUE]) & (col(OwedRow.expires_at) <= now)
        session = await self._reading()
        if (await session.exec(select(OwedRow.id).where(over).limit(1))).first() is None:
            return 0
        session = await self._writing()
        rows = (
            await session.exec(
                select(OwedRow).where(over).order_by(col(OwedRow.id)).with_for_update()
            )
        ).all()
        for row in rows:
            await self._give_up(row, again=bool(row.keys))
        return len(rows)

    async def purge(self, before: datetime) -> int:
        """Forget messages over since before; the reminders they stood for stay planned."""
        over = col(OwedRow.state).in_([State.SENT, State.UNKNOWN, State.EXPIRED])
        return await self._changed(sa.delete(OwedRow).where(over, col(OwedRow.expires_at) < before))

    async def _give_up(self, row: OwedRow, *, again: bool) -> None:
        """Expire the message; `again` frees its keys and its dedupe key for another one."""
        freed = {"dedupe_key": f"{row.dedupe_key}#{row.id}"} if again else {}
        expired = sa.update(OwedRow).where(col(OwedRow.id) == row.id)
        await self._changed(expired.values(state=State.EXPIRED, **FREE, **freed))
        if again:
            its_keys = sa.delete(ReminderKeyRow).where(col(ReminderKeyRow.owed_id) == row.id)
            await self._changed(its_keys)

    async def counts_by_state(self, commune_id: str | None = None) -> dict[State, int]:
        """Every state with its number of messages; None counts all communes."""
        session = await self._reading()
        counted = select(OwedRow.state, func.count()).group_by(OwedRow.state)
        if commune_id is not None:
            counted = counted.where(OwedRow.commune_id == commune_id)
        found = dict((await session.exec(counted)).all())
        return {state: found.get(state, 0) for state in State}


def _plain_key(key: Mapping[str, Any]) -> dict[str, Any]:
    """{rule, period_to, rung, unit} as JSON: the day as ISO text, no unit as None."""
    day = key["period_to"]
    return {
        "rule": str(key["rule"]),
        "period_to": day.isoformat() if isinstance(day, date) else str(day),
        "rung": str(key["rung"]),
        "unit": key.get("unit"),
    }
