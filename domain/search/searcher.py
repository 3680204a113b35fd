"""A question in, a ranking and a decision out. Under a millisecond for what people usually ask."""

import math
from collections.abc import Container, Sequence
from typing import NamedTuple

from domain.search.confidence import Signals, confidence, decide
from domain.search.cues import Cues
from domain.search.index import NEW_PAIR, NEW_WORD, Index, likeness_of_forms
from domain.search.ranking import Decision, Ranking, Reason, Scored, Verdict, Why
from domain.search.reading import Token
from domain.search.units import Units, units, with_mended
from domain.text import words

#: Longer messages are documents, not questions: nobody is answered by their first page.
MAX_LETTERS = 4000
#: How much evidence weighs beside likeness, and how long questions are brought to one scale.
_EVIDENCE = 0.3
_LENGTH = 0.4
#: The second and third phrasing of a topic that are alike count a little too.
_BEST_THREE = (1.0, 0.4, 0.16)
#: What a cue adds, and what being nothing but a topic's name adds.
_CUE, _BARE = 0.75, 2.0
#: How sure a cue makes us: less and less with each word, from a story's length on not at all.
_STORY = 15.0
_BARE_SURE = 1.5
_SHOWN = 5
_WORDS_SHOWN = 5


class _Near(NamedTuple):
    """How alike a topic's best phrasings are, and which is the most alike."""

    likeness: float
    phrasing: int


class Searcher:
    """Ranks the topics of an index. Holds no state but caches: one serves every conversation."""

    def __init__(self, index: Index, with_card: Container[str], cues: Cues | None = None) -> None:
        self._index = index
        self._with_card = with_card
        self._cues = cues or Cues()

    def rank(self, text: str, with_card: Container[str] | None = None) -> Ranking:
        """The topics a text is about. `with_card` names those that can be shown right now."""
        if len(text) > MAX_LETTERS:
            return _nothing(Reason.TOO_LONG)
        if not any(sum(map(str.isalpha, word)) > 1 for word in words(text)):
            return _nothing(Reason.NOTHING_READ)  # single letters are shorthand for anything
        index = self._index
        tokens = index.tokens(text)
        typed = units(tokens)
        if not typed:
            return _nothing(Reason.NOTHING_READ)
        found = with_mended(typed, tokens, index.idf, index.speller)
        near = self._likeness(found)
        evidence = self._evidence(found)
        scores = {
            topic: (near[topic].likeness if topic in near else 0.0)
            + _EVIDENCE * evidence.get(topic, 0.0)
            for topic in near.keys() | evidence.keys()
        }
        named = self._named(tokens, typed, scores)
        order = sorted((t for t in scores if t < index.ours), key=lambda t: (-scores[t], t))
        if not order:
            return _nothing(Reason.UNSURE)
        best = order[0]
        signals = self._signals(found, best, near, evidence, named.get(best, 0.0))
        sure = confidence(signals)
        shown = tuple(
            Scored(index.topics[t], round(scores[t], 3), self._why(found, t, near))
            for t in order[:_SHOWN]
        )
        outside = max((s for t, s in scores.items() if t >= index.ours), default=0.0)
        served = self._with_card if with_card is None else with_card
        return Ranking(shown, decide(shown, outside, sure, served), round(sure, 3), signals)

    def _likeness(self, found: Units) -> dict[int, _Near]:
        """The most alike phrasings of each topic (cosine of weighted words and pairs)."""
        index = self._index
        alike: dict[int, float] = {}
        length = 0.0
        for unit, (weight, form) in found.items():
            idf = index.idf.get(unit)
            if idf is None:
                length += (weight * (NEW_PAIR if " " in unit else NEW_WORD)) ** 2
                continue
            weight *= idf
            length += weight * weight
            for written, postings in index.postings[unit]:
                part = weight * likeness_of_forms(form, written)
                for number, other in postings:
                    alike[number] = alike.get(number, 0.0) + part * other
        length = math.sqrt(length)
        best: dict[int, list[tuple[float, int]]] = {}
        for number, value in alike.items():
            best.setdefault(index.topic_of[number], []).append((value, number))
        near = {}
        for topic, values in best.items():
            values.sort(reverse=True)
            likeness = sum(
                part * value for part, (value, _) in zip(_BEST_THREE, values, strict=False)
            )
            near[topic] = _Near(likeness / length, values[0][1])
        return near

    def _evidence(self, found: Units) -> dict[int, float]:
        """The sum of what each word and pair says for each topic."""
        total: dict[int, float] = {}
        size = 0.0
        for unit, (weight, form) in found.items():
            size += weight * weight
            for topic, value in self._index.evidence(unit, form).items():
                total[topic] = total.get(topic, 0.0) + weight * value
        scale = size**_LENGTH
        return {topic: value / scale for topic, value in total.items()}

    def _named(
        self, tokens: Sequence[Token], typed: Units, scores: dict[int, float]
    ) -> dict[int, float]:
        """Add what topics gain that are named outright; how sure each name makes us.

        Only words as they were typed name a thing: a guessed one must not decide.
        """
        place = self._index.place
        words = sum(" " not in unit for unit in typed)
        named = {place[topic]: math.exp(-words / _STORY) for topic in self._cues.met(typed)}
        for topic in named:
            scores[topic] = scores.get(topic, 0.0) + _CUE
        bare = [place[topic] for topic in self._cues.bare(tokens) or self._index.written(tokens)]
        best = max((scores.get(topic, 0.0) for topic in bare), default=0.0)
        for topic in bare:
            named[topic] = _BARE_SURE
            scores[topic] = best + _BARE
        return named

    def _signals(
        self,
        found: Units,
        best: int,
        near: dict[int, _Near],
        evidence: dict[int, float],
        named: float,
    ) -> Signals:
        """What tells a question of ours from one that only shares words with us."""
        index = self._index
        words = sum(" " not in unit for unit in found)
        against = foreign = 0.0
        for unit, (weight, _) in found.items():
            scope = weight * index.scope(unit)
            against += min(0.0, scope)
            if scope < foreign and " " in unit and unit in index.idf:
                foreign = scope
        others = [topic for topic in near if topic >= index.ours]
        likeness = near[best].likeness if best in near else 0.0
        return Signals(
            likeness=likeness,
            ahead_likeness=likeness - max((near[t].likeness for t in others), default=0.0),
            ahead_evidence=evidence.get(best, 0.0)
            - max((v for t, v in evidence.items() if t >= index.ours), default=0.0),
            against=against / math.sqrt(words or 1),
            foreign=foreign,
            length=math.log(1 + words),
            named=named,
        )

    def _why(self, found: Units, topic: int, near: dict[int, _Near]) -> Why:
        index = self._index
        parts = [
            (weight * index.evidence(unit, form).get(topic, 0.0), unit)
            for unit, (weight, form) in found.items()
        ]
        heaviest = sorted((part for part in parts if part[0] > 0), key=lambda p: (-p[0], p[1]))
        phrasing = index.phrasings[near[topic].phrasing] if topic in near else ""
        return Why(tuple(unit for _, unit in heaviest[:_WORDS_SHOWN]), phrasing)


def _nothing(reason: Reason) -> Ranking:
    return Ranking((), Decision(Verdict.ABSTAIN, reason), 0.0)
