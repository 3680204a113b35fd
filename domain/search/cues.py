"""Wordings that settle a choice between topics: rules of the project, kept as data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.search.lexicon import Lexicon
from domain.search.reading import read

#: A wording as the words and pairs that must all be present.
_Wording = frozenset[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """When all of `when` (each by one of its wordings) and none of `unless` is found."""

    topic: str
    when: tuple[tuple[_Wording, ...], ...]
    unless: tuple[_Wording, ...] = ()

    def fits(self, found: Collection[str]) -> bool:
        """Whether a question, as its words and pairs, meets the cue."""
        return all(
            any(all(unit in found for unit in wording) for wording in choices)
            for choices in self.when
        ) and not any(all(unit in found for unit in wording) for wording in self.unless)


def cue(topic: str, when: Sequence[str], unless: Sequence[str], lexicon: Lexicon) -> Cue:
    """A cue from its lines in the data file."""
    choices = tuple(tuple(_wording(part, lexicon) for part in line.split("|")) for line in when)
    return Cue(topic, choices, tuple(_wording(line, lexicon) for line in unless))


def _wording(text: str, lexicon: Lexicon) -> _Wording:
    words = [token.word for token in read(text, lexicon)]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    return frozenset(pairs or words)


class Cues:
    """All cues, found by the first words that could meet them."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._by_unit: dict[str, list[Cue]] = {}
        for one in cues:
            for wording in one.when[0]:
                self._by_unit.setdefault(min(wording), []).append(one)

    def met(self, found: Mapping[str, object]) -> set[str]:
        """Topics that a question names outright."""
        return {
            one.topic for unit in found for one in self._by_unit.get(unit, ()) if one.fits(found)
        }
