"""The real app behind a real HTTP server, as `serve` runs it, and what people do there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from domain.people import Role
from handlers.invitations import new_invitation
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
from tests.support.phone import Phone
from tests.support.talk import Stage, staged

#: A database that is locked says so after this long, not after the five seconds of real life.
LOCK_MILLISECONDS = 60


@dataclass
class Site:
    """A running program and its address."""

    stage: Stage
    base: str
    cast: Cast

    @property
    def origin(self) -> dict[str, str]:
        """What a browser adds to a socket's request from our page."""
        return {"Origin": self.base}


@asynccontextmanager
async def serving(folder: Path, url: str, **settings: Any) -> AsyncIterator[tuple[Stage, str]]:
    """The program on a database, listening."""
    async with staged(folder, url, lock_milliseconds=LOCK_MILLISECONDS, **settings) as stage:
        runner = web.AppRunner(stage.app.web_app(), access_log=None)  # as `serve` does
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield stage, f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def invitation(stage: Stage, role: Role = Role.MEMBER, place: str = "to-1") -> str:
    made = new_invitation("loc-tan", role, place, stage.clock(), uses=1)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.invitations.add(made)
        await uow.commit()
    return made.code


async def joins(site: Site, phone: Phone) -> Phone:
    """Come in as a member, by an invitation, as people do."""
    code = await invitation(site.stage)
    await phone.says(f"/start i-{code}")
    await phone.presses("Nhận lời mời")
    await phone.says("Người mẫu Mai")
    assert "đã vào" in phone.last.text
    return phone


async def chat_of(site: Site) -> int:
    """The only chat there is."""
    async with site.stage.app.db.ro_engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT chat_id FROM chat")
        chat_id: int = found.scalar_one()
        return chat_id


@asynccontextmanager
async def socket_of(
    site: Site, phone: Phone, after: int = 0
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = f"{site.base}/chat/ws?after={after}"
    async with phone.http.ws_connect(url, headers=site.origin) as socket:
        yield socket


async def until_closed(
    socket: aiohttp.ClientWebSocketResponse,
) -> AsyncIterator[aiohttp.WSMessage]:
    """What the socket still says before it is closed, or falls silent for a while."""
    while True:
        try:
            message = await socket.receive(timeout=0.3)
        except TimeoutError:
            return
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        yield message
