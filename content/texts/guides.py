"""How a guide card is told: overview, one step at a time, stuck, where it comes from."""

from content.i18n import SOURCE_LOCALE, Html, locale_now, t
from content.texts import words
from domain.guides import Card, Freshness, Obstacle, Serving
from domain.people import Commune, Hamlet


def group(which: str) -> str:
    """A group of topics as people call it."""
    return {
        "vneid": t("VNeID và căn cước"),
        "dvc": t("Dịch vụ công trực tuyến"),
        "esign": t("Chữ ký số cá nhân"),
        "cashless": t("Thanh toán không tiền mặt"),
        "safety": t("Phòng lừa đảo"),
        "skills": t("Học kỹ năng số"),
        "social": t("Bảo hiểm, trường học"),
        "economy": t("Buôn bán, thuế"),
        "commune": t("Liên hệ xã, tổ"),
    }[which]


def choose_group() -> str:
    """All groups."""
    return t("Bà con muốn xem phần nào?")


def choose_topic(which: str) -> str:
    """The topics of a group."""
    return t("<b>{group}</b>\nBà con cần việc nào?", group=group(which))


def overview(
    card: Card, freshness: Freshness, commune: Commune | None, hamlet: Hamlet | None
) -> str:
    """The answer at a glance: one idea, who helps here, and where it comes from."""
    parts = [t("<b>{title}</b>", title=card.title), card.short.html]
    if locale_now() != SOURCE_LOCALE and card.translates is None:
        parts.append(t("(Hướng dẫn này mới có tiếng Việt.)"))
    if freshness.service is Serving.WARN:
        parts.append(_warning(freshness))
    parts += [_here(card, commune, hamlet), _hotlines(card), _origin(card)]
    return "\n\n".join(filter(None, parts))


def before(card: Card) -> str:
    """Who may, what to bring, cost, time, place."""
    parts = [t("<b>{title}</b>", title=card.title)]
    if card.audience:
        parts.append(t("<b>Dành cho ai:</b> {text}", text=Html(card.audience.html)))
    if card.preparations:
        brought = "\n".join(f"• {each.html}" for each in card.preparations)
        parts.append(t("<b>Chuẩn bị:</b>\n{list}", list=Html(brought)))
    if card.cost:
        parts.append(t("<b>Phí:</b> {text}", text=Html(card.cost.html)))
    if card.duration:
        parts.append(t("<b>Bao lâu:</b> {text}", text=Html(card.duration.html)))
    if card.place:
        parts.append(t("<b>Ở đâu:</b> {text}", text=Html(card.place.html)))
    return "\n\n".join(parts)


def withheld(card: Card) -> str:
    """A card past its grace is not served."""
    return t(
        "Hướng dẫn “{title}” đã lâu chưa được xem lại nên mình tạm cất, sợ chỉ sai."
        " Bà con hỏi người thật giúp mình.",
        title=card.title,
    )


def not_written(title: str) -> str:
    """A topic without a card: no guess."""
    return t(
        "Việc “{title}” mình chưa có hướng dẫn, không dám đoán. Bà con hỏi người thật giúp mình.",
        title=title,
    )


def step(card: Card, number: int) -> str:
    """One step; `number` starts at 1."""
    return t(
        "<b>{title}</b>\nBước {n}/{of}\n\n{text}",
        title=card.title,
        n=number,
        of=len(card.steps),
        text=Html(card.steps[number - 1].html),
    )


def stuck(card: Card) -> str:
    """Which obstacle?"""
    if not card.obstacles:
        return t("Mình chưa biết chỗ vướng này. Bà con hỏi người thật giúp mình.")
    return t("<b>{title}</b>\nBà con đang vướng ở đâu?", title=card.title)


def obstacle(card: Card, which: Obstacle) -> str:
    """What to do about one obstacle."""
    return t("<b>{label}</b>\n\n{text}", label=which.label, text=Html(which.text.html))


def finished(card: Card) -> str:
    """After the last step."""
    parts = [t("Hết các bước của “{title}”. Bà con làm được chưa?", title=card.title)]
    if card.doubts:
        doubts = "\n".join(f"• {each.html}" for each in card.doubts)
        parts.append(t("<b>Chỗ mình chưa chắc:</b>\n{list}", list=Html(doubts)))
    return "\n\n".join(parts)


def sources(card: Card) -> str:
    """Everything the card stands on, by name and date."""
    lines = [t("<b>Nguồn của “{title}”</b>", title=card.title)]
    lines += [
        t("• {name}, hiệu lực từ {day}", name=each.name, day=words.day(each.effective_on))
        for each in card.legal
    ]
    lines += [t("• {name} ({date})", name=each.name, date=each.date) for each in card.sources]
    if card.doubts:
        lines.append(t("<b>Chỗ mình chưa chắc:</b>"))
        lines += [f"• {each.html}" for each in card.doubts]
    return "\n".join(lines)


def which_one() -> str:
    """One question instead of a guess."""
    return t("Bà con muốn hỏi việc nào?")


def good() -> str:
    """It helped."""
    return t("Mừng quá! Cần gì bà con cứ hỏi tiếp nhé.")


def resume(card: Card, number: int) -> str:
    """On the home button that goes on where one left."""
    return t("{title} (bước {n})", title=card.title, n=number)


def _warning(freshness: Freshness) -> str:
    return t(
        "⚠ Hướng dẫn này đáng lẽ được xem lại trước {day}, có thể đã có thay đổi."
        " Nên hỏi lại cho chắc.",
        day=words.day(freshness.review_by),
    )


def _here(card: Card, commune: Commune | None, hamlet: Hamlet | None) -> str:
    """The commune's own facts under the national ones; nothing is invented."""
    if commune is None:
        return ""
    lines = []
    police = commune.police_address or commune.police_phone
    if card.group == "vneid" and not police:
        pass  # the centre's address would send a person to the wrong door
    elif card.group == "vneid":
        lines.append(
            t(
                "Công an {commune}: {place}",
                commune=commune.name,
                place=", ".join(filter(None, (commune.police_address, commune.police_phone))),
            )
        )
    elif commune.address or commune.phone:
        lines.append(
            t(
                "Trung tâm Phục vụ hành chính công {commune}: {place}",
                commune=commune.name,
                place=", ".join(filter(None, (commune.address, commune.hours, commune.phone))),
            )
        )
    if hamlet is not None and hamlet.phone:
        lines.append(t("Người giúp ở {hamlet}: {phone}", hamlet=hamlet.name, phone=hamlet.phone))
    return "\n".join(lines)


def _hotlines(card: Card) -> str:
    return "\n".join(
        t(
            '☎ {name}: <a href="tel:{digits}">{phone}</a>',
            name=line.name,
            digits="".join(ch for ch in line.phone if ch.isdigit()),
            phone=line.phone,
        )
        for line in card.hotlines
    )


def _origin(card: Card) -> str:
    """Source, effective date, last check: on every served card (A4)."""
    legal = card.legal[0].name if card.legal else (card.sources[0].name if card.sources else "")
    return t(
        "<i>Theo {source}, hiệu lực {effective}. Xem lại ngày {checked}.</i>",
        source=legal,
        effective=words.day(card.effective_on),
        checked=words.day(card.checked_on),
    )
