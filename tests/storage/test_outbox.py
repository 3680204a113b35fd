"""The outbox: nothing owed twice, nothing delivered twice, nothing said that is moot."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from domain.outbox import Owed, Priority, State
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import World

DAY = date(2026, 11, 24)
MINUTE = timedelta(minutes=1)


async def enqueue(db: Database, *owed: Owed) -> list[bool]:
    async with UnitOfWork(db) as uow:
        added = [await uow.outbox.enqueue(one) for one in owed]
        await uow.commit()
        return added


async def test_a_message_is_owed_once(settled: Database, world: World) -> None:
    async def owe() -> bool:
        return (await enqueue(settled, world.owed(keys=(world.key(),))))[0]

    assert (await asyncio.gather(*(owe() for _ in range(10)))).count(True) == 1
    assert await enqueue(settled, world.owed(commune_id=world.away.id)) == [True]


async def test_two_clocks_that_merge_differently_owe_each_reminder_once(
    settled: Database, world: World
) -> None:
    keys = tuple(world.key(rung=f"T-{day}") for day in range(6))

    async def plan(turn: int) -> None:
        some = keys[turn % 3 :: 2] if turn % 2 else keys[::-1][turn % 3 :]
        await enqueue(settled, world.owed(f"message {turn}", keys=some))

    await asyncio.gather(*(plan(turn) for turn in range(12)))
    async with UnitOfWork(settled) as uow:
        assert len(await uow.outbox.known_keys(world.home.id, DAY)) == 6
        # A message that would only repeat what was planned is not owed at all.
        counts = await uow.outbox.counts_by_state()
        assert sum(counts.values()) <= 6
        assert not await uow.outbox.enqueue(world.owed("again", keys=keys))


async def test_known_keys_name_unit_and_person(settled: Database, world: World) -> None:
    keys = (world.key(), world.key(None), {**world.key(rung="T-1"), "period_to": DAY})
    await enqueue(settled, world.owed(keys=keys), world.owed("b", person_id=world.minh.id))
    async with UnitOfWork(settled) as uow:
        lan = world.lan.id
        assert await uow.outbox.known_keys(world.home.id, DAY) == {
            ("monthly", DAY, "T-3", "police", lan),
            ("monthly", DAY, "T-3", None, lan),
            ("monthly", DAY, "T-1", "police", lan),
        }
        assert await uow.outbox.known_keys(world.home.id, DAY + timedelta(days=1)) == set()


async def test_four_workers_claim_everything_and_nothing_twice(
    settled: Database, world: World
) -> None:
    await enqueue(settled, *(world.owed(f"{number}") for number in range(60)))

    async def work(owner: str) -> list[str]:
        claimed: list[str] = []
        while True:
            async with UnitOfWork(settled) as uow:
                batch = await uow.outbox.claim(world.now, 7, owner, 60)
                await uow.commit()
                if not batch:
                    return claimed
                for owed in batch:
                    assert await uow.outbox.begin_send(owed.id, owner, world.now)
                    assert await uow.outbox.sent(owed.id, owner, world.now, 7)
                await uow.commit()
            claimed += [owed.text for owed in batch]

    claimed = await asyncio.gather(*(work(f"worker {number}") for number in range(4)))
    # On PostgreSQL a worker may leave early, past rows that others hold; nobody's are lost.
    everything = [text for of_one in claimed for text in of_one]
    assert sorted(everything, key=int) == [f"{number}" for number in range(60)]
    async with UnitOfWork(settled) as uow:
        assert (await uow.outbox.counts_by_state())[State.SENT] == 60


async def test_the_most_urgent_goes_first_and_only_what_is_due(
    settled: Database, world: World
) -> None:
    await enqueue(
        settled,
        world.owed("digest", priority=Priority.DIGEST),
        world.owed("late", due_at=world.now - MINUTE),
        world.owed("now"),
        world.owed("answer", priority=Priority.ANSWER),
        world.owed("tomorrow", due_at=world.now + timedelta(days=1)),
        world.owed("moot", expires_at=world.now),
        world.owed("no door", state=State.WAITING),
    )
    async with UnitOfWork(settled) as uow:
        first = await uow.outbox.claim(world.now, 3, "me", 60)
        rest = await uow.outbox.claim(world.now, 9, "me", 60)
        assert [owed.text for owed in first + rest] == ["answer", "late", "now", "digest"]
        assert first[0].state == State.CLAIMED
        assert first[0].buttons == world.owed().buttons
        assert await uow.outbox.claim(world.now, 9, "me", 60) == []
        assert await uow.outbox.expire(world.now) == 1
        counts = await uow.outbox.counts_by_state(world.home.id)
        assert counts == {**dict.fromkeys(State, 0), State.CLAIMED: 4, State.DUE: 1} | {
            State.WAITING: 1,
            State.EXPIRED: 1,
        }


async def test_nothing_to_claim_opens_no_transaction(settled: Database, world: World) -> None:
    async with UnitOfWork(settled) as uow:
        assert await uow.outbox.claim(world.now, 9, "me", 60) == []
        assert not uow.is_writing


async def test_only_the_owner_finishes_and_only_once(settled: Database, world: World) -> None:
    owed = world.owed()
    await enqueue(settled, owed)
    async with UnitOfWork(settled) as uow:
        outbox, now = uow.outbox, world.now
        assert not await outbox.begin_send(owed.id, "me", now)
        assert not await outbox.sent(owed.id, "me", now, 7)
        await outbox.claim(now, 1, "me", 60)
        assert not await outbox.begin_send(owed.id, "you", now)
        assert not await outbox.retry(owed.id, "you", now, 1)
        assert await outbox.begin_send(owed.id, "me", now)
        assert not await outbox.begin_send(owed.id, "me", now)
        assert await outbox.retry(owed.id, "me", now + MINUTE, 1)
        assert not await outbox.sent(owed.id, "me", now, 7)

        assert await outbox.claim(now, 1, "me", 60) == []
        [again] = await outbox.claim(now + MINUTE, 1, "me", 60)
        assert again.attempts == 1
        assert await outbox.begin_send(owed.id, "me", now + MINUTE)
        assert await outbox.sent(owed.id, "me", now + MINUTE, 7)
        assert not await outbox.sent(owed.id, "me", now + MINUTE, 7)
        assert not await outbox.unknown(owed.id, "me", now)
        assert not await outbox.to_waiting(owed.id, "me")


async def test_a_lease_that_ran_out_is_due_again_unless_the_send_had_begun(
    settled: Database, world: World
) -> None:
    await enqueue(settled, world.owed("idle"), world.owed("begun"))
    async with UnitOfWork(settled) as uow:
        claimed = {owed.text: owed.id for owed in await uow.outbox.claim(world.now, 9, "dead", 60)}
        assert await uow.outbox.begin_send(claimed["begun"], "dead", world.now)
        await uow.commit()

        just_before = world.now + timedelta(seconds=59)
        assert await uow.outbox.claim(just_before, 9, "me", 60) == []
        after = world.now + timedelta(seconds=60)
        assert not await uow.outbox.begin_send(claimed["idle"], "dead", after)
        [taken] = await uow.outbox.claim(after, 9, "me", 60)
        assert taken.text == "idle"
        assert not await uow.outbox.sent(claimed["idle"], "dead", after, 7)
        assert (await uow.outbox.counts_by_state())[State.UNKNOWN] == 1
        assert await uow.outbox.reclaim(after + MINUTE) == (1, 0)


async def test_what_has_no_door_waits_for_the_person(settled: Database, world: World) -> None:
    owed = world.owed()
    others = (
        world.owed("minh's", person_id=world.minh.id, state=State.WAITING),
        world.owed("urgent", priority=Priority.OVERDUE, state=State.WAITING),
        world.owed("moot", expires_at=world.now, state=State.WAITING),
        world.owed("later", due_at=world.now + MINUTE, state=State.WAITING),
    )
    await enqueue(settled, owed, *others)
    async with UnitOfWork(settled) as uow:
        await uow.outbox.claim(world.now, 9, "me", 60)
        assert await uow.outbox.to_waiting(owed.id, "me")
        await uow.commit()
        waiting = await uow.outbox.waiting_of(world.lan.id, world.now)
        assert waiting == [others[1], replace(owed, state=State.WAITING)]
        assert await uow.outbox.show_waiting(owed.id, world.now, 7)
        assert not await uow.outbox.show_waiting(owed.id, world.now, 7)
        assert await uow.outbox.waiting_of(world.lan.id, world.now) == [others[1]]


async def test_a_report_that_came_in_silences_what_was_not_sent(
    settled: Database, world: World
) -> None:
    police, clinic = world.key(), world.key("clinic")
    alone = world.owed("alone", keys=(police,))
    both = world.owed("both", person_id=world.minh.id, keys=(police, clinic))
    other = world.owed("other", person_id=world.hoa.id, keys=(clinic,))
    sent = world.owed("sent", keys=(world.key(rung="T-7"),), priority=Priority.ANSWER)
    begun = world.owed("begun", keys=(world.key(rung="T-5"),), priority=Priority.OVERDUE)
    await enqueue(settled, alone, both, other, sent, begun)
    async with UnitOfWork(settled) as uow:
        outbox = uow.outbox
        for owed in await outbox.claim(world.now, 2, "me", 60):
            await outbox.begin_send(owed.id, "me", world.now)
        await outbox.sent(sent.id, "me", world.now, 7)
        [held] = await outbox.claim(world.now, 1, "me", 60)
        assert held.text == "alone"
        await uow.commit()

        assert await outbox.silence(world.home.id, "police", "monthly", DAY) == 2
        await uow.commit()
        assert not await outbox.begin_send(alone.id, "me", world.now)
        [left] = await outbox.claim(world.now, 9, "me", 60)
        assert left.text == "other"
        assert await outbox.sent(begun.id, "me", world.now, 7)

        # What `both` stood for is planned again without the police; what is moot never is.
        known = await outbox.known_keys(world.home.id, DAY)
        assert not [key for key in known if world.minh.id in key]
        assert ("monthly", DAY, "T-3", "police", world.lan.id) in known
        anew = world.owed("both", person_id=world.minh.id, keys=(clinic,))
        assert await outbox.enqueue(anew)
        assert not await outbox.enqueue(world.owed("alone", keys=(police,)))
        assert await outbox.silence(world.home.id, "police", "monthly", DAY) == 0


async def test_a_reminder_given_up_unsent_may_be_owed_again(
    settled: Database, world: World
) -> None:
    keys = (world.key(), world.key(None, "T-7"))
    owed = world.owed(keys=keys)
    digest = world.owed("digest")
    await enqueue(settled, owed, digest)
    async with UnitOfWork(settled) as uow:
        assert await uow.outbox.expire(owed.expires_at - MINUTE) == 0
        assert not uow.is_writing
        assert await uow.outbox.expire(owed.expires_at) == 2
        await uow.commit()
        assert await uow.outbox.known_keys(world.home.id, DAY) == set()
    assert await enqueue(settled, world.owed(keys=keys), world.owed("digest")) == [True, False]


async def test_what_was_sent_or_may_have_been_is_never_owed_again(
    settled: Database, world: World
) -> None:
    owed = world.owed(keys=(world.key(),))
    await enqueue(settled, owed)
    async with UnitOfWork(settled) as uow:
        await uow.outbox.claim(world.now, 1, "me", 60)
        await uow.outbox.begin_send(owed.id, "me", world.now)
        await uow.outbox.unknown(owed.id, "me", world.now)
        assert await uow.outbox.expire(owed.expires_at) == 0
        assert await uow.outbox.purge(owed.expires_at + MINUTE) == 1
        await uow.commit()
    assert await enqueue(settled, world.owed(keys=(world.key(),))) == [False]


async def test_only_what_is_over_is_purged(settled: Database, world: World) -> None:
    await enqueue(settled, world.owed("due"), world.owed("waits", state=State.WAITING))
    async with UnitOfWork(settled) as uow:
        assert await uow.outbox.purge(world.now + timedelta(days=99)) == 0
        assert await uow.outbox.expire(world.now + timedelta(days=99)) == 2
        assert await uow.outbox.purge(world.now + timedelta(days=1)) == 0
        assert await uow.outbox.purge(world.now + timedelta(days=99)) == 2
