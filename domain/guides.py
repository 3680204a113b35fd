"""Guidance cards: what one says, on which sources each sentence stands, until when it is served."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: A card is told with a warning this long after its review date, then no longer (issue 3, item 1).
GRACE = timedelta(days=60)
#: The mark of practical advice: no source entry stands behind it and none is claimed.
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it is shown (small HTML) and the sources it stands on."""

    html: str
    refs: tuple[str, ...] = ()

    @property
    def is_advice(self) -> bool:
        """Said as advice, never as a rule."""
        return self.refs == (ADVICE,)


@dataclass(frozen=True, slots=True)
class Text:
    """A few sentences. The marks are gone from what is shown and kept beside each sentence."""

    passages: tuple[Passage, ...] = ()

    @property
    def html(self) -> str:
        """All sentences, ready to show."""
        return " ".join(passage.html for passage in self.passages)

    @property
    def refs(self) -> tuple[str, ...]:
        """Every source once, in the order of the sentences; advice is not a source."""
        found = dict.fromkeys(ref for passage in self.passages for ref in passage.refs)
        return tuple(ref for ref in found if ref != ADVICE)

    def __bool__(self) -> bool:
        return bool(self.passages)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One answer of the "I'm stuck" list: the button's label and what to do."""

    label: str
    text: Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where sentences come from. `url` only when the page is official and may be shown."""

    ref: str
    name: str
    date: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Legal:
    """A legal text by name, with the day it took effect."""

    name: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number with a source, for a tap-to-call link."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Link:
    """An official page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the forty things a resident may ask about; it exists before its card does."""

    id: str
    group: str
    title: str


@dataclass(frozen=True, slots=True)
class Card:
    """One guide. `version` grows with every change of substance: votes belong to a version."""

    topic: str
    group: str
    title: str
    short: Text
    audience: Text
    version: int
    effective_on: date
    checked_on: date
    review_by: date
    cost: Text
    duration: Text
    place: Text
    preparations: tuple[Text, ...]
    steps: tuple[Text, ...]
    obstacles: tuple[Obstacle, ...]
    doubts: tuple[Text, ...]
    hotlines: tuple[Hotline, ...]
    links: tuple[Link, ...]
    legal: tuple[Legal, ...]
    sources: tuple[Source, ...]
    related: tuple[str, ...]
    phrasings: tuple[str, ...]
    translates: int | None = None
    """In a translation: the version of the Vietnamese card it says in other words."""

    def source(self, ref: str) -> Source | None:
        """The source a mark names; None for advice."""
        return next((source for source in self.sources if source.ref == ref), None)


class Serving(StrEnum):
    """Whether a card may be shown."""

    FRESH = "fresh"
    WARN = "warn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether a card may be shown on a day, and the two dates that decide it."""

    service: Serving
    review_by: date
    withheld_from: date
    days_late: int
    """Days past `review_by`; 0 while the card is fresh."""


def freshness(card: Card, today: date) -> Freshness:
    """Served until its review date, with a warning for sixty days more, then withheld.

    A rule that changed unnoticed costs a resident a day at a counter, so an unreviewed card is
    not allowed to grow old in silence; two months are what an officer gets to look at it.
    """
    withheld_from = card.review_by + GRACE
    if today <= card.review_by:
        service = Serving.FRESH
    elif today < withheld_from:
        service = Serving.WARN
    else:
        service = Serving.WITHHELD
    late = max(0, (today - card.review_by).days)
    return Freshness(service, card.review_by, withheld_from, late)
