"""kill -9 between any two steps: the draft is there, nothing confirmed is lost, nothing doubled.

A member logs visits on the web chat of the real program, over HTTP. The program is killed at
instants a seed chooses: by the clock, also in the middle of a request, and before the n-th
statement to the database. Then it is started again, what was not answered is sent again with the
same id, and the member goes on from what the screen shows.
"""

import asyncio
import hashlib
import random
import re
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from bot.app import utc_now
from bot.channels.webchat.devices import NUMBER
from domain.drafts import Form
from domain.people import Account
from domain.visits import Outcome, Service
from storage.channel_ids import ChannelIds
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.support.chain import check_evidence
from tests.support.commune import found_commune
from tests.support.forking import Child, Launcher, free_port
from tests.support.phone import NoAnswer, Phone, Post, Screen

COOKIE = "a-cookie-that-a-test-has-chosen"
SERVICES = ("VNeID mức 2", "Dịch vụ công", "Chữ ký số")
CODE = re.compile(r"Đã ghi (LT-\d\d-\d{5})|đã ghi rồi, mã (LT-\d\d-\d{5})")
#: Longer than any post takes: a kill by the clock falls into a post, or just after it.
SPAN = 0.06
#: Statements of logging one visit: a kill by number falls into any of them.
STATEMENTS = 160


@dataclass
class Wish:
    """One visit as the member wants to log it."""

    services: tuple[str, ...]
    outcome: str
    people: int | None

    @classmethod
    def of(cls, dice: random.Random) -> "Wish":
        some = tuple(s for s in SERVICES if dice.random() < 0.5) or SERVICES[:1]
        people = dice.choice((None, 2, 11))
        return cls(some, dice.choice(("Xong", "Chưa làm được")), people)


@dataclass
class Member:
    """Lan at the garden gate: looks at the screen and does the next thing, like any person."""

    phone: Phone
    confirmed: set[str] = field(default_factory=set)
    told: dict[UUID, dict[str, object]] = field(default_factory=dict)
    """What each draft must hold from now on, because its answer was answered."""
    saved: set[UUID] = field(default_factory=set)

    def reads(self, screen: Screen) -> bool:
        """Take in a confirmation; whether it was one."""
        codes = {next(filter(None, found)) for found in CODE.findall(screen.text)}
        self.confirmed |= codes
        return bool(codes)

    def next_step(self, wish: Wish) -> Post:
        """What a person does who sees the last message and knows what was done."""
        screen = self.phone.last if self.phone.said else Screen(0, "", {})
        text = screen.text
        if screen.button("Ghi tiếp"):
            return self.phone.press_of("Ghi tiếp")
        if screen.button("Xong, tiếp"):
            ticked = {label[2:] for label in screen.buttons if label.startswith("☑")}
            differing = [s for s in SERVICES if (s in ticked) != (s in wish.services)]
            return self.phone.press_of(differing[0] if differing else "Xong, tiếp")
        if "Kết quả thế nào" in text:
            return self._press(wish.outcome)
        if "Vướng ở đâu" in text:
            return self._press("Vắng nhà")
        if "mấy người" in text:
            return Post("/chat/say", {"text": str(wish.people)})
        if screen.button("Lưu"):
            if wish.people is not None and "Số người: chưa ghi" in text:
                return self.phone.press_of("Thêm số người")
            return self.phone.press_of("Lưu")
        return Post("/chat/say", {"text": "/ghi"})

    def notes(self, post: Post) -> None:
        """The post was answered: what it told the draft must never be gone again."""
        do, draft, *rest = [*str(post.body.get("data", "")).split(":"), "", ""][:4]
        if do == "v" and draft in ("outcome", "reason"):
            self.told.setdefault(UUID(rest[0]), {})[draft] = rest[1]
        elif do == "v" and draft == "services":
            self.told.setdefault(UUID(rest[0]), {})["services_told"] = True
        elif do == "v" and draft == "save":
            self.saved.add(UUID(rest[0]))

    def _press(self, exactly: str) -> Post:
        screen = self.phone.last
        return Post("/chat/press", {"message": screen.id, "data": screen.buttons[exactly]})


