"""Runs of text without spaces, and how much they look like a password."""

import re
from collections.abc import Sequence
from enum import IntEnum

from domain.search.syllables import is_syllable
from domain.secrets._reading import Token
from domain.secrets._words import ENGLISH, NAMES, UNITS

QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb", "`": "`"}
OPENING = frozenset("([<").union(QUOTES)
_BEHIND = ",.;:?)\u2026\"'\u201d\u2019\u00bb`]/|"
_SPECIAL = frozenset("@#$%^&*_!~+?|{}\\=")
_ADDRESS = re.compile(r"://|\.(?:vn|com|net|org|xlsx?|docx?|pdf|apk|jpg|png)$", re.IGNORECASE)
#: 7h30, 500k, 3tr5; CT01, TK02; cấp1, lớp2.
_MEASURE = re.compile(
    r"\d+(?:[hg]\d*|tr\d*|[kd\u0111]|[mg]b|mah|cm|kg|vnd)|(?-i:[A-Z]{1,3}-?\d{1,2}[a-z]?)"
    r"|(?:cap|c\u1ea5p|muc|m\u1ee9c|m|lop|l\u1edbp|buoc|b\u01b0\u1edbc|sim|lan|l\u1ea7n)\d",
    re.IGNORECASE,
)
SHORTEST = 4


class Look(IntEnum):
    """How much a run looks like a password."""

    NO = 0
    LETTERS = 1
    """Letters that are no Vietnamese word: "matkhaumau"."""
    CERTAIN = 2
    """Letters with digits or signs: "Hoa@1985"."""


class Chunks:
    """The runs of one text, by the token they begin with."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens

    def raw(self, first: int, last: int) -> str:
        """The text from one token to another."""
        return self._text[self._tokens[first].start : self._tokens[last].end]

    def end(self, at: int) -> int:
        """The last token of the run that begins here, without the stop behind it."""
        end, tokens = at, self._tokens
        while end + 1 < len(tokens) and tokens[end + 1].start == tokens[end].end:
            if tokens[end].plain in "/|" and not self.raw(end + 1, end + 1).isascii():
                break  # "482913/gửi lại"
            if tokens[end + 1].plain == "<":
                break  # our own markup
            end += 1
        while end > at and not tokens[end].is_word and tokens[end].plain in _BEHIND:
            if tokens[end].plain == "?" and tokens[end - 1].plain in "!?":
                break
            end -= 1
        return end

    def begin(self, at: int) -> int:
        """The first token of the run that ends here."""
        tokens = self._tokens
        while at > 0 and tokens[at - 1].end == tokens[at].start and tokens[at - 1].plain not in OPENING:
            at -= 1
        return at

    def look(self, first: int, last: int) -> Look:
        """How much a run looks like a password."""
        raw, inside = self.raw(first, last), self._tokens[first : last + 1]
        words = [token for token in inside if token.is_word]
        has_digit = any(token.is_digits for token in inside)
        has_sign = any(ch in _SPECIAL for ch in raw[:-1])
        if len(raw) < SHORTEST or _ADDRESS.search(raw) or _MEASURE.fullmatch(raw):
            return Look.NO
        if not words:
            return Look.CERTAIN if has_digit and has_sign and raw[-1] != "%" else Look.NO
        if not raw.isascii():
            return Look.CERTAIN if has_sign and has_digit else Look.NO
        if has_digit:
            is_count = inside[0].is_digits and words[0].plain in UNITS
            is_name = words[0].plain in NAMES and len(inside) == 2 and len(inside[-1].plain) <= 2
            return Look.NO if is_count or is_name else Look.CERTAIN
        if has_sign:
            return Look.CERTAIN
        return _look_of_letters(raw, words)


def _look_of_letters(raw: str, words: Sequence[Token]) -> Look:
    if any(token.plain in NAMES or token.plain in ENGLISH or is_syllable(token.plain) for token in words):
        is_joined = len(words) > 1 and re.fullmatch(r"[a-z]+[._][a-z]+", raw)
        return Look.LETTERS if is_joined else Look.NO
    return Look.CERTAIN if re.search(r"[a-z][A-Z]", raw) else Look.LETTERS
