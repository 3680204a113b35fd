"""gettext for sentences: the Vietnamese sentence itself is the source text.

Every text function calls `t` or `tn` inside a `speaking(locale)` context; outside one they raise,
so that no job or page can forget whose language it speaks. What a person typed is escaped here,
in one place; a value that is our own markup already is wrapped in `Html`.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from html import escape
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LOCALE = "vi"
LOCALES = ("vi", "en")
_FOLDER = Path(__file__).parent / "locale"
_locale: ContextVar[str] = ContextVar("locale")


class Html(str):
    """Text that is our own small HTML (b, i, a, br) and is not escaped again."""

    __slots__ = ()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Render texts in `locale` inside the block; an unknown one falls back to Vietnamese."""
    token = _locale.set(locale if locale in LOCALES else SOURCE_LOCALE)
    try:
        yield
    finally:
        _locale.reset(token)


def locale_now() -> str:
    """The language of the current block. LookupError outside `speaking`."""
    return _locale.get()


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    """The compiled catalogue; compiled in memory, so that no .mo file can be stale."""
    path = _FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if locale == SOURCE_LOCALE or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _filled(sentence: str, args: dict[str, object]) -> str:
    safe = {k: v if isinstance(v, Html) else escape(str(v), quote=False) for k, v in args.items()}
    return sentence.format(**safe) if safe else sentence


def t(msgid: str, /, **args: object) -> str:
    """The sentence in the current language, its named placeholders filled and escaped."""
    return _filled(_catalogue(_locale.get()).gettext(msgid), args)


def tn(one: str, many: str, n: int, /, **args: object) -> str:
    """The sentence for a count; `{n}` is the number itself."""
    return _filled(_catalogue(_locale.get()).ngettext(one, many, n), {"n": n, **args})


def N_(msgid: str, /) -> str:
    """Mark a sentence for the catalogue that is translated later, where it is said."""
    return msgid
