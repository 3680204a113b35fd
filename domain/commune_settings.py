"""What an officer may enter about a commune, read from how it is typed. Pure; used by chat and CLI.

Raises FieldInvalid(field, hint) with a hint among short, long, phone, date, number, code.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain.commune_life import HAMLET
from domain.errors import FieldInvalid
from domain.events import NewEvent
from domain.people import Commune, Hamlet, Unit
from domain.periods import PeriodChoice
from domain.plan import PlanPack
from domain.text import fold, nfc, words

TYPED = ("address", "hours", "phone", "police_address", "police_phone")
CHOSEN = ("period_choice", "team_tier")
SETTINGS = (*TYPED, *CHOSEN)

#: Typed instead of a value, it empties the field.
NOTHING = "-"

SHORTEST, LONGEST = 2, 200
#: A hamlet's code stands in a button beside a draft's id, and a button carries 64 bytes.
LONGEST_CODE = 20
#: 113 is one; the longest of Vietnam have 11 digits, or 12 behind a +. Without the + twelve digits
#: are an identity number, typed into the wrong field.
_DIGITS, _DIGITS_ABROAD = range(3, 12), range(8, 14)
_PHONE = re.compile(r"\+?[0-9 .()-]{3,20}", re.ASCII)
_YEARS = range(2000, 2100)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_OFF, _WORKED = ("nghi", "off"), ("lam", "work")

_EXPLAINED = {
    "short": "it is too short",
    "long": "it is too long",
    "phone": "a phone number has digits, spaces and dots, and may begin with +",
    "date": "a day is written 24/11/2026 or 2026-11-24",
    "off-or-work": "after the day comes off or work, then the reason",
    "number": "it must be a number",
    "code": "a code has letters, digits and dashes",
}


def explained(error: FieldInvalid) -> str:
    """Why a value cannot be kept, for operators; officers read `content/texts/errors.py`."""
    return f"{error.field}: {_EXPLAINED.get(error.hint, 'this value cannot be kept')}"


def commune_of(pack: PlanPack, today: date) -> tuple[Commune, tuple[Unit, ...]]:
    """A commune as its plan names it, live from today, with the units it binds.

    Hamlets that the plan binds are no units: each hamlet owes its own report.
    """
    commune = Commune(
        id=pack.id,
        name=pack.name,
        kind=pack.kind,
        short=pack.short,
        pack_id=pack.id,
        hamlet_term=pack.hamlet_term,
        live_since=today,
    )
    units = (Unit(pack.id, u.code, u.name, u.kind) for u in pack.units if u.kind != HAMLET)
    return commune, tuple(units)


def read_setting(key: str, typed: str) -> str | bool | None:
    """The value to keep for a setting; "-" empties a typed one."""
    text = tidy(typed)
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
    if text in ("", NOTHING):
        return None
    return read_phone(key, text) if key.endswith("phone") else read_text(key, text)


def tidy(typed: str) -> str:
    """One line in NFC: single spaces, nothing invisible (pasted text is full of it)."""
    kinds = {"Cc": " ", "Cf": "", "Co": "", "Cs": ""}
    plain = "".join(kinds.get(unicodedata.category(ch), ch) for ch in nfc(typed))
    return " ".join(plain.split())


def read_text(field: str, text: str, longest: int = LONGEST) -> str:
    """A line of 2 characters or more."""
    text = tidy(text)
    if len(text) < SHORTEST:
        raise FieldInvalid(field, "short")
    if len(text) > longest:
        raise FieldInvalid(field, "long")
    return text


def read_phone(field: str, text: str) -> str:
    """Digits with spaces, dots or dashes, a + in front; kept as typed."""
    text = tidy(text)
    count = sum(ch.isdigit() for ch in text)
    fitting = _DIGITS_ABROAD if text.startswith("+") else _DIGITS
    if not _PHONE.fullmatch(text) or count not in fitting:
        raise FieldInvalid(field, "phone")
    return text


def read_code(field: str, typed: str) -> str:
    """A short code of letters and digits without marks: what stands in links and files."""
    code = "-".join(words(typed))
    if not code:
        raise FieldInvalid(field, "short")
    if len(code) > LONGEST_CODE:
        raise FieldInvalid(field, "long")
    return code


def slug(name: str) -> str:
    """A code made of a name; of a long name the first words are cut to their initials."""
    parts = words(name)
    for place in range(len(parts) - 1):
        if len("-".join(parts)) <= LONGEST_CODE:
            break
        parts[place] = parts[place][:1]
    return read_code("code", " ".join(parts))


def read_hamlet(
    commune: Commune, typed: str, known: Mapping[str, Hamlet] = MappingProxyType({})
) -> Hamlet:
    """A hamlet by its name, and its phone after a comma. `known` are those there are, by code.

    "Ấp Ba" and "Ấp Bà" fold to one code: the second of them gets a number, never the first's.
    """
    name, _, phone = tidy(typed).partition(",")
    name = read_text("hamlet", name)
    codes = (slug(name), *(f"{slug(name)}-{number}" for number in range(2, 100)))
    free = (code for code in codes if code not in known or known[code].name == name)
    return Hamlet(
        commune_id=commune.id,
        code=next(free),
        name=name,
        kind=hamlet_kind(commune.hamlet_term, name),
        phone=read_phone("phone", phone) if phone.strip() else None,
    )


def hamlet_kind(term: str, name: str) -> str:
    """Which of the commune's words for a hamlet fits the name: a plan may use several at once."""
    kinds = [kind.strip() for kind in term.split(",")]
    padded = f"{fold(name)} "
    return next((kind for kind in kinds if padded.startswith(f"{fold(kind)} ")), kinds[0])


def read_day(field: str, typed: str) -> date:
    """A day as 24/11/2026 or 2026-11-24."""
    text = tidy(typed)
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise FieldInvalid(field, "date")
    if year not in _YEARS:
        raise FieldInvalid(field, "date")
    try:
        return date(year, month, day)
    except ValueError:
        raise FieldInvalid(field, "date") from None


def read_holiday(typed: str) -> tuple[date, bool, str]:
    """(day, off or worked, reason) of a line that starts with the day, then "off" or "work".

    In Vietnamese as well; the word stays in the reason, which is kept as typed.
    """
    first, _, reason = tidy(typed).partition(" ")
    day = read_day("holiday", first)
    word = next(iter(words(reason)), "")
    if word not in (*_OFF, *_WORKED):
        raise FieldInvalid("holiday", "off-or-work")
    return day, word in _OFF, read_text("holiday", reason)


def commune_set(
    commune_id: str,
    field: str,
    before: Any,
    after: Any,
    *,
    event_id: UUID,
    at: datetime,
    actor_id: UUID | None = None,
    reason: str | None = None,
    personal: Mapping[str, Any] | None = None,
) -> NewEvent:
    """The event of one changed fact of a commune; a hamlet's phone goes to `personal`."""
    return NewEvent(
        id=event_id,
        commune_id=commune_id,
        at=at,
        actor_id=actor_id,
        kind="commune.set",
        subject=commune_id,
        payload={"field": field, "before": before, "after": after},
        personal=personal,
        reason=reason,
    )
