"""What the guides say, made ready to be asked: two views of the same words.

*Likeness* compares a question with every phrasing and remembers the nearest ones: it knows indirect
questions that somebody wrote down. *Evidence* weighs each word and pair by how much oftener a topic
uses it than the others do: it knows long stories that resemble no phrasing. Either alone is right
about nine times in ten; together they err on different questions (docs/decisions/0005-search.md).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.search.lexicon import Lexicon
from domain.search.reading import Token, read
from domain.search.syllables import is_syllable
from domain.search.typos import Speller
from domain.search.units import Units, units

#: Counts added to what a topic was seen to use: one phrasing is a hint, not a habit.
_SEEN = 1.0
#: The share of its phrasings in which a topic uses a word it was never seen to use.
_UNSEEN = 0.002
#: All sentences of a card's own text together count as this many phrasings.
_BODY = 16.0
#: Inverse frequencies of what stands in no phrasing: high, but a pair less, most pairs are new.
NEW_WORD, NEW_PAIR = 5.0, 2.0
_MEMORY = 16384


@dataclass(frozen=True, slots=True)
class Material:
    """What one topic is known by."""

    phrasings: Sequence[str]
    body: Sequence[str] = ()
    """Sentences of the card: weaker, but they name things no phrasing thought of."""


def likeness_of_forms(asked: str, written: str) -> float:
    """How well two spellings of one bare word agree; 1 when either side typed no marks.

    A missing or another tone is a common slip, another letter is usually another word.
    """
    if not asked or not written or asked == written:
        return 1.0
    asked_letters, asked_tone = _split_tone(asked)
    letters, tone = _split_tone(written)
    if asked_letters == letters:
        return 0.5 if asked_tone and tone else 0.7
    return 0.7 if asked_tone == tone else 0.35


def _split_tone(form: str) -> tuple[str, str]:
    return (form[:-1], form[-1]) if form[-1].isdigit() and len(form) > 1 else (form, "")


class Index:
    """Phrasings and evidence of all topics, and of the matters that are not ours."""

    def __init__(
        self,
        topics: Mapping[str, Material],
        elsewhere: Mapping[str, Sequence[str]],
        lexicon: Lexicon,
    ) -> None:
        self.lexicon = lexicon
        self.topics = (*topics, *elsewhere)
        self.ours = len(topics)
        """Topics before this place are ours; the others only compete."""
        self.phrasings: list[str] = []
        self.topic_of: list[int] = []
        self.sizes = [0] * len(self.topics)
        self.postings: dict[str, list[tuple[str, list[tuple[int, float]]]]] = {}
        self.counts: dict[str, dict[str, Counter[int]]] = {}
        self._evidence: dict[tuple[str, str], dict[int, float]] = {}
        self._read_all([*(m.phrasings for m in topics.values()), *elsewhere.values()])
        self.speller = Speller(
            (unit for unit in self.idf if " " not in unit), (unit for unit in self.idf if " " in unit)
        )
        self._read_bodies([material.body for material in topics.values()])

    def _read_all(self, lists: Sequence[Sequence[str]]) -> None:
        documents: list[Units] = []
        for topic, phrasings in enumerate(lists):
            self.sizes[topic] = len(phrasings)
            for phrasing in phrasings:
                documents.append(units(read(phrasing, self.lexicon)))
                self.phrasings.append(phrasing)
                self.topic_of.append(topic)
        seen = Counter(unit for document in documents for unit in document)
        total = len(documents)
        self.idf = {unit: math.log(1 + total / (1 + count)) for unit, count in seen.items()}
        postings: dict[str, dict[str, list[tuple[int, float]]]] = {unit: {} for unit in seen}
        for number, document in enumerate(documents):
            weights = [(u, w, form, w * self.idf[u]) for u, (w, form) in document.items()]
            length = math.sqrt(sum(weight * weight for _, _, _, weight in weights)) or 1.0
            topic = self.topic_of[number]
            for unit, _, form, weight in weights:
                postings[unit].setdefault(form, []).append((number, weight / length))
                self._count(unit, form, topic, 1.0)
        self.postings = {unit: list(forms.items()) for unit, forms in postings.items()}
        #: Phrasings of ours and of others in which a unit stands: what speaks for our scope at all.
        self.inside: Counter[str] = Counter()
        self.outside: Counter[str] = Counter()
        for number, document in enumerate(documents):
            (self.inside if self.topic_of[number] < self.ours else self.outside).update(document)
        self.size_inside = sum(self.sizes[: self.ours])
        self.size_outside = sum(self.sizes[self.ours :])

    def _read_bodies(self, bodies: Sequence[Sequence[str]]) -> None:
        for topic, sentences in enumerate(bodies):
            for sentence in sentences:
                for unit, (_, form) in units(read(sentence, self.lexicon)).items():
                    self._count(unit, form, topic, _BODY / len(sentences))

    def _count(self, unit: str, form: str, topic: int, count: float) -> None:
        forms = self.counts.setdefault(unit, {})
        counter = forms.get(form)
        if counter is None:
            counter = forms[form] = Counter()
        counter[topic] += count  # type: ignore[assignment]

    def tokens(self, text: str) -> list[Token]:
        """A question as it was meant, with non-words put right."""
        tokens = read(text, self.lexicon, self.idf)
        return [self._put_right(token) for token in tokens]

    def _put_right(self, token: Token) -> Token:
        if token.word in self.idf or len(token.word) < 4 or is_syllable(token.word):
            return token
        word = self.speller.lone(token.word)
        return token if word is None else token._replace(word=word, form="")

    def evidence(self, unit: str, form: str) -> dict[int, float]:
        """For each topic that uses a word more than topics do on average: by how much (log)."""
        key = (unit, form)
        found = self._evidence.get(key)
        if found is None:
            counts: Counter[int] = Counter()
            for written, counter in self.counts.get(unit, {}).items():
                agreement = likeness_of_forms(form, written)
                for topic, count in counter.items():
                    counts[topic] += count * agreement  # type: ignore[assignment]
            shares = {t: (n + _SEEN) / (self.sizes[t] + 1) for t, n in counts.items()}
            others = (len(self.topics) - len(shares)) * _UNSEEN
            average = (sum(shares.values()) + others) / len(self.topics)
            found = {t: math.log(s / average) for t, s in shares.items() if s > average}
            if len(self._evidence) >= _MEMORY:
                self._evidence.clear()
            self._evidence[key] = found
        return found
