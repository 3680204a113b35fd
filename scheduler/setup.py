"""The clock: APScheduler rings, the database remembers. Every tick may run twice without harm."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from domain.plan import PlanPack
from scheduler.delivery import Door, deliver
from scheduler.jobs import clean_up, plan_reminders
from storage.engine import Database

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Clockwork:
    """The table of ticks and when they last ran."""

    def __init__(
        self,
        db: Database,
        packs: Mapping[str, PlanPack],
        doors: Mapping[int, Door],
        clock: Clock,
    ) -> None:
        self._db = db
        self._packs = packs
        self._doors = doors
        self._clock = clock
        self.last_tick: datetime | None = None
        # One tick at a time, late ones once, and never dropped for being late (the default: 1 s).
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to ring. Call inside a running event loop."""
        ticks: tuple[tuple[str, str, Callable[[], Awaitable[None]]], ...] = (
            ("reminders", "*/5 * * * *", self.tick),
            ("delivery", "* * * * *", self.deliver),
            ("clean-up", "17 19 * * *", self.clean_up),
        )
        for name, cron, tick in ticks:
            self._scheduler.add_job(tick, CronTrigger.from_crontab(cron, timezone=UTC), id=name)
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; what runs is finished by its own transaction or not at all."""
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Plan what is due, then deliver it."""
        now = self._clock()
        await plan_reminders(self._db, self._packs, self._doors, now)
        await self.deliver()
        self.last_tick = now

    async def deliver(self) -> None:
        """Send what is due and nobody else is sending."""
        await deliver(self._db, self._doors, self._clock)

    async def clean_up(self) -> None:
        """Forget what must not be kept longer."""
        await clean_up(self._db, self._clock())
