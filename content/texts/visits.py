"""Everything said while a visit is logged, listed or taken back."""

from collections.abc import Mapping, Sequence
from datetime import date

from content.i18n import Html, t, tn
from content.texts import words
from domain.drafts import Draft
from domain.visits import Outcome, Reason, Service, Visit, local_day


def ask_hamlet() -> str:
    """First question, when the team serves several hamlets."""
    return t("Lượt này ở đâu?")


def ask_services(hamlet: str, day: date) -> str:
    """Several may be chosen on one screen."""
    return t(
        "Ghi một lượt đến hộ ở <b>{hamlet}</b>, ngày {day}.\nĐã giúp bà con việc gì?"
        " Chọn một hoặc nhiều, rồi bấm “Xong, tiếp”.",
        hamlet=hamlet,
        day=words.day(day),
    )


def ask_outcome() -> str:
    """Third question."""
    return t("Kết quả thế nào?")


def ask_reason() -> str:
    """Only when something is left."""
    return t("Vì sao chưa xong?")


def confirm(draft: Draft, hamlet: str, day: date) -> str:
    """Everything shown back before it is saved."""
    told = draft.data
    lines = [
        t("<b>Xem lại rồi bấm Lưu</b>"),
        t("Nơi: {hamlet}", hamlet=hamlet),
        t("Ngày: {day}", day=words.day(day)),
        t("Việc: {services}", services=_services(told.get("services", ()))),
        t("Kết quả: {outcome}", outcome=_outcome(told)),
        t("Số người: {people}", people=told.get("people") or t("chưa ghi")),
        t("Mã hộ: {household}", household=told.get("household") or t("chưa ghi")),
    ]
    return "\n".join(lines)


def ask_day() -> str:
    """Which of the last days."""
    return t("Lượt này làm hôm nào?")


def ask_people() -> str:
    """A typed answer."""
    return t("Giúp mấy người trong hộ? Gõ một con số.")


def ask_household() -> str:
    """A typed answer; never a name."""
    return t(
        "Gõ mã hộ trong sổ của tổ, ví dụ <b>H12</b>. Đừng gõ tên hay số điện thoại của bà con."
    )


def unfinished(draft: Draft, hamlet: str | None) -> str:
    """A draft from before is still there."""
    what = _services(draft.data.get("services", ())) or t("chưa chọn việc")
    return t(
        "Còn một lượt chưa ghi xong từ {day}: {hamlet}, {what}. Ghi tiếp hay bỏ?",
        day=words.day(local_day(draft.created_at)),
        hamlet=hamlet or t("chưa chọn nơi"),
        what=what,
    )


def saved(visit: Visit, hamlet: str) -> str:
    """Said only after the commit."""
    return t(
        "✅ Đã ghi <b>{code}</b>\n{hamlet}, {day}: {services}. {outcome}.",
        code=visit.code,
        hamlet=hamlet,
        day=words.day(visit.visited_on),
        services=_services([s.value for s in visit.services]),
        outcome=_result(visit.outcome, visit.reason),
    )


def dropped() -> str:
    """A draft thrown away."""
    return t("Đã bỏ, không ghi gì cả.")


def undone(code: str) -> str:
    """A visit taken back; it stays in the log, crossed out."""
    return t("Đã xóa <b>{code}</b>. Lượt này không còn tính vào kết quả.", code=code)


def ask_undo(visit: Visit) -> str:
    """Before taking back."""
    return t("Xóa lượt <b>{code}</b>? Trong sổ vẫn còn vết là đã ghi rồi xóa.", code=visit.code)


def mine(visits: Sequence[Visit], total: int, hamlets: Mapping[str, str]) -> str:
    """One's own newest records; `total` counts all that are not undone."""
    if not visits:
        return t("Anh/chị chưa ghi lượt nào. Bấm “Ghi một lượt hỗ trợ” để bắt đầu.")
    return _list(t("<b>Lượt của tôi, mới nhất trước</b>"), visits, total, hamlets, {})


def team(
    visits: Sequence[Visit],
    total: int,
    hamlets: Mapping[str, str],
    names: Mapping[str, str],
    *,
    whole: bool,
) -> str:
    """The team's or the commune's newest records; `names` by person id.

    `total` counts all that are not undone, listed or not.
    """
    if not visits:
        return t("Chưa có lượt nào trong 31 ngày qua.")
    head = (
        t("<b>Lượt của cả xã, 31 ngày qua</b>") if whole else t("<b>Lượt của tổ, 31 ngày qua</b>")
    )
    number = tn("{n} lượt", "{n} lượt", total)
    return _list(f"{head}: {number}", visits, total, hamlets, names)


SHOWN = 10


def _list(
    head: str,
    visits: Sequence[Visit],
    total: int,
    hamlets: Mapping[str, str],
    names: Mapping[str, str],
) -> str:
    lines = [head]
    for visit in visits[:SHOWN]:
        line = t(
            "{code} · {day} · {hamlet} · {services} · {result}",
            code=visit.code,
            day=words.day(visit.visited_on),
            hamlet=hamlets.get(visit.hamlet_code, visit.hamlet_code),
            services=_services([s.value for s in visit.services]),
            result=_result(visit.outcome, visit.reason),
        )
        name = names.get(str(visit.person_id))
        if name:
            line += t(" · {name}", name=name)
        if visit.undone_at is not None:
            line = t("{line} · đã xóa", line=Html(line))
        lines.append(line)
    left = total - sum(visit.undone_at is None for visit in visits[:SHOWN])
    if left:
        lines.append(tn("… và {n} lượt nữa", "… và {n} lượt nữa", left))
    return "\n".join(lines)


def _services(values: Sequence[str]) -> str:
    return ", ".join(words.service(s) for s in Service if s.value in set(values))


def _outcome(told: Mapping[str, object]) -> str:
    outcome = Outcome(str(told["outcome"]))
    reason = Reason(str(told["reason"])) if told.get("reason") else None
    return _result(outcome, reason)


def _result(outcome: Outcome, reason: Reason | None) -> str:
    if reason is None or outcome is Outcome.DONE:
        return words.outcome(outcome)
    return t("{outcome} ({reason})", outcome=words.outcome(outcome), reason=words.reason(reason))


def resume(draft: Draft) -> str:
    """On the home button that goes on with an unfinished visit."""
    return t("lượt chưa ghi xong ngày {day}", day=words.day(local_day(draft.created_at)))
