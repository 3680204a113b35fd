"""Wordings that settle a choice between topics: rules of the project, kept as data."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.search.lexicon import Lexicon
from domain.search.reading import Token, read

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


@dataclass(frozen=True, slots=True)
class BareNames:
    """Things people ask about with nothing but their name."""

    topics: Mapping[str, tuple[str, ...]]
    """Two topics when nobody can know which is meant: then one question back is due."""
    fillers: frozenset[str]


class Cues:
    """All cues, found by the first words that could meet them; and the bare names of topics."""

    def __init__(self, cues: Sequence[Cue] = (), bare: BareNames | None = None) -> None:
        self._by_unit: dict[str, list[Cue]] = {}
        self._bare = bare or BareNames({}, frozenset())
        for one in cues:
            for wording in one.when[0]:
                self._by_unit.setdefault(min(wording), []).append(one)

    def bare(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The topics of a question that is nothing but the name of a thing."""
        return self._bare.topics.get(_stripped(tokens, self._bare.fillers), ())

    def met(self, found: Mapping[str, object]) -> set[str]:
        """Topics that a question names outright."""
        return {
            one.topic for unit in found for one in self._by_unit.get(unit, ()) if one.fits(found)
        }


def bare_names(lines: Mapping[str, str], fillers: str, lexicon: Lexicon) -> BareNames:
    """Topic by bare name, from "name | name" lines by topic."""
    dropped = frozenset(token.word for token in read(fillers, lexicon))
    topics: dict[str, tuple[str, ...]] = {}
    for topic, line in lines.items():
        for part in line.split("|"):
            name = " ".join(token.word for token in read(part, lexicon))
            topics[name] = tuple(dict.fromkeys((*topics.get(name, ()), topic)))
    return BareNames(topics, dropped)


def _stripped(tokens: Sequence[Token], fillers: Container[str]) -> str:
    """A question without the fillers at its ends; as it is when it has nothing else ("ai")."""
    first, last = 0, len(tokens)
    while first < last and tokens[first].word in fillers:
        first += 1
    while last > first and tokens[last - 1].word in fillers:
        last -= 1
    return " ".join(token.word for token in (tokens[first:last] or tokens))
