"""What the web chat page says by itself; the conversation's own messages come from elsewhere.

One dictionary, because the page is drawn in the browser: it is placed in the page as data. The
places `{n}`, `{max}` and `{label}` are filled there, as plain text, never as markup.
"""

from content.i18n import t


def page_texts() -> dict[str, str]:
    """Every sentence of the page, by the name the page's code calls it."""
    return {**_greeting(), **_conversation(), **_sending(), **_menu()}


def _greeting() -> dict[str, str]:
    """The page before anything was said: nothing changes until a button is pressed."""
    return {
        "skip": t("Đến ô nhập tin"),
        "loading": t("Đang mở cuộc trò chuyện…"),
        "loading_slow": t(
            "Chờ lâu mà chưa mở được? Bà con xem lại mạng rồi mở lại trang này. "
            "Máy đời cũ thì mở bằng Chrome hoặc Safari bản mới."
        ),
        "no_script": t(
            "Trình duyệt này đang tắt JavaScript nên chưa trò chuyện được. "
            "Bà con bật lại trong phần cài đặt, hoặc mở trang này bằng Chrome hay Safari. "
            "Cần giúp ngay thì hỏi Tổ công nghệ số cộng đồng hoặc UBND xã."
        ),
        "greet_title": t("Chào bà con!"),
        "greet_who": t(
            "Mình là trợ lý của Tổ công nghệ số cộng đồng. Mình hướng dẫn từng bước cách "
            "dùng VNeID, dịch vụ công trên mạng và chữ ký số."
        ),
        "greet_machine": t(
            "Mình là <b>máy</b>, có lúc chưa biết. Lúc nào bà con cũng có thể "
            "<b>hỏi người thật</b>."
        ),
        "greet_secret": t(
            "<b>Đừng gửi</b> mã OTP, mật khẩu hay số căn cước (CCCD) vào đây. "
            "Mình không bao giờ hỏi những thứ đó."
        ),
        "start": t("Bắt đầu"),
        "invite_title": t("Lời mời tham gia"),
        "invite_body": t(
            "Có người của xã mời dùng trợ lý này để làm việc. Nhận lời mời thì máy này được "
            "đăng nhập, không cần mật khẩu."
        ),
        "invite": t("Nhận lời mời"),
        "link_title": t("Dùng chung tài khoản"),
        "link_body": t(
            "Nối xong, trang này và nơi đã tạo mã dùng chung một tài khoản. "
            "Chỉ nối nếu chính mình đã tạo mã."
        ),
        "link": t("Dùng chung tài khoản"),
        "nothing_yet": t("Chưa bấm nút thì chưa có gì thay đổi."),
    }


def _conversation() -> dict[str, str]:
    """Around the messages."""
    return {
        "log_label": t("Cuộc trò chuyện"),
        "bot": t("Trợ lý"),
        "you": t("Bà con"),
        "choices": t("Chọn một nút"),
        "choices_spoken": t("Bà con có thể bấm:"),
        "newer": t("Tin mới"),
        "more_below": t("Xem tiếp"),
        "older": t("Xem tin cũ hơn"),
        "older_failed": t("Chưa tải được tin cũ. Khi có mạng, bà con bấm lại nhé."),
        "today": t("Hôm nay"),
        "yesterday": t("Hôm qua"),
        "read_aloud": t("Đọc to"),
        "stop_reading": t("Dừng đọc"),
        "net_connecting": t("Đang kết nối…"),
        "net_on": t("Đã kết nối"),
        "net_off": t("Mất mạng"),
        "net_off_long": t("Mất mạng, máy giữ lại và tự gửi khi có mạng."),
        "net_busy": t("Máy chủ đang bận"),
        "net_busy_long": t("Máy chủ đang bận. Tin được giữ trên máy này và sẽ tự gửi lại."),
        "gone": t("Máy này đã được đăng xuất nên các tin cũ đã xóa khỏi máy."),
    }


def _sending() -> dict[str, str]:
    """The line where one types, and what becomes of what was typed."""
    return {
        "placeholder": t("Nhập câu hỏi…"),
        "input_label": t("Tin nhắn"),
        "send": t("Gửi"),
        "left": t("Còn {n} ký tự"),
        "too_long": t(
            "Mỗi tin tối đa {max} ký tự, tin này dư {n}. "
            "Bà con bớt lại hoặc chia làm hai tin; chữ đã gõ vẫn còn đây."
        ),
        "sending": t("Đang gửi…"),
        "waiting": t("Chờ gửi"),
        "retry": t("Gửi lại"),
        "edit": t("Sửa lại"),
        "drop": t("Bỏ tin này"),
        "press_waiting": t("Chờ gửi: {label}"),
        "press_busy": t("Tin trước đang gửi, bà con chờ một chút rồi bấm nhé."),
        "press_queue": t("Còn tin đang chờ gửi. Gửi xong rồi bà con bấm lại nhé."),
        "press_lost": t("Chưa bấm được nút này. Bà con bấm lại nhé."),
        "refused": t("Máy chủ chưa nhận tin này."),
        "refused_long": t("Tin này dài quá, máy chủ chưa nhận. Bà con sửa ngắn lại rồi gửi."),
        "too_fast": t("Gửi hơi nhanh. Chờ một lát, máy sẽ tự gửi tiếp."),
    }


def _menu() -> dict[str, str]:
    """The menu of the top bar, and the question before everything is cleared."""
    return {
        "menu": t("Mục khác"),
        "text_size": t("Cỡ chữ"),
        "size_1": t("Chữ vừa"),
        "size_2": t("Chữ to"),
        "size_3": t("Chữ rất to"),
        "home": t("Trang chính"),
        "ask_person": t("Hỏi người thật"),
        "clear_chat": t("Xóa cuộc trò chuyện"),
        "clear_title": t("Xóa hết cuộc trò chuyện?"),
        "clear_body": t(
            "Mọi tin ở đây sẽ bị xóa, kể cả tin chờ gửi, và không lấy lại được. "
            "Nên xóa khi dùng chung điện thoại."
        ),
        "clear_signed_in": t("Máy này cũng được đăng xuất. Việc đã ghi nhận ở xã vẫn còn nguyên."),
        "clear_yes": t("Xóa hết"),
        "clear_no": t("Giữ lại"),
        "cleared": t("Đã xóa cuộc trò chuyện."),
        "clear_failed": t("Chưa xóa được. Khi có mạng, bà con làm lại nhé."),
    }
