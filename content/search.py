"""Puts the search together: guides and word lists in, a searcher out."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from content.i18n import SOURCE_LOCALE
from content.library import Library, topics
from domain.guides import Card
from domain.search import Cues, Index, Lexicon, Material, Searcher, bare_names, cue

_LEXICONS = Path(__file__).parent / "lexicons"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = re.compile(r"<[^>]+>")
#: What a card says in quotation marks is mostly the name of another card.
_QUOTED = re.compile(r"[“\"«][^”\"»]*[”\"»]")


@cache
def lexicon() -> Lexicon:
    """The word lists of content/lexicons/spelling.yaml."""
    data = _read("spelling")
    writing = {**data["short"], **data["dialect"], **data["english"]}
    return Lexicon.of(writing, data["same"], data["cased"], [data["weak"]])


@cache
def searcher(lang: str = "vi") -> Searcher:
    """The search over all topics; built once, in a fraction of a second."""
    library = Library.speaking(lang)
    source = Library.load(SOURCE_LOCALE)
    stubs: dict[str, list[str]] = _read("other_topics")
    material = {}
    for topic in topics():
        card = library.card(topic.id)
        if card is None:
            material[topic.id] = Material([topic.title, *stubs.get(topic.id, [])])
        else:
            # Whoever reads another language may still type Vietnamese.
            both = dict.fromkeys([card, source.card(topic.id) or card])
            material[topic.id] = Material(
                [words for each in both for words in _phrasings(each)],
                [words for each in both for words in _body(each)],
            )
    elsewhere: dict[str, list[str]] = _read("out_of_scope")
    with _no_collection():
        index = Index(material, elsewhere, lexicon())
    return Searcher(index, frozenset(card.topic for card in library.cards), _cues())


@cache
def small_talk_words() -> dict[str, list[str]]:
    """What greetings and thanks are made of: content/lexicons/small_talk.yaml."""
    words: dict[str, list[str]] = _read("small_talk")
    return words


@contextmanager
def _no_collection() -> Iterator[None]:
    """Building makes many small objects and no garbage: looking for it only takes time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _cues() -> Cues:
    data = _read("cues")
    rules = [cue(row["for"], row["when"], row.get("unless", ()), lexicon()) for row in data["cues"]]
    return Cues(rules, bare_names(data["bare"], data["fillers"], lexicon()))


def _phrasings(card: Card) -> list[str]:
    return [card.title, *card.phrasings, *(obstacle.label for obstacle in card.obstacles)]


def _body(card: Card) -> list[str]:
    texts = [card.short, card.audience, card.place, *card.preparations, *card.steps]
    texts += [obstacle.text for obstacle in card.obstacles] + [*card.doubts]
    sentences = (passage.html for text in texts for passage in text.passages)
    return [unescape(_QUOTED.sub(" ", _TAG.sub(" ", sentence))) for sentence in sentences]


def _read(name: str) -> dict[str, Any]:
    text = (_LEXICONS / f"{name}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506  a safe loader
    return data
