"""What each tick does: find what is due and unsent, owe it; forget what has been kept enough."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from content.i18n import speaking
from content.texts import digests, reminders
from domain.commune_life import Life, deadlines_around, debtors, owing, recent
from domain.duties import Received, Standing, standings
from domain.ids import new_id
from domain.ladder import Rung, SendingWindow, ladder, moment_to_send
from domain.outbox import Owed, Priority, State
from domain.people import Person, Role
from domain.plan import PlanPack
from domain.reminders import Key, Reminder, agenda_of, plan
from domain.reports import received_keys
from domain.visits import local_day
from storage.engine import Database
from storage.life import load_life
from storage.unit_of_work import UnitOfWork

TRANSCRIPT_KEPT = timedelta(days=30)
INBOX_KEPT = timedelta(days=30)
#: A digest is news of one day.
DIGEST_LIVES = timedelta(hours=12)
_DIGEST_ROLES = (Role.OFFICER, Role.LEADER)
_DIGEST_RUNGS = frozenset({Rung.T3, Rung.T1, Rung.DAY, Rung.OVERDUE, Rung.OVERDUE_2})


async def plan_reminders(db: Database, packs: Mapping[str, PlanPack], now: datetime) -> int:
    """Owe every message that is due today and was not owed yet; returns how many were added."""
    async with UnitOfWork(db) as uow:
        communes = [each.id for each in await uow.communes.all() if each.pack_id in packs]
    added = 0
    for commune_id in communes:
        async with UnitOfWork(db) as uow:
            life = await load_life(uow, commune_id, local_day(now))
            if life is not None and life.commune.pack_id is not None:
                added += await _plan_commune(uow, life, packs[life.commune.pack_id], now)
                await uow.commit()
    async with UnitOfWork(db) as uow:
        await uow.outbox.expire(now)
        await uow.commit()
    return added


async def _plan_commune(uow: UnitOfWork, life: Life, pack: PlanPack, now: datetime) -> int:
    today = local_day(now)
    since = recent(today)
    received = received_keys(await uow.reports.received(life.commune.id, since))
    settled = await _settled(uow, life.commune.id, since)
    due = deadlines_around(life, pack, today)
    agenda = agenda_of(due, debtors(life, pack), life.calendar, since=life.commune.live_since)
    owed = [_reminder(life, pack, each, now) for each in plan(now, agenda, received, settled)]
    owed += _digests(life, pack, received, now)
    added = 0
    for each in owed:
        added += await uow.outbox.enqueue(each)
    return added


async def _settled(uow: UnitOfWork, commune_id: str, since: date) -> frozenset[Key]:
    """What was planned before, as the planner names it."""
    known = await uow.outbox.known_keys(commune_id, since)
    return frozenset(
        (f"{rule}:{day.isoformat()}", rung, person) for rule, day, rung, _, person in known
    )


def _reminder(life: Life, pack: PlanPack, planned: Reminder, now: datetime) -> Owed:
    """The owed message of a planned reminder, in the person's language."""
    with speaking(_locale(life, planned)):
        text = reminders.reminder(planned, pack.office, pack.kind)
    keys = [
        _key(f"{item.deadline.cutoff_id}:{item.deadline.last_valid_day}", item.rung, item.unit_code)
        for item in planned.items
    ]
    keys += [_key(deadline_key, rung, None) for deadline_key, rung in planned.merged]
    late = planned.rung in (Rung.OVERDUE, Rung.OVERDUE_2)
    named = sorted(f"{k['rule']}:{k['period_to']}:{k['rung']}:{k['unit']}" for k in keys)
    return Owed(
        id=new_id(),
        dedupe_key=f"reminder:{planned.person_id}:{';'.join(named)}",
        commune_id=life.commune.id,
        person_id=planned.person_id,
        kind="reminder",
        priority=Priority.OVERDUE if late else Priority.REMINDER,
        text=text,
        buttons=(),
        due_at=max(planned.at, now),
        expires_at=planned.expires_at,
        keys=tuple(keys),
        state=State.DUE,
    )


def _key(deadline_key: str, rung: Rung, unit: str | None) -> dict[str, str | None]:
    rule, _, day = deadline_key.rpartition(":")
    return {"rule": rule, "period_to": day, "rung": rung.value, "unit": unit}


def _digests(life: Life, pack: PlanPack, received: Received, now: datetime) -> list[Owed]:
    """Who is missing, for officer and leader: on the days that rungs fall on, if there is any."""
    today = local_day(now)
    at = moment_to_send(today, now, SendingWindow())
    due = deadlines_around(life, pack, today)
    rung_today = any(
        step.day == today and step.rung in _DIGEST_RUNGS
        for each in due
        for step in ladder(each, life.calendar)
    )
    if at is None or not rung_today:
        return []
    found = standings(due, owing(life, pack), received, at)
    return [
        digest
        for person, membership in life.staff
        if membership.role in _DIGEST_ROLES
        and (digest := _digest(life, person, found, at, now)) is not None
    ]


def _digest(
    life: Life, person: Person, found: list[Standing], at: datetime, now: datetime
) -> Owed | None:
    with speaking(person.locale):
        text = digests.missing_digest(found, at)
    if text is None:
        return None
    return Owed(
        id=new_id(),
        dedupe_key=f"digest:{local_day(now).isoformat()}:{person.id}",
        commune_id=life.commune.id,
        person_id=person.id,
        kind="digest",
        priority=Priority.DIGEST,
        text=text,
        buttons=(),
        due_at=max(at, now),
        expires_at=at + DIGEST_LIVES,
        state=State.DUE,
    )


def _locale(life: Life, planned: Reminder) -> str:
    return next((p.locale for p, _ in life.staff if p.id == planned.person_id), "vi")


async def clean_up(db: Database, now: datetime) -> None:
    """Masked transcripts live 30 days; so do the ids that stop repetitions."""
    async with UnitOfWork(db) as uow:
        await uow.messages.purge(now - TRANSCRIPT_KEPT)
        await uow.inbox.purge(now - INBOX_KEPT)
        await uow.commit()
