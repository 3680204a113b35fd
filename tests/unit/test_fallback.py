"""What a poorer door lacks: words, numbers and pieces instead of markup, buttons and length."""

import pytest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.fallback import (
    Option,
    as_text,
    chosen,
    is_bare_number,
    options,
    split,
    split_html,
    to_plain,
    utf16,
)
from content.keyboards.lettered import Lettered

FAMILY = "👨‍👩‍👧‍👦"
"""One picture, seven code points, eleven UTF-16 units."""


def board(
    *labels: str, kind: type[InlineKeyboardMarkup] = InlineKeyboardMarkup
) -> InlineKeyboardMarkup:
    """One button a row; a label with "http" in it leads away."""

    def button(n: int, label: str) -> InlineKeyboardButton:
        words, _, url = label.partition(" http")
        if url:
            return InlineKeyboardButton(text=words, url=f"http{url}")
        return InlineKeyboardButton(text=words, callback_data=f"go:{n}")

    return kind(inline_keyboard=[[button(n, label)] for n, label in enumerate(labels)])


# --- Markup ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("", ""),
        ("<b>Đã ghi</b> <i>xong</i>", "Đã ghi xong"),
        ("một<br>hai<br/>ba", "một\nhai\nba"),
        ("Bà &lt;Hoa&gt; &amp; con", "Bà <Hoa> & con"),
        ("&amp;lt;", "&lt;"),
        ('<a href="https://example.vn/x">trang này</a>', "trang này (https://example.vn/x)"),
        ('<a href="https://example.vn">https://example.vn</a>', "https://example.vn"),
        ('<a href="tel:19000368">1900 0368</a>', "1900 0368"),
        ('<a href="tel:0271123456">gọi xã</a>', "gọi xã (0271123456)"),
        ('<a href="https://a.vn/?b=1&amp;c=2">đây</a>', "đây (https://a.vn/?b=1&c=2)"),
        ('<a href="https://a.vn"><b>đậm</b> và nghiêng</a>.', "đậm và nghiêng (https://a.vn)."),
        ('<a href="x">một</a> rồi <a href="y">hai</a>', "một (x) rồi hai (y)"),
        ("<a>không đâu cả</a>", "không đâu cả"),
        ("2 < 3 và 5 > 4", "2 < 3 và 5 > 4"),
        ("dở <b>chừng", "dở chừng"),
        (f"{FAMILY} nhà &#128512;", f"{FAMILY} nhà 😀"),
    ],
)
def test_html_becomes_words_and_links_keep_their_address(html: str, plain: str) -> None:
    assert to_plain(html) == plain


# --- Length ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("abc", 3), ("đường", 5), ("đ\u01b0\u01a1\u0300ng", 6), ("😀", 2), (FAMILY, 11)],
)
def test_length_is_counted_as_messengers_do(text: str, units: int) -> None:
    assert utf16(text) == units


def test_a_short_text_is_one_piece() -> None:
    assert split("ngắn thôi", 100) == ["ngắn thôi"]
    assert split("", 100) == [""]
    assert split("   \n ", 100) == [""]
    assert split("x" * 100, 100) == ["x" * 100]


def test_paragraphs_are_the_best_place_to_cut_then_lines_then_words() -> None:
    assert split("một hai\nba\n\nbốn năm", 14) == ["một hai\nba", "bốn năm"]
    assert split("một hai\nba bốn năm", 14) == ["một hai", "ba bốn năm"]
    assert split("một hai ba bốn năm", 14) == ["một hai ba", "bốn năm"]
    assert split("nghiêngnghiêng", 7) == ["nghiêng", "nghiêng"]


@pytest.mark.parametrize("limit", [2, 3, 5, 10])
def test_no_piece_ends_inside_a_surrogate_pair(limit: int) -> None:
    pieces = split("😀" * 12, limit)
    assert "".join(pieces) == "😀" * 12
    assert all(set(piece) == {"😀"} and utf16(piece) <= limit for piece in pieces)


def test_one_unit_more_than_fits_makes_two_pieces() -> None:
    assert split("😀" * 50, 100) == ["😀" * 50]
    assert split("a" + "😀" * 50, 100) == ["a" + "😀" * 49, "😀"]


words = st.text(st.sampled_from("aăđẳ😀\n ,.") | st.characters(exclude_categories=["Cs"]))


@given(words, st.integers(2, 40))
def test_pieces_fit_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(utf16(piece) <= limit for piece in pieces)
    assert all(pieces) or pieces == [""]
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_html_is_cut_between_lines_where_no_tag_is_open() -> None:
    html = "\n".join(f"<b>dòng {n}</b> với <i>vài</i> chữ" for n in range(10))
    pieces = split_html(html, 60)
    assert len(pieces) > 1
    assert all(utf16(to_plain(piece)) <= 60 for piece in pieces)
    assert all(piece.count("<b>") == piece.count("</b>") for piece in pieces)
    assert "\n".join(pieces) == html


# --- Numbered choices ------------------------------------------------------------------------


