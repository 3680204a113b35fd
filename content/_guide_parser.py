"""One guide file: YAML front matter and a small Markdown body, read line by line.

The body has four sections and nothing else, so a full Markdown parser would only add ways to be
wrong. Every problem is kept with its line; whoever asked decides what a problem means.
"""

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import yaml

from domain.guides import Passage, Text

#: The C parser reads a card in half a millisecond; wheels without it fall back to Python.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Section headings of the body, by language, in their order.
SECTIONS = {
    "vi": ("Chuẩn bị", "Các bước", "Mắc kẹt", "Chưa chắc"),
    "en": ("What to prepare", "Steps", "Stuck", "Not certain"),
}
_MARKS = re.compile(r"(?:\[\^[\w-]+\])+")
_MARK = re.compile(r"\[\^([\w-]+)\]")
#: A sentence ends at . ! ? … before a new one: a capital letter, a digit or a quotation mark.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»]?\s+(?=(?:<[bi]>)?[\"“«]?[^\W_a-z])")
_TAG = re.compile(r"&lt;(/?[bi])&gt;")
_STEP = re.compile(r"(\d+)\.\s+(.*)")


class GuideError(Exception):
    """A guide breaks a rule. Says where and which: `file`, `line` and `rule`."""

    def __init__(self, file: str, line: int, rule: str) -> None:
        self.file, self.line, self.rule = file, line, rule
        super().__init__(f"{file}:{line}: {rule}")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of source text and the line it starts on."""

    number: int
    text: str


@dataclass(slots=True)
class GuideFile:
    """A file taken apart, before anything is known to be right."""

    name: str
    lines: list[str]
    front: dict[str, Any] = field(default_factory=dict)
    preparations: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)
    obstacles: list[tuple[Line, Line]] = field(default_factory=list)
    doubts: list[Line] = field(default_factory=list)
    problems: list[GuideError] = field(default_factory=list)

    def wrong(self, line: int, rule: str) -> None:
        """Keep one broken rule."""
        self.problems.append(GuideError(self.name, line, rule))

    def line_of(self, text: str) -> int:
        """The first line that contains `text`; 1 when none does."""
        return next((n for n, row in enumerate(self.lines, 1) if text in row), 1)


def parse(path: Path, lang: str) -> GuideFile:
    """Take a file apart. Problems of form end up in `problems`, never as an exception."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        broken = GuideFile(path.name, [])
        broken.wrong(1, f"cannot be read: {error}")
        return broken
    guide = GuideFile(path.name, lines)
    end = next((n for n, row in enumerate(lines[1:], 1) if row.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        guide.wrong(1, "must begin with front matter between two lines of ---")
        return guide
    try:
        front = yaml.load("\n".join(lines[1:end]), Loader=_Loader)  # noqa: S506  a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        guide.wrong(line, f"front matter: {getattr(error, 'problem', None) or 'not valid YAML'}")
        return guide
    if not isinstance(front, dict):
        guide.wrong(2, "front matter must be a list of keys and values")
        return guide
    guide.front = front
    _read_body(guide, end + 2, SECTIONS[lang])
    return guide


def _read_body(guide: GuideFile, first: int, sections: tuple[str, ...]) -> None:
    """Sort the lines after the front matter into the four sections."""
    section = -1
    for number, row in enumerate(guide.lines[first - 1 :], first):
        row = row.strip()
        if not row:
            continue
        if row.startswith("## "):
            section = _section(guide, number, row[3:].strip(), sections, section)
        elif section == 0 or section == 3:
            target = guide.preparations if section == 0 else guide.doubts
            if row.startswith("- "):
                target.append(Line(number, row[2:].strip()))
            else:
                guide.wrong(number, "a line here begins with '- '")
        elif section == 1:
            _read_step(guide, number, row)
        elif section == 2:
            _read_obstacle(guide, number, row)
        else:
            guide.wrong(number, f"text before the first heading '## {sections[0]}'")


def _section(
    guide: GuideFile, number: int, title: str, sections: tuple[str, ...], before: int
) -> int:
    if title not in sections:
        guide.wrong(number, f"unknown heading; there are {', '.join(sections)}")
        return before
    if sections.index(title) <= before:
        guide.wrong(number, f"headings come once, in this order: {', '.join(sections)}")
    return sections.index(title)


def _read_step(guide: GuideFile, number: int, row: str) -> None:
    match = _STEP.fullmatch(row)
    if match is None:
        guide.wrong(number, "a step begins with its number, as in '1. …'")
        return
    if int(match[1]) != len(guide.steps) + 1:
        guide.wrong(number, f"step {match[1]} stands where step {len(guide.steps) + 1} is due")
    guide.steps.append(Line(number, match[2].strip()))


def _read_obstacle(guide: GuideFile, number: int, row: str) -> None:
    if row.startswith("### "):
        guide.obstacles.append((Line(number, row[4:].strip()), Line(number, "")))
    elif row.startswith("#"):
        guide.wrong(number, "only '### ' headings here, never deeper")
    elif not guide.obstacles:
        guide.wrong(number, "text before the first '### ' heading of this section")
    else:
        label, text = guide.obstacles[-1]
        joined = f"{text.text} {row}" if text.text else row
        guide.obstacles[-1] = (label, Line(text.number if text.text else number, joined))


def to_text(source: str) -> Text:
    """Sentences with their marks; whatever is not <b> or <i> is escaped, not trusted."""
    passages: list[Passage] = []
    place = 0
    for marks in _MARKS.finditer(source):
        *bare, last = _SENTENCE_END.split(source[place : marks.start()].strip())
        passages += [Passage(_html(sentence)) for sentence in bare]
        place = marks.end()
        tail = source[place : place + 1]
        if tail and tail in ".,;:":  # a mark before the full stop is still of this sentence
            last, place = last + tail, place + 1
        passages.append(Passage(_html(last), tuple(_MARK.findall(marks[0]))))
    rest = source[place:].strip()
    if rest:
        passages += [Passage(_html(sentence)) for sentence in _SENTENCE_END.split(rest)]
    return Text(tuple(passages))


def _html(text: str) -> str:
    return _TAG.sub(r"<\1>", escape(text, quote=False))
