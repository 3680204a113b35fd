"""The web chat as a door: its bot, its routes, and how a post becomes an update.

Every change is a POST with a token bound to the cookie. A post is answered when the conversation
has dealt with it, with whatever is new; the socket only makes that faster for other devices.
"""

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.types import Update
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.channels.base import WEB, Feed
from bot.channels.webchat import views
from bot.channels.webchat.devices import NUMBER, Device, Devices, Revoked, set_cookie
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.inbound import Pressed, Said, pressed_update, said_update
from bot.channels.webchat.session import CHANNEL, WebChatSession
from bot.channels.webchat.socket import serve_socket
from bot.channels.webchat.waiting import show_waiting, show_waiting_unless_busy
from bot.throttle import Throttle
from content.texts import errors as error_texts
from domain.errors import StorageBusy
from storage.channel_ids import ChannelIds
from storage.engine import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
Posted = TypeVar("Posted", bound=BaseModel)

#: aiogram wants a token; the digits keep this bot's id apart from every Telegram bot's.
LOCAL_TOKEN = "2:web-local"  # noqa: S105  no secret: nothing is signed in with it
LARGEST_POST = 32_000
HISTORY = 50
#: A talk, and the token bound to its cookie, stay in no cache of a shared phone.
NOT_KEPT = {"Cache-Control": "no-store"}


