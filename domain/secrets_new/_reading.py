"""A text as tokens that remember where they stand, and what each phrase of it means."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from domain.secrets._words import PHRASES, Kind, Role

#: Digits (an O among them is a zero that was mistyped), words, single signs.
_TOKEN = re.compile(r"\d+(?:[oO]+\d+)*(?:[oO]+(?![^\W_]))?|[^\W\d_]+|\S")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_STROKE = str.maketrans("\u0111", "d")
#: Combining marks and the digits VNI keyboards write them with.
_VNI = {
    "\u0302": "6", "\u031b": "7", "\u0306": "8",
    "\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5",
}  # fmt: skip
#: Longer "words" are noise; they are not looked at and must not stay in a cache.
_LONGEST = 24


class Token(NamedTuple):
    """One word, number or sign, and where it stands."""

    start: int
    end: int
    plain: str
    """A word folded, the digits of a number, or the sign itself."""
    vni: str
    """The word with its marks written as VNI digits; "" for what has no marks."""
    is_digits: bool
    is_word: bool


class Phrase(NamedTuple):
    """What a run of tokens means."""

    first: int
    last: int
    role: Role
    kind: Kind | None


@lru_cache(maxsize=8192)
def _forms(word: str) -> tuple[str, str]:
    """(folded, with marks as VNI digits) of one word."""
    small = word.casefold()
    if small.isascii():
        return small, ""
    letters, vowels, tone = [], "", ""
    for ch in unicodedata.normalize("NFD", small.translate(_STROKE)):
        mark = _VNI.get(ch, "")
        if mark and mark in "678":
            vowels += mark
        elif mark:
            tone = mark
        elif ch.isascii():
            letters.append(ch)
    plain = "".join(letters)
    marks = "".join(dict.fromkeys(vowels)) + tone
    return plain, f"{plain}{marks}" if marks else ""


def _ascii_digits(run: str) -> str:
    if run.isascii() and run.isdigit():
        return run
    return "".join("0" if ch in "oO" else str(unicodedata.decimal(ch)) for ch in run)


def tokens_of(text: str) -> list[Token]:
    """Every token of a composed (NFC) text."""
    found = []
    for match in _TOKEN.finditer(text):
        run = match[0]
        start, end = match.span()
        if run[0].isdecimal():
            found.append(Token(start, end, _ascii_digits(run), "", True, False))
        elif run[0].isalpha():
            plain, vni = _forms(run) if end - start <= _LONGEST else (run.casefold(), "")
            found.append(Token(start, end, plain, vni, False, True))
        else:
            found.append(Token(start, end, run, "", False, False))
    return found


def in_addresses(text: str, tokens: list[Token]) -> set[int]:
    """The tokens of web addresses: words and numbers there are no part of the sentence."""
    if "://" not in text and "www." not in text:
        return set()
    spans = [match.span() for match in _ADDRESS.finditer(text)]
    return {
        place
        for place, token in enumerate(tokens)
        if any(start <= token.start < end for start, end in spans)
    }


def phrases_of(tokens: list[Token], apart: Container[int] = ()) -> list[Phrase | None]:
    """For each token the phrase it is part of; at each place the longest phrase counts."""
    found: list[Phrase | None] = [None] * len(tokens)
    place = 0
    while place < len(tokens):
        phrase = None if place in apart else _phrase_at(tokens, place)
        if phrase is None:
            place += 1
            continue
        for inside in range(phrase.first, phrase.last + 1):
            found[inside] = phrase
        place = phrase.last + 1
    return found


def _phrase_at(tokens: list[Token], place: int) -> Phrase | None:
    token = tokens[place]
    best: Phrase | None = None
    for key in (token.vni, token.plain):
        for words, role, kind in PHRASES.get(key, ()) if key else ():
            last = _matches(tokens, place, words)
            if last >= 0 and (best is None or last > best.last):
                best = Phrase(place, last, role, kind)
                break
    return best


def _matches(tokens: list[Token], place: int, words: tuple[str, ...]) -> int:
    """The last token of the phrase, or -1. Its letters may be parted by a dot or dash: o.t.p."""
    at = place
    for number, word in enumerate(words):
        if number:
            at += 1
            if at < len(tokens) and tokens[at].plain in "._-/" and not tokens[at].is_word:
                at += 1
        if at >= len(tokens) or (tokens[at].plain != word and tokens[at].vni != word):
            return -1
    return at
