"""A small live commune for tests: xã Lộc Tấn with two teams and one person a role."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from content.pack_loader import load_pack
from domain.ids import new_id
from domain.people import Commune, Hamlet, Membership, Person, Role, Team, Unit
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.support.talk import Talker

LIVE_SINCE = date(2026, 11, 1)


@dataclass
class Cast:
    """Who is in the commune, by role or name."""

    commune: Commune
    people: dict[str, UUID]
    memberships: dict[str, Membership]

    async def signs_in(self, talker: Talker, who: str) -> Talker:
        """Bind the talker's chat to a person, as an accepted invitation would."""
        async with UnitOfWork(talker.app.db) as uow:
            account = await uow.accounts.of_chat(talker.chat_id)
            if account is None:
                from domain.people import Account

                account = Account(channel=talker.door.name, chat_id=talker.chat_id)
            await uow.accounts.put(replace(account, person_id=self.people[who]))
            await uow.commit()
        return talker


async def found_commune(db: Database, pack_id: str = "loc-tan", prefix: str = "") -> Cast:
    """Make the commune of a pack with hamlets, teams, units and one person for each role."""
    pack = load_pack(pack_id)
    commune = Commune(
        id=pack.id,
        name=pack.name,
        kind=pack.kind,
        short=pack.short,
        pack_id=pack.id,
        hamlet_term=pack.hamlet_term,
        live_since=LIVE_SINCE,
    )
    people: dict[str, UUID] = {}
    memberships: dict[str, Membership] = {}
    async with UnitOfWork(db) as uow:
        await uow.communes.add(commune)
        for unit in pack.units:
            if unit.kind != "hamlet":
                await uow.communes.put_unit(Unit(pack.id, unit.code, unit.name, unit.kind))
        for number in (1, 2, 3):
            await uow.communes.put_hamlet(
                Hamlet(pack.id, f"ap-{number}", f"Ấp mẫu {number}", pack.hamlet_term)
            )
        await uow.communes.put_team(Team(pack.id, "to-1", "Tổ mẫu 1", ("ap-1",)))
        await uow.communes.put_team(Team(pack.id, "to-2", "Tổ mẫu 2", ("ap-2", "ap-3")))
        places: dict[str, tuple[Role, str | None, str | None]] = {
            "member": (Role.MEMBER, "to-1", None),
            "member2": (Role.MEMBER, "to-2", None),
            "head": (Role.HEAD, "to-1", None),
            "focal": (Role.FOCAL, None, "kinh-te"),
            "officer": (Role.OFFICER, None, None),
            "leader": (Role.LEADER, None, None),
            "auditor": (Role.AUDITOR, None, None),
            "admin": (Role.ADMIN, None, None),
        }
        for who, (role, team, unit_code) in places.items():
            person = Person(id=new_id(), name=f"Người mẫu {prefix}{who}")
            await uow.people.add(person)
            membership = Membership(
                id=new_id(),
                person_id=person.id,
                commune_id=pack.id,
                role=role,
                team_code=team,
                unit_code=unit_code,
            )
            await uow.people.add_membership(membership)
            people[who], memberships[who] = person.id, membership
        await uow.commit()
    return Cast(commune, people, memberships)
