"""Which device is which chat: a random http-only cookie, stored only as its hash.

A cookie costs nothing until its first post; then it becomes a device row and a chat. Signing in
gives the device a new cookie (nobody who saw the old one comes along); a revoked one is dead.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiohttp import web

from domain.errors import StorageBusy
from storage.channel_ids import ChannelIds
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

COOKIE = "tcns"
COOKIE_DAYS = 400
NUMBER = 1
"""The web chat's number among the doors whose ids we make."""

_TOKEN = re.compile(r"[0-9A-Za-z_-]{20,100}")


class Revoked(Exception):
    """The device was signed out from elsewhere."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: its cookie, and its chat once it has one."""

    token: str
    chat_id: int | None

    @property
    def key(self) -> str:
        """What is stored of the cookie."""
        return hashlib.sha256(self.token.encode()).hexdigest()


class Devices:
    """Reads, starts, renews and ends web devices."""

    def __init__(
        self, db: Database, ids: ChannelIds, secret: str, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._ids = ids
        self._secret = secret.encode()
        self._clock = clock

    @staticmethod
    def new() -> Device:
        """A device nobody has written down yet."""
        return Device(secrets.token_urlsafe(32), None)

    async def of(self, request: web.Request) -> Device:
        """The device of a request; a new one without a cookie. Raises Revoked."""
        token = request.cookies.get(COOKIE, "")
        if not _TOKEN.fullmatch(token):
            return self.new()
        device = Device(token, None)
        async with UnitOfWork(self._db) as uow:
            row = await uow.devices.by_token(device.key)
            if row is None:
                return device
            if row.revoked_at is not None:
                raise Revoked
            if row.replaces is not None:
                with suppress(StorageBusy):  # the next request confirms it as well
                    await uow.devices.confirm(device.key, self._clock())
                    await uow.commit()
        return Device(token, row.chat_id)

    async def started(self, device: Device) -> tuple[Device, int]:
        """The device with a chat, made now if it has none."""
        if device.chat_id is not None:
            return device, device.chat_id
        chat_id = await self._ids.to_int(NUMBER, "chat", device.key)
        async with UnitOfWork(self._db) as uow:
            await uow.devices.add(device.key, chat_id, self._clock())
            await uow.commit()
        return Device(device.token, chat_id), chat_id

    async def renewed(self, device: Device) -> Device:
        """The same chat under a new cookie."""
        fresh = Device(secrets.token_urlsafe(32), device.chat_id)
        async with UnitOfWork(self._db) as uow:
            await uow.devices.rotate(device.key, fresh.key, self._clock())
            await uow.commit()
        return fresh

    async def still_opens(self, device: Device) -> bool:
        """Whether the cookie still leads to its chat: a line that is open must not outlive it."""
        async with UnitOfWork(self._db) as uow:
            row = await uow.devices.by_token(device.key)
        return row is not None and row.revoked_at is None and row.chat_id == device.chat_id

    async def forget(self, device: Device) -> Device:
        """Erase the conversation, sign the device out, and hand out a new, empty one."""
        if device.chat_id is not None:
            async with UnitOfWork(self._db) as uow:
                await uow.messages.clear(device.chat_id)
                await uow.accounts.unbind(device.chat_id)
                await uow.devices.revoke(device.key, self._clock())
                await uow.commit()
            with suppress(StorageBusy):  # the nightly clean-up does it as well
                await self._db.wipe_journal()
        return self.new()

    async def person_behind(self, chat_id: int | None) -> UUID | None:
        """Which member of staff the chat is signed in as; None for a resident."""
        if chat_id is None:
            return None
        async with UnitOfWork(self._db) as uow:
            account = await uow.accounts.of_chat(chat_id)
        return account.person_id if account else None

    def csrf(self, device: Device) -> str:
        """The token a page must send with every post: bound to the cookie, kept nowhere."""
        return hmac.new(self._secret, b"csrf:" + device.key.encode(), "sha256").hexdigest()

    def csrf_matches(self, device: Device, given: str) -> bool:
        """Constant-time comparison."""
        return hmac.compare_digest(self.csrf(device).encode(), given.encode(errors="replace"))


def set_cookie(
    request: web.Request, response: web.StreamResponse, device: Device, *, secure: bool
) -> None:
    """Hand out the cookie unless the browser has it: an answer overtaken by a newer one must not
    bring the old cookie back.

    Http-only and SameSite=Lax: links from messengers still open the same conversation.
    """
    if request.cookies.get(COOKIE) == device.token:
        return
    response.set_cookie(
        COOKIE,
        device.token,
        max_age=COOKIE_DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=secure,
        path="/",
    )
