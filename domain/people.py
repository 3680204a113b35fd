"""Who there is: communes, units, hamlets, teams, persons, memberships, invitations.

A person is not a channel id: one person may hold several accounts (`Account`). The words are
bound in GLOSSARY.md; the cut is product section 1.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The eight roles, from the least to the widest sight."""

    RESIDENT = "resident"
    MEMBER = "member"
    HEAD = "head"
    FOCAL = "focal"
    OFFICER = "officer"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


STAFF = frozenset(Role) - {Role.RESIDENT}


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune on this server. `id` is its slug and the key of every row it owns."""

    id: str
    name: str
    kind: str
    short: str
    """Initials in visit codes."""
    pack_id: str | None
    hamlet_term: str
    address: str | None = None
    hours: str | None = None
    phone: str | None = None
    police_address: str | None = None
    police_phone: str | None = None
    period_choice: str | None = None
    """`domain.periods.PeriodChoice` once the commune has confirmed it; None means assumed."""
    team_tier: bool | None = None
    """Whether teams report beside the units; None until the commune was asked."""
    live_since: date | None = None
    """The day it went live: what fell due before is nobody's fault and never reminded of."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that owes reports or owns a figure. Key: (commune_id, code)."""

    commune_id: str
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Hamlet:
    """A thôn, ấp, bon, khu phố or tổ dân phố. Key: (commune_id, code)."""

    commune_id: str
    code: str
    name: str
    kind: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A Tổ công nghệ số cộng đồng: serves one or more hamlets while it is valid."""

    commune_id: str
    code: str
    name: str
    hamlets: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """True between its first and last day, both included; an open end has no limit."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in a commune, through a team or a unit, from one day to another."""

    id: UUID
    person_id: UUID
    commune_id: str
    role: Role
    team_code: str | None = None
    unit_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """True between its first and last day, both included; an open end has no limit."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. Residents who only ask are never persons."""

    id: UUID
    name: str
    phone: str | None = None
    locale: str = "vi"


@dataclass(frozen=True, slots=True)
class Account:
    """One door of one conversation: a web device, a Telegram chat.

    `chat_id` is the integer aiogram knows; its channel can be read back from the number.
    """

    channel: str
    chat_id: int
    person_id: UUID | None = None
    commune_id: str | None = None
    hamlet_code: str | None = None
    locale: str = "vi"
    active_membership: UUID | None = None
    blocked: bool = False
    """The person has shut this door to us; opened again by their next message."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is speaking now: the account, the person behind it if known, and one role.

    A person with several memberships acts through the one in use; switching is a button.
    """

    account: Account
    person: Person | None = None
    membership: Membership | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def role(self) -> Role:
        """Resident unless a valid membership says otherwise."""
        return self.membership.role if self.membership else Role.RESIDENT

    @property
    def commune_id(self) -> str | None:
        """The commune spoken about: the membership's, else the one a resident chose."""
        return self.membership.commune_id if self.membership else self.account.commune_id

    @property
    def hamlet_code(self) -> str | None:
        """Where the person lives, if that is in the commune spoken about."""
        same = self.account.commune_id == self.commune_id
        return self.account.hamlet_code if same else None

    @property
    def locale(self) -> str:
        """Language of the answers."""
        return self.account.locale


@dataclass(frozen=True, slots=True)
class Invitation:
    """A counted, expiring, revocable way in; role and place are fixed inside."""

    id: UUID
    code: str
    commune_id: str
    role: Role
    created_at: datetime
    expires_at: datetime
    max_uses: int
    uses: int = 0
    team_code: str | None = None
    unit_code: str | None = None
    person_id: UUID | None = None
    """Set when the invitation is for one person of the roster."""
    revoked_at: datetime | None = None
