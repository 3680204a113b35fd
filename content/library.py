"""The national guides: loaded once at start-up, read-only, complete or refused.

A commune's own facts are put beside a card where it is shown, in `handlers/guides.py`.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from content._guide_parser import SECTIONS, GuideError, GuideFile, parse, to_text
from content.i18n import SOURCE_LOCALE
from domain.guides import Card, Hotline, Legal, Link, Obstacle, Source, Topic

__all__ = ["Group", "GuideError", "Library", "check_guides", "read_card", "topics"]

FOLDER = Path(__file__).parent / "guides"
_TEXTS = ("short", "audience", "cost", "duration", "place")
_DATES = ("effective_on", "checked_on", "review_by")
_LISTS = ("hotlines", "links", "legal", "sources", "related", "phrasings")


@dataclass(frozen=True, slots=True)
class Group:
    """Topics that are offered together on one screen."""

    id: str
    title: str
    topics: tuple[Topic, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """The forty topics in their fixed order, whether they have a card or not."""
    return tuple(Topic(*row) for row in _rows("topics.tsv"))


@dataclass(frozen=True, slots=True)
class Library:
    """All guides of one language."""

    lang: str
    cards: tuple[Card, ...]

    @classmethod
    @cache
    def load(cls, lang: str = "vi") -> "Library":
        """Read every card of a language. GuideError on the first that cannot be used."""
        found = {card.topic: card for card in map(_read_or_refuse, _paths(lang))}
        return cls(lang, tuple(found[topic.id] for topic in topics() if topic.id in found))

    @classmethod
    @cache
    def speaking(cls, lang: str) -> "Library":
        """The cards for readers of a language: translated where there is one, else Vietnamese."""
        source = cls.load(SOURCE_LOCALE)
        if lang == SOURCE_LOCALE or lang not in SECTIONS:
            return source
        own = cls.load(lang)
        return cls(lang, tuple(own.card(card.topic) or card for card in source.cards))

    def card(self, topic: str) -> Card | None:
        """The card of a topic; None for a topic without one (yet, or in this language)."""
        return next((card for card in self.cards if card.topic == topic), None)

    def topic(self, topic: str) -> Topic | None:
        """What a topic is called, whether it has a card or not."""
        return next((self._called(each) for each in topics() if each.id == topic), None)

    def _called(self, topic: Topic) -> Topic:
        card = self.card(topic.id)
        return replace(topic, title=card.title) if card else topic

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups with all their topics, cards or not: menus show both honestly."""
        return tuple(
            Group(group, title, tuple(self._called(t) for t in topics() if t.group == group))
            for group, title in _rows("groups.tsv")
        )


def read_card(path: Path, lang: str) -> tuple[Card | None, GuideFile]:
    """A card and the file it came from; no card when the file's form is broken."""
    guide = parse(path, lang)
    _check_form(guide)
    return (None if guide.problems else _build(guide)), guide


def check_guides(lang: str = "vi") -> list[str]:
    """Every broken rule of every card, as `file:line: rule`, for writers and `check`."""
    from content import _guide_rules  # the rules are not needed to serve, only to write

    return _guide_rules.check([read_card(path, lang) for path in _paths(lang)], topics(), lang)


def _paths(lang: str) -> Iterable[Path]:
    if lang not in SECTIONS:
        raise ValueError(f"no guides in language {lang!r}")
    return sorted((FOLDER / lang).glob("*.md"))


def _read_or_refuse(path: Path) -> Card:
    card, guide = read_card(path, path.parent.name)
    if card is None:
        raise guide.problems[0]
    return card


def _rows(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def _check_form(guide: GuideFile) -> None:
    """Whatever would make building the card fail; the finer rules are in `_guide_rules`."""
    front = guide.front
    if not front:
        return
    for key in ("topic", "group", "title", "version", *_TEXTS, *_DATES, *_LISTS):
        if key not in front:
            guide.wrong(1, f"front matter has no '{key}'")
    for key in {"topic", "group", "title", *_TEXTS} & front.keys():
        if not isinstance(front[key], str) or not front[key].strip():
            guide.wrong(guide.line_of(f"{key}:"), f"'{key}' must be text; quote it")
    for key in {*_DATES} & front.keys():
        if type(front[key]) is not date:
            guide.wrong(guide.line_of(f"{key}:"), f"'{key}' must be a date, as 2026-11-21")
    for key in {"version", "translates"} & front.keys():
        if type(front[key]) is not int or front[key] < 1:
            guide.wrong(guide.line_of(f"{key}:"), f"'{key}' must be a number from 1 up")
    for key in {*_LISTS} & front.keys():
        _check_list(guide, key, front[key])
    if front.get("topic") != guide.name.removesuffix(".md"):
        guide.wrong(guide.line_of("topic:"), "'topic' must be the name of the file")
    if front.get("topic") not in {topic.id for topic in topics()}:
        guide.wrong(guide.line_of("topic:"), "'topic' is not one of guides/topics.tsv")


#: What each entry of a list must have, and the type of it.
_ENTRIES: dict[str, dict[str, type]] = {
    "hotlines": {"name": str, "phone": str},
    "links": {"name": str, "url": str},
    "legal": {"name": str, "effective_on": date},
    "sources": {"ref": str, "name": str, "date": str},
}


def _check_list(guide: GuideFile, key: str, value: object) -> None:
    line = guide.line_of(f"{key}:")
    if not isinstance(value, list):
        guide.wrong(line, f"'{key}' must be a list; write [] when there is none")
        return
    for entry in value:
        if key not in _ENTRIES:
            if not isinstance(entry, str):
                guide.wrong(guide.line_of(f"{entry}"), f"'{key}': {entry!r} must be quoted text")
        elif not isinstance(entry, dict):
            guide.wrong(line, f"'{key}': an entry must be {{{', '.join(_ENTRIES[key])}}}")
        else:
            for name, kind in _ENTRIES[key].items():
                if not isinstance(entry.get(name), kind):
                    ref = entry.get("ref")
                    at = guide.line_of(f"ref: {ref}" if ref else str(entry.get("name") or key))
                    guide.wrong(at, f"'{key}': an entry needs '{name}' ({kind.__name__}, quoted)")


def _build(guide: GuideFile) -> Card:
    front: dict[str, Any] = guide.front
    texts: dict[str, Any] = {key: to_text(front[key]) for key in _TEXTS}
    return Card(
        topic=front["topic"],
        group=front["group"],
        title=front["title"],
        version=front["version"],
        **texts,
        **{key: front[key] for key in _DATES},
        preparations=tuple(to_text(line.text) for line in guide.preparations),
        steps=tuple(to_text(line.text) for line in guide.steps),
        obstacles=tuple(
            Obstacle(label.text, to_text(line.text)) for label, line in guide.obstacles
        ),
        doubts=tuple(to_text(line.text) for line in guide.doubts),
        hotlines=tuple(Hotline(row["name"], row["phone"]) for row in front["hotlines"]),
        links=tuple(Link(row["name"], row["url"]) for row in front["links"]),
        legal=tuple(Legal(row["name"], row["effective_on"]) for row in front["legal"]),
        sources=tuple(
            Source(row["ref"], row["name"], row["date"], row.get("url")) for row in front["sources"]
        ),
        related=tuple(front["related"]),
        phrasings=tuple(front["phrasings"]),
        translates=front.get("translates"),
    )
