"""A value for any annotation of our texts and keyboards, in the worst shape it can have.

`Sampler(full=True)` fills every optional and every list, with codes as long as they can be and
words that hold markup; `full=False` leaves out what may be left out.
"""

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal
from uuid import UUID

from aiogram.filters.callback_data import CallbackData

from content.i18n import Html
from content.keyboards.common import Go, Rows
from domain import errors
from domain.commune_settings import LONGEST_CODE
from domain.drafts import Draft
from domain.guides import Card, Passage, Text
from domain.invitations import CODE_LENGTH
from domain.people import Invitation
from domain.reminders import Reminder
from domain.visits import Outcome, Reason, Service

#: What nobody may see unescaped.
TYPED = "Bà <Hoa> & con"
OURS = Html("Ở <b>đây</b>.")
CODE = "x" * LONGEST_CODE
ID = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")
DAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
CODES = frozenset(
    {
        "code", "commune_id", "cutoff_id", "group", "hamlet_code", "id", "locale", "pack_id",
        "team_code", "topic", "unit_code",
    }
)  # fmt: skip
#: The values a parameter may have where its type only says `str`; a function's own first.
WORDS: dict[str, tuple[str, ...]] = {
    "guides.group.which": ("vneid", "dvc", "esign", "cashless", "safety"),
    "guides.choose_topic.which": ("skills", "social", "economy", "commune"),
    "guides.groups.of": ("vneid",),
    "people.door.channel": ("web", "telegram", "zalo"),
    "reports.how.which": ("paper", "zalo", "email", "phone"),
    "settings.field.which": ("address", "hours", "phone", "police_address", "police_phone"),
    "settings.value.key": ("address", "period_choice", "team_tier"),
    "settings.choice.which": ("decree", "calendar-before"),
    "settings.ask.key": ("address", "hours", "phone", "police_address", "police_phone"),
    "settings.saved.key": ("address", "period_choice", "team_tier"),
    "errors.field_hint.hint": ("short", "long", "phone", "date", "number", "code"),
    "locale": ("vi", "en"),
    "period_choice": ("decree",),
    "channel": ("web",),
    "kind": ("xã",),
    "address": ("Ấp 1 & 2",),
}


@dataclass(frozen=True)
class Sampler:
    """Makes values. `owner` is the function they are for, as `module.function`."""

    full: bool
    turn: int = 0
    owner: str = ""

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """A value for every parameter, by name."""
        hints = typing.get_type_hints(function)
        owner = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        mine = Sampler(self.full, self.turn, owner)
        return {
            name: mine.value(hints[name], name)
            for name, parameter in inspect.signature(function).parameters.items()
            if self.full or parameter.default is inspect.Parameter.empty
        }

    def value(self, kind: Any, name: str = "") -> Any:
        """A value of this type; its name tells a code from words."""
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if kind == Rows:
            return []
        if origin in (typing.Union, UnionType):
            return self._of_union(args, name)
        if origin is Literal:
            return args[self.turn % len(args)]
        if origin is tuple and args[-1] is not Ellipsis:
            return tuple(self.value(arg, name) for arg in args)
        if origin in (Sequence, list, tuple):
            one = [self.value(args[0], name)] if self.full else []
            return tuple(one) if origin is tuple else one
        if origin in (Mapping, dict):
            return {}
        return self._plain(kind, name)

    def _of_union(self, args: tuple[Any, ...], name: str) -> Any:
        if NoneType in args and not self.full:
            return None
        return self.value(next(arg for arg in args if arg is not NoneType), name)

    def _plain(self, kind: Any, name: str) -> Any:
        if kind is str:
            return self._words(name)
        if kind is bool:
            return self.full
        simple: dict[Any, Any] = {int: 1, UUID: ID, date: DAY, datetime: NOW, CallbackData: GO}
        if kind in simple:
            return simple[kind]
        if issubclass(kind, Enum):
            members = list(kind)
            return members[self.turn % len(members)]
        if issubclass(kind, errors.DomainError):
            return errors.FieldInvalid("people", "number")
        if issubclass(kind, CallbackData):
            told = {n: self.value(f.annotation, n) for n, f in kind.model_fields.items()}
            return kind(**told)
        assert is_dataclass(kind), f"{self.owner}: no sample of {kind}"
        return self._dataclass(kind)

    def _words(self, name: str) -> str:
        known = WORDS.get(f"{self.owner}.{name}", WORDS.get(name))
        if known is not None:
            return known[self.turn % len(known)]
        if name in ("html", "url", "href"):
            return OURS if name == "html" else "https://example.vn/?a=1&b=2"
        return CODE if name in CODES else TYPED

    def _dataclass(self, kind: Any) -> Any:
        hints = typing.get_type_hints(kind)
        told = {f.name: self.value(hints[f.name], f.name) for f in fields(kind)}
        if kind is Draft:
            told["data"] = self._draft_data()
        if kind is Passage:
            told["refs"] = ()
        if kind is Card:  # one without steps has no screen for a step
            told["steps"] = told["steps"] or (Text((Passage(OURS),)),)
        if kind is Invitation:
            told["code"] = "W" * CODE_LENGTH
        if kind is Reminder and not told["items"]:
            return Sampler(full=True, turn=self.turn, owner=self.owner)._dataclass(kind)
        return kind(**told)

    def _draft_data(self) -> dict[str, Any]:
        outcomes, reasons = list(Outcome), list(Reason)
        told: dict[str, Any] = {"outcome": outcomes[self.turn % len(outcomes)].value}
        if self.full:
            told |= {
                "hamlet": CODE,
                "services": [service.value for service in Service],
                "reason": reasons[self.turn % len(reasons)].value,
                "people": 2,
                "household": "H12",
            }
        return told


GO = Go(to="my-visits")
