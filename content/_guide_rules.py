"""What a guide must keep to beyond its form. Each broken rule is told with file and line."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from content._guide_parser import GuideError, GuideFile, to_text
from domain.guides import ADVICE, Card, Topic
from domain.text import fold

_LEXICONS = Path(__file__).parent / "lexicons"
MAX_STEPS = 9
MAX_WORDS = 60
MAX_SHORT_WORDS = 40
MAX_LABEL = 40
OBSTACLES = range(3, 8)
MIN_PHRASINGS = 25
#: Six months and a few days: what a writer may promise before looking again.
MAX_REVIEW = timedelta(days=190)
#: Sentences that say what we do not know need no source; they must say it plainly.
_UNKNOWN = re.compile(
    r"(tài liệu mình có không|chưa có nguồn|mình chưa|chưa tìm|không tìm được|chưa rõ)",
    re.IGNORECASE,
)
#: English cards say the same sentences in other words; these are its ways to say "not known".
_UNKNOWN_EN = re.compile(r"(our sources do not|we found no|we have not|not known)", re.IGNORECASE)
_MARK = re.compile(r"\[\^([\w-]+)\]")
_BAD_MARKUP = re.compile(r"\]\(|\*\*|__|`|\|.*\||<(?!/?[bi]>)|^#|https?://")
_TAG = re.compile(r"<(/?)([bi])>")
_HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|top|xyz|asia)\b", re.I)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_PHONE = re.compile(r"\b1[89]00[ .]?\d{4,6}\b|\b1[89]00[ .]?\d{2}[ .]\d{2}\b")


def check(
    files: Sequence[tuple[Card | None, GuideFile]], topics: Sequence[Topic], lang: str
) -> list[str]:
    """All broken rules, in the order of files and lines."""
    known = {topic.id: topic.group for topic in topics}
    phrasings: dict[str, str] = {}
    problems: list[GuideError] = []
    for card, guide in files:
        for number, row in enumerate(guide.lines, 1):
            if not unicodedata.is_normalized("NFC", row):
                guide.wrong(number, "letters are not composed (NFC)")
        if card is not None:
            _check_front(card, guide, known, lang)
            _check_texts(card, guide, lang)
            _check_phrasings(card, guide, phrasings)
        problems += sorted(guide.problems, key=lambda problem: problem.line)
    return [str(problem) for problem in problems]


def _check_front(card: Card, guide: GuideFile, known: dict[str, str], lang: str) -> None:
    if card.group != known[card.topic]:
        guide.wrong(guide.line_of("group:"), f"group must be {known[card.topic]}")
    at = guide.line_of("review_by:")
    if not card.checked_on < card.review_by <= card.checked_on + MAX_REVIEW:
        guide.wrong(at, "review_by must lie within six months after checked_on")
    if card.effective_on > card.checked_on:
        guide.wrong(guide.line_of("effective_on:"), "effective_on lies after checked_on")
    if not card.legal:
        guide.wrong(guide.line_of("legal:"), "names no legal text")
    for topic in card.related:
        if topic not in known or topic == card.topic:
            guide.wrong(guide.line_of("related:"), f"related topic '{topic}' does not exist")
    for hotline in card.hotlines:
        if _digits(hotline.phone) not in _hotlines():
            guide.wrong(guide.line_of(hotline.phone), f"{hotline.phone} is not in hotlines.yaml")
    for url in [link.url for link in card.links] + [s.url for s in card.sources if s.url]:
        if not _is_official(urlsplit(url).hostname or "") or not url.startswith("https://"):
            guide.wrong(guide.line_of(url), f"{url} is not an official https address")
    if lang != "vi" and card.translates is None:
        guide.wrong(1, "a translation names the Vietnamese version it says ('translates')")


def _check_texts(card: Card, guide: GuideFile, lang: str) -> None:
    refs = {source.ref for source in card.sources}
    for source in card.sources:
        if source.ref == ADVICE or [s.ref for s in card.sources].count(source.ref) > 1:
            guide.wrong(guide.line_of(f"ref: {source.ref}"), f"source '{source.ref}' twice")
    used: set[str] = set()
    unknown = _UNKNOWN if lang == "vi" else _UNKNOWN_EN
    for number, name, written, limit in _pieces(guide):
        text = to_text(written)
        count = len(_TAG.sub("", text.html).split())
        if count > limit:
            guide.wrong(number, f"{name} has {count} words, at most {limit}")
        _check_markup(guide, number, name, written)
        marks = _MARK.findall(written)
        used |= {*marks}
        for ref in dict.fromkeys(marks):
            if ref != ADVICE and ref not in refs:
                guide.wrong(number, f"{name}: [^{ref}] names no source")
        for passage in text.passages if name != "doubt" else ():
            asks = passage.html.endswith("?")  # a question states nothing
            if not passage.refs and not asks and not unknown.search(passage.html):
                guide.wrong(number, f"{name}: no source for '{passage.html[:50]}'")
    for ref in sorted(refs - used):
        guide.wrong(guide.line_of(f"ref: {ref}"), f"source '{ref}' is used nowhere")
    if not 1 <= len(guide.steps) <= MAX_STEPS:
        guide.wrong(guide.line_of("## "), f"{len(guide.steps)} steps, at most {MAX_STEPS}")
    if len(guide.obstacles) not in OBSTACLES:
        guide.wrong(guide.line_of("### "), f"{len(guide.obstacles)} obstacles, 3 to 7 are due")
    for label, text_line in guide.obstacles:
        if len(label.text) > MAX_LABEL:
            guide.wrong(label.number, f"label has {len(label.text)} letters, at most {MAX_LABEL}")
        if not text_line.text:
            guide.wrong(label.number, "obstacle says nothing")


def _pieces(guide: GuideFile) -> Iterable[tuple[int, str, str, int]]:
    """Every text of a guide with its line, its name and how many words it may have."""
    front: dict[str, Any] = guide.front
    yield guide.line_of("short:"), "short", front["short"], MAX_SHORT_WORDS
    for key in ("audience", "cost", "duration", "place"):
        yield guide.line_of(f"{key}:"), key, front[key], MAX_WORDS
    for line in guide.preparations:
        yield line.number, "preparation", line.text, MAX_WORDS
    for count, line in enumerate(guide.steps, 1):
        yield line.number, f"step {count}", line.text, MAX_WORDS
    for _, line in guide.obstacles:
        yield line.number, "obstacle", line.text, MAX_WORDS
    for line in guide.doubts:
        yield line.number, "doubt", line.text, MAX_WORDS


def _check_markup(guide: GuideFile, number: int, name: str, source: str) -> None:
    if bad := _BAD_MARKUP.search(source):
        guide.wrong(number, f"{name}: only <b> and <i> are allowed, not '{bad[0]}'")
    opened: list[str] = []
    for closing, tag in _TAG.findall(source):
        if not closing:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            guide.wrong(number, f"{name}: </{tag}> closes nothing")
    for tag in opened:
        guide.wrong(number, f"{name}: <{tag}> is never closed")
    for host in _HOST.findall(source):
        if not _is_official(host.lower()):
            guide.wrong(number, f"{name}: {host} is not an official address")
    for address in _ADDRESS.findall(source):
        guide.wrong(number, f"{name}: {address} is a bare address")
    for phone in _PHONE.findall(source):
        if _digits(phone) not in _hotlines():
            guide.wrong(number, f"{name}: {phone} is not in hotlines.yaml")


def _check_phrasings(card: Card, guide: GuideFile, seen: dict[str, str]) -> None:
    if len(card.phrasings) < MIN_PHRASINGS:
        guide.wrong(
            guide.line_of("phrasings:"),
            f"{len(card.phrasings)} phrasings, at least {MIN_PHRASINGS}",
        )
    for phrasing in card.phrasings:
        key, at = fold(phrasing), guide.line_of(f"- {phrasing}")
        if not key:
            guide.wrong(at, f"phrasing '{phrasing}' has no words")
        elif seen.get(key, guide.name) != guide.name:
            guide.wrong(at, f"phrasing '{phrasing}' stands in {seen[key]} too")
        elif card.phrasings.count(phrasing) > 1:
            guide.wrong(at, f"phrasing '{phrasing}' stands here twice")
        seen.setdefault(key, guide.name)


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


@cache
def _hotlines() -> frozenset[str]:
    return frozenset(_digits(str(row["phone"])) for row in _lexicon("hotlines")["hotlines"])


def _is_official(host: str) -> bool:
    data = _lexicon("official_domains")
    names = [*data["suffixes"], *(row["domain"] for row in data["domains"])]
    return any(host == name or host.endswith(f".{name}") for name in names)


@cache
def _lexicon(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((_LEXICONS / f"{name}.yaml").read_text("utf-8"))
    return data
