"""Nobody who chose English meets a Vietnamese sentence, an empty one, or one with a hole in it.

Each test looks at the whole catalogue and names everything that is wrong, so that one run shows
all there is to do. What is missing or stale is mended by `make i18n`, then by translating.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import content
from content.i18n import LOCALES, SOURCE_LOCALE

CONTENT = Path(content.__file__).parent
#: As in the Makefile, target i18n.
KEYWORDS = {"t": None, "tn": (1, 2), "N_": None}
TRANSLATED = [locale for locale in LOCALES if locale != SOURCE_LOCALE]
EVERY_LOCALE = pytest.mark.parametrize("locale", TRANSLATED)

#: What is left of a sentence without these are its own words.
FILLED_IN = re.compile(r"\{[^{}]*\}|<[^<>]*>")
TAG = re.compile(r"</?[a-z]+[^<>]*>")
SIGN = re.compile(r"[^\w\s<{(“„\"'’.…,/-]*")
#: "Bấm" and "vào" come before the name of a button.
BUTTON_NAMED = re.compile(r"(?:bấm|vào) “([^”{}]+)”", re.IGNORECASE)


@cache
def in_the_sources() -> frozenset[str | tuple[str, ...]]:
    """What `make i18n` collects: the sentences in the calls of t, tn and N_."""
    found = extract_from_dir(CONTENT, [("**.py", "python")], keywords=KEYWORDS)
    return frozenset(message for _, _, message, _, _ in found)


def said() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(where, sentence in its forms) of the literal calls of t, tn and N_, read without Babel."""
    for path in sorted(CONTENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in KEYWORDS:
                given = node.args[: 2 if name == "tn" else 1]
                if not any(
                    isinstance(arg, ast.Name | ast.Attribute | ast.Subscript) for arg in given
                ):
                    words = tuple(str(getattr(arg, "value", ast.unparse(arg))) for arg in given)
                    yield f"{path.relative_to(CONTENT)}:{node.lineno}", words


@cache
def catalogue(locale: str) -> Catalog:
    """The catalogue as it lies in the repository."""
    with (CONTENT / "locale" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def messages(locale: str) -> list[Message]:
    """Every entry but the header."""
    return [message for message in catalogue(locale) if message.id]


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """(source, translation), one for each plural form that is there."""
    if isinstance(message.id, str):
        if message.string:
            yield message.id, str(message.string)
    else:
        yield from ((message.id[-1], each) for each in message.string or () if each)


def pairs(locale: str) -> list[tuple[str, str]]:
    """Everything that is translated, beside its source."""
    return [pair for message in messages(locale) for pair in forms(message)]


def placeholders(sentence: str) -> Counter[str]:
    """The places that are filled in, with how they are written."""
    return Counter(
        f"{name}!{conversion}:{spec}"
        for _, name, spec, conversion in Formatter().parse(sentence)
        if name is not None
    )


def is_balanced(sentence: str) -> bool:
    """Whether every tag closes the one that was opened last."""
    opened: list[str] = []
    for tag in TAG.findall(sentence):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            opened += [] if name == "br" else [name]
        elif not opened or opened.pop() != name:
            return False
    return not opened


def label(button: str) -> str:
    """A button's words without the sign before or behind them."""
    return re.sub(r"^[^\w]+|[^\w]+$", "", button)


@EVERY_LOCALE
def test_the_catalogue_holds_exactly_what_the_sources_say(locale: str) -> None:
    kept = {message.id for message in messages(locale)}
    assert in_the_sources() - kept == set(), "missing: run make i18n, then translate"
    assert kept - in_the_sources() == set(), "stale: run make i18n"
    assert not catalogue(locale).obsolete


def test_no_sentence_hides_from_the_collector() -> None:
    """Babel overlooks t(…) inside another call inside t(…), and half of an f-string."""
    seen = {each if isinstance(each, tuple) else (each,) for each in in_the_sources()}
    hidden = [
        (where, words)
        for where, words in said()
        if words not in seen and any(ch.isalpha() for ch in FILLED_IN.sub("", "".join(words)))
    ]
    assert hidden == [], "give it a variable of its own"


@EVERY_LOCALE
def test_every_sentence_is_translated(locale: str) -> None:
    plurals = catalogue(locale).num_plurals
    untranslated = [
        message.id
        for message in messages(locale)
        if len(list(forms(message))) != (1 if isinstance(message.id, str) else plurals)
    ]
    assert untranslated == []
    assert [message.id for message in messages(locale) if message.fuzzy] == []


@EVERY_LOCALE
def test_a_translation_fills_the_same_places(locale: str) -> None:
    assert [p for p in pairs(locale) if placeholders(p[0]) != placeholders(p[1])] == []


@EVERY_LOCALE
def test_a_translation_has_the_same_markup(locale: str) -> None:
    assert [
        p for p in pairs(locale) if Counter(TAG.findall(p[0])) != Counter(TAG.findall(p[1]))
    ] == []
    assert [p for p in pairs(locale) if not (is_balanced(p[0]) and is_balanced(p[1]))] == []
    assert [p for p in pairs(locale) if "<" in TAG.sub("", p[1])] == []


@EVERY_LOCALE
def test_a_translation_begins_with_the_same_sign_and_has_as_many_lines(locale: str) -> None:
    def shape(sentence: str) -> tuple[str, int, bool, bool]:
        sign = SIGN.match(sentence)
        assert sign is not None
        return sign[0], sentence.count("\n"), sentence[0].isspace(), sentence[-1].isspace()

    assert [p for p in pairs(locale) if shape(p[0]) != shape(p[1])] == []


@EVERY_LOCALE
def test_a_button_that_a_sentence_names_is_called_as_it_is_on_the_screen(locale: str) -> None:
    buttons = {label(source): label(translation) for source, translation in pairs(locale)}
    wrong = [
        (name, translation)
        for source, translation in pairs(locale)
        for name in BUTTON_NAMED.findall(source)
        if f"“{buttons.get(label(name))}”" not in translation
    ]
    assert wrong == []
