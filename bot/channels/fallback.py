"""What a poorer door lacks, translated by written rules. Pure.

Buttons become a numbered list, HTML becomes plain text, long texts are split. A number or the
words of a label, typed by a person, become the button again (`chosen`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from string import ascii_lowercase

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from content.keyboards.lettered import Lettered
from domain.text import fold

_BREAKS = {"br", "p", "div"}


class _Plain(HTMLParser):
    """Keeps the words; a link keeps its address in brackets unless its words are the address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._href: str | None = None
        self._label: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        elif tag == "a":
            self._href = dict(attrs).get("href")
            self._label = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            label = "".join(self._label).strip()
            address = self._href.removeprefix("tel:")
            if fold(label).replace(" ", "") != fold(address).replace(" ", ""):
                self.parts.append(f" ({address})")
            self._href = None

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self._label.append(data)


def to_plain(html: str) -> str:
    """Small HTML (b, i, a, br) as plain text; addresses of links are written out."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def utf16(text: str) -> int:
    """Length as the messengers count it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` UTF-16 units, cut at paragraphs, lines, words, then anywhere."""
    pieces: list[str] = []
    rest = text.strip()
    while utf16(rest) > limit:
        room = _prefix(rest, limit)
        cut = max(room.rfind("\n\n"), 0) or max(room.rfind("\n"), 0) or max(room.rfind(" "), 0)
        piece = rest[: cut or len(room)].rstrip()
        pieces.append(piece)
        rest = rest[len(piece) :].lstrip()
    if rest or not pieces:
        pieces.append(rest)
    return pieces


def split_html(html: str, limit: int) -> list[str]:
    """Small HTML in pieces whose words fit; cut at line breaks, which no tag of ours spans."""
    pieces: list[str] = []
    piece: list[str] = []
    for line in html.split("\n"):
        if piece and utf16(to_plain("\n".join([*piece, line]))) > limit:
            pieces.append("\n".join(piece).strip("\n"))
            piece = []
        piece.append(line)
    pieces.append("\n".join(piece).strip("\n"))
    return [each for each in pieces if each] or [""]


def _prefix(text: str, limit: int) -> str:
    """The longest start of `text` that fits, never cutting a surrogate pair."""
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu: its words and what pressing it sends."""

    label: str
    data: str


def options(keyboard: InlineKeyboardMarkup | None) -> list[Option]:
    """The choices that answer back, in reading order; links have no number."""
    if keyboard is None:
        return []
    return [
        Option(button.text, button.callback_data)
        for row in keyboard.inline_keyboard
        for button in row
        if button.callback_data
    ]


def _links(keyboard: InlineKeyboardMarkup | None) -> list[InlineKeyboardButton]:
    rows = keyboard.inline_keyboard if keyboard else []
    return [button for row in rows for button in row if button.url]


def _marks(keyboard: InlineKeyboardMarkup | None) -> str:
    return ascii_lowercase if isinstance(keyboard, Lettered) else ""


def as_text(html: str, keyboard: InlineKeyboardMarkup | None, hint: str, limit: int) -> list[str]:
    """A message with its buttons as plain text: words, links, marked choices, then `hint`."""
    lines = [to_plain(html).strip()]
    lines += [f"{button.text}: {button.url}" for button in _links(keyboard)]
    letters = _marks(keyboard)
    menu = "\n".join(
        f"{letters[n] if letters else n + 1}. {choice.label}"
        for n, choice in enumerate(options(keyboard))
    )
    if menu:
        menu = f"{menu}\n{hint}"
    body = "\n".join(line for line in lines if line)
    if not menu:
        return split(body, limit)
    if utf16(body) + 2 + utf16(menu) <= limit:
        return [f"{body}\n\n{menu}"]
    return [*split(body, limit), *split(menu, limit)]


_NUMBER = re.compile(r"^\s*(\d{1,2})\s*[.)]?\s*$")
_LETTER = re.compile(r"^\s*([a-z])\s*[.)]?\s*$", re.IGNORECASE)


def chosen(typed: str, menu: Sequence[Option], *, letters: bool = False) -> Option | None:
    """The choice a typed line means: exactly a listed mark, or exactly a label's words.

    Anything else is no choice: a free question always wins over a stray digit.
    """
    mark = (_LETTER if letters else _NUMBER).match(typed)
    if mark:
        place = ascii_lowercase.index(mark[1].lower()) if letters else int(mark[1]) - 1
        if 0 <= place < len(menu):
            return menu[place]
    words = fold(typed)
    if not words:
        return None
    matching = [option for option in menu if fold(option.label) == words]
    return matching[0] if len(matching) == 1 else None


def is_bare_number(typed: str) -> bool:
    """Whether the line is nothing but a small number, as an answer to a numbered list."""
    return _NUMBER.match(typed) is not None
