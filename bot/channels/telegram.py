"""The Telegram door: long polling or webhook, supervised, so that a block stops nothing else.

Telegram is blocked in Vietnam: here failure is the ordinary case. Nothing in this module delays
the start of the program or reaches the other doors; `Telegram.state` tells health pages the rest.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import LinkPreviewOptions, Update
from aiogram.types.update import UpdateTypeLookupError
from aiogram.utils.backoff import Backoff, BackoffConfig
from aiohttp import web
from pydantic import ValidationError

from bot.channels.base import TELEGRAM, Capabilities, Feed
from bot.channels.lanes import RETRY, Lanes
from bot.channels.telegram_html import LineBreaks
from bot.config import ConfigError, Settings

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)

#: What conversations can use. my_chat_member tells that a person blocked the bot or came back.
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

#: Real updates are a few kilobytes; this leaves room for the longest message quoting another.
LARGEST_UPDATE = 1024 * 1024

#: A network that comes back is noticed within half a minute; one that is gone costs little.
RECONNECT = BackoffConfig(min_delay=1.0, max_delay=30.0, factor=1.7, jitter=0.2)

#: Updates in hand at once by webhook; more are asked to come again, Telegram keeps them 24 hours.
MOST_IN_HAND = 500

# The bot's id, then its key. ASCII only: aiogram's own check lets a superscript digit pass, and
# then breaks on it.
_TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{3,}")


@dataclass(frozen=True, slots=True)
class Timing:
    """Every wait of this door, in seconds; tests make them short."""

    poll: int = 30
    """How long Telegram holds a getUpdates that has nothing to say."""
    slack: int = 10
    """How much later than `poll` a silent connection counts as dead."""
    look_again: float = 1.0
    """While a slow answer keeps its update unconfirmed, others are fetched this often."""
    retry: BackoffConfig = RECONNECT
    feed_retry: BackoffConfig = RETRY
    rarely: float = 600.0
    """A refused token does not heal by itself; a webhook is looked after as often."""
    answer_within: float = 20.0
    """Telegram waits about a minute for the answer to a webhook."""
    grace: float = 5.0
    """What was begun when the program is stopped may still end within this."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits out a setback; a test hands in one that only notes how long."""


@dataclass(frozen=True, slots=True)
class State:
    """How the door is, for health pages."""

    status: Literal["connecting", "ok", "down"]
    since: datetime
    last_error: str | None = None
    """Kept after recovery: it explains the gap somebody noticed."""

    def __str__(self) -> str:
        """For a page anybody may open: without the error, which may name a proxy."""
        return f"{self.status} since {self.since.isoformat(timespec='seconds')}"


