"""What is certainly a secret is masked before anything is stored; all else arrives unharmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.secrets import MASK, mask_secrets

#: Made up; the card numbers are the test numbers of their brands.
SECRETS = [
    "079123456789",
    "079 123 456 789",
    "079.123.456.789",
    "079-123-456-789",
    "0791 2345 6789",
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5555.5555.5555.4444",
    "378282246310005",
    "3782 822463 10005",
    "9704 0000 0000 0018",
    "6011000990139424",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "sentence",
    [
        "{}",
        "cccd của tôi là {} nhé",
        "{}.",
        "({})",
        "số:{}",
        "«{}», còn gì nữa?",
        "{}\nxin hỏi",
        "{}/Nguyễn Văn Mẫu/1980",
        "CCCD/{}",
    ],
)
def test_identity_and_card_numbers_are_masked(secret: str, sentence: str) -> None:
    masked = mask_secrets(sentence.format(secret))
    assert masked == sentence.format(MASK)


@pytest.mark.parametrize("secret", SECRETS)
def test_the_words_around_a_secret_stay(secret: str) -> None:
    assert mask_secrets(f"tôi tên Hoa {secret} ở ấp 3") == f"tôi tên Hoa {MASK} ở ấp 3"


def test_several_secrets_in_one_line() -> None:
    line = "079123456789 và 4111 1111 1111 1111, OTP 482913"
    assert mask_secrets(line) == f"{MASK} và {MASK}, OTP {MASK}"


@pytest.mark.parametrize(
    "line",
    [
        "mã OTP là 482913",
        "otp: 482913",
        "OTP 482913 đây em",
        "482913 là mã xác nhận",
        "ma xac thuc 4829",
        "mã xác minh của mình 48291377",
        "mã kích hoạt 123456",
        "mã PIN 1234",
        "mật khẩu 12345678",
        "mk 123456",
        "pass: 123456",
        "passcode 482913",
        "password=482913",
        "CVV 4829",
        "MẬT KHẨU VNEID LÀ 482913",
        "mã\nOTP\n482913",
        "OTP:482913",
        "mã OTP là...482913",
        "482913: mã OTP đó",
        "OTP 482913/gửi lại",
        "OTP/482913",
        "mã OTP 482 913",
        "otp 482-913 nha",
        "G-482913 là mã xác minh",
        "OTP 482913, gọi 0912 345 678",
        "OTP 482913 0909555444",
        "o t p thì không, nhưng OTP thì có: 482913",
        "mã o\u0302tp? không: mã OTP 482913",
    ],
)
def test_codes_beside_a_word_for_secrets_are_masked(line: str) -> None:
    masked = mask_secrets(line)
    assert MASK in masked
    codes = ("482913", "482 913", "482-913", "4829 ", "PIN 1234", "123456 ", "12345678 ")
    assert not any(code in f"{masked} " for code in codes)
    assert "345 678" in masked or "345 678" not in line


@pytest.mark.parametrize(
    "line",
    [
        "họp lúc 07.30 20.11.2026",
        "từ 15-10-2026 14-11-2026",
        "Hạn nộp 24/11/2026, kỳ từ 15/10/2026 đến 14/11/2026",
        "họp lúc 07:30 ngày 20-11-2026",
        "phí 1.500.000 đồng, lệ phí 50.000đ",
        "1 500 000 đồng",
        "tổng 12.345.678.901 đồng",
        "gọi 0912345678 hoặc 0912 345 678",
        "gọi 091.234.5678 hay +84 912 345 678",
        "tổng đài 1900 0368, 19000368",
        "điện thoại bàn 0271 3 123 456",
        "mã hộ H12, lượt LT-26-00042",
        "Android 14, iOS 17.5.1, VNeID 2.1.6",
        "mã 1.004873 thủ tục cấp căn cước",
        "Nghị định 09/2019/NĐ-CP, Luật số 26/2023/QH15",
        "CMND cũ 123456789",
        "toạ độ 11.8265, 106.6321",
        "địa chỉ 123/45/6789 đường số 12",
        "mã hồ sơ 1111222233335",
        "dự toán 150.000.000.000 đồng, cả giai đoạn 1.234.567.890.123 đồng",
        "số 12345678901234567890123 trong hệ thống",
        "các năm 2025, 2026, 2027 và 2028",
        "https://dichvucong.gov.vn/p/home?id=20261121",
    ],
)
def test_dates_prices_phones_and_versions_are_left_alone(line: str) -> None:
    assert mask_secrets(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "quên mật khẩu thì làm sao",
        "mã OTP không về máy, gọi 1900 0368 hả",
        "đổi mật khẩu VNeID hết 24/11/2026 chưa",
        "pass qua được bước 2 chưa",
        "ghim (pin) máy yếu còn 15%",
        "OTP giá 1.500.000 đồng nghe vô lý",
        "đặt lại mật khẩu từ 07:30",
    ],
)
def test_questions_about_secrets_keep_their_words(line: str) -> None:
    """What is masked in them may be a number, never a word."""
    kept = mask_secrets(line).replace(MASK, "")
    assert kept.split()[:3] == line.split()[:3]
    assert "24/11/2026" in kept or "24/11/2026" not in line
    assert "07:30" in kept or "07:30" not in line
    assert "1.500.000" in kept or "1.500.000" not in line
    assert "1900 0368" in kept or "1900 0368" not in line


def test_a_code_far_from_the_word_is_not_its_code() -> None:
    far = "mật khẩu mình quên rồi, " + "không nhớ gì cả, " * 5 + "nhà số 4829 ấp 3"
    assert mask_secrets(far) == far


def test_text_is_kept_in_one_form() -> None:
    """Decomposed letters, as iPhones type them, become the letters everyone else types."""
    assert mask_secrets("o\u031b\u0309 \u0111a\u0302y") == "\u1edf \u0111\u00e2y"


def test_full_width_and_arabic_digits_hide_nothing() -> None:
    assert MASK in mask_secrets(
        "cccd \uff10\uff17\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
    )
    assert MASK in mask_secrets("cccd ٠٧٩١٢٣٤٥٦٧٨٩")


def luhn(digits: str) -> str:
    """The digits with their check digit behind."""
    total = sum(
        (int(d) * 2 - 9 if int(d) > 4 else int(d) * 2) if n % 2 == 0 else int(d)
        for n, d in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


@given(st.text("0123456789", min_size=12, max_size=18), st.sampled_from(["", " ", ".", "-"]))
def test_every_card_number_is_masked_however_it_is_grouped(digits: str, gap: str) -> None:
    number = luhn(digits)
    grouped = gap.join(number[n : n + 4] for n in range(0, len(number), 4))
    assert mask_secrets(f"thẻ {grouped} nhé") == f"thẻ {MASK} nhé"


@given(st.text("0123456789", min_size=12, max_size=18))
def test_a_long_number_with_a_wrong_check_digit_is_no_card(digits: str) -> None:
    number = luhn(digits)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert mask_secrets(wrong) == wrong


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from(["", " ", ".", "-"]))
def test_every_identity_number_is_masked_however_it_is_grouped(digits: str, gap: str) -> None:
    """All begin with a province's code, 001 to 096: a sum of money never begins so."""
    number = f"0{digits}"
    grouped = gap.join(number[n : n + 3] for n in range(0, 12, 3))
    assert mask_secrets(grouped) == MASK


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_secrets(text)
    assert mask_secrets(once) == once


@given(st.text(st.characters(exclude_categories=["N"])))
def test_what_has_no_digit_is_never_touched_but_for_its_form(text: str) -> None:
    assert MASK not in mask_secrets(text) or MASK in text


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Văn A 079123456789 1985",
        "tổ 5 079123456789",
        "079123456789 30/04/1990",
        "079123456789 30-04-1990",
        "079 123 456 789",
        "0791 2345 6789",
        "4111 1111 1111 1111 12/28",
        "4111111111111111 123",
        "0912345678 079123456789",
    ],
)
def test_a_number_beside_another_number_is_masked(typed: str) -> None:
    masked = mask_secrets(typed).replace(" ", "")
    assert MASK in masked
    assert "079123456789" not in masked
    assert "4111111111111111" not in masked
