"""Every DomainError as a sentence that says what to do next. A test proves none is missing."""

from collections.abc import Callable
from typing import Any

from content.i18n import t
from domain import errors as e


def too_fast() -> str:
    """The session or address posts faster than a person types."""
    return t("Tin đến nhanh quá. Chờ vài giây rồi gửi lại giúp mình nhé, chưa mất gì cả.")


def too_long() -> str:
    """More than the door carries."""
    return t(
        "Tin dài quá, mình chỉ đọc được khoảng 2.000 chữ cái một lần."
        " Bà con cắt làm hai, gửi lại giúp mình."
    )


def not_understood() -> str:
    """A post that is no message of ours."""
    return t("Mình chưa nhận được tin này. Tải lại trang rồi gửi lại giúp mình nhé.")


def storage_busy() -> str:
    """The database is locked or read-only."""
    return t("Máy chủ đang bận, mình chưa ghi được. Tin vẫn còn đây, lát nữa mình gửi lại.")


def unexpected() -> str:
    """A fault of ours, written to the log."""
    return t(
        "Mình vừa gặp trục trặc nên chưa làm xong việc này. Việc đã báo <b>Đã ghi</b> thì vẫn còn."
        " Thử lại giúp mình, hoặc bấm “Hỏi người thật”."
    )


def field_hint(hint: str) -> str:
    """Why a value an officer typed cannot be kept."""
    return {
        "short": t("ngắn quá"),
        "long": t("dài quá"),
        "phone": t("số điện thoại chỉ gồm chữ số và dấu cách, ví dụ 0251 123 456"),
        "date": t("ngày viết như 24/11/2026"),
        "off-or-work": t("sau ngày, gõ “nghỉ” hoặc “làm bù” rồi lý do"),
        "number": t("cần một con số từ 1 đến 30"),
        "code": t("mã hộ chỉ gồm chữ không dấu, số và gạch nối, ví dụ H12; đừng ghi tên người"),
    }.get(hint, "")


SENTENCES: dict[type[e.DomainError], Callable[[Any], str]] = {
    e.NotAllowed: lambda _: t(
        "Anh/chị chưa được giao việc này. Cần thì nhờ công chức phụ trách mở giúp."
    ),
    e.CommuneUnknown: lambda _: t(
        "Mình chưa biết bà con ở xã nào. Bà con chọn xã trước giúp mình nhé."
    ),
    e.InvitationUnknown: lambda _: t(
        "Mã mời này không có. Xem lại từng chữ, hoặc xin người mời gửi lại."
    ),
    e.InvitationExpired: lambda _: t("Lời mời này đã quá hạn. Xin người mời gửi lời mời mới."),
    e.InvitationRevoked: lambda _: t("Lời mời này đã bị thu lại. Hỏi lại công chức phụ trách."),
    e.InvitationUsedUp: lambda _: t("Lời mời này đã có đủ người nhận. Xin một lời mời mới."),
    e.TooManyWrongCodes: lambda _: t("Sai mã nhiều lần quá. Chờ 15 phút rồi thử lại."),
    e.LinkCodeWrong: lambda _: t(
        "Mã không đúng hoặc đã quá 10 phút."
        " Ở máy đang đăng nhập, bấm “Dùng thêm máy khác” lấy mã mới."
    ),
    e.NoTeam: lambda _: t(
        "Anh/chị chưa được xếp vào tổ nào nên chưa ghi được. Nhờ công chức phụ trách xếp giúp."
    ),
    e.NotYourHamlet: lambda _: t(
        "Nơi này không thuộc tổ của anh/chị. Chọn lại nơi tổ mình phụ trách."
    ),
    e.NothingChosen: lambda _: t(
        "Anh/chị chưa chọn việc nào. Chọn việc đã giúp rồi bấm “Xong, tiếp”."
    ),
    e.DraftGone: lambda _: t(
        "Lượt đang ghi này đã bỏ hoặc quá 7 ngày. Bấm “Ghi một lượt hỗ trợ” để ghi lại từ đầu."
    ),
    e.VisitInFuture: lambda _: t("Ngày này chưa tới. Chọn hôm nay hoặc một ngày đã qua."),
    e.VisitAlreadyRecorded: lambda error: t(
        "Lượt này đã ghi rồi, mã <b>{code}</b>. Mình không ghi thêm lần nữa.", code=error.code
    ),
    e.UndoTooLate: lambda _: t(
        "Đã quá 24 giờ nên không tự xóa được nữa. Nhờ tổ trưởng hoặc công chức phụ trách."
    ),
    e.VisitUnknown: lambda _: t("Không tìm thấy lượt này trong danh sách của anh/chị."),
    e.ReportAlreadyIn: lambda _: t("Báo cáo này đã được đánh dấu nhận trước đó."),
    e.FieldInvalid: lambda error: t(
        "Chưa ghi được: {hint}. Gõ lại giúp mình.", hint=field_hint(error.hint) or error.field
    ),
    e.StorageBusy: lambda _: storage_busy(),
}


def sentence(error: e.DomainError) -> str:
    """The words for an error."""
    return SENTENCES[type(error)](error)
