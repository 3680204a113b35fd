"""Word lists as values: what shorthand, dialect and mixed-in English mean; which words are weak.

The lists themselves are data (content/lexicons/spelling.yaml); this module only makes them quick to
ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.text import bare, spelling, written_words

#: Longest wording of the lists, in words; longer ones would cost every query.
_LONGEST = 4
_STROKE = "\u0111"
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Wordings and what to read in their place."""

    meanings: Mapping[Words, Words]
    lengths: Mapping[str, tuple[int, ...]]
    """By its first word: how long the wordings are that begin with it, longest first."""

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> "Rules":
        """A wording of several words is also known without marks; a single word only as listed."""
        meanings: dict[Words, Words] = {}
        loose: dict[Words, Words] = {}
        for wording, meaning in pairs.items():
            words = written_words(wording)[:_LONGEST]
            value = tuple(written_words(meaning))
            meanings[tuple(spelling(word) or word for word in words)] = value
            if len(words) > 1:
                loose.setdefault(tuple(bare(word) for word in words), value)
        meanings = {**loose, **meanings}
        lengths: dict[str, set[int]] = {}
        for key in meanings:
            lengths.setdefault(key[0], set()).add(len(key))
        return cls(meanings, {word: tuple(sorted(n)[::-1]) for word, n in lengths.items()})

    def applied(self, words: list[str]) -> list[str]:
        """Put the longest known wording in place of each run of words, from left to right."""
        keys = [spelling(word) or word for word in words]
        if self.lengths.keys().isdisjoint(keys) and not any(_STROKE in key for key in keys):
            return words
        out: list[str] = []
        place = 0
        while place < len(words):
            value, length = self._at(keys, place)
            if value is None:
                out.append(words[place])
            else:
                out += value
            place += length
        return out

    def _at(self, keys: list[str], place: int) -> tuple[Words | None, int]:
        first = keys[place]
        for length in self.lengths.get(first, ()):
            value = self.meanings.get(tuple(keys[place : place + length]))
            if value is not None:
                return value, length
        # Shorthand is typed with or without the stroke: dk and its twin are one word.
        if _STROKE in first and (plain := first.replace(_STROKE, "d")).isascii():
            for length in self.lengths.get(plain, ()):
                rest = [key.replace(_STROKE, "d") for key in keys[place : place + length]]
                value = self.meanings.get(tuple(rest))
                if value is not None:
                    return value, length
        return None, 1


@dataclass(frozen=True, slots=True, eq=False)  # one object, one identity: a key of caches
class Lexicon:
    """Replacements in two rounds: how people write, then what means the same to us."""

    writing: Rules
    meaning: Rules
    cased: Mapping[str, str]
    weak: frozenset[str]
    """Spellings of words that carry little by themselves."""
    weak_bare: frozenset[str]
    """The same without marks: for text typed without any."""
    vocabulary: frozenset[str]
    """Every word the replacements wait for, without marks: never taken for typing residue."""

    @classmethod
    def of(
        cls,
        writing: Mapping[str, str],
        meaning: Mapping[str, str],
        cased: Mapping[str, str] | None = None,
        weak: Iterable[str] = (),
    ) -> "Lexicon":
        """Build from plain lists, as they stand in the data files."""
        words = [word for line in weak for word in written_words(line)]
        return cls(
            Rules.of(writing),
            Rules.of(meaning),
            dict(cased or {}),
            frozenset(spelling(word) or word for word in words),
            frozenset(bare(word) for word in words),
            frozenset(bare(word) for key in (*writing, *meaning) for word in written_words(key)),
        )

    def replaced(self, words: list[str]) -> list[str]:
        """The words as everyday words, one name for each thing."""
        return self.meaning.applied(self.writing.applied(words))
