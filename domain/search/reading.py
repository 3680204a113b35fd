"""From what a person typed to the words that were meant."""

import re
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from domain.search.lexicon import Lexicon
from domain.search.syllables import decoded, is_syllable
from domain.text import bare, nfc, spelling, written_words

#: Longer stories are read to here: the matter stands in the first page, and time is bounded.
MAX_WORDS = 260
#: No word is longer; what is, is noise, and must not cost time or stay in a cache.
MAX_LETTERS = 30
_SHOUTED = re.compile(r"([a-z])\1{2,}")
_LETTERS_DIGITS = re.compile(r"([a-z]+)(\d+)")
_CASED = re.compile(r"\b[A-Z]{2,}\b")


class Token(NamedTuple):
    """One word as it is compared."""

    word: str
    """Without marks; i and y as one."""
    form: str
    """Its spelling with marks, or the bare word when marks were plainly not meant; "" unknown."""
    weak: bool


def read(
    text: str, lexicon: Lexicon, known: Container[str] = (), limit: int = MAX_WORDS
) -> list[Token]:
    """The words of a text, decoded, spelled out and renamed to our names of things.

    `known` are words that are right as they stand, however little they look Vietnamese.
    """
    typed = _typed_words(text, lexicon)[:limit]
    plain = [_plain_words(word, lexicon, known) for word in typed]
    meant = lexicon.replaced([word for group in plain for word in group])[:limit]
    marked = sum(not word.isascii() for word in typed)
    has_marks = marked * 4 >= len(typed) > 0
    tokens = [_token(word, lexicon, has_marks) for word in meant]
    return [token for token in tokens if token.word]


def _typed_words(text: str, lexicon: Lexicon) -> list[str]:
    text = nfc(text)
    if lexicon.cased and not text.isupper():
        text = _CASED.sub(lambda match: lexicon.cased.get(match[0], match[0]), text)
    return [_calm(word[:MAX_LETTERS], lexicon) for word in written_words(text)]


def _calm(word: str, lexicon: Lexicon) -> str:
    """A word drawn out for effect ("quáaaa"), at its right length; cccd is no such word."""
    plain = bare(word)
    if not _SHOUTED.search(plain) or plain in lexicon.vocabulary or len(plain) != len(word):
        return word
    kept = [word[0]]
    kept += [
        now for now, last, this in zip(word[1:], plain, plain[1:], strict=False) if last != this
    ]
    return "".join(kept)


def _plain_words(word: str, lexicon: Lexicon, known: Container[str]) -> list[str]:
    """Residue decoded, words run together parted; anything else as it was."""
    if not word.isascii() or word in lexicon.vocabulary or word in known or is_syllable(word):
        return [word]
    if (syllable := decoded(word)) is not None:
        return [syllable]
    if match := _LETTERS_DIGITS.fullmatch(word):
        return [match[1], match[2]]
    return list(_parted(word)) if len(word) >= 5 else [word]


@lru_cache(maxsize=2048)
def _parted(word: str) -> tuple[str, ...]:
    """ "dangnhap" as "dang nhap": the fewest syllables that make up the word; itself if none do."""
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if start in best and (end - start > 1) and is_syllable(word[start:end]):
                candidate = (*best[start], word[start:end])
                if end not in best or len(candidate) < len(best[end]):
                    best[end] = candidate
    return best.get(len(word), (word,))


@lru_cache(maxsize=8192)
def _token(word: str, lexicon: Lexicon, has_marks: bool) -> Token:
    plain = bare(word)
    if len(plain) > 1 and plain[-1] == "y" and plain[-2] not in "aeou":
        plain = f"{plain[:-1]}i"
    form = spelling(word)
    if form or has_marks:
        weak = (form or word) in lexicon.weak
    else:
        weak = word in lexicon.weak_bare
    return Token(plain, form or (plain if has_marks else ""), weak)
