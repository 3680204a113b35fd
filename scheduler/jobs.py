"""What each tick does: find what is due and unsent, owe it; forget what has been kept enough."""

import logging
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from uuid import UUID

from content.i18n import speaking
from content.texts import digests, reminders
from domain.commune_life import Life, deadlines_around, debtors, owing, recent
from domain.duties import Debtor, Received, standings, to_call
from domain.ids import new_id
from domain.ladder import Rung, SendingWindow, ladder, moment_to_send
from domain.outbox import Owed, Priority, State
from domain.people import Person, Role
from domain.plan import PlanPack
from domain.reminders import Key, Reminder, agenda_of, plan
from domain.reports import received_keys
from domain.visits import local_day
from scheduler.delivery import Door, ringing
from storage.engine import Database
from storage.fsm import DatabaseStorage
from storage.life import load_life
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

TRANSCRIPT_KEPT = timedelta(days=30)
INBOX_KEPT = timedelta(days=30)
#: Half-told and finished submissions, counted from their end: they may hold household codes.
DRAFT_KEPT = timedelta(days=30)
#: Delivered and expired messages; the reminder keys stay, so that nothing is planned twice.
OWED_KEPT = timedelta(days=90)
REVOKED_DEVICE_KEPT = timedelta(days=90)
#: Steps nobody touched: whoever put a guide away for a month still goes on where they were.
STEP_KEPT = timedelta(days=60)
#: Wrong and used codes count for minutes; a day leaves room to look into an attack.
CODE_KEPT = timedelta(days=1)
#: A digest is news of one day.
DIGEST_LIVES = timedelta(hours=12)
_DIGEST_ROLES = (Role.OFFICER, Role.LEADER)
_DIGEST_RUNGS = frozenset({Rung.T3, Rung.T1, Rung.DAY, Rung.OVERDUE, Rung.OVERDUE_2})


async def plan_reminders(
    db: Database, packs: Mapping[str, PlanPack], doors: Mapping[int, Door], now: datetime
) -> int:
    """Owe every message that is due now and was not owed yet; returns how many were added.

    What nobody got in its time is given up first, so that it is planned in today's words.
    """
    async with UnitOfWork(db) as uow:
        await uow.outbox.expire(now)
        await uow.commit()
    async with UnitOfWork(db) as uow:
        communes = [each.id for each in await uow.communes.all() if each.pack_id in packs]
    added = 0
    for commune_id in communes:
        try:
            async with UnitOfWork(db) as uow:
                life = await load_life(uow, commune_id, local_day(now))
                if life is not None and life.commune.pack_id is not None:
                    reached = await _reached(uow, life, doors)
                    pack = packs[life.commune.pack_id]
                    added += await _plan_commune(uow, life, pack, reached, now)
                    await uow.commit()
        except Exception:
            log.exception("commune %s could not be planned; the others were", commune_id)
    return added


async def _reached(uow: UnitOfWork, life: Life, doors: Mapping[int, Door]) -> frozenset[UUID]:
    """Who of the staff has a door that rings."""
    by_name = {door.name: door for door in doors.values()}
    accounts = await uow.accounts.of_people({person.id for person, _ in life.staff})
    return frozenset(
        account.person_id
        for account in accounts
        if account.person_id is not None and ringing([account], by_name)
    )


async def _plan_commune(
    uow: UnitOfWork, life: Life, pack: PlanPack, reached: Set[UUID], now: datetime
) -> int:
    today = local_day(now)
    since = recent(today)
    received = received_keys(await uow.reports.received(life.commune.id, since))
    settled = await _settled(uow, life.commune.id, since)
    due = deadlines_around(life, pack, today)
    asked = debtors(life, pack)
    agenda = agenda_of(due, asked, life.calendar, since=life.commune.live_since)
    unrung = frozenset(each.person_id for each in asked) - reached
    owed = [
        _reminder(life, pack, each, State.WAITING if each.person_id in unrung else State.DUE)
        for each in plan(now, agenda, received, settled, unrung)
        if each.at <= now  # not before: what is owed at midnight is old by eight
    ]
    owed += _digests(life, pack, received, asked, reached, now)
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


def _reminder(life: Life, pack: PlanPack, planned: Reminder, state: State) -> Owed:
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
        due_at=planned.at,
        expires_at=planned.expires_at,
        keys=tuple(keys),
        state=state,
    )


def _key(deadline_key: str, rung: Rung, unit: str | None) -> dict[str, str | None]:
    rule, _, day = deadline_key.rpartition(":")
    return {"rule": rule, "period_to": day, "rung": rung.value, "unit": unit}


def _digests(
    life: Life,
    pack: PlanPack,
    received: Received,
    asked: Sequence[Debtor],
    reached: Set[UUID],
    now: datetime,
) -> list[Owed]:
    """Who is missing, for officer and leader: on the days that rungs fall on, if there is any.

    The officer also reads whom to call, because no door of theirs rings.
    """
    today = local_day(now)
    at = moment_to_send(today, now, SendingWindow())
    due = deadlines_around(life, pack, today)
    rung_today = any(
        step.day == today and step.rung in _DIGEST_RUNGS
        for each in due
        for step in ladder(each, life.calendar)
    )
    if at is None or at > now or not rung_today:
        return []
    found = standings(due, owing(life, pack), received, at)
    calls = to_call(digests.pressing(found, at), asked, reached)
    digested = []
    for person, membership in life.staff:
        if membership.role not in _DIGEST_ROLES:
            continue
        others = [each for each in calls if each.person_id != person.id]
        with speaking(person.locale):
            text = digests.missing_digest(
                found, at, others if membership.role is Role.OFFICER else ()
            )
        if text is not None:
            digested.append(_digest(life, person, text, at))
    return digested


def _digest(life: Life, person: Person, text: str, at: datetime) -> Owed:
    return Owed(
        id=new_id(),
        dedupe_key=f"digest:{local_day(at).isoformat()}:{person.id}",
        commune_id=life.commune.id,
        person_id=person.id,
        kind="digest",
        priority=Priority.DIGEST,
        text=text,
        buttons=(),
        due_at=at,
        expires_at=at + DIGEST_LIVES,
        state=State.DUE,
    )


def _locale(life: Life, planned: Reminder) -> str:
    return next((p.locale for p, _ in life.staff if p.id == planned.person_id), "vi")


async def clean_up(db: Database, now: datetime) -> None:
    """Forget what has been kept long enough."""
    async with UnitOfWork(db) as uow:
        await uow.messages.purge(now - TRANSCRIPT_KEPT)
        await uow.inbox.purge(now - INBOX_KEPT)
        await uow.drafts.purge(now - DRAFT_KEPT)
        await uow.outbox.purge(now - OWED_KEPT)
        await uow.devices.purge(now - REVOKED_DEVICE_KEPT)
        await uow.invitations.purge_wrong(now - CODE_KEPT)
        await uow.links.purge(now - CODE_KEPT)
        await uow.commit()
    await DatabaseStorage(db).purge(now - STEP_KEPT)
    await db.wipe_journal()
