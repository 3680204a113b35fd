"""What the guides say, made ready to be asked: two views of the same words.

*Likeness* compares a question with every phrasing and remembers the nearest ones: it knows indirect
questions that somebody wrote down. *Evidence* weighs each word and pair by how much oftener a topic
uses it than the others do: it knows long stories that resemble no phrasing. Either alone is right
about nine times in ten; together they err on different questions (docs/decisions/0005-search.md).
"""

import math
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
_UNSEEN = 0.001
#: All sentences of a card's own text together count as this many phrasings.
_BODY = 32.0
#: Inverse frequencies of what stands in no phrasing: high, but a pair less, most pairs are new.
NEW_WORD, NEW_PAIR = 5.0, 2.0
#: A word nobody wrote down speaks a little against us: most of our words are known.
_NEW_SCOPE = -0.5
_MEMORY = 16384
_LONGEST_BODY = 4000


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
        self.place = {topic: place for place, topic in enumerate(self.topics)}
        self.ours = len(topics)
        """Topics before this place are ours; the others only compete."""
        self.phrasings: list[str] = []
        self.topic_of: list[int] = []
        self.sizes = [0] * len(self.topics)
        self.bodies: dict[tuple[str, str], dict[int, float]] = {}
        self._forms: dict[str, list[str]] = {}
        self._written: dict[str, int] = {}
        self._evidence: dict[tuple[str, str], dict[int, float]] = {}
        self._read_all([*(m.phrasings for m in topics.values()), *elsewhere.values()])
        self.speller = Speller(
            (unit for unit in self.used if " " not in unit),
            {unit: sum(counts.values()) for unit, counts in self.used.items() if " " in unit},
        )
        self._read_bodies([material.body for material in topics.values()])

    def _read_all(self, lists: Sequence[Sequence[str]]) -> None:
        documents: list[Units] = []
        used: dict[str, dict[int, int]] = {}
        for topic, phrasings in enumerate(lists):
            self.sizes[topic] = len(phrasings)
            for phrasing in phrasings:
                tokens = read(phrasing, self.lexicon)
                self._written[" ".join(token.word for token in tokens)] = topic
                document = units(tokens)
                documents.append(document)
                self.phrasings.append(phrasing)
                self.topic_of.append(topic)
                for unit in document:
                    by_topic = used.get(unit)
                    if by_topic is None:
                        used[unit] = {topic: 1}
                    else:
                        by_topic[topic] = by_topic.get(topic, 0) + 1
        total = len(documents)
        self.used = used
        self.idf = {
            unit: math.log(1 + total / (1 + sum(by_topic.values())))
            for unit, by_topic in used.items()
        }
        self._post(documents)

    def _post(self, documents: Sequence[Units]) -> None:
        idf = self.idf
        postings: dict[str, dict[str, list[tuple[int, float]]]] = {unit: {} for unit in idf}
        for number, document in enumerate(documents):
            weights = {unit: weight * idf[unit] for unit, (weight, _) in document.items()}
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for unit, (_, form) in document.items():
                entry = (number, weights[unit] / length)
                forms = postings[unit]
                if form in forms:
                    forms[form].append(entry)
                else:
                    forms[form] = [entry]
        self.postings = {unit: tuple(forms.items()) for unit, forms in postings.items()}

    def _read_bodies(self, bodies: Sequence[Sequence[str]]) -> None:
        """Every word and strong pair of a card's text, however often; sentences do not matter."""
        for topic, sentences in enumerate(bodies):
            share = _BODY / (len(sentences) or 1)
            before = None
            for token in read(". ".join(sentences), self.lexicon, limit=_LONGEST_BODY):
                self._count(token.word, token.form, topic, share)
                if before is not None and not (token.weak and before.weak):
                    self._count(f"{before.word} {token.word}", "", topic, share)
                before = token

    def _count(self, unit: str, form: str, topic: int, count: float) -> None:
        key = (unit, form)
        counts = self.bodies.get(key)
        if counts is None:
            self.bodies[key] = {topic: count}
            self._forms.setdefault(unit, []).append(form)
        else:
            counts[topic] = counts.get(topic, 0.0) + count

    def tokens(self, text: str) -> list[Token]:
        """A question as it was meant, with non-words put right."""
        tokens = read(text, self.lexicon, self.idf)
        return [self._put_right(token) for token in tokens]

    def _put_right(self, token: Token) -> Token:
        if token.word in self.idf or len(token.word) < 4 or is_syllable(token.word):
            return token
        word = self.speller.lone(token.word)
        return token if word is None else token._replace(word=word, form="")

    def written(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The topic, ours or not, one of whose phrasings is this question word for word."""
        topic = self._written.get(" ".join(token.word for token in tokens))
        return () if topic is None else (self.topics[topic],)

    def evidence(self, unit: str, form: str) -> dict[int, float]:
        """For each topic that uses a word more than topics do on average: by how much (log)."""
        key = (unit, form)
        found = self._evidence.get(key)
        if found is None:
            counts: dict[int, float] = {}
            for written, entries in self.postings.get(unit, ()):
                agreement = likeness_of_forms(form, written)
                for number, _ in entries:
                    topic = self.topic_of[number]
                    counts[topic] = counts.get(topic, 0.0) + agreement
            for written in self._forms.get(unit, ()):
                agreement = likeness_of_forms(form, written)
                for topic, count in self.bodies[unit, written].items():
                    counts[topic] = counts.get(topic, 0.0) + count * agreement
            shares = {t: (n + _SEEN) / (self.sizes[t] + 1) for t, n in counts.items()}
            others = (len(self.topics) - len(shares)) * _UNSEEN
            average = (sum(shares.values()) + others) / len(self.topics)
            found = {t: math.log(s / average) for t, s in shares.items() if s > average}
            if len(self._evidence) >= _MEMORY:
                self._evidence.clear()
            self._evidence[key] = found
        return found

    def scope(self, unit: str) -> float:
        """How much oftener (log) our phrasings use a word than those of matters not ours."""
        by_topic = self.used.get(unit, {})
        inside = sum(count for topic, count in by_topic.items() if topic < self.ours)
        outside = sum(by_topic.values()) - inside
        if not inside and not outside:
            return _NEW_SCOPE
        share = (inside + 0.5) / (sum(self.sizes[: self.ours]) + 1)
        return math.log(share * (sum(self.sizes[self.ours :]) + 1) / (outside + 0.5))
