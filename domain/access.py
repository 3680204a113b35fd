"""Who may do what, as one table. Product rule 8; table-tested for every role and action.

Where a right depends on whose record it is, the table answers for the role and the functions
below it answer for the record.
"""

from enum import StrEnum

from domain.errors import NotAllowed
from domain.people import Actor, Role
from domain.visits import Visit


class Action(StrEnum):
    """What a person can try to do."""

    ASK = "ask"
    LOG_VISIT = "log-visit"
    SEE_OWN_VISITS = "see-own-visits"
    SEE_TEAM_VISITS = "see-team-visits"
    SEE_COMMUNE_VISITS = "see-commune-visits"
    SEE_MISSING_REPORTS = "see-missing-reports"
    MARK_REPORT_RECEIVED = "mark-report-received"
    SEE_OWN_REPORTS = "see-own-reports"
    EDIT_COMMUNE = "edit-commune"
    INVITE = "invite"
    VERIFY_CHAIN = "verify-chain"
    SEE_HEALTH = "see-health"


_A = Action
_RIGHTS: dict[Role, frozenset[Action]] = {
    Role.RESIDENT: frozenset({_A.ASK}),
    Role.MEMBER: frozenset({_A.ASK, _A.LOG_VISIT, _A.SEE_OWN_VISITS}),
    Role.HEAD: frozenset(
        {_A.ASK, _A.LOG_VISIT, _A.SEE_OWN_VISITS, _A.SEE_TEAM_VISITS, _A.SEE_OWN_REPORTS}
    ),
    Role.FOCAL: frozenset({_A.ASK, _A.SEE_OWN_REPORTS}),
    Role.OFFICER: frozenset(
        {
            _A.ASK,
            _A.SEE_TEAM_VISITS,
            _A.SEE_COMMUNE_VISITS,
            _A.SEE_MISSING_REPORTS,
            _A.MARK_REPORT_RECEIVED,
            _A.SEE_OWN_REPORTS,
            _A.EDIT_COMMUNE,
            _A.INVITE,
            _A.VERIFY_CHAIN,
        }
    ),
    Role.LEADER: frozenset(
        {_A.ASK, _A.SEE_TEAM_VISITS, _A.SEE_COMMUNE_VISITS, _A.SEE_MISSING_REPORTS}
    ),
    Role.AUDITOR: frozenset(
        {
            _A.ASK,
            _A.SEE_TEAM_VISITS,
            _A.SEE_COMMUNE_VISITS,
            _A.SEE_MISSING_REPORTS,
            _A.VERIFY_CHAIN,
        }
    ),
    Role.ADMIN: frozenset({_A.ASK, _A.INVITE, _A.EDIT_COMMUNE, _A.SEE_HEALTH, _A.VERIFY_CHAIN}),
}


def can(role: Role, action: Action) -> bool:
    """Whether the role has the right at all."""
    return action in _RIGHTS[role]


def require(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the actor's role has the right."""
    if not can(actor.role, action):
        raise NotAllowed(action)


def can_see_visit(actor: Actor, visit: Visit) -> bool:
    """Own records; the head the team's; officer, leader, auditor the commune's; no other's."""
    if actor.commune_id != visit.commune_id:
        return False
    if can(actor.role, Action.SEE_COMMUNE_VISITS):
        return True
    if actor.person is not None and actor.person.id == visit.person_id:
        return can(actor.role, Action.SEE_OWN_VISITS)
    return (
        can(actor.role, Action.SEE_TEAM_VISITS)
        and actor.membership is not None
        and actor.membership.team_code is not None
        and actor.membership.team_code == visit.team_code
    )


#: Roles an inviter may hand out: nobody invites above themselves.
INVITABLE: dict[Role, frozenset[Role]] = {
    Role.OFFICER: frozenset({Role.MEMBER, Role.HEAD, Role.FOCAL, Role.LEADER, Role.AUDITOR}),
    Role.ADMIN: frozenset(Role) - {Role.RESIDENT},
}


def can_invite(inviter: Role, invited: Role) -> bool:
    """Whether `inviter` may hand out an invitation as `invited`."""
    return invited in INVITABLE.get(inviter, frozenset())
