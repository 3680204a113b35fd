"""Buttons of invitations, accounts and devices."""

from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from content.i18n import t
from content.keyboards.common import Go, button, feet, keyboard
from content.keyboards.lettered import Lettered
from content.texts import words
from domain.access import INVITABLE
from domain.people import Invitation, Membership, Role, Team, Unit


class Invited(CallbackData, prefix="in"):
    """Accept or decline an invitation, by its code."""

    do: str
    code: str


class Invite(CallbackData, prefix="iv"):
    """Make an invitation: role first, then place."""

    role: Role
    place: str = ""


class Revoke(CallbackData, prefix="ir"):
    """Take an invitation back."""

    invitation: UUID


class Link(CallbackData, prefix="ln"):
    """Join this device to the account whose code this is."""

    code: str


class Me(CallbackData, prefix="me"):
    """What one can do with one's account."""

    do: str
    value: str = ""


def invitation(code: str) -> InlineKeyboardMarkup:
    """Accept or not."""
    return keyboard(
        [
            [button(t("Nhận lời mời"), Invited(do="accept", code=code))],
            [button(t("Không nhận"), Invited(do="decline", code=code))],
        ]
    )


def switch_person(code: str) -> InlineKeyboardMarkup:
    """For a device that is signed in as somebody else."""
    return keyboard(
        [
            [button(t("Đăng xuất rồi nhận"), Invited(do="switch", code=code))],
            [button(t("Không nhận"), Invited(do="decline", code=code))],
        ]
    )


def link(code: str) -> InlineKeyboardMarkup:
    """Join or not."""
    return keyboard([[button(t("Dùng chung tài khoản"), Link(code=code))]])


def typed() -> InlineKeyboardMarkup:
    """Under a typed question."""
    return Lettered(inline_keyboard=feet())


def account(locale: str, *, several: bool) -> InlineKeyboardMarkup:
    """One's own account."""
    rows = [
        [button(t("🔗 Dùng thêm máy khác"), Me(do="link"))],
        [button(t("📱 Máy đang đăng nhập"), Me(do="doors"))],
    ]
    if several:
        rows.append([button(t("🔁 Đổi vai"), Me(do="roles"))])
    other = ("en", "English") if locale == "vi" else ("vi", "Tiếng Việt")
    rows.append([button(f"🌐 {other[1]}", Me(do="speak", value=other[0]))])
    rows.append([button(t("Đăng xuất máy này"), Me(do="out"))])
    return keyboard(rows)


def doors() -> InlineKeyboardMarkup:
    """Under the list of devices."""
    return keyboard([[button(t("Đăng xuất mọi máy khác"), Me(do="out-others"))]], back=Go(to="me"))


def memberships(of: list[tuple[Membership, str]]) -> InlineKeyboardMarkup:
    """The roles one may work as, each with its label."""
    rows = [[button(label, Me(do="as", value=m.id.hex))] for m, label in of]
    return keyboard(rows, back=Go(to="me"))


def roles_to_invite(inviter: Role) -> InlineKeyboardMarkup:
    """The roles this inviter may hand out."""
    allowed = [role for role in Role if role in INVITABLE.get(inviter, ())]
    return keyboard([[button(words.role(role), Invite(role=role))] for role in allowed])


def teams(role: Role, of: list[Team]) -> InlineKeyboardMarkup:
    """The teams of the commune."""
    rows = [[button(team.name, Invite(role=role, place=team.code))] for team in of]
    return keyboard(rows, back=Go(to="invite"))


def units(role: Role, of: list[Unit]) -> InlineKeyboardMarkup:
    """The units of the commune."""
    rows = [[button(unit.name, Invite(role=role, place=unit.code))] for unit in of]
    return keyboard(rows, back=Go(to="invite"))


def invitation_made(made: Invitation) -> InlineKeyboardMarkup:
    """Under a fresh invitation."""
    return keyboard(
        [
            [button(t("Thu lại"), Revoke(invitation=made.id))],
            [button(t("✉️ Mời người nữa"), Go(to="invite"))],
        ]
    )
