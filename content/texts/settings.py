"""The officer's screen for what the plan does not say: address, hours, phones, choices, days."""

from collections.abc import Sequence
from datetime import date

from content.i18n import t
from content.texts import words
from domain.people import Commune, Hamlet
from domain.periods import PeriodChoice


def field(which: str) -> str:
    """A setting as people call it."""
    return {
        "address": t("Địa chỉ Trung tâm Phục vụ hành chính công"),
        "hours": t("Giờ làm việc"),
        "phone": t("Điện thoại của Trung tâm"),
        "police_address": t("Địa chỉ công an"),
        "police_phone": t("Điện thoại công an"),
        "period_choice": t("Số liệu tính từ ngày nào đến ngày nào"),
        "team_tier": t("Tổ có nộp báo cáo riêng không"),
    }[which]


def overview(commune: Commune, hamlets: Sequence[Hamlet]) -> str:
    """Everything as it stands; what is empty is said to be."""
    lines = [t("<b>Cài đặt {commune}</b>", commune=commune.name)]
    lines += [
        t("{field}: {value}", field=field(key), value=value(commune, key))
        for key in (
            "address",
            "hours",
            "phone",
            "police_address",
            "police_phone",
            "period_choice",
            "team_tier",
        )
    ]
    lines.append(
        t("{term}: {n} trong danh sách", term=commune.hamlet_term.capitalize(), n=len(hamlets))
    )
    lines.append(t("Mục nào trống thì bà con được bảo “hỏi Ủy ban xã”. Bấm mục cần sửa."))
    return "\n".join(lines)


def value(commune: Commune, key: str) -> str:
    """The present value in words."""
    if key == "period_choice":
        return choice(commune.period_choice)
    if key == "team_tier":
        return {True: t("có"), False: t("không"), None: t("chưa chọn")}[commune.team_tier]
    return getattr(commune, key) or t("chưa có")


def choice(which: str | None) -> str:
    """How periods are cut."""
    if which is None:
        return t("tạm tính, xã chưa xác nhận")
    return {
        PeriodChoice.DECREE: t("theo Nghị định 09/2019: tính đến hết ngày 14"),
        PeriodChoice.CALENDAR_BEFORE: t("đến hết tháng trước tháng nộp"),
    }[PeriodChoice(which)]


def ask(key: str) -> str:
    """The typed question of a setting."""
    examples = {
        "address": t("ví dụ: Ấp 1, cạnh Ủy ban xã"),
        "hours": t("ví dụ: 7:30–11:30, 13:30–17:00, thứ Hai đến thứ Sáu"),
        "phone": t("ví dụ: 0271 123 456"),
        "police_address": t("ví dụ: Ấp 1, đối diện chợ"),
        "police_phone": t("ví dụ: 0271 123 457"),
    }
    return t(
        "<b>{field}</b>\nGõ nội dung, {example}. Gõ một dấu gạch ngang - để xóa.",
        field=field(key),
        example=examples[key],
    )


def ask_period() -> str:
    """A choice with consequences: told before."""
    return t(
        "<b>Kỳ số liệu</b>\nNghị định 09/2019 chốt số liệu ngày 14. Nếu hạn của xã trước ngày 14"
        " thì nên lấy đến hết tháng trước. Xã chọn cách nào?"
    )


def ask_team_tier() -> str:
    """A tier the plan does not have."""
    return t(
        "<b>Báo cáo của tổ</b>\nKế hoạch không nói tổ phải nộp riêng. Xã có muốn từng tổ nộp"
        " cùng hạn với các đơn vị không?"
    )


def saved(key: str, commune: Commune) -> str:
    """Said after the commit."""
    return t("✅ Đã ghi. {field}: {value}", field=field(key), value=value(commune, key))


def hamlets(commune: Commune, of: Sequence[Hamlet]) -> str:
    """The list, and how to add."""
    lines = [
        t(
            "<b>{term} của {commune}</b>",
            term=commune.hamlet_term.capitalize(),
            commune=commune.name,
        )
    ]
    lines += [
        t("{name} · {phone}", name=h.name, phone=h.phone) if h.phone else t("{name}", name=h.name)
        for h in of
    ]
    lines.append(t("Bấm “Thêm” để thêm một nơi, hoặc gửi danh sách cho quản trị nhập một lần."))
    return "\n".join(lines)


def ask_hamlet() -> str:
    """A new hamlet by its name."""
    return t("Gõ tên, ví dụ: Ấp 5. Có số điện thoại người phụ trách thì gõ sau dấu phẩy.")


def hamlet_added(name: str) -> str:
    """Said after the commit."""
    return t("✅ Đã thêm {name}.", name=name)


def holidays(of: Sequence[tuple[date, bool, str]]) -> str:
    """Days the commune entered itself."""
    lines = [t("<b>Ngày nghỉ, ngày làm bù riêng của xã</b>")]
    for day, off, reason in of:
        what = t("nghỉ") if off else t("làm việc")
        lines.append(
            t("{day}: {what} ({reason})", day=words.weekday(day), what=what, reason=reason)
        )
    if not of:
        lines.append(t("Chưa có. Lịch nghỉ chung cả nước mình đã biết."))
    lines.append(
        t("Gõ như: <b>23/11/2026 nghỉ theo công văn số 12</b> hoặc <b>28/11/2026 làm bù</b>.")
    )
    return "\n".join(lines)


def holiday_saved(day: date, off: bool) -> str:
    """Said after the commit."""
    what = t("nghỉ") if off else t("làm việc")
    return t(
        "✅ Đã ghi {day}: {what}. Mình tính lại các ngày nhắc.", day=words.weekday(day), what=what
    )


def addresses(links: Sequence[tuple[str, str, str]]) -> str:
    """Doors for residents: name, address, QR."""
    lines = [t("<b>Đường dẫn cho bà con</b>")]
    lines += [
        t('{name}: <a href="{url}">{url}</a> · <a href="{qr}">mã QR</a>', name=name, url=url, qr=qr)
        for name, url, qr in links
    ]
    return "\n".join(lines)
