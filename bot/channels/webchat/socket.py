"""The live line: pushes what is new in a chat to one open page.

Every message is idempotent by id and ordered by rev; the page acknowledges what it has shown.
Besides the in-process wake-up the socket looks by itself every few seconds, so that another
replica's answers arrive too.
"""

import asyncio
from contextlib import suppress

from aiohttp import WSMsgType, web

from bot.channels.webchat.hub import Hub
from bot.channels.webchat.views import message_json
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

LOOK_EVERY = 3.0
"""Seconds between looks when nobody in this process has woken us."""
HEARTBEAT = 25.0
BATCH = 100


async def serve_socket(
    request: web.Request, db: Database, hub: Hub, chat_id: int
) -> web.WebSocketResponse:
    """Serve one page until it leaves. `?after=` is the last rev it has."""
    after = request.query.get("after", "0")
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=4096)
    await ws.prepare(request)
    async with asyncio.TaskGroup() as group:
        pushing = group.create_task(
            _push(ws, db, hub, chat_id, int(after) if after.isdecimal() else 0)
        )
        try:
            await _read_acks(ws, db, chat_id)
        finally:
            pushing.cancel()
    return ws


async def _push(ws: web.WebSocketResponse, db: Database, hub: Hub, chat_id: int, rev: int) -> None:
    changed = hub.watch(chat_id)
    try:
        while not ws.closed:
            changed.clear()
            async with UnitOfWork(db) as uow:
                rows = await uow.messages.after(chat_id, rev, BATCH)
            if rows:
                rev = rows[-1].rev
                await ws.send_json({"messages": [message_json(row) for row in rows], "rev": rev})
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_EVERY)
    except ConnectionError:
        return
    finally:
        hub.leave(chat_id, changed)


async def _read_acks(ws: web.WebSocketResponse, db: Database, chat_id: int) -> None:
    async for message in ws:
        if message.type is not WSMsgType.TEXT:
            continue
        with suppress(ValueError, AttributeError, TypeError):
            rev = int(message.json()["ack"])
            async with UnitOfWork(db) as uow:
                await uow.messages.ack(chat_id, rev)
                await uow.commit()