class _FetchUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates with its answer left as sent.

    aiogram's own reads the batch as a whole, so a single update it cannot read would hide the
    others, and would do so again at every try until Telegram forgets it a day later.
    """

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


class Telegram:
    """The door of Telegram's own ids: chats and messages keep the numbers Telegram gave them."""

    name = "telegram"
    number = 0
    capabilities: Capabilities = TELEGRAM

    def __init__(
        self,
        bot: Bot,
        *,
        webhook_url: str = "",
        webhook_secret: str = "",
        allowed_updates: tuple[str, ...] = ALLOWED_UPDATES,
        timing: Timing | None = None,
    ) -> None:
        """Without a `webhook_url` the door polls."""
        self.bot = bot
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._allowed_updates = list(allowed_updates)
        self._timing = timing or Timing()
        self._backoff = Backoff(self._timing.retry)
        self._state = State("connecting", datetime.now(UTC))
        self._lanes: Lanes | None = None
        # Fetched and unconfirmed updates in Telegram's order; None is one nobody has to wait for.
        self._window: dict[int, asyncio.Task[None] | None] = {}
        self._offset: int | None = None

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        allowed_updates: tuple[str, ...] = ALLOWED_UPDATES,
        timing: Timing | None = None,
    ) -> Self | None:
        """The door as configured; None without a token: Telegram is optional."""
        token = settings.telegram_token.get_secret_value().strip()
        if not token:
            return None
        if not _TOKEN.fullmatch(token):
            raise ConfigError(
                "TELEGRAM_TOKEN must be digits, a colon and letters, as @BotFather gave it"
                " (like 123456789:AAE-x…); copy it again, or leave it empty to do without Telegram"
            )
        bot = Bot(
            token,
            session=_session(settings),
            default=DefaultBotProperties(
                parse_mode=ParseMode.HTML,
                # A preview says what we did not say. (Not link_preview_is_disabled=True: aiogram
                # then sends the parameter's name of 2023 beside today's.)
                link_preview=LinkPreviewOptions(is_disabled=True),
            ),
        )
        return cls(
            bot,
            webhook_url=settings.public_url + PATH if settings.telegram_mode == "webhook" else "",
            webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
            allowed_updates=allowed_updates,
            timing=timing,
        )

    @property
    def state(self) -> State:
        """How the door is now."""
        return self._state

    @property
    def rings(self) -> bool:
        """Whether a message would get through now; where Telegram is blocked, it would not."""
        return self._state.status == "ok"

    def echo(self, chat_id: int, label: str) -> None:
        """Nothing to do: the chat shows what was typed."""

    def routes(self) -> list[web.RouteDef]:
        """The webhook's address; none when polling."""
        return [web.post(PATH, self._receive)] if self._webhook_url else []

    async def run(self, feed: Feed) -> None:
        """Receive until cancelled, whatever happens to Telegram or to the way there."""
        receive = self._keep_webhook if self._webhook_url else self._poll
        async with asyncio.TaskGroup() as group:
            lanes = Lanes(feed, self.bot, group, retry=self._timing.feed_retry)
            self._lanes = lanes
            try:
                while True:
                    try:
                        await receive(lanes)
                    # A blocked network answers with anything: resets, timeouts, a carrier's HTML
                    # page, a proxy's own errors. None of it may end the door or leave it.
                    except Exception as error:  # noqa: BLE001 (the comment above says why)
                        await self._timing.sleep(self._setback(error))
            finally:
                self._lanes = None
                await lanes.finish(self._timing.grace)

    # --- Polling ---------------------------------------------------------------------------

    async def _poll(self, lanes: Lanes) -> None:
        """Fetch for ever. Asking with an offset is what confirms, so nothing is asked too soon."""
        await self.bot.me()
        await self.bot.delete_webhook()  # getUpdates is refused while one is set
        patience = 0  # the first answer comes at once and tells whether we may poll at all
        while True:
            fetched = await self.bot(
                _FetchUpdates(
                    offset=self._offset,
                    timeout=patience,
                    allowed_updates=self._allowed_updates,
                ),
                request_timeout=patience + self._timing.slack,
            )
            self._connected()
            for data in fetched:
                if data["update_id"] not in self._window:
                    update = self._read(data)
                    self._window[data["update_id"]] = lanes.take(update) if update else None
            await self._settle()
            # Unconfirmed updates come back at once, so long polling would only spin.
            patience = 0 if self._window else self._timing.poll

    async def _settle(self) -> None:
        """Wait a little for the work in hand, then move the offset over what is finished.

        One slow answer (a document through a slow proxy) holds the offset, not the other chats:
        `_poll` goes on fetching and passes over what it knows. Up to 99 updates behind it, that
        is, for Telegram hands out a hundred unconfirmed ones at most.
        """
        working = {task for task in self._window.values() if task and not task.done()}
        if working:
            await asyncio.wait(working, timeout=self._timing.look_again)
        while self._window:
            update_id, task = next(iter(self._window.items()))
            if task and not task.done():
                break
            del self._window[update_id]
            self._offset = update_id + 1

    # --- Webhook ---------------------------------------------------------------------------

    async def _keep_webhook(self, _lanes: Lanes) -> None:
        """Set the webhook, and again from time to time: another program may have taken it away."""
        while True:
            await self.bot.me()
            await self.bot.set_webhook(
                self._webhook_url,
                secret_token=self._webhook_secret,
                allowed_updates=self._allowed_updates,
            )
            checked = datetime.now(UTC)
            self._connected()
            await self._timing.sleep(self._timing.rarely)
            info = await self.bot.get_webhook_info()
            if info.last_error_date and info.last_error_date >= checked:
                log.warning("telegram cannot reach our webhook: %s", info.last_error_message)
                self._state = State(self._state.status, self._state.since, info.last_error_message)

    async def _receive(self, request: web.Request) -> web.Response:
        """One update from Telegram, answered when `feed` has returned.

        Telegram keeps an update until it gets a 2xx, so answering after the work loses nothing
        even when we are killed; it holds back that chat's next updates meanwhile, as we want.
        Work that takes longer than `answer_within` goes on, and the repetition joins it.
        """
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._webhook_secret.encode()):
            return web.Response(status=401)
        try:
            data = json.loads(await _body(request))
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(data, dict) or type(data.get("update_id")) is not int:
            return web.Response(status=400)

        update = self._read(data)
        if update is None:
            return web.Response()
        lanes = self._lanes
        if lanes is None or len(lanes) >= MOST_IN_HAND:
            return _come_again()
        task = lanes.take(update)
        await asyncio.wait({task}, timeout=self._timing.answer_within)
        return web.Response() if task.done() and not task.cancelled() else _come_again()

    # --- Both ------------------------------------------------------------------------------

    def _read(self, data: dict[str, Any]) -> Update | None:
        """The update, or None for one that this program cannot know what to do with.

        Such a one counts as done. Refusing it would bring it back for 24 hours, and all that
        time Telegram would keep that person's next messages behind it.
        """
        try:
            update = Update.model_validate(data, context={"bot": self.bot})
            update.event_type  # noqa: B018 (raises when there is no event in it we know)
        except ValidationError as error:
            places = {".".join(map(str, problem["loc"])) for problem in error.errors()}
            log.error("update %s cannot be read at %s", data["update_id"], sorted(places))
        except UpdateTypeLookupError:
            kinds = sorted(data.keys() - {"update_id"})
            log.info("update %s is of a kind we do not know: %s", data["update_id"], kinds)
        else:
            return update
        return None

    def _connected(self) -> None:
        self._backoff.reset()
        if self._state.status != "ok":
            log.info("telegram connected, bot %d", self.bot.id)
            self._state = State("ok", datetime.now(UTC), self._state.last_error)

    def _setback(self, error: Exception) -> float:
        """Note a failure (in the log once, not at every try); how long to wait."""
        reason = self._in_one_line(error)
        if isinstance(error, TelegramRetryAfter):
            delay = float(error.retry_after)  # exactly that: asking earlier makes it longer
        elif isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
            reason = f"the token is refused ({reason}); put the right one into TELEGRAM_TOKEN"
            delay = self._timing.rarely
        elif isinstance(error, TelegramConflictError):
            delay = self._timing.retry.max_delay  # two programs on one token: do not fight
        else:
            delay = max(next(self._backoff), 0.0)

        before, now = self._state, datetime.now(UTC)
        if before.status != "down" or before.last_error != reason:
            log.warning("telegram is down: %s", reason)
        log.debug("telegram: trying again in %.1f s", delay, exc_info=error)
        self._state = State("down", before.since if before.status == "down" else now, reason)
        return delay

    def _in_one_line(self, error: Exception) -> str:
        """The error without the token, which aiohttp's messages may hold as part of an address."""
        text = f"{type(error).__name__}: {error}".splitlines()[0]
        return text.replace(self.bot.token, "<token>")[:300]


def _session(settings: Settings) -> AiohttpSession:
    api = PRODUCTION
    if settings.telegram_api_url:
        api = TelegramAPIServer.from_base(settings.telegram_api_url)
    try:
        session = AiohttpSession(proxy=settings.telegram_proxy or None, api=api)
    except ValueError:
        raise ConfigError(
            "TELEGRAM_PROXY must be an address like socks5://user:password@host:1080"
            " or http://host:3128"
        ) from None  # the error itself would show the password
    session.middleware(LineBreaks())
    return session


async def _body(request: web.Request) -> bytes:
    """The body, up to our own limit: the server's one is set for other pages."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > LARGEST_UPDATE:
            raise web.HTTPRequestEntityTooLarge(LARGEST_UPDATE, len(body))
    return bytes(body)


def _come_again() -> web.Response:
    # Telegram obeys this header (tdlib/telegram-bot-api, WebhookActor.cpp: get_retry_after).
    return web.Response(status=503, headers={"Retry-After": "2"})