@dataclass
class Theatre:
    """The program, its folder, and everyone's memory of what must be true."""

    launcher: Launcher
    folder: Path
    dice: random.Random
    member: Member
    person_id: UUID
    port: int = field(default_factory=free_port)
    deaths: int = 0
    amid: int = 0
    """Deaths that came while a post was under way."""
    child: Child | None = None

    async def live(self, *, die_at: int | None = None) -> Child:
        """Start the program; it finds the database as the last one left it."""
        self.child = self.launcher.start(self.folder, {}, self.port, die_at)
        await self.member.phone.loads()
        if die_at is not None:
            self.child.arm()
        return self.child

    async def dies(self) -> None:
        """Reap what was killed and look at what it left on the disk."""
        assert self.child is not None
        assert self.child.kill() == -signal.SIGKILL
        self.child = None
        self.deaths += 1
        db = Database.open(f"sqlite:///{self.folder}/assistant.db")
        try:
            async with UnitOfWork(db) as uow:
                for draft_id, told in self.member.told.items():
                    draft = await uow.drafts.get(draft_id)
                    assert draft is not None, "the draft is there after each restart"
                    if draft_id not in self.member.saved:
                        assert {k: draft.data.get(k) for k in told} == told
                for code in self.member.confirmed:
                    assert await uow.visits.by_code("loc-tan", code), f"{code} was confirmed"
        finally:
            await db.dispose()

    async def sends(self, post: Post) -> bool:
        """Send until it is answered, through as many lives as that takes; whether one ended."""
        member = self.member
        cut = False
        while True:
            try:
                status, answer = await member.phone.sends(post)
                assert status == 200, (status, answer)
            except NoAnswer:
                cut = True
                self.amid += 1
                await self.dies()
                await self.live()
                continue
            member.notes(post)
            for screen in member.phone.said[-3:]:
                member.reads(screen)
            return cut

    async def logs(self, wish: Wish, killer: "Killer | None" = None) -> int:
        """Log one visit to its confirmation; returns how many posts it took."""
        for posts in range(1, 40):
            before = len(self.member.phone.said)
            post = self.member.next_step(wish)
            if killer is None:
                await self.sends(post)
            else:
                await killer.sends(self, post)
            if any(self.member.reads(s) for s in self.member.phone.said[before:]):
                return posts
        raise AssertionError(f"never confirmed; last: {self.member.phone.last}")


@dataclass
class Killer:
    """Kills once, in the post with this number, this long after it was begun."""

    at_post: int
    after: float
    posts: int = 0

    async def sends(self, theatre: Theatre, post: Post) -> None:
        self.posts += 1
        if self.posts != self.at_post:
            await theatre.sends(post)
            return
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(_attempt(theatre, post))
            await asyncio.sleep(self.after)
            assert theatre.child is not None
            theatre.child.kill_only()
        answered = sending.result()
        theatre.amid += not answered
        await theatre.dies()
        await theatre.live()
        if not answered:
            await theatre.sends(post)


async def _attempt(theatre: Theatre, post: Post) -> bool:
    try:
        status, answer = await theatre.member.phone.sends(post)
    except NoAnswer:
        return False
    assert status == 200, (status, answer)
    theatre.member.notes(post)
    return True


@asynccontextmanager
async def theatre(
    launcher: Launcher, template: Path, folder: Path, seed: int
) -> AsyncIterator[Theatre]:
    """A live commune with one member, whose phone has a cookie already."""
    shutil.copy(template, folder / "assistant.db")
    db = Database.open(f"sqlite:///{folder}/assistant.db")
    cast = await found_commune(db)
    key = hashlib.sha256(COOKIE.encode()).hexdigest()
    chat_id = await ChannelIds(db).to_int(NUMBER, "chat", key)
    async with UnitOfWork(db) as uow:
        await uow.accounts.put(Account("web", chat_id, person_id=cast.people["member"]))
        await uow.commit()
    await db.dispose()
    port = free_port()
    async with Phone(f"http://127.0.0.1:{port}", COOKIE) as phone:
        it = Theatre(
            launcher, folder, random.Random(seed), Member(phone), cast.people["member"], port
        )
        try:
            yield it
        finally:
            if it.child is not None:
                it.child.kill()


async def check_what_is_left(it: Theatre, wishes: list[Wish]) -> None:
    """Every wish is one visit, as wished; the log's chain holds and tells the same."""
    db = Database.open(f"sqlite:///{it.folder}/assistant.db")
    try:
        codes = await check_evidence(db, "loc-tan")
        assert set(codes) == it.member.confirmed
        assert len(codes) == len(wishes)
        async with UnitOfWork(db) as uow:
            visits = [await uow.visits.by_code("loc-tan", code) for code in codes]
            assert await uow.drafts.open_of(it.person_id, Form.VISIT, utc_now()) is None
        services = dict(zip(SERVICES, Service, strict=False))
        for visit, wish in zip(visits, wishes, strict=True):
            assert visit is not None
            assert visit.services == tuple(services[s] for s in wish.services)
            done = wish.outcome == "Xong"
            assert visit.outcome is (Outcome.DONE if done else Outcome.NOT_DONE)
            assert visit.people == wish.people
    finally:
        await db.dispose()
    assert "Traceback" not in (it.folder / "program.log").read_text(encoding="utf-8")
