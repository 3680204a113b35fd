"""The live line: pushes what is new in a chat to one open page.

Every message is idempotent by id and ordered by rev; the page acknowledges what it has shown.
Besides the in-process wake-up the socket looks by itself every few seconds, so that another
replica's answers arrive too.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from bot.channels.webchat.hub import Hub
from bot.channels.webchat.views import cursor, message_json
from domain.errors import StorageBusy
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

LOOK_EVERY = 3.0
"""Seconds between looks when nobody in this process has woken us."""
HEARTBEAT = 25.0
BATCH = 100
ACK_EVERY = 3.0


async def serve_socket(
    request: web.Request,
    db: Database,
    hub: Hub,
    chat_id: int,
    may_stay: Callable[[], Awaitable[bool]],
) -> web.WebSocketResponse:
    """Serve one page until it leaves, or `may_stay` says no. `?after=` is the last rev it has."""
    after = cursor(request.query.get("after", ""))
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=4096)
    await ws.prepare(request)
    changed = hub.watch(chat_id)
    async with asyncio.TaskGroup() as group:
        group.create_task(_push(ws, db, hub, chat_id, after, may_stay, changed))
        try:
            await _read_acks(ws, db, chat_id)
        finally:
            hub.leave(chat_id, changed)
            await ws.close()
            changed.set()  # not cancelled: a look at the database is never cut off in the middle
    return ws


async def _push(
    ws: web.WebSocketResponse,
    db: Database,
    hub: Hub,
    chat_id: int,
    rev: int,
    may_stay: Callable[[], Awaitable[bool]],
    changed: asyncio.Event,
) -> None:
    try:
        while not ws.closed:
            changed.clear()
            if hub.is_closing:
                await ws.close(code=WSCloseCode.GOING_AWAY)
                return
            if not await may_stay():
                await ws.close(code=WSCloseCode.POLICY_VIOLATION)
                return
            async with UnitOfWork(db) as uow:
                rows = await uow.messages.after(chat_id, rev, BATCH)
                first = await uow.messages.first_id(chat_id) if rows else None
            if rows:
                rev = rows[-1].rev
                messages = [message_json(row) for row in rows]
                await ws.send_json({"messages": messages, "rev": rev, "first": first})
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_EVERY)
    except ConnectionError:
        return
    except StorageBusy:
        await ws.close(code=WSCloseCode.TRY_AGAIN_LATER)  # the page comes again by itself


async def _read_acks(ws: web.WebSocketResponse, db: Database, chat_id: int) -> None:
    """Keep what the page says it has shown; not each time, for it may say so very often."""
    shown = kept = 0
    next_at = time.monotonic()
    try:
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                shown = _acked(message.data) or shown
            if shown != kept and time.monotonic() >= next_at:
                await _keep_ack(db, chat_id, shown)
                kept, next_at = shown, time.monotonic() + ACK_EVERY
    finally:
        if shown != kept:
            await _keep_ack(db, chat_id, shown)


async def _keep_ack(db: Database, chat_id: int, rev: int) -> None:
    with suppress(StorageBusy):  # the next one says it again
        async with UnitOfWork(db) as uow:
            await uow.messages.ack(chat_id, rev)
            await uow.commit()


def _acked(text: str) -> int:
    """The revision a page says it has shown; 0 for whatever else it may send."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return 0
    return cursor(str(said.get("ack"))) if isinstance(said, dict) else 0
