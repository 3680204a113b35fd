"""How sure a ranking is, and what is done with it.

The weights were fitted (logistic regression, classes balanced) on the tuning half of
tests/data/questions.jsonl; docs/decisions/0005-search.md tells how to fit them again.
"""

import math
from collections.abc import Container, Sequence
from typing import NamedTuple

from domain.search.ranking import Decision, Reason, Scored, Verdict


class Signals(NamedTuple):
    """What the best topic has for it and against it."""

    likeness: float
    ahead_likeness: float
    """More alike than the nearest matter that is not ours."""
    ahead_evidence: float
    against: float
    """All words that speak for other people's matters, together; 0 or less."""
    foreign: float
    """The one pair of words that speaks for them most: "so do" alone makes it about land."""
    length: float
    """How many words (log): each word of a story brings its own foreign ones."""
    named: float
    """A short question that names the topic outright; 0 when it does not, or in a story."""


WEIGHTS = Signals(
    likeness=1.46,
    ahead_likeness=2.55,
    ahead_evidence=0.55,
    against=1.03,
    foreign=0.46,
    length=1.95,
    named=4.83,
)
BIAS = -6.23
#: From here on we answer. A wrong card costs a day at a counter, "a person will answer" an hour:
#: the value lets one in a hundred foreign questions of the tuning half through.
SURE = 0.6
#: Topics this near the best are asked about, at most three.
ASK_WITHIN = 0.93
ASK_AT_MOST = 3


def confidence(signals: Signals) -> float:
    """The chance, 0 to 1, that a question is one of ours, if every other one is."""
    total = BIAS + sum(w * s for w, s in zip(WEIGHTS, signals, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def decide(
    shown: Sequence[Scored], outside: float, sure: float, with_card: Container[str]
) -> Decision:
    """Answer, ask one question back, or leave it to a person.

    A question about a topic without a card is never answered with its neighbour's card.
    """
    best = shown[0]
    if sure < SURE:
        reason = Reason.OUT_OF_SCOPE if outside > best.score else Reason.UNSURE
        return Decision(Verdict.ABSTAIN, reason)
    if best.topic not in with_card:
        return Decision(Verdict.ABSTAIN, Reason.NO_CARD, (best.topic,))
    close = [
        scored.topic
        for scored in shown[:ASK_AT_MOST]
        if scored.score >= best.score * ASK_WITHIN and scored.topic in with_card
    ]
    if len(close) > 1:
        return Decision(Verdict.ASK, Reason.CLOSE, tuple(close))
    return Decision(Verdict.ANSWER, Reason.CLEAR, (best.topic,))
