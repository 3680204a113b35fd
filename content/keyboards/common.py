"""What every screen offers: back, home, a person. And the home screen by role."""

from html import unescape

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from content.i18n import t
from content.keyboards.lettered import Lettered
from domain.access import Action, can
from domain.people import Commune, Hamlet, Role

Rows = list[list[InlineKeyboardButton]]


class Go(CallbackData, prefix="go"):
    """Opens a screen by name."""

    to: str


class Place(CallbackData, prefix="at"):
    """A resident's commune, then hamlet; "-" means none of these."""

    commune: str
    hamlet: str = ""


def button(label: str, data: CallbackData | str) -> InlineKeyboardButton:
    """One button that answers back."""
    packed = data if isinstance(data, str) else data.pack()
    # A label is plain text; `t` escapes what it fills in, for messages.
    return InlineKeyboardButton(text=unescape(label), callback_data=packed)


def link(label: str, url: str) -> InlineKeyboardButton:
    """One button that leads away."""
    return InlineKeyboardButton(text=label, url=url)


def feet(back: CallbackData | str | None = None) -> Rows:
    """The last row of every screen."""
    row = [
        button(t("🏠 Trang chính"), Go(to="home")),
        button(t("🙋 Hỏi người thật"), Go(to="person")),
    ]
    if back is not None:
        row.insert(0, button(t("↩ Quay lại"), back))
    return [row]


def keyboard(rows: Rows, back: CallbackData | str | None = None) -> InlineKeyboardMarkup:
    """A screen's rows with the feet under them."""
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *feet(back)])


def open_question() -> InlineKeyboardMarkup:
    """Only the feet, while an answer is still to be typed: a number would be that answer."""
    return Lettered(inline_keyboard=feet())


def home(role: Role, resume: tuple[str, CallbackData] | None = None) -> InlineKeyboardMarkup:
    """The home screen: one's own work first, then guidance, then a person."""
    rows: Rows = []
    if resume is not None:
        rows.append([button(t("▶ Tiếp tục: {what}", what=resume[0]), resume[1])])
    rows += [[button(label, Go(to=to))] for action, label, to in _work() if can(role, action)]
    rows += [
        [
            button(t("🪪 VNeID"), Go(to="group-vneid")),
            button(t("🏛 Dịch vụ công"), Go(to="group-dvc")),
        ],
        [
            button(t("✍️ Chữ ký số"), Go(to="group-esign")),
            button(t("📚 Tất cả hướng dẫn"), Go(to="guides")),
        ],
    ]
    if role is Role.RESIDENT:
        rows.append([button(t("📍 Xã của mình"), Go(to="commune"))])
    else:
        rows.append([button(t("👤 Tài khoản"), Go(to="me"))])
    rows.append([button(t("🙋 Hỏi người thật"), Go(to="person"))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _work() -> tuple[tuple[Action, str, str], ...]:
    """What a role works on: the right it needs, its button, the screen it opens."""
    return (
        (Action.LOG_VISIT, t("📝 Ghi một lượt hỗ trợ"), "log"),
        (Action.SEE_OWN_VISITS, t("📋 Lượt của tôi"), "my-visits"),
        (Action.SEE_TEAM_VISITS, t("👥 Lượt của tổ, của xã"), "team-visits"),
        (Action.SEE_OWN_REPORTS, t("📅 Tôi phải nộp gì, khi nào"), "owed"),
        (Action.SEE_MISSING_REPORTS, t("📥 Ai chưa báo cáo"), "missing"),
        (Action.INVITE, t("✉️ Mời người"), "invite"),
        (Action.EDIT_COMMUNE, t("⚙️ Cài đặt xã"), "settings"),
    )


def communes(of: list[Commune]) -> InlineKeyboardMarkup:
    """Every commune on this server, and a way past."""
    rows = [[button(commune.name, Place(commune=commune.id))] for commune in of]
    rows.append([button(t("Xã khác"), Place(commune="-"))])
    return keyboard(rows)


def hamlets(commune: Commune, of: list[Hamlet]) -> InlineKeyboardMarkup:
    """The hamlets of a commune, two a row, and a way past."""
    buttons = [button(h.name, Place(commune=commune.id, hamlet=h.code)) for h in of]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    rows.append([button(t("Bỏ qua"), Place(commune=commune.id, hamlet="-"))])
    return keyboard(rows)


def stored_keyboard(
    rows: tuple[tuple[tuple[str, str], ...], ...],
) -> InlineKeyboardMarkup | None:
    """The buttons of an owed message, kept as (label, data)."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(label, data) for label, data in row] for row in rows]
    )
