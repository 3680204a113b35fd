"""What a Vietnamese syllable can look like without marks, and what raw typing meant.

When the keyboard program is off, Telex writes a word as "ddawng nhaapj" and VNI as "d9a8ng
nha65p". No Vietnamese syllable ends in s, f, r, x or j, doubles a vowel or holds a digit, so such
residue can be told from words with no dictionary at all: decode only what cannot be a syllable.
"""

import re
from functools import lru_cache

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|r|s|t|v|x|"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu ech enh en i ia ich iec "
    "iem ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat "
    "oay oc oe oen oeo oet oi om on ong op ot u ua uan uang uat uay uac uc ue uech uenh ui um un "
    "ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem "
    "yen yet yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})(?:{'|'.join(sorted(set(_RIMES.split()), key=len)[::-1])})")
_STOPPED = re.compile(r".*(?:c|ch|p|t)")
_VNI = re.compile(r"[a-z][a-z0-9]*[1-9][a-z0-9]*")
_VOWEL = re.compile(r"[aeiouyw]")
_DOUBLED = re.compile(r"([aeod])([a-z]*?)\1")


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Whether a word without marks could be a Vietnamese syllable."""
    return len(word) <= 7 and _SYLLABLE.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def decoded(word: str) -> str | None:
    """The plain syllable behind Telex or VNI residue; None when the word is no residue."""
    if is_syllable(word) or not word.isascii() or len(word) > 12:
        return None
    return _from_vni(word) if any(ch.isdigit() for ch in word) else _from_telex(word)


def _from_telex(word: str) -> str | None:
    """Take out the keys that make marks: dd aa ee oo, w, and one of s f r x j after a vowel."""
    vowel = _VOWEL.search(word)
    if vowel is None:
        return None
    head, tail = word[: vowel.start()], word[vowel.start() :]
    bent = re.sub(r"^w", "u", tail)  # w alone writes the horned u
    plain = (head.replace("dd", "d") or head) + bent.replace("w", "")
    at = len(plain) - len(bent.replace("w", ""))
    without = [plain]
    without += [
        plain[:n] + plain[n + 1 :] for n in range(len(plain) - 1, at, -1) if plain[n] in "sfrxjz"
    ]
    for form in without:
        for candidate in (form, _DOUBLED.sub(r"\1\2", form), _undoubled(form)):
            if candidate != word and is_syllable(candidate):
                return candidate
    return None


def _undoubled(word: str) -> str:
    """Both doubled letters taken out, as in "dduwowngfd" or "ddeendee"."""
    return _DOUBLED.sub(r"\1\2", _DOUBLED.sub(r"\1\2", word))


def _from_vni(word: str) -> str | None:
    """Digits 1-5 are tones, 6 7 8 make other vowels, 9 strikes the d; anything else is a number."""
    if not _VNI.fullmatch(word):
        return None
    digits = re.sub(r"[a-z]", "", word)
    plain = re.sub(r"[0-9]", "", word)
    tones = [digit for digit in digits if digit in "12345"]
    fits = (
        len(tones) <= 1
        and "0" not in digits
        and ("9" not in digits or plain.startswith("d"))
        and ("8" not in digits or "a" in plain)
        and ("7" not in digits or "o" in plain or "u" in plain)
        and ("6" not in digits or re.search(r"[aeo]", plain) is not None)
        and all(digits.count(digit) == 1 or digit == "7" for digit in digits)
    )
    if not fits or not is_syllable(plain):
        return None
    if _STOPPED.fullmatch(plain) and tones not in (["1"], ["5"]) and not digits.count("9"):
        return None  # "muc2" is level two: a stopped syllable has no such tone
    return plain
