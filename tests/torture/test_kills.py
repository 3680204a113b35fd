"""kill -9 between any two steps: the draft is there, nothing confirmed is lost, nothing doubled.

A member logs visits on the web chat of the real program, over HTTP. The program is killed at
instants a seed chooses: by the clock, mostly in the middle of a post, and before the n-th
statement to the database. Then it is started again, what was not answered is sent again with the
same id, as the page does, and the member goes on from what the screen shows.
"""

import asyncio
import hashlib
import random
import re
import shutil
import signal
from collections.abc import AsyncIterator
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
SERVICES = {
    "VNeID mức 2": Service.VNEID,
    "Dịch vụ công": Service.DVC,
    "Chữ ký số": Service.ESIGN,
}
OUTCOMES = {"Xong": Outcome.DONE, "Chưa làm được": Outcome.NOT_DONE}
CONFIRMED = re.compile(r"Đã ghi (LT-\d\d-\d{5})|đã ghi rồi, mã (LT-\d\d-\d{5})")
#: A post takes some 30 ms: most kills by the clock fall into it, the others just after it.
SPAN = 0.05
#: Logging a visit takes some 10 posts and 300 statements.
POSTS, STATEMENTS = 8, 250
KILLS = 5


@dataclass(frozen=True)
class Wish:
    """One visit as the member wants to log it."""

    services: tuple[str, ...]
    outcome: str
    people: int | None

    @classmethod
    def of(cls, dice: random.Random) -> "Wish":
        services = tuple(s for s in SERVICES if dice.random() < 0.5) or tuple(SERVICES)
        return cls(services, dice.choice(list(OUTCOMES)), dice.choice((None, 2, 11)))


@dataclass
class Member:
    """Lan at the garden gate: looks at the screen and does the next thing."""

    phone: Phone
    confirmed: set[str] = field(default_factory=set)
    told: dict[UUID, dict[str, object]] = field(default_factory=dict)
    """What each draft must hold from now on, because the post that told it was answered."""

    def next_step(self, wish: Wish) -> Post:
        screen = self.phone.last if self.phone.said else Screen(0, "", {})
        if screen.button("Ghi tiếp"):
            return self.phone.press_of("Ghi tiếp")
        if screen.button("Xong, tiếp"):
            ticked = {label[2:] for label in screen.buttons if label.startswith("☑")}
            differing = [s for s in SERVICES if (s in ticked) != (s in wish.services)]
            return self.phone.press_of(differing[0] if differing else "Xong, tiếp")
        if wish.outcome in screen.buttons:
            data = screen.buttons[wish.outcome]
            return Post("/chat/press", {"message": screen.id, "data": data})
        if screen.button("Vắng nhà"):
            return self.phone.press_of("Vắng nhà")
        if "mấy người" in screen.text:
            return Post("/chat/say", {"text": str(wish.people)})
        if screen.button("Lưu"):
            missing = wish.people is not None and "Số người: chưa ghi" in screen.text
            return self.phone.press_of("Thêm số người" if missing else "Lưu")
        return Post("/chat/say", {"text": "/ghi"})

    def heard(self, post: Post) -> None:
        """The post was answered: what it told, and what the screens confirm, is for ever."""
        mark, do, draft, value = [*str(post.body.get("data", "")).split(":"), "", "", ""][:4]
        if mark == "v" and do in ("outcome", "reason"):
            self.told.setdefault(UUID(draft), {})[do] = value
        elif mark == "v" and do == "services":
            self.told.setdefault(UUID(draft), {})["services_told"] = True
        for screen in self.phone.said[-5:]:
            self.confirmed |= {old or new for old, new in CONFIRMED.findall(screen.text)}


