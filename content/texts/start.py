"""Greeting, home, choosing a commune, finding a person."""

from content.i18n import Html, t
from domain.people import Commune, Hamlet, Role


def title(commune: str | None) -> str:
    """The name over the page."""
    return t("Trợ lý số {commune}", commune=commune) if commune else t("Trợ lý số cộng đồng")


def hello(commune: Commune | None) -> str:
    """The first words to a resident."""
    if commune is None:
        who = t("Chào bà con! Mình là trợ lý số của tổ công nghệ số cộng đồng.")
    else:
        who = t(
            "Chào bà con! Mình là trợ lý số của tổ công nghệ số cộng đồng {commune}.",
            commune=commune.name,
        )
    return "\n\n".join(
        (
            who,
            t(
                "Mình là máy. Bà con cứ gõ câu hỏi như nói chuyện, hoặc bấm một mục bên dưới;"
                " lúc nào cũng gặp được người thật."
            ),
            t("<b>Đừng gửi mã OTP, mật khẩu hay số căn cước vào đây.</b>"),
        )
    )


def home(commune: Commune | None, role: Role, name: str | None) -> str:
    """The home screen."""
    if role is Role.RESIDENT or name is None:
        return t("Bà con cần việc gì? Gõ câu hỏi, hoặc bấm một mục.")
    where = commune.name if commune else ""
    return t("{name} · {where}\nHôm nay làm việc gì?", name=name, where=where)


def choose_commune() -> str:
    """Asked once."""
    return t(
        "Bà con ở xã, phường nào? Chọn giúp mình để chỉ đúng nơi, đúng người."
        " Nếu không có trong danh sách, bà con vẫn hỏi được phần chung cả nước."
    )


def commune_chosen(commune: Commune, hamlet: Hamlet | None) -> str:
    """After choosing."""
    if hamlet is None:
        return t("Mình nhớ rồi: bà con ở <b>{commune}</b>.", commune=commune.name)
    return t(
        "Mình nhớ rồi: bà con ở <b>{hamlet}, {commune}</b>.",
        hamlet=hamlet.name,
        commune=commune.name,
    )


def no_commune() -> str:
    """National cards only."""
    return t("Được rồi. Mình sẽ hướng dẫn phần dùng chung cả nước.")


def person(commune: Commune | None, hamlet: Hamlet | None) -> str:
    """Where a real person is found. Nothing is invented: what is unknown is said."""
    lines = [t("<b>Gặp người thật</b>")]
    if commune is None:
        lines.append(t("Hỏi Ủy ban xã, phường nơi bà con ở. Chọn xã thì mình chỉ rõ hơn."))
    else:
        lines += _commune_lines(commune, hamlet)
    lines.append(
        t(
            'Việc VNeID: gọi tổng đài <a href="tel:19000368">1900 0368</a>.'
            " Người của tổ không bao giờ hỏi mã OTP, mật khẩu hay đòi tiền."
        )
    )
    return "\n\n".join(lines)


def _commune_lines(commune: Commune, hamlet: Hamlet | None) -> list[str]:
    lines = []
    if hamlet is not None and hamlet.phone:
        lines.append(
            t(
                "Tổ công nghệ số {hamlet}: {phone}",
                hamlet=hamlet.name,
                phone=_call(hamlet.phone),
            )
        )
    if commune.address or commune.phone:
        place = t(
            "Trung tâm Phục vụ hành chính công {commune}: {address}",
            commune=commune.name,
            address=commune.address or t("hỏi Ủy ban xã"),
        )
        if commune.hours:
            place += "\n" + t("Giờ làm việc: {hours}", hours=commune.hours)
        if commune.phone:
            place += "\n" + t("Điện thoại: {phone}", phone=_call(commune.phone))
        lines.append(place)
    else:
        lines.append(
            t(
                "Địa chỉ và số điện thoại của {commune} mình chưa có. Bà con hỏi Ủy ban xã.",
                commune=commune.name,
            )
        )
    return lines


def _call(phone: str) -> Html:
    digits = "".join(ch for ch in phone if ch.isdigit() or ch == "+")
    return Html(t('<a href="tel:{digits}">{phone}</a>', digits=digits, phone=phone))


def answer_lost() -> str:
    """What came in was dealt with, but its answer got lost on the way."""
    return t(
        "Tin này mình đã nhận, nhưng câu trả lời bị rớt giữa đường. Việc đã ghi thì vẫn còn;"
        " chọn mục cần làm tiếp giúp mình nhé."
    )


def old_button() -> str:
    """A press on a button that no longer leads anywhere."""
    return t("Nút này cũ rồi nên mình không làm gì cả. Đây là các mục hiện có.")


def old_number() -> str:
    """A number typed without a menu."""
    return t("Số này không có trong các mục đang chọn. Bấm hoặc gõ lại một mục dưới đây.")


def words_please() -> str:
    """A photo, sticker or voice where words are expected."""
    return t("Mình chưa xem được ảnh hay tiếng nói. Bà con gõ bằng chữ giúp mình nhé.")


def no_identity_photos() -> str:
    """A photo: never of identity cards."""
    return t("<b>Đừng gửi ảnh căn cước hay thẻ ngân hàng</b>; mình không lưu ảnh này.")


def hello_again() -> str:
    """A greeting is answered."""
    return t("Chào bà con! Bà con cần việc gì, cứ gõ hoặc bấm một mục.")


def welcome() -> str:
    """Thanks are answered."""
    return t("Dạ không có chi! Cần gì bà con cứ hỏi tiếp nhé.")


def not_known() -> str:
    """Nothing fits: no guess."""
    return t(
        "Câu này mình chưa biết, không dám đoán. Bà con thử gõ ngắn hơn, bấm một mục dưới đây,"
        " hoặc hỏi người thật."
    )


def in_group(link: str) -> str:
    """What the bot says when it is called in a group."""
    return t("Chuyện riêng mình nói ở đây: {link}", link=link)


def numbers_hint() -> str:
    """Under a numbered list."""
    return t("Trả lời bằng số hoặc gõ chữ của mục.")


def letters_hint() -> str:
    """Under a lettered list."""
    return t("Gõ câu trả lời, hoặc trả lời bằng chữ cái.")


def echo(label: str) -> str:
    """Repeats the choice that was understood from a number or words."""
    return t("➤ {label}", label=label)
