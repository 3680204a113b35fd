"""Buttons of logging a visit. Every press names its draft, so an old one can do no harm."""

from datetime import date
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from content.i18n import t
from content.keyboards.common import Go, Rows, button, feet, keyboard
from content.keyboards.lettered import Lettered
from content.texts import words
from domain.drafts import Draft
from domain.people import Hamlet
from domain.visits import Outcome, Reason, Service, Visit

#: Letters of a label of which two fit beside each other at 320 px.
SHORT = 16


class Log(CallbackData, prefix="v"):
    """An answer to one question of the form, or what to do with the draft."""

    do: str
    draft: UUID
    value: str = ""


class Pick(CallbackData, prefix="~v"):
    """Services switched on or off, in place; several are joined by "+"."""

    draft: UUID
    services: str


class Taken(CallbackData, prefix="u"):
    """Take a recorded visit back: asked first, then done."""

    do: str
    visit: UUID


def hamlets(draft: Draft, of: list[Hamlet]) -> InlineKeyboardMarkup:
    """The hamlets of the team, two a row."""
    buttons = [button(h.name, Log(do="hamlet", draft=draft.id, value=h.code)) for h in of]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    return keyboard([*rows, _drop(draft)])


def services(draft: Draft, *, several_hamlets: bool) -> InlineKeyboardMarkup:
    """All services with their ticks, and on."""
    chosen = set(draft.data.get("services", ()))
    ticks = [
        button(
            f"{'☑' if s.value in chosen else '☐'} {words.service(s)}",
            Pick(draft=draft.id, services=s.value),
        )
        for s in Service
    ]
    # Short ones side by side: all of them fit on a small phone without scrolling.
    short = [tick for tick in ticks if len(tick.text) <= SHORT]
    rows: Rows = [short[n : n + 2] for n in range(0, len(short), 2)]
    rows += [[tick] for tick in ticks if len(tick.text) > SHORT]
    rows.append([button(t("Xong, tiếp ▶"), Log(do="services", draft=draft.id))])
    return keyboard([*rows, _drop(draft)], back=_back(draft) if several_hamlets else None)


def outcomes(draft: Draft) -> InlineKeyboardMarkup:
    """Three outcomes."""
    rows: Rows = [
        [button(words.outcome(o), Log(do="outcome", draft=draft.id, value=o.value))]
        for o in Outcome
    ]
    return keyboard([*rows, _drop(draft)], back=_back(draft))


def reasons(draft: Draft) -> InlineKeyboardMarkup:
    """Why not, or not all."""
    rows: Rows = [
        [button(words.reason(r), Log(do="reason", draft=draft.id, value=r.value))] for r in Reason
    ]
    return keyboard([*rows, _drop(draft)], back=_back(draft))


def confirm(draft: Draft) -> InlineKeyboardMarkup:
    """Save first; then what may be added; then back and away."""
    return keyboard(
        [
            [button(t("💾 Lưu"), Log(do="save", draft=draft.id))],
            [
                button(t("Thêm số người"), Log(do="people", draft=draft.id)),
                button(t("Thêm mã hộ"), Log(do="household", draft=draft.id)),
            ],
            [button(t("Đổi ngày"), Log(do="date", draft=draft.id))],
            _drop(draft),
        ],
        back=_back(draft),
    )


def days(draft: Draft, of: list[date]) -> InlineKeyboardMarkup:
    """The days that need no reason."""
    rows = [
        [button(words.weekday(day), Log(do="day", draft=draft.id, value=day.isoformat()))]
        for day in of
    ]
    return keyboard(rows, back=Log(do="review", draft=draft.id))


def typed(draft: Draft) -> InlineKeyboardMarkup:
    """Under a typed question: without it, and the feet."""
    rows: Rows = [[button(t("Thôi, không ghi mục này"), Log(do="review", draft=draft.id))]]
    return Lettered(inline_keyboard=[*rows, *feet()])


def unfinished(draft: Draft) -> InlineKeyboardMarkup:
    """Go on or start anew."""
    return keyboard(
        [
            [button(t("▶ Ghi tiếp"), Log(do="review", draft=draft.id))],
            [button(t("Bỏ, ghi lượt mới"), Log(do="anew", draft=draft.id))],
        ]
    )


def after_saving(visit: Visit) -> InlineKeyboardMarkup:
    """What comes next."""
    return keyboard(
        [
            [button(t("📝 Ghi lượt nữa"), Go(to="log"))],
            [
                button(t("📋 Lượt của tôi"), Go(to="my-visits")),
                button(t("Xóa lượt này"), Taken(do="ask", visit=visit.id)),
            ],
        ]
    )


def undo(visit: Visit) -> InlineKeyboardMarkup:
    """Sure?"""
    return keyboard(
        [
            [button(t("Xóa"), Taken(do="yes", visit=visit.id))],
            [button(t("Thôi, giữ lại"), Go(to="my-visits"))],
        ]
    )


def mine(undoable: list[Visit]) -> InlineKeyboardMarkup:
    """Under one's own list: the records that can still be taken back."""
    rows: Rows = [
        [button(t("Xóa {code}", code=v.code), Taken(do="ask", visit=v.id))] for v in undoable[:3]
    ]
    return keyboard([[button(t("📝 Ghi một lượt hỗ trợ"), Go(to="log"))], *rows])


def _drop(draft: Draft) -> list[InlineKeyboardButton]:
    return [button(t("🗑 Bỏ lượt này"), Log(do="drop", draft=draft.id))]


def _back(draft: Draft) -> Log:
    return Log(do="back", draft=draft.id)
