"""The names of things: roles, services, outcomes, kinds, days. Said the same everywhere."""

from datetime import date

from babel.dates import format_date

from content.i18n import locale_now, t
from domain.people import Role
from domain.visits import Kind, Outcome, Reason, Service


def role(which: Role) -> str:
    """A role as people call it."""
    return {
        Role.RESIDENT: t("người dân"),
        Role.MEMBER: t("thành viên tổ"),
        Role.HEAD: t("tổ trưởng"),
        Role.FOCAL: t("đầu mối đơn vị"),
        Role.OFFICER: t("công chức phụ trách"),
        Role.LEADER: t("lãnh đạo xã, phường"),
        Role.AUDITOR: t("người kiểm tra"),
        Role.ADMIN: t("người quản lý máy chủ"),
    }[which]


def service(which: Service) -> str:
    """A service as it stands on a button."""
    return {
        Service.VNEID: t("VNeID mức 2"),
        Service.DVC: t("Dịch vụ công"),
        Service.ESIGN: t("Chữ ký số"),
        Service.CASHLESS: t("Thanh toán không tiền mặt"),
        Service.HEALTH_RECORD: t("Sổ sức khỏe"),
        Service.SKILLS: t("Kỹ năng dùng điện thoại"),
        Service.SAFETY: t("Phòng lừa đảo"),
        Service.BUSINESS: t("Hộ kinh doanh"),
        Service.OTHER: t("Việc khác"),
    }[which]


def outcome(which: Outcome) -> str:
    """What came of a visit."""
    return {
        Outcome.DONE: t("Xong"),
        Outcome.PARTLY: t("Xong một phần"),
        Outcome.NOT_DONE: t("Chưa làm được"),
    }[which]


def reason(which: Reason) -> str:
    """Why a visit was not, or only partly, done."""
    return {
        Reason.ABSENT: t("Vắng nhà"),
        Reason.REFUSED: t("Bà con chưa muốn"),
        Reason.NO_PHONE: t("Không có điện thoại thông minh"),
        Reason.SIM: t("SIM đứng tên người khác"),
        Reason.POLICE: t("Phải ra công an"),
        Reason.SYSTEM: t("Mạng hoặc hệ thống lỗi"),
        Reason.OTHER: t("Lý do khác"),
    }[which]


def kind(which: Kind) -> str:
    """How help was given."""
    return {
        Kind.HOUSEHOLD: t("đến hộ"),
        Kind.GROUP: t("buổi hướng dẫn chung"),
        Kind.POINT: t("điểm hỗ trợ"),
    }[which]


def day(which: date) -> str:
    """24/11/2026."""
    return which.strftime("%d/%m/%Y")


def weekday(which: date) -> str:
    """Thứ Ba 24/11/2026."""
    name = format_date(which, "EEEE", locale=locale_now())
    return f"{name[:1].upper()}{name[1:]} {day(which)}"
