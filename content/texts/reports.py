"""Who owes what, who has not sent it, and marking a report as in."""

from collections.abc import Sequence
from datetime import datetime

from content.i18n import Html, t, tn
from content.texts import digests, reminders, words
from domain.deadlines import Deadline
from domain.duties import OwingUnit, Standing


def owed(deadlines: Sequence[tuple[Deadline, OwingUnit, bool]], kind: str) -> str:
    """What a focal person or head owes next: (deadline, unit, already in)."""
    if not deadlines:
        return t("Kế hoạch của xã chưa định ngày báo cáo nào cho đơn vị của anh/chị.")
    blocks = [t("<b>Báo cáo sắp tới của anh/chị</b>")]
    for due, unit, is_in in deadlines:
        mark = t("✅ đã nhận") if is_in else t("⏳ chưa nhận")
        lines = [
            t("<b>{name}</b> ({unit}): {mark}", name=due.name, unit=unit.name, mark=mark),
            t(
                "Nên nộp {target}, hạn cuối 24:00 {last}.",
                target=words.weekday(due.target_day),
                last=words.weekday(due.last_valid_day),
            ),
        ]
        if due.data is not None:
            lines.append(t("Lấy {period}.", period=Html(reminders.period(due.data, kind))))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def missing(standings: Sequence[Standing], at: datetime) -> str:
    """The overview for officer and leader."""
    digest = digests.missing_digest(standings, at)
    if digest is not None:
        return digest
    if not standings:
        return t("Kế hoạch của xã không ghi ngày báo cáo nào. Vào “Cài đặt xã” để bổ sung.")
    return t("Không có báo cáo nào quá hạn hay sắp tới hạn mà còn thiếu.")


def one(standing: Standing, received: int, kind: str) -> str:
    """One deadline, with the units still missing."""
    due = standing.deadline
    lines = [
        t("<b>{name}</b>", name=due.name),
        t("Hạn cuối: 24:00 {last}.", last=words.weekday(due.last_valid_day)),
    ]
    if due.data is not None:
        lines.append(t("Lấy {period}.", period=Html(reminders.period(due.data, kind))))
    lines.append(
        t("Đã nhận {n}/{of}.", n=received, of=len(standing.expected))
        if standing.expected
        else t("Chưa có đơn vị nào trong danh sách phải nộp.")
    )
    if standing.missing:
        lines.append(t("Bấm tên đơn vị khi đã nhận được báo cáo (giấy, Zalo hay điện thoại)."))
    else:
        lines.append(t("✅ Đủ cả."))
    return "\n".join(lines)


def how_received(unit: str, name: str) -> str:
    """Marking on behalf needs to say how it came."""
    return t("Đã nhận <b>{name}</b> của <b>{unit}</b> bằng cách nào?", unit=unit, name=name)


def marked(unit: str, name: str) -> str:
    """Said after the commit."""
    return t(
        "✅ Đã ghi nhận <b>{name}</b> của <b>{unit}</b>. Mình ngừng nhắc việc này.",
        unit=unit,
        name=name,
    )


def how(which: str) -> str:
    """The ways a report comes in."""
    return {
        "paper": t("Bản giấy"),
        "zalo": t("Zalo"),
        "email": t("Thư điện tử, phần mềm văn bản"),
        "phone": t("Nói trực tiếp, điện thoại"),
    }[which]


def deadline_label(standing: Standing) -> str:
    """On a button: short name, day, how many are missing."""
    due = standing.deadline
    count = tn("thiếu {n}", "thiếu {n}", len(standing.missing))
    return t(
        "{name} · {day} · {count}",
        name=due.name,
        day=f"{due.last_valid_day:%d/%m}",
        count=count,
    )
