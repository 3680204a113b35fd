"""Buttons of the officer's settings."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from content.i18n import t
from content.keyboards.common import Go, Rows, button, feet, keyboard
from content.keyboards.lettered import Lettered
from content.texts import settings as texts
from domain.periods import PeriodChoice

TYPED = ("address", "hours", "phone", "police_address", "police_phone")


class Setting(CallbackData, prefix="st"):
    """Change one setting; with a value it is chosen, without it is asked."""

    key: str
    value: str = ""


def overview() -> InlineKeyboardMarkup:
    """Every setting on a button."""
    rows: Rows = [
        [button(texts.field(key), Setting(key=key))]
        for key in (*TYPED, "period_choice", "team_tier")
    ]
    rows.append([button(t("Danh sách ấp, khu phố"), Setting(key="hamlets"))])
    rows.append([button(t("Ngày nghỉ, làm bù"), Setting(key="holidays"))])
    rows.append([button(t("Đường dẫn, mã QR cho bà con"), Setting(key="links"))])
    return keyboard(rows)


def typed() -> InlineKeyboardMarkup:
    """Under a typed question."""
    return Lettered(inline_keyboard=[[button(t("Thôi, để nguyên"), Go(to="settings"))], *feet()])


def periods() -> InlineKeyboardMarkup:
    """The two ways, and "not yet"."""
    rows = [
        [button(texts.choice(c.value), Setting(key="period_choice", value=c.value))]
        for c in PeriodChoice
    ]
    rows.append([button(t("Để sau"), Setting(key="period_choice", value="assumed"))])
    return keyboard(rows, back=Go(to="settings"))


def team_tier() -> InlineKeyboardMarkup:
    """Yes or no."""
    return keyboard(
        [
            [button(t("Có"), Setting(key="team_tier", value="yes"))],
            [button(t("Không"), Setting(key="team_tier", value="no"))],
        ],
        back=Go(to="settings"),
    )


def hamlets() -> InlineKeyboardMarkup:
    """Add one."""
    return keyboard([[button(t("➕ Thêm"), Setting(key="hamlet"))]], back=Go(to="settings"))


def back() -> InlineKeyboardMarkup:
    """After a change."""
    return keyboard([[button(t("⚙️ Cài đặt xã"), Go(to="settings"))]])
