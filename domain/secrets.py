"""What must never be stored, logged or passed on: masked before any write.

Here stands what is certain: 12-digit identity numbers, card numbers that pass the check digit,
and short codes beside words that name a secret. The rest of the guard grows with the guidance.
"""

import re

from domain.text import fold, nfc

MASK = "•••"
_GAP = r"[ .\-]?"
_LONG_NUMBER = re.compile(rf"(?<!\d)(?:\d{_GAP}){{11,18}}\d(?!\d)")
#: 150.000.000.000: a sum of money. Identity numbers begin with 0, cards come in groups of four.
_SUM = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
#: 07.30 20.11.2026: an hour and a day.
_DAY = re.compile(r"(?<!\d)\d{1,2}([.\-])\d{1,2}\1(?:19|20)\d\d(?!\d)")
_PHONE = rf"(?:\+?84|0)(?:{_GAP}\d){{9,10}}(?!\d)|1[89]00{_GAP}\d{{4}}(?:\d\d)?(?!\d)"
#: Parts of dates, hours, sums and versions have a digit and a sign before or behind them.
_SHORT_CODE = re.compile(
    rf"(?<!\d)(?<!\d[.,/:\-])(?:(?P<phone>{_PHONE})"
    r"|(?:\d{4,8}|\d{3}[ \-]\d{3})(?!\d|[.,/:\-]\d))"
)
_SECRET_WORDS = re.compile(
    r"\b(otp|ma xac (?:nhan|thuc|minh)|ma kich hoat|ma pin|pin|passcode|cvv|cvc|"
    r"mat khau|mat ma|password|pass|mk)\b"
)
_WINDOW = 40
"""How many characters around a secret word a short code may stand and still belong to it."""


def _passes_luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, ch in enumerate(reversed(digits)):
        value = int(ch)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _mask_number(match: re.Match[str]) -> str:
    if _SUM.fullmatch(match[0]) or _DAY.search(match[0]):
        return match[0]
    digits = re.sub(r"\D", "", match[0])
    if len(digits) == 12 or (13 <= len(digits) <= 19 and _passes_luhn(digits)):
        return MASK
    return match[0]


def mask_secrets(text: str) -> str:
    """The text in NFC with every certain secret replaced by a mask; all else unchanged."""
    text = _LONG_NUMBER.sub(_mask_number, nfc(text))
    if not _SECRET_WORDS.search(fold(text)):
        return text
    return _SHORT_CODE.sub(lambda m: MASK if _beside_secret_word(text, m) else m[0], text)


def _beside_secret_word(text: str, match: re.Match[str]) -> bool:
    if match["phone"]:
        return False
    around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
    return _SECRET_WORDS.search(fold(around)) is not None
