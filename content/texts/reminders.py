"""Reminders before a cut-off, one sentence a rung.

Every message names the report, the days its figures cover, the day to aim for and the last valid
day. None ever promises an extension. Days left are counted from the day the message goes out: a
rung may have moved to the last working day before.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from content.i18n import Html, t, tn
from content.texts import words
from domain.deadlines import Deadline
from domain.ladder import Rung
from domain.people import Role
from domain.periods import DataPeriod
from domain.reminders import Reminder, ReminderItem
from domain.visits import local_day


def reminder(message: Reminder, office: str, kind: str = "xã") -> str:
    """The whole message: what is owed, by when, and how to make the reminding stop.

    Reports due alike are named together. `office` compiles the reports (`PlanPack.office`);
    `kind` is `PlanPack.kind`.
    """
    day = local_day(message.at)
    with_unit = len({item.unit_code for item in message.items}) > 1
    blocks = [
        _block(tuple(items), day, kind, with_unit) for _, items in groupby(message.items, _alike)
    ]
    if len(blocks) > 1:
        n = len(message.items)
        blocks.insert(0, tn("Có {n} báo cáo cần để ý.", "Có {n} báo cáo cần để ý.", n))
    return "\n\n".join((*blocks, _how_to_stop(message.role, office)))


def _alike(item: ReminderItem) -> tuple[Rung, date, date]:
    """What items must share to be said in one breath."""
    return item.rung, item.deadline.target_day, item.deadline.last_valid_day


def _block(items: Sequence[ReminderItem], day: date, kind: str, with_unit: bool) -> str:
    """Reports of one rung and one date: their names, then what is said of them all."""
    due = items[0].deadline
    lines = [_title(item, kind, with_unit) for item in items]
    lines.append(_RUNGS[items[0].rung](due, day))
    if items[0].rung in _WITH_DATES:
        lines.append(_dates(due))
    if any(i.deadline.data and day <= due.target_day <= i.deadline.data.last for i in items):
        lines.append(t("Ngày nên nộp tới trước khi hết kỳ: số liệu mấy ngày cuối ghi là số ước."))
    if any(i.deadline.assumed and not (i.deadline.data and i.deadline.data.assumed) for i in items):
        lines.append(
            t("Kế hoạch không nói về năm này: hạn tạm tính, chờ {kind} xác nhận.", kind=kind)
        )
    return "\n".join(lines)


def _title(item: ReminderItem, kind: str, with_unit: bool) -> str:
    """What is owed, and which days its figures cover."""
    due = item.deadline
    name = t("<b>{name}</b>", name=due.name)
    if with_unit:
        name = t("<b>{name}</b> ({unit})", name=due.name, unit=item.unit_name)
    if due.data is None:
        return name
    return t("{name}, {period}", name=Html(name), period=Html(period(due.data, kind)))


def _t7(due: Deadline, day: date) -> str:
    """Time to begin."""
    return t(
        "Còn {n} ngày là tới ngày nên nộp. Anh/chị bắt đầu gom số liệu là vừa.",
        n=(due.target_day - day).days,
    )


def _t3(due: Deadline, day: date) -> str:
    """Time to see what is missing."""
    return t(
        "Còn {n} ngày là tới ngày nên nộp. Anh/chị xem số liệu đủ chưa, thiếu gì thì hỏi ngay.",
        n=(due.target_day - day).days,
    )


def _t1(due: Deadline, day: date) -> str:
    """The last working day before; with a weekend or holiday between, today is that day."""
    left = (due.target_day - day).days
    if left == 1:
        return t("Ngày mai là ngày nên nộp. Anh/chị rà lại lần cuối giúp mình.")
    return t(
        "Còn {n} ngày là tới ngày nên nộp, ở giữa là ngày nghỉ. Anh/chị làm xong trong hôm nay"
        " là tốt nhất.",
        n=left,
    )


def _on_the_day(due: Deadline, day: date) -> str:
    """The target day itself, which may be the last day too."""
    last = words.weekday(due.last_valid_day)
    if due.target_day == due.last_valid_day:
        return t("<b>Hôm nay là hạn cuối</b>: 24:00 {last}.", last=last)
    return t(
        "<b>Hôm nay, {target}, là ngày nên nộp</b>: từ mai đến hạn cuối (24:00 {last}) đều là"
        " ngày nghỉ.",
        target=words.weekday(due.target_day),
        last=last,
    )


def _still_open(due: Deadline, day: date) -> str:
    """The last valid day, when it is not a working day."""
    return t(
        "<b>Còn hạn đến 24:00 hôm nay</b>, {last}. Chưa gửi thì anh/chị gửi luôn giúp mình.",
        last=words.weekday(due.last_valid_day),
    )


def _overdue(due: Deadline, day: date) -> str:
    """Late, the first time. What comes now is kept apart as late: product, tiers."""
    return t(
        "<b>Đã quá hạn</b> từ 24:00 {last} mà chưa thấy báo cáo. Anh/chị gửi ngay khi được;"
        " báo cáo gửi lúc này được ghi là nộp muộn.",
        last=words.weekday(due.last_valid_day),
    )


def _overdue_again(due: Deadline, day: date) -> str:
    """Late, the last time."""
    return t(
        "<b>Vẫn chưa thấy báo cáo</b>, đã quá hạn từ 24:00 {last}. Đây là lần nhắc cuối; tên đơn"
        " vị ở trong danh sách còn thiếu cho tới khi báo cáo về.",
        last=words.weekday(due.last_valid_day),
    )


_RUNGS: dict[Rung, Callable[[Deadline, date], str]] = {
    Rung.T7: _t7,
    Rung.T3: _t3,
    Rung.T1: _t1,
    Rung.DAY: _on_the_day,
    Rung.STILL_OPEN: _still_open,
    Rung.OVERDUE: _overdue,
    Rung.OVERDUE_2: _overdue_again,
}
#: The rungs whose sentence does not say the dates itself.
_WITH_DATES = frozenset({Rung.T7, Rung.T3, Rung.T1})


def period(data: DataPeriod, kind: str = "xã") -> str:
    """Which days the figures cover: "số liệu từ 15/10 đến 14/11/2026"."""
    first = words.day(data.first) if data.first.year != data.last.year else f"{data.first:%d/%m}"
    if data.assumed:
        return t(
            "số liệu từ {first} đến {last} (tạm tính, chờ {kind} xác nhận)",
            first=first,
            last=words.day(data.last),
            kind=kind,
        )
    return t("số liệu từ {first} đến {last}", first=first, last=words.day(data.last))


def _dates(due: Deadline) -> str:
    """The day to aim for and the last valid day; they are told apart only where they differ."""
    last = words.weekday(due.last_valid_day)
    if due.target_day == due.last_valid_day:
        return t("Nên nộp trong {last}, cũng là hạn cuối (24:00).", last=last)
    return t(
        "Nên nộp trong {target}. Hạn cuối: 24:00 {last}.",
        target=words.weekday(due.target_day),
        last=last,
    )


def _how_to_stop(role: Role, office: str) -> str:
    """What to do so that this is the last message about it."""
    if role is Role.OFFICER:
        return t("Gửi xong, anh/chị đánh dấu đã gửi để mình ngừng nhắc.")
    return t("Nộp xong báo cho {office} để ngừng nhắc.", office=office)
