"""Which sentences of `content/` a language still lacks. For checks, never while serving."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent
#: As `make i18n` has them.
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "tn": (1, 2), "N_": None}


def untranslated(locale: str) -> tuple[int, int]:
    """(sentences without a translation, sentences in all)."""
    path = _FOLDER / "locale" / locale / "LC_MESSAGES" / "messages.po"
    done = set()
    if path.exists():
        with path.open("rb") as file:
            done = {_key(message.id) for message in read_po(file, locale=locale) if message.string}
    wanted = set(_sentences())
    return len(wanted - done), len(wanted)


def _sentences() -> Iterator[str]:
    for _file, _line, message, *_ in extract_from_dir(
        _FOLDER, method_map=[("**.py", "python")], keywords=_KEYWORDS
    ):
        yield _key(message)


def _key(message: str | tuple[str, ...] | list[str]) -> str:
    """A sentence for a count is known by its first form."""
    return message if isinstance(message, str) else message[0]
