"""Who owes what, who has not sent it, and marking a report as in."""

from collections.abc import Sequence
from datetime import datetime

from content.i18n import Html, t, tn
from content.texts import digests, reminders, words
from domain.deadlines import Deadline, is_overdue
from domain.duties import OwingUnit, Standing
from domain.reports import Reopening, Way


def owed(deadlines: Sequence[tuple[Deadline, OwingUnit, bool]], kind: str, at: datetime) -> str:
    """What a focal person or head owes: (deadline, unit, already in), the late ones first."""
    blocks = [t("<b>Báo cáo của anh/chị</b>")]
    for due, unit, is_in in deadlines:
        late = not is_in and is_overdue(due, at)
        lines = [
            t(
                "<b>{name}</b> ({unit}): {mark}",
                name=due.name,
                unit=unit.name,
                mark=_mark(is_in=is_in, late=late),
            ),
            _passed(due) if late else _ahead(due),
        ]
        if due.data is not None:
            lines.append(t("Lấy {period}.", period=Html(reminders.period(due.data, kind))))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def nothing_owed(has_days: bool) -> str:
    """No report is asked of this person; `has_days`: the plan names a day for such reports."""
    if not has_days:
        return t("Kế hoạch của xã chưa định ngày báo cáo nào cho đơn vị của anh/chị.")
    return t("Hiện không có báo cáo nào anh/chị phải nộp.")


def _mark(*, is_in: bool, late: bool) -> str:
    if is_in:
        return t("✅ đã nhận")
    return t("❗ quá hạn, chưa nhận") if late else t("⏳ chưa nhận")


def _ahead(due: Deadline) -> str:
    return t(
        "Nên nộp {target}, hạn cuối 24:00 {last}.",
        target=words.weekday(due.target_day),
        last=words.weekday(due.last_valid_day),
    )


def _passed(due: Deadline) -> str:
    last = words.weekday(due.last_valid_day)
    return t("Hạn cuối đã qua lúc 24:00 {last}. Anh/chị nộp sớm nhé.", last=last)


def missing(standings: Sequence[Standing], at: datetime, *, has_days: bool) -> str:
    """The overview for officer and leader: the very reports whose buttons stand below.

    `has_days`: the plan names a day for some report.
    """
    if standings:
        return digests.missing_list(standings, at)
    if not has_days:
        return t("Kế hoạch của xã không ghi ngày báo cáo nào. Vào “Cài đặt xã” để bổ sung.")
    return t("Không có báo cáo nào quá hạn hay sắp tới hạn mà còn thiếu.")


def one(standing: Standing, kind: str) -> str:
    """One deadline, with the units still missing."""
    due = standing.deadline
    lines = [
        t("<b>{name}</b>", name=due.name),
        t("Hạn cuối: 24:00 {last}.", last=words.weekday(due.last_valid_day)),
    ]
    if due.data is not None:
        lines.append(t("Lấy {period}.", period=Html(reminders.period(due.data, kind))))
    lines.append(
        t("Đã nhận {n}/{of}.", n=len(standing.received), of=len(standing.expected))
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


def how(which: Way) -> str:
    """The ways a report comes in."""
    return {
        Way.PAPER: t("Bản giấy"),
        Way.ZALO: t("Zalo"),
        Way.EMAIL: t("Thư điện tử, phần mềm văn bản"),
        Way.PHONE: t("Nói trực tiếp, điện thoại"),
    }[which]


def which_to_reopen(name: str) -> str:
    """Taking a mark off: whose."""
    return t("Gỡ đánh dấu <b>{name}</b> của đơn vị nào?", name=name)


def why_reopened(unit: str, name: str) -> str:
    """It stays in the log, so it needs a reason."""
    return t("Gỡ đánh dấu đã nhận <b>{name}</b> của <b>{unit}</b>. Vì sao?", unit=unit, name=name)


def why(which: Reopening) -> str:
    """The reasons."""
    return {
        Reopening.SLIP: t("Bấm nhầm"),
        Reopening.RETURNED: t("Báo cáo trả lại để sửa"),
    }[which]


def reopened(unit: str, name: str) -> str:
    """Said after the commit."""
    return t(
        "Đã gỡ đánh dấu. <b>{name}</b> của <b>{unit}</b> lại là chưa nhận,"
        " tới ngày nhắc thì mình nhắc tiếp.",
        unit=unit,
        name=name,
    )


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
