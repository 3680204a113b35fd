"""Word lists as values: what shorthand, dialect and mixed-in English mean, and which words are weak.

The lists themselves are data (content/lexicons/spelling.yaml); this module only makes them quick to
ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.text import bare, spelling, written_words

#: Longest wording of the lists, in words; longer ones would cost every query.
_LONGEST = 4
Rules = Mapping[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Replacements in two rounds: how people write, then what means the same to us."""

    writing: Rules
    meaning: Rules
    cased: Mapping[str, tuple[str, ...]]
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
            _rules(writing),
            _rules(meaning),
            {key: tuple(written_words(value)) for key, value in (cased or {}).items()},
            frozenset(spelling(word) or word for word in words),
            frozenset(bare(word) for word in words),
            frozenset(bare(word) for key in (*writing, *meaning) for word in written_words(key)),
        )

    def replaced(self, text_words: list[str]) -> list[str]:
        """The words as everyday words, one name for each thing."""
        return _replace(_replace(text_words, self.writing), self.meaning)


def _key(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(spelling(word) or word for word in words)


def _rules(pairs: Mapping[str, str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """A wording of several words is also known without marks; a single word only as listed."""
    rules: dict[tuple[str, ...], tuple[str, ...]] = {}
    for wording, meaning in pairs.items():
        words = written_words(wording)[:_LONGEST]
        value = tuple(written_words(meaning))
        rules[_key(words)] = value
        if len(words) > 1:
            rules.setdefault(tuple(bare(word) for word in words), value)
    return rules


def _only_stroke(word: str) -> bool:
    return word.replace("\u0111", "d").isascii()


def _replace(words: list[str], rules: Rules) -> list[str]:
    """Put the longest known wording in place of each run of words, from left to right."""
    keys = _key(words)
    loose = tuple(bare(word) if _only_stroke(word) else word for word in words)
    out: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            span = slice(place, place + length)
            value = rules.get(keys[span]) or rules.get(loose[span])
            if value is not None:
                out += value
                place += length
                break
        else:
            out.append(words[place])
            place += 1
    return out
