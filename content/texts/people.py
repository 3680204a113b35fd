"""Invitations, accounts, devices, language."""

from collections.abc import Sequence

from content.i18n import Html, t
from content.texts import words
from domain.people import Account, Commune, Invitation, Membership, Person
from domain.visits import local_day


def invited(invitation: Invitation, commune: Commune, place: str | None, name: str | None) -> str:
    """What accepting would mean. Nothing has happened yet."""
    lines = [t("<b>Lời mời vào {commune}</b>", commune=commune.name)]
    if name:
        lines.append(t("Dành cho: {name}", name=name))
    lines.append(t("Vai: {role}", role=words.role(invitation.role)))
    if place:
        lines.append(t("Nơi làm: {place}", place=place))
    lines.append(
        t("Bấm “Nhận lời mời” là dùng được ngay trên máy này. Chưa bấm thì chưa có gì thay đổi.")
    )
    return "\n".join(lines)


def signed_in_as_another(person: Person) -> str:
    """Added to an offer that is for somebody else."""
    return "\n\n" + t(
        "Máy này đang đăng nhập là <b>{name}</b>. Lời mời dành cho người khác: muốn nhận thì"
        " {name} phải đăng xuất trước.",
        name=person.name,
    )


def role_is_added(person: Person) -> str:
    """Added to an offer on a device that is signed in."""
    return "\n\n" + t(
        "Máy này đang đăng nhập là <b>{name}</b>. Nhận thì {name} có thêm vai này.",
        name=person.name,
    )


def ask_name() -> str:
    """For an invitation that names nobody."""
    return t("Anh/chị tên gì? Gõ họ tên để đồng đội nhận ra, ví dụ Trần Thị Mẫu.")


def welcome(person: Person, membership: Membership, commune: Commune) -> str:
    """Said after the commit."""
    return t(
        "✅ {name} đã vào <b>{commune}</b> với vai {role}. Máy này nhớ anh/chị;"
        " muốn thôi thì vào “Tài khoản” bấm “Đăng xuất máy này”.",
        name=person.name,
        commune=commune.name,
        role=words.role(membership.role),
    )


def declined() -> str:
    """The invitation stays as it was."""
    return t("Được, mình không làm gì cả. Lời mời vẫn còn nếu anh/chị đổi ý.")


def ask_invitation_code() -> str:
    """For those who have a code and no link."""
    return t("Gõ mã mời 8 chữ, ví dụ ABCD 2345.")


def account(
    person: Person, membership: Membership | None, commune: Commune | None, place: str | None
) -> str:
    """One's own account."""
    lines = [t("<b>{name}</b>", name=person.name)]
    if membership is not None and commune is not None:
        lines.append(t("{role}, {commune}", role=words.role(membership.role), commune=commune.name))
    if place:
        lines.append(t("{name}", name=place))
    return "\n".join(lines)


def doors(accounts: Sequence[Account], here: int) -> str:
    """Where this person is signed in."""
    lines = [t("<b>Đang đăng nhập ở {n} nơi</b>", n=len(accounts))]
    for number, one in enumerate(accounts, 1):
        mark = t(" (máy này)") if one.chat_id == here else ""
        lines.append(t("{number}. {door}{mark}", number=number, door=door(one.channel), mark=mark))
    return "\n".join(lines)


def door(channel: str) -> str:
    """A channel as people call it."""
    return {"web": t("trang web"), "telegram": t("Telegram")}.get(channel, channel)


def signed_out() -> str:
    """This device."""
    return t("Đã đăng xuất máy này. Bà con vẫn hỏi được như mọi người.")


def others_signed_out() -> str:
    """All devices but this."""
    return t("Đã đăng xuất mọi máy khác. Chỉ còn máy này.")


def link_code(code: str, link: str) -> str:
    """How to join another device or messenger."""
    return t(
        "Ở máy kia, mở {link} rồi bấm “Dùng chung tài khoản”, hoặc nhắn <b>/noi {code}</b>."
        " Mã dùng một lần, trong 10 phút. Đừng đưa mã cho ai.",
        code=code,
        link=link,
    )


def link_question(name: str | None) -> str:
    """Before joining: opening a link changes nothing. `name` is who is signed in here now."""
    asked = t("Cho máy này dùng chung tài khoản đã cho mã? Chỉ bấm nếu chính anh/chị vừa lấy mã.")
    if name is None:
        return asked
    now = t("Máy này đang đăng nhập là <b>{name}</b>; dùng chung thì thôi là {name}.", name=name)
    return f"{asked}\n\n{now}"


def linked(person: Person) -> str:
    """Said after the commit."""
    return t("✅ Máy này đã dùng chung tài khoản {name}.", name=person.name)


def choose_role_to_invite() -> str:
    """Officer and admin."""
    return t("Mời ai? Chọn vai của người được mời.")


def choose_team() -> str:
    """Members and heads belong to a team."""
    return t("Vào tổ nào?")


def choose_unit() -> str:
    """Focal persons belong to a unit."""
    return t("Của đơn vị nào?")


def invitation_made(invitation: Invitation, link: str, place: str | None) -> str:
    """What to hand on."""
    return t(
        "✉️ Lời mời làm <b>{role}</b>{place}\n\n{link}\n\nMã: <b>{code}</b>\n"
        "Dùng được {n} lần, đến hết {day}. Gửi cho đúng người; lộ ra thì bấm “Thu lại”.",
        role=words.role(invitation.role),
        place=Html(t(", {place}", place=place)) if place else "",
        link=link,
        code=spaced(invitation.code),
        n=invitation.max_uses,
        day=words.day(local_day(invitation.expires_at)),
    )


def spaced(code: str) -> str:
    """ABCD 2345: read aloud in two breaths."""
    return f"{code[:4]} {code[4:]}"


def revoked() -> str:
    """Said after the commit."""
    return t("Đã thu lại lời mời. Ai chưa nhận thì không vào được nữa.")


def choose_membership() -> str:
    """For a person with several roles or communes."""
    return t("Anh/chị đang làm ở nhiều nơi. Bây giờ làm với vai nào?")


def membership_label(membership: Membership, commune: Commune) -> str:
    """One role on a button."""
    return t("{role}, {commune}", role=words.role(membership.role), commune=commune.name)


def language_changed() -> str:
    """In the new language."""
    return t("Từ giờ mình nói tiếng Việt.")


def staff_only() -> str:
    """No person behind this account."""
    return t("Phần này chỉ dành cho người của tổ và của xã. Nếu được mời, bà con gõ /ma rồi gõ mã.")
