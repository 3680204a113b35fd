"""What must never be stored, logged or passed on: masked before any write.

Here stands what is certain: 12-digit identity numbers, card numbers that pass the check digit,
and short codes beside words that name a secret. The rest of the guard grows with the guidance.
"""

import re

from domain.text import fold, nfc

MASK = "•••"
_GAP = r"[ .\-]?"
#: Digits with single gaps between them: several numbers may stand side by side.
_RUN = re.compile(rf"\d(?:{_GAP}\d)+")
_GROUP = re.compile(r"\d+")
_IDENTITY = 12
_CARD = range(13, 20)
_AMEX = [4, 6, 5]
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


def _is_secret(groups: list[str], shown: str) -> bool:
    """Whether neighbouring groups of digits are one identity or card number.

    Written in groups, an identity number begins with 0 and is cut in threes or fours, and a card
    as it is printed: so that two phone numbers, or an hour and a day, are not taken for one.
    """
    digits = "".join(groups)
    if len(groups) > 1 and (_SUM.fullmatch(shown) or _DAY.search(shown)):
        return False
    if len(digits) == _IDENTITY:
        return len(groups) == 1 or (digits[0] == "0" and all(3 <= len(g) <= 6 for g in groups))
    lengths = [len(group) for group in groups]
    as_printed = set(lengths[:-1]) <= {4} or lengths == _AMEX
    return len(digits) in _CARD and as_printed and _passes_luhn(digits)


def _mask_run(match: re.Match[str]) -> str:
    """The run with every secret in it masked; what stands beside one stays."""
    run, found = match[0], list(_GROUP.finditer(match[0]))
    kept, start, first = "", 0, 0
    while first < len(found):
        for last in range(len(found), first, -1):
            begin, end = found[first].start(), found[last - 1].end()
            if _is_secret([group[0] for group in found[first:last]], run[begin:end]):
                kept += run[start:begin] + MASK
                start, first = end, last
                break
        else:
            first += 1
    return kept + run[start:]


def mask_secrets(text: str) -> str:
    """The text in NFC with every certain secret replaced by a mask; all else unchanged."""
    text = _RUN.sub(_mask_run, nfc(text))
    if not _SECRET_WORDS.search(fold(text)):
        return text
    return _SHORT_CODE.sub(lambda m: MASK if _beside_secret_word(text, m) else m[0], text)


def _beside_secret_word(text: str, match: re.Match[str]) -> bool:
    if match["phone"]:
        return False
    around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
    return _SECRET_WORDS.search(fold(around)) is not None