def test_choices_are_numbered_in_reading_order_and_links_are_not() -> None:
    keyboard = board("Ghi lượt", "Trang xã https://example.vn", "Hỏi người thật")
    assert as_text("<b>Chọn</b>", keyboard, "Gõ số.", 2000) == [
        "Chọn\nTrang xã: https://example.vn\n\n1. Ghi lượt\n2. Hỏi người thật\nGõ số."
    ]
    assert [o.label for o in options(keyboard)] == ["Ghi lượt", "Hỏi người thật"]


def test_a_question_to_be_typed_has_letters() -> None:
    keyboard = board("Thôi", "Trang chính", kind=Lettered)
    [text] = as_text("Mấy người?", keyboard, "Gõ chữ.", 2000)
    assert text == "Mấy người?\n\na. Thôi\nb. Trang chính\nGõ chữ."


@pytest.mark.parametrize("keyboard", [None, InlineKeyboardMarkup(inline_keyboard=[])])
def test_without_choices_there_is_no_hint(keyboard: InlineKeyboardMarkup | None) -> None:
    assert as_text("Chào", keyboard, "Gõ số.", 2000) == ["Chào"]


def test_the_menu_of_a_long_message_is_whole_and_last() -> None:
    keyboard = board("Một", "Hai")
    pieces = as_text("chữ " * 200, keyboard, "Gõ số.", 300)
    assert pieces[-1] == "1. Một\n2. Hai\nGõ số."
    assert all(utf16(piece) <= 300 for piece in pieces)


def test_a_message_that_just_fits_with_its_menu_is_one() -> None:
    keyboard = board("Một")
    room = 100 - 2 - utf16("1. Một\nGõ số.")
    assert len(as_text("x" * room, keyboard, "Gõ số.", 100)) == 1
    assert len(as_text("x" * (room + 1), keyboard, "Gõ số.", 100)) == 2


# --- What was typed --------------------------------------------------------------------------

MENU = [
    Option("📝 Ghi một lượt hỗ trợ", "log"),
    Option("🪪 VNeID", "vneid"),
    Option("🏠 Trang chính", "home"),
]


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "2)", "2 .", "02", "2\n"])
def test_a_number_is_its_choice(typed: str) -> None:
    assert chosen(typed, MENU) == MENU[1]


@pytest.mark.parametrize("typed", ["VNeID", "vneid", "🪪 VNeID", "  vneid!  ", "Trang chinh"])
def test_the_words_of_a_choice_are_the_choice(typed: str) -> None:
    assert chosen(typed, MENU) in (MENU[1], MENU[2])


@pytest.mark.parametrize("typed", ["b", "B", " b.", "b)"])
def test_a_letter_is_its_choice_where_text_is_awaited(typed: str) -> None:
    assert chosen(typed, MENU, letters=True) == MENU[1]
    assert chosen(typed, MENU) is None


@pytest.mark.parametrize("typed", ["0", "4", "99", "-1", "1.5", "1,2", "1 2", "100", "²", "①"])
def test_a_number_out_of_the_menu_is_no_choice(typed: str) -> None:
    assert chosen(typed, MENU) is None


@pytest.mark.parametrize("typed", ["2", "02", "2."])
def test_where_text_is_awaited_a_number_stays_an_answer(typed: str) -> None:
    assert chosen(typed, MENU, letters=True) is None


@pytest.mark.parametrize(
    "typed",
    [
        "2 người thì ghi sao",
        "bước 2",
        "vneid mức 2 là gì",
        "ghi một lượt",
        "đường nào về trang chính",
        "",
        "   ",
        "🙂",
        "...",
        "d",
    ],
)
def test_a_free_question_wins_over_a_stray_mark(typed: str) -> None:
    assert chosen(typed, MENU) is None
    assert chosen(typed, MENU, letters=True) is None


def test_words_that_two_choices_share_choose_neither() -> None:
    twins = [Option("Ấp 1", "a"), Option("Áp 1", "b")]
    assert chosen("ap 1", twins) is None
    assert chosen("1", twins) == twins[0]


def test_a_choice_whose_words_are_a_number_loses_to_the_number() -> None:
    menu = [Option("2", "two"), Option("1", "one")]
    assert chosen("1", menu) == menu[0]


def test_without_a_menu_nothing_is_a_choice() -> None:
    assert chosen("1", []) is None
    assert chosen("a", [], letters=True) is None


def test_a_choice_of_pictures_only_cannot_be_typed_by_accident() -> None:
    assert chosen("🙂", [Option("👍", "good")]) is None
    assert chosen("1", [Option("👍", "good")]) == Option("👍", "good")


def test_menus_longer_than_the_alphabet_do_not_break_the_message() -> None:
    """Nobody has so many choices under a typed question; numbers go to 99."""
    many = [f"Mục {n}" for n in range(40)]
    [text] = as_text("Chọn", board(*many), "Gõ số.", 4000)
    assert "40. Mục 39" in text
    menu = [Option(label, label) for label in many]
    assert chosen("40", menu) == menu[39]


@pytest.mark.parametrize(("typed", "is_number"), [("7", True), (" 12. ", True), ("7a", False)])
def test_a_bare_number_is_known_as_such(typed: str, *, is_number: bool) -> None:
    assert is_bare_number(typed) is is_number
