"""The words of roster files, and the sample roster that comes with the program."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from domain.people import Role
from domain.roster import Column, RosterWords
from domain.text import fold, nfc

_FOLDER = Path(__file__).parent
_TERM = "{term}"


@cache
def roster_words() -> RosterWords:
    """Headings and roles as people write them. ValueError where a role means two."""
    text = (_FOLDER / "lexicons" / "roster.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    headings: dict[str, tuple[Column, ...]] = {}
    for name, written in data["columns"].items():
        for one in _spread(written, data["terms"]):
            for key in {nfc(one).casefold(), fold(one)}:
                headings[key] = tuple(dict.fromkeys((*headings.get(key, ()), Column(name))))
    roles: dict[str, Role] = {}
    for name, written in data["roles"].items():
        for one in written:
            if roles.setdefault(fold(one), Role(name)) != name:
                raise ValueError(f"roster.yaml: {one!r} means {roles[fold(one)]} and {name}")
    return RosterWords(headings=headings, roles=roles)


def sample_roster(pack_id: str) -> bytes:
    """The sample roster of a commune, as a file of its own would be read; FileNotFoundError."""
    return (_FOLDER / "samples" / f"roster-{pack_id}.csv").read_bytes()


def _spread(written: Iterable[str], terms: Iterable[str]) -> list[str]:
    return [
        one.replace(_TERM, term) for one in written for term in (terms if _TERM in one else ("",))
    ]