class WebChat:
    """The door that is always open."""

    name = CHANNEL
    number = NUMBER
    capabilities = WEB

    def __init__(
        self,
        db: Database,
        ids: ChannelIds,
        *,
        secret: str,
        public_url: str,
        clock: Callable[[], datetime],
        trusted: Callable[[web.Request], str],
    ) -> None:
        self._db = db
        self._clock = clock
        self._hub = Hub()
        self._devices = Devices(db, ids, secret, clock)
        self._public_url = public_url
        self._secure = public_url.startswith("https://")
        self._address = trusted
        self._posts = Throttle(burst=20, per_second=1.0)
        self._newcomers = Throttle(burst=60, per_second=1.0)
        self._feed: Feed | None = None
        self.bot = Bot(
            LOCAL_TOKEN,
            session=WebChatSession(db, self._hub, clock),
            default=DefaultBotProperties(parse_mode=ParseMode.HTML),
        )

    @property
    def rings(self) -> bool:
        """A closed page is silent."""
        return self.capabilities.push

    def echo(self, chat_id: int, label: str) -> None:
        """Nothing to do: the page shows the typed line itself."""

    async def run(self, feed: Feed) -> None:
        """Posts arrive through the web server; there is no loop of our own."""
        self.accept(feed)

    def accept(self, feed: Feed) -> None:
        """Where posts are handed to. Set before the web server starts."""
        self._feed = feed

    async def hang_up(self, _: web.Application) -> None:
        """End all open lines before the server does: it would wait a minute for them."""
        self._hub.close()

    def routes(self) -> list[web.RouteDef]:
        """Pages, posts and the socket."""
        return [
            *views.page_routes(self._devices, self._commune_name, secure=self._secure),
            web.get("/chat/state", self._state),
            web.get("/chat/messages", self._older),
            web.get("/chat/ws", self._socket),
            web.post("/chat/say", self._say),
            web.post("/chat/press", self._press),
            web.post("/chat/clear", self._clear),
        ]

    async def _commune_name(self, commune_id: str) -> str | None:
        async with UnitOfWork(self._db) as uow:
            commune = await uow.communes.get(commune_id)
        return commune.name if commune else None

    async def _state(self, request: web.Request) -> web.Response:
        try:
            device = await self._devices.of(request)
        except Revoked:
            return self._gone(request)
        messages: list[dict[str, Any]] = []
        rev, more = 0, False
        if device.chat_id is not None:
            with suppress(StorageBusy):  # a reason to show it later, not to refuse the page
                await show_waiting_unless_busy(self._db, device.chat_id, self._clock())
            async with UnitOfWork(self._db) as uow:
                rows = await uow.messages.latest(device.chat_id, HISTORY + 1)
                rev, _ = await uow.messages.cursor(device.chat_id)
            more = len(rows) > HISTORY
            messages = [views.message_json(row) for row in rows[-HISTORY:]]
        response = web.json_response(
            {
                "csrf": self._devices.csrf(device),
                "rev": rev,
                "signed_in": await self._devices.person_behind(device.chat_id) is not None,
                "locale": "vi",
                "messages": messages,
                "more": more,
            },
            headers=NOT_KEPT,
        )
        set_cookie(request, response, device, secure=self._secure)
        return response

    def _gone(self, request: web.Request) -> web.Response:
        """Signed out from elsewhere: the page forgets, and begins anew with another cookie."""
        response = web.json_response({"gone": True}, status=401, headers=NOT_KEPT)
        set_cookie(request, response, self._devices.new(), secure=self._secure)
        return response

    async def _older(self, request: web.Request) -> web.Response:
        try:
            device = await self._devices.of(request)
        except Revoked:
            return self._gone(request)
        before = views.cursor(request.query.get("before", ""))
        if device.chat_id is None or not before:
            return web.json_response({"messages": [], "more": False})
        async with UnitOfWork(self._db) as uow:
            rows = await uow.messages.latest(device.chat_id, HISTORY + 1, before=before)
        return web.json_response(
            {
                "messages": [views.message_json(row) for row in rows[-HISTORY:]],
                "more": len(rows) > HISTORY,
            },
            headers=NOT_KEPT,
        )

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not views.same_origin(request, self._public_url):
            raise web.HTTPForbidden
        try:
            device = await self._devices.of(request)
        except Revoked:
            raise web.HTTPUnauthorized from None
        if device.chat_id is None:
            raise web.HTTPNotFound
        if self._hub.is_full(device.chat_id):
            raise web.HTTPTooManyRequests
        may_stay = partial(self._devices.still_opens, device)
        return await serve_socket(request, self._db, self._hub, device.chat_id, may_stay)

    async def _say(self, request: web.Request) -> web.Response:
        return await self._post(request, Said, said_update)

    async def _press(self, request: web.Request) -> web.Response:
        return await self._post(request, Pressed, pressed_update)

    async def _clear(self, request: web.Request) -> web.Response:
        device = await self._checked(request)
        if isinstance(device, web.Response):
            return device
        fresh = await self._devices.forget(device)
        response = web.json_response({"ok": True, "csrf": self._devices.csrf(fresh)})
        set_cookie(request, response, fresh, secure=self._secure)
        return response

    async def _checked(self, request: web.Request) -> Device | web.Response:
        """The device of a post that may go on, or the answer that says why not."""
        try:
            device = await self._devices.of(request)
        except Revoked:
            return self._gone(request)
        if not self._devices.csrf_matches(device, request.headers.get("X-CSRF", "")):
            answer = web.json_response({"csrf": self._devices.csrf(device)}, status=403)
            set_cookie(request, answer, device, secure=self._secure)
            return answer
        now = time.monotonic()
        wait = self._posts.wait(device.key, now)
        if device.chat_id is None:
            wait = max(wait, self._newcomers.wait(self._address(request), now))
        if wait:
            return views.refusal(429, error_texts.too_fast, retry_after=wait)
        return device

    async def _post(
        self,
        request: web.Request,
        form: type[Posted],
        as_update: Callable[[Posted, int, datetime], dict[str, Any]],
    ) -> web.Response:
        device = await self._checked(request)
        if isinstance(device, web.Response):
            return device
        try:
            posted = form.model_validate(json.loads(await request.read()))
        except web.HTTPRequestEntityTooLarge:
            return views.refusal(413, error_texts.too_long)
        except (ValidationError, ValueError, RecursionError) as error:
            return views.refusal(400, views.sentence_for(error))
        return await self._converse(request, device, posted, as_update)

    async def _converse(
        self,
        request: web.Request,
        device: Device,
        posted: Any,
        as_update: Callable[[Any, int, datetime], dict[str, Any]],
    ) -> web.Response:
        """Hand the post to the conversation and answer with what is new in the chat."""
        if self._feed is None:
            return views.refusal(503, error_texts.storage_busy)
        device, chat_id = await self._devices.started(device)
        person = await self._devices.person_behind(chat_id)
        update = Update.model_validate(
            as_update(posted, chat_id, self._clock()), context={"bot": self.bot}
        )
        # First, so that the buttons of the answer stay the newest.
        await show_waiting(self._db, chat_id, self._clock())
        await self._feed(self.bot, update)
        seen = views.cursor(request.headers.get("X-Rev", ""))
        async with UnitOfWork(self._db) as uow:
            rows = await uow.messages.after(chat_id, seen, 200)
            first = await uow.messages.first_id(chat_id)
        now_behind = await self._devices.person_behind(chat_id)
        if now_behind is not None and now_behind != person:
            device = await self._devices.renewed(device)
        response = web.json_response(
            {
                "ok": True,
                "messages": [views.message_json(row) for row in rows],
                "rev": rows[-1].rev if rows else seen,
                "first": first,
                "csrf": self._devices.csrf(device),
            }
        )
        set_cookie(request, response, device, secure=self._secure)
        return response
