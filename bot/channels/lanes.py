"""One chat's updates one after another, different chats side by side, none lost on a failure."""

import asyncio
import logging
from weakref import WeakValueDictionary

from aiogram import Bot
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from aiogram.utils.backoff import Backoff, BackoffConfig

from bot.channels.base import Feed

log = logging.getLogger(__name__)

#: Chats served at once. Each may hold a database connection; more would only wait for those.
WIDTH = 16

#: An update that fails this often while others pass is itself the trouble: it is given up.
TRIES_WHILE_OTHERS_PASS = 3

#: When nothing passes (database away, disk full) the update waits; with RETRY about a quarter hour.
TRIES_WHILE_NOTHING_PASSES = 20

RETRY = BackoffConfig(min_delay=0.5, max_delay=60.0, factor=2.0, jitter=0.1)


class Lanes:
    """Hands updates to `feed` in the order of their chat.

    aiogram's own event isolation orders only what has begun; two tasks of one chat may begin in
    any order once they have waited elsewhere. A lane is entered when the update is taken.
    """

    def __init__(
        self,
        feed: Feed,
        bot: Bot,
        group: asyncio.TaskGroup,
        *,
        width: int = WIDTH,
        retry: BackoffConfig = RETRY,
    ) -> None:
        self._feed = feed
        self._bot = bot
        self._group = group
        self._slots = asyncio.Semaphore(width)
        self._retry = retry
        # A lane lives as long as somebody stands in it.
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._passed = 0

    def __len__(self) -> int:
        return len(self._in_hand)

    def take(self, update: Update) -> asyncio.Task[None]:
        """Begin with the update; the task ends when `feed` has returned (or it was given up).

        An update that comes again while it is in hand joins the work already going on.
        """
        task = self._in_hand.get(update.update_id)
        if task is None:
            lane = self._lanes.setdefault(_chat_of(update), asyncio.Lock())
            task = self._group.create_task(self._carry(update, lane))
            self._in_hand[update.update_id] = task
            task.add_done_callback(lambda _: self._in_hand.pop(update.update_id, None))
        return task

    async def finish(self, grace: float) -> None:
        """Let what was begun end: a handler cut between its commit and its answer says nothing."""
        if self._in_hand:
            await asyncio.wait(set(self._in_hand.values()), timeout=grace)

    async def _carry(self, update: Update, lane: asyncio.Lock) -> None:
        backoff = Backoff(self._retry)
        passed_before = self._passed
        async with lane:
            while error := await self._error_of(update):
                tried = backoff.counter + 1
                others_pass = self._passed > passed_before
                if tried >= (
                    TRIES_WHILE_OTHERS_PASS if others_pass else TRIES_WHILE_NOTHING_PASSES
                ):
                    log.error("update %s is given up", update.update_id, exc_info=error)
                    return
                # The whole story once: twenty copies of it would hide the others.
                story = error if tried == 1 else None
                log.warning("update %s failed at try %d", update.update_id, tried, exc_info=story)
                await backoff.asleep()
            self._passed += 1

    async def _error_of(self, update: Update) -> Exception | None:
        async with self._slots:
            try:
                await self._feed(self._bot, update)
            except Exception as error:  # noqa: BLE001 (whatever it was, the message is not lost)
                return error
        return None


def _chat_of(update: Update) -> int:
    """Whose lane it is: the chat, or the person where there is no chat (inline queries)."""
    context = UserContextMiddleware.resolve_event_context(update)
    return context.chat_id or context.user_id or 0
