"""Folding, raw typing and word lists: what the search reads in what people type."""

import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.library import Library
from content.search import lexicon
from domain.search.lexicon import Lexicon
from domain.search.reading import MAX_LETTERS, MAX_WORDS, read
from domain.search.syllables import decoded, is_syllable
from domain.text import bare, fold, nfc, spelling, words, written_words

TONES = {
    "\u0300": ("f", "2"),
    "\u0301": ("s", "1"),
    "\u0303": ("x", "4"),
    "\u0309": ("r", "3"),
    "\u0323": ("j", "5"),
}
SHAPES = {"\u0302": (None, "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}


def typed(word: str, keyboard: str, *, marks_last: bool = False) -> str:
    """The keys of a word on a Telex (0) or VNI (1) keyboard whose program is off."""
    method = ("telex", "vni").index(keyboard)
    out, tone, late = "", "", ""
    for letter in unicodedata.normalize("NFC", word):
        if letter == "đ":
            out += ("dd", "d9")[method]
            continue
        base, marks = (parts := unicodedata.normalize("NFD", letter))[0], parts[1:]
        out += base
        for mark in marks:
            if mark in TONES:
                tone = TONES[mark][method]
            else:
                key = SHAPES[mark][method] or base
                if not marks_last:
                    out += key
                elif key not in late:
                    late += key
    return re.sub("u[w7]o[w7]", {"telex": "uow", "vni": "uo7"}[keyboard], out) + late + tone


@cache
def marked_words() -> list[str]:
    """Every word with marks that our guides are asked with."""
    texts = (text for card in Library.load("vi").cards for text in (card.title, *card.phrasings))
    found = {word for text in texts for word in written_words(text) if not word.isascii()}
    return sorted(word for word in found if is_syllable(bare(word)) and is_pronounceable(word))


def is_pronounceable(word: str) -> bool:
    """A syllable that ends in a stop has a rising or a heavy tone; without one it is a slip."""
    stopped = bare(word).endswith(("c", "ch", "p", "t"))
    return not stopped or spelling(word)[-1] in "15"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký tài khoản", "dang ky tai khoan"),
        ("HÒA, hoà; thuý thúy", "hoa hoa thuy thuy"),
        ("  Cổng   DVC-QG (25) ", "cong dvc qg 25"),
        (unicodedata.normalize("NFD", "Chữ ký số"), "chu ky so"),
        ("", ""),
        ("😀 … ?!", ""),
    ],
)
def test_folding_leaves_bare_words(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert words(text) == folded.split()


def test_both_tone_placements_and_both_half_tones_are_one_spelling() -> None:
    assert spelling("hoà") == spelling("hòa")
    assert spelling("thuý") == spelling("thúy")
    assert spelling("chữ") == spelling("chử")
    assert spelling("lúa") != spelling("lừa")
    assert spelling("lua") == ""


def test_words_keep_the_marks_they_were_written_with() -> None:
    assert written_words("Tui QUÊN passcode rồi!") == ["tui", "quên", "passcode", "rồi"]
    assert bare("đường") == "duong"


@pytest.mark.parametrize("keyboard", ["telex", "vni"])
@pytest.mark.parametrize("marks_last", [False, True])
def test_every_word_of_our_guides_is_read_through_raw_typing(
    keyboard: str, marks_last: bool
) -> None:
    """Marks typed in place or all at the end ("ddangw"): the keyboard program takes both."""
    assert len(marked_words()) > 600
    wrong = {}
    for word in marked_words():
        raw = typed(word, keyboard, marks_last=marks_last)
        if (decoded(raw) or raw) != bare(word):
            wrong[word] = (raw, decoded(raw))
    assert wrong == {}


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("ddangw", "dang"),
        ("nhaapj", "nhap"),
        ("nhajap", "nhap"),
        ("ddiejen", "dien"),
        ("dang1", "dang"),
        ("nhap65", "nhap"),
        ("d9a8ng", "dang"),
        ("quye6n2", "quyen"),
        ("muc17", "muc"),
        ("wowcs", "uoc"),
    ],
)
def test_residue_people_really_leave(raw: str, word: str) -> None:
    assert decoded(raw) == word


@pytest.mark.parametrize(
    "word",
    ["dang", "nhap", "hoa", "zalo", "vneid", "online", "app", "pdf", "muc2", "m2", "5g", "ct01"],
)
def test_what_is_no_residue_is_left_alone(word: str) -> None:
    assert decoded(word) is None


def bare_words(text: str, *, known: frozenset[str] = frozenset()) -> str:
    return " ".join(token.word for token in read(text, lexicon(), known))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("đk tk dvc k dc", "dang ki tai khoan dich vu cong khong duoc"),
        ("quên mk vs stk", "quen mat khau voi so tai khoan"),
        ("cccd, bhyt, gplx", "can cuoc bao hiem y te bang lai xe"),
        ("j z bik", "gi vay biet"),
        ("tui mần hổng dzô được", "toi lam khong vao duoc"),
        ("đi mô rứa, răng khó rứa", "di dau the sao kho the"),
        ("coi giùm tía tui", "xem giup bo toi"),
        ("login bằng account", "dang nhap bang tai khoan"),
        ("vnied, VN eID, định danh điện tử", "vneid vneid vneid"),
        ("dangky chukyso", "dang ki chu ki so"),
        ("quáaaaa lâuuuu", "qua lau"),
        ("AI trả lời", "tri tue nhan tao tra loi"),
        ("hỏi ai bây giờ", "hoi ai bay gio"),
        ("ddawng nhaajp vneid", "dang nhap vneid"),
        ("mức hai", "muc 2"),
        ("bao nhiêu màn hình", "bao nhieu man hinh"),
    ],
)
def test_shorthand_dialect_and_names_are_read_as_everyday_words(text: str, meant: str) -> None:
    assert bare_words(text) == meant


def test_a_marked_entry_does_not_catch_the_unmarked_word() -> None:
    """mô is "where" in Huế; mo without marks is mostly "open"."""
    assert bare_words("mở khóa") == "mo khoa"
    assert bare_words("mo khoa") == "mo khoa"
    assert bare_words("bấm mô") == "bam dau"
    assert bare_words("hồng hông") == "hong khong"


def test_weak_words_are_known_by_their_marks() -> None:
    assert [token.weak for token in read("thẻ", lexicon())] == [False]
    assert [token.weak for token in read("thế", lexicon())] == [True]


def test_the_longest_wording_wins_and_a_line_may_protect_a_word() -> None:
    lists = Lexicon.of({"mô": "đâu", "mô hình": "mô hình", "dk": "đăng ký"}, {"đăng ký": "ghi tên"})
    assert [t.word for t in read("mô hình mô", lists)] == ["mo", "hinh", "dau"]
    assert [t.word for t in read("đk", lists)] == ["ghi", "ten"]
    assert [t.word for t in read("dang ky", lists)] == ["ghi", "ten"]


def test_reading_is_bounded() -> None:
    assert len(read("chữ " * 5000, lexicon())) == MAX_WORDS
    assert len(read("x" * 9 + "yz" * 5000, lexicon())[0].word) <= MAX_LETTERS


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert fold(nfc(text)) == fold(text)
    for token in read(text, lexicon()):
        assert token.word
        assert token.word.isascii()
