"""Vietnamese text, folded for comparing: no marks, no case, đ = d, letters and digits only."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[0-9a-z]+")
_LETTERS = re.compile(r"[^\W_]+")
_D = str.maketrans("\u0111\u0110", "dD")  # the letter with a stroke, which NFD leaves whole
#: Combining marks that are tones; the others (circumflex, breve, horn) make another letter.
#: Hook and tilde count as one: half the country says, and writes, them alike.
_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "3", "\u0309": "3", "\u0323": "5"}


def nfc(text: str) -> str:
    """One form per letter: what is stored and shown."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Words without marks, case and punctuation, parted by one space."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    plain = unicodedata.normalize("NFD", text.translate(_D))
    return _WORD.findall("".join(ch for ch in plain if not unicodedata.combining(ch)).casefold())


def written_words(text: str) -> list[str]:
    """The words of a text in order, in small letters, with the marks they were written with."""
    return _LETTERS.findall(nfc(text).casefold())


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """One word without its marks."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.translate(_D))
    return "".join(ch for ch in plain if ch.isascii())


@lru_cache(maxsize=8192)
def spelling(word: str) -> str:
    """One word with its marks, its tone moved to the end: both tone placements become equal.

    Empty for a word written without any mark: then nobody can tell which word was meant.
    """
    if word.isascii():
        return ""
    letters, tone = [], ""
    for ch in unicodedata.normalize("NFD", word):
        if ch in _TONES:
            tone = _TONES[ch]
        else:
            letters.append(ch)
    return "".join(letters) + tone