@dataclass
class Theatre:
    """The program, its folder, and what must be true whatever happens."""

    launcher: Launcher
    folder: Path
    port: int
    member: Member
    person_id: UUID
    child: Child | None = None
    lives: int = 0
    cut: int = 0
    """Posts that were cut off by a death."""
    deaths_at: list[int] = field(default_factory=list)
    """For the lives to come: before which statement they end, counted from their first post."""

    async def live(self) -> None:
        """Start the program on what the last one left; it dies again while there is an order to."""
        die_at = self.deaths_at.pop() if self.deaths_at else None
        self.child = self.launcher.start(self.folder, {}, self.port, die_at)
        self.lives += 1
        await self.member.phone.loads()
        if die_at is not None:
            self.child.arm()

    async def dies(self) -> None:
        """Make sure of the death, then look at what it left on the disk."""
        assert self.child is not None
        child, self.child = self.child, None
        assert child.kill() == -signal.SIGKILL, child.log.read_text(encoding="utf-8")
        async with self.database() as db, UnitOfWork(db) as uow:
            for draft_id, told in self.member.told.items():
                draft = await uow.drafts.get(draft_id)
                assert draft is not None
                assert {key: draft.data.get(key) for key in told} == told
            for code in self.member.confirmed:
                assert await uow.visits.by_code("loc-tan", code) is not None

    async def sends(self, post: Post, kill_after: float | None = None) -> bool:
        """Send once; whether it was answered. The program is killed so many seconds later."""
        answered, _ = await asyncio.gather(self._answered(post), self._strike(kill_after))
        if answered:
            self.member.heard(post)
        else:
            self.cut += 1
        return answered

    async def _answered(self, post: Post) -> bool:
        try:
            status, answer = await self.member.phone.sends(post)
        except NoAnswer:
            return False
        assert status == 200, (status, answer)
        return True

    async def _strike(self, after: float | None) -> None:
        if after is not None:
            await asyncio.sleep(after)
            assert self.child is not None
            self.child.strike()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        db = Database.open(f"sqlite:///{self.folder}/assistant.db")
        try:
            yield db
        finally:
            await db.dispose()

    async def check(self, wishes: list[Wish]) -> None:
        """Every wish is one visit as it was wished; the chain holds and tells the same."""
        async with self.database() as db:
            codes = await check_evidence(db, "loc-tan")
            assert set(codes) == self.member.confirmed
            async with UnitOfWork(db) as uow:
                visits = [await uow.visits.by_code("loc-tan", code) for code in codes]
                assert await uow.drafts.open_of(self.person_id, Form.VISIT, utc_now()) is None
        recorded = [(v.services, v.outcome, v.people) for v in visits if v is not None]
        assert recorded == [
            (tuple(SERVICES[s] for s in wish.services), OUTCOMES[wish.outcome], wish.people)
            for wish in wishes
        ]
        log = (self.folder / "program.log").read_text(encoding="utf-8")
        assert "Traceback" not in log


@asynccontextmanager
async def theatre(launcher: Launcher, template: Path, folder: Path) -> AsyncIterator[Theatre]:
    """A live commune and one member, whose phone is signed in."""
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
        it = Theatre(launcher, folder, port, Member(phone), cast.people["member"])
        try:
            yield it
        finally:
            if it.child is not None:
                it.child.kill()


async def logs(it: Theatre, wish: Wish, strikes: dict[int, float] | None = None) -> None:
    """Log one visit to its confirmation; `strikes`: in which posts to kill, how long after."""
    known = set(it.member.confirmed)
    for number in range(1, 60):
        post = it.member.next_step(wish)
        kill_after = (strikes or {}).pop(number, None)
        answered = await it.sends(post, kill_after)
        while kill_after is not None or not answered:
            await it.dies()
            await it.live()
            kill_after = None
            answered = answered or await it.sends(post)
        if it.member.confirmed != known:
            return
    raise AssertionError(f"never confirmed; last: {it.member.phone.last}")


SHORT = [pytest.param(1, id="ordinary")]
LONG = [pytest.param(seed, marks=pytest.mark.torture, id=f"{seed}") for seed in range(1, 21)]


@pytest.mark.parametrize("seed", SHORT + LONG)
async def test_killed_by_the_clock(
    launcher: Launcher, sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    wishes = [Wish.of(dice) for _ in range(KILLS)]
    async with theatre(launcher, sqlite_template, tmp_path) as it:
        await it.live()
        for wish in wishes:
            await logs(it, wish, {dice.randint(1, POSTS): dice.uniform(0, SPAN)})
        await it.check(wishes)


@pytest.mark.parametrize("seed", SHORT + LONG)
async def test_killed_between_two_statements(
    launcher: Launcher, sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    wishes: list[Wish] = []
    async with theatre(launcher, sqlite_template, tmp_path) as it:
        it.deaths_at = [dice.randint(1, STATEMENTS) for _ in range(KILLS)]
        await it.live()
        while it.lives <= KILLS:
            wishes.append(Wish.of(dice))
            await logs(it, wishes[-1])
        await it.check(wishes)
        assert it.cut == KILLS
