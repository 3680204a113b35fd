"""Buttons of guidance. Walking through one card changes the same message in place."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup
from pydantic import StringConstraints

from content.i18n import t
from content.keyboards.common import Go, Rows, button, keyboard, link
from content.texts import guides as texts
from domain.guides import Card, Topic

#: Anything else was made up: it is no button of ours.
PARTS = r"^(before|sources|done|good|stuck([0-9]{1,2})?|at[0-9]{1,2})?$"


class Open(CallbackData, prefix="g"):
    """Open a card, or one of its sides, as a new message.

    `at3` is the third step, `stuck0` the first obstacle.
    """

    topic: str
    part: Annotated[str, StringConstraints(pattern=PARTS)] = ""


class Walk(CallbackData, prefix="~g"):
    """Go to a step of the card in place; 0 is the overview."""

    topic: str
    step: int


def groups(of: Sequence[str]) -> InlineKeyboardMarkup:
    """All groups that have topics."""
    return keyboard([[button(texts.group(g), Go(to=f"group-{g}"))] for g in of])


def topics(of: Sequence[Topic]) -> InlineKeyboardMarkup:
    """Topics, one a row."""
    rows = [[button(each.title, Open(topic=each.id))] for each in of]
    return keyboard(rows, back=Go(to="guides"))


def overview(card: Card) -> InlineKeyboardMarkup:
    """Begin, stuck, sources, official pages."""
    rows: Rows = []
    if card.steps:
        rows.append([button(t("▶ Chỉ từng bước"), Walk(topic=card.topic, step=1))])
    rows.append([button(t("🎒 Chuẩn bị, phí, nơi làm"), Open(topic=card.topic, part="before"))])
    rows.append(
        [
            button(t("🆘 Mình bị vướng"), Open(topic=card.topic, part="stuck")),
            button(t("📄 Nguồn"), Open(topic=card.topic, part="sources")),
        ]
    )
    rows += [[link(each.name, each.url)] for each in card.links[:2]]
    return keyboard(rows, back=Go(to=f"group-{card.group}"))


def step(card: Card, number: int) -> InlineKeyboardMarkup:
    """Back, next, stuck."""
    around = [button(t("◀ Trước"), Walk(topic=card.topic, step=number - 1))]
    if number < len(card.steps):
        around.append(button(t("Tiếp ▶"), Walk(topic=card.topic, step=number + 1)))
    else:
        around.append(button(t("Xong hết ✔"), Open(topic=card.topic, part="done")))
    return keyboard(
        [around, [button(t("🆘 Mình bị vướng"), Open(topic=card.topic, part="stuck"))]],
    )


def stuck(card: Card) -> InlineKeyboardMarkup:
    """The obstacles, most frequent first."""
    rows = [
        [button(each.label, Open(topic=card.topic, part=f"stuck{n}"))]
        for n, each in enumerate(card.obstacles)
    ]
    return keyboard(rows, back=Open(topic=card.topic))


def obstacle(card: Card) -> InlineKeyboardMarkup:
    """Helped, or not."""
    return keyboard(
        [
            [button(t("👍 Được rồi"), Open(topic=card.topic, part="good"))],
            [button(t("Vẫn vướng, hỏi người thật"), Go(to="person"))],
        ],
        back=Open(topic=card.topic, part="stuck"),
    )


def finished(card: Card, related: Sequence[Topic]) -> InlineKeyboardMarkup:
    """Helped, or not; and what people do next."""
    rows: Rows = [
        [button(t("👍 Được rồi"), Open(topic=card.topic, part="good"))],
        [button(t("Vẫn vướng"), Open(topic=card.topic, part="stuck"))],
    ]
    rows += [[button(each.title, Open(topic=each.id))] for each in related[:3]]
    return keyboard(rows)


def before(card: Card) -> InlineKeyboardMarkup:
    """Under what to prepare: on to the steps."""
    rows: Rows = []
    if card.steps:
        rows.append([button(t("▶ Chỉ từng bước"), Open(topic=card.topic, part="at1"))])
    return keyboard(rows, back=Open(topic=card.topic))


def back_to(card: Card) -> InlineKeyboardMarkup:
    """Under the sources."""
    return keyboard([], back=Open(topic=card.topic))


def either(of: Sequence[Topic]) -> InlineKeyboardMarkup:
    """ "A hay B?"; at most three."""
    return keyboard([[button(each.title, Open(topic=each.id))] for each in of[:3]])


def finished_well() -> InlineKeyboardMarkup:
    """After "it helped"."""
    return keyboard([[button(t("📚 Xem việc khác"), Go(to="guides"))]])
