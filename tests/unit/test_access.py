"""Who may do what: every role against every action, and every role's record against every other.

The table is written from product.md sections 1 and 5.8, not from the code.
"""

from dataclasses import replace
from datetime import date, datetime
from itertools import product
from uuid import UUID

import pytest

from domain.access import Action, can, can_invite, can_see_visit, require
from domain.errors import NotAllowed
from domain.people import STAFF, Account, Actor, Membership, Person, Role
from domain.visits import Kind, Outcome, Service, Visit

#: One column a role, in the order of the product's table of people: r m h f o l u a.
ROLES = (
    Role.RESIDENT,
    Role.MEMBER,
    Role.HEAD,
    Role.FOCAL,
    Role.OFFICER,
    Role.LEADER,
    Role.AUDITOR,
    Role.ADMIN,
)
TABLE = {
    #                             res mem head focal off lead aud adm
    Action.ASK: "                  x   x   x    x    x   x   x   x",
    Action.LOG_VISIT: "            .   x   x    .    .   .   .   .",
    Action.SEE_OWN_VISITS: "       .   x   x    .    .   .   .   .",
    Action.SEE_TEAM_VISITS: "      .   .   x    .    x   x   x   .",
    Action.SEE_COMMUNE_VISITS: "   .   .   .    .    x   x   x   .",
    Action.SEE_MISSING_REPORTS: "  .   .   .    .    x   x   x   .",
    Action.MARK_REPORT_RECEIVED: " .   .   .    .    x   .   .   .",
    Action.SEE_OWN_REPORTS: "      .   .   x    x    x   .   .   .",
    Action.EDIT_COMMUNE: "         .   .   .    .    x   .   .   x",
    Action.INVITE: "               .   .   .    .    x   .   .   x",
    Action.VERIFY_CHAIN: "         .   .   .    .    x   .   x   x",
    Action.SEE_HEALTH: "           .   .   .    .    .   .   .   x",
}
MAY = {
    (role, action): mark == "x"
    for action, marks in TABLE.items()
    for role, mark in zip(ROLES, marks.split(), strict=True)
}


def test_the_table_answers_for_every_role_and_action() -> None:
    assert set(MAY) == set(product(Role, Action))


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_rights_are_as_the_product_says(role: Role, action: Action) -> None:
    assert can(role, action) is MAY[role, action]


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_require_refuses_exactly_what_is_not_a_right(role: Role, action: Action) -> None:
    if MAY[role, action]:
        require(actor(role), action)
    else:
        with pytest.raises(NotAllowed):
            require(actor(role), action)


INVITES = {
    Role.OFFICER: {Role.MEMBER, Role.HEAD, Role.FOCAL, Role.LEADER, Role.AUDITOR},
    Role.ADMIN: set(STAFF),
}


@pytest.mark.parametrize(("inviter", "invited"), list(product(Role, Role)))
def test_nobody_invites_above_themselves(inviter: Role, invited: Role) -> None:
    assert can_invite(inviter, invited) is (invited in INVITES.get(inviter, set()))


def test_who_may_invite_somebody_has_the_right_to_invite() -> None:
    inviters = {role for role in Role if any(can_invite(role, other) for other in Role)}
    assert inviters == {role for role in Role if can(role, Action.INVITE)}


# --- Whose visits ----------------------------------------------------------------------------

LAN, MINH = UUID(int=1), UUID(int=2)


def actor(
    role: Role,
    *,
    person: UUID | None = LAN,
    commune: str = "loc-tan",
    team: str | None = "to-1",
) -> Actor:
    """Somebody with one role; a resident has neither person nor membership."""
    account = Account("web", 1, commune_id=commune)
    if role is Role.RESIDENT or person is None:
        return Actor(account)
    membership = Membership(UUID(int=9), person, commune, role, team)
    return Actor(replace(account, person_id=person), Person(person, "Người mẫu"), membership)


def visit(*, by: UUID = LAN, commune: str = "loc-tan", team: str | None = "to-1") -> Visit:
    return Visit(
        id=UUID(int=5),
        code="LT-26-00001",
        commune_id=commune,
        hamlet_code="ap-1",
        team_code=team,
        person_id=by,
        kind=Kind.HOUSEHOLD,
        services=(Service.VNEID,),
        outcome=Outcome.DONE,
        reason=None,
        people=None,
        household=None,
        visited_on=date(2026, 11, 10),
        recorded_at=datetime.fromisoformat("2026-11-10T09:00+07:00"),
    )


#: (role, whose visit) → seen. "own", "team": a team mate's, "other": another team's.
SEEN = {
    Role.RESIDENT: set[str](),
    Role.MEMBER: {"own"},
    Role.HEAD: {"own", "team"},
    Role.FOCAL: set[str](),
    Role.OFFICER: {"own", "team", "other", "no team"},
    Role.LEADER: {"own", "team", "other", "no team"},
    Role.AUDITOR: {"own", "team", "other", "no team"},
    Role.ADMIN: set[str](),
}
VISITS = {
    "own": visit(),
    "team": visit(by=MINH),
    "other": visit(by=MINH, team="to-2"),
    "no team": visit(by=MINH, team=None),
}


@pytest.mark.parametrize(("role", "whose"), list(product(Role, VISITS)))
def test_a_visit_is_seen_by_those_who_may(role: Role, whose: str) -> None:
    assert can_see_visit(actor(role), VISITS[whose]) is (whose in SEEN[role])


@pytest.mark.parametrize(("role", "whose"), list(product(Role, VISITS)))
def test_another_communes_visits_are_seen_by_nobody(role: Role, whose: str) -> None:
    assert not can_see_visit(actor(role, commune="cam-my"), VISITS[whose])


def test_a_head_without_a_team_sees_no_records_without_a_team() -> None:
    assert not can_see_visit(actor(Role.HEAD, team=None), VISITS["no team"])


def test_ones_own_visit_stays_ones_own_in_another_team() -> None:
    """Who changes teams takes along what they did, and nothing of the old team's."""
    moved = actor(Role.MEMBER, team="to-2")
    assert can_see_visit(moved, VISITS["own"])
    head_elsewhere = actor(Role.HEAD, team="to-2")
    assert can_see_visit(head_elsewhere, VISITS["other"])
    assert not can_see_visit(head_elsewhere, VISITS["team"])
