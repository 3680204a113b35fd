"""What an officer may enter about a commune, read from how it is typed. Pure; used by chat and CLI.

Raises FieldInvalid(field, hint) with a hint among short, long, phone, date, number, code.
"""

import re
from datetime import date

from domain.errors import FieldInvalid
from domain.people import Commune, Hamlet
from domain.periods import PeriodChoice
from domain.text import fold

TYPED = ("address", "hours", "phone", "police_address", "police_phone")
CHOSEN = ("period_choice", "team_tier")
SETTINGS = (*TYPED, *CHOSEN)

LONGEST = 200
_EMPTY = {"", "-"}
_PHONE = re.compile(r"^\+?[\d .()-]{3,20}$")
_DAY = re.compile(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+(.+)$", re.DOTALL)
_OFF, _WORKED = ("nghi", "off"), ("lam", "work")


def read_setting(key: str, typed: str) -> str | bool | None:
    """The value to keep for a setting; "-" empties a typed one."""
    text = " ".join(typed.split())
    if key == "team_tier":
        answers: dict[str, bool] = {"yes": True, "no": False}
        if text not in answers:
            raise FieldInvalid(key)
        return answers[text]
    if key == "period_choice":
        if text == "assumed":
            return None
        if text not in {choice.value for choice in PeriodChoice}:
            raise FieldInvalid(key)
        return text
    if key not in TYPED:
        raise FieldInvalid(key)
    if text in _EMPTY:
        return None
    return read_phone(key, text) if key.endswith("phone") else read_text(key, text)


def read_text(field: str, text: str) -> str:
    """A line of 2 to 200 characters."""
    if len(text) < 2:
        raise FieldInvalid(field, "short")
    if len(text) > LONGEST:
        raise FieldInvalid(field, "long")
    return text


def read_phone(field: str, text: str) -> str:
    """Digits with spaces, dots or dashes; kept as typed."""
    if not _PHONE.match(text) or sum(ch.isdigit() for ch in text) < 3:
        raise FieldInvalid(field, "phone")
    return text


def read_hamlet(commune: Commune, typed: str) -> Hamlet:
    """A hamlet by its name, and its phone after a comma."""
    name, _, phone = (part.strip() for part in typed.partition(","))
    name = read_text("hamlet", " ".join(name.split()))
    return Hamlet(
        commune_id=commune.id,
        code=slug(name),
        name=name,
        kind=commune.hamlet_term,
        phone=read_phone("phone", phone) if phone else None,
    )


def slug(name: str) -> str:
    """A code made of a name: what stands in links and files."""
    code = fold(name).replace(" ", "-")
    if not code:
        raise FieldInvalid("code", "short")
    return code


def read_holiday(typed: str) -> tuple[date, bool, str]:
    """(day, off or worked, reason) of a line such as "23/11/2026 nghỉ theo công văn số 12"."""
    match = _DAY.match(typed)
    if match is None:
        raise FieldInvalid("holiday", "date")
    try:
        day = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise FieldInvalid("holiday", "date") from None
    reason = " ".join(match[4].split())
    first = fold(reason).split(" ")[0] if fold(reason) else ""
    if first not in (*_OFF, *_WORKED):
        raise FieldInvalid("holiday", "date")
    return day, first in _OFF, read_text("holiday", reason)
