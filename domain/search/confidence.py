"""How sure a ranking is, and what is done with it."""

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


WEIGHTS = Signals(1.19, 2.23, 0.57, 1.04, 0.44, 2.81, 4.71)
BIAS = -8.15
SURE = 0.6
ASK_WITHIN = 0.93


def confidence(signals: Signals) -> float:
    """The chance, 0 to 1, that the question is one of ours."""
    total = BIAS + sum(w * s for w, s in zip(WEIGHTS, signals, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def decide(
    shown: Sequence[Scored], outside: float, sure: float, with_card: Container[str]
) -> Decision:
    best = shown[0]
    if sure < SURE:
        reason = Reason.OUT_OF_SCOPE if outside > best.score else Reason.UNSURE
        return Decision(Verdict.ABSTAIN, reason)
    if best.topic not in with_card:
        return Decision(Verdict.ABSTAIN, Reason.NO_CARD, (best.topic,))
    close = [
        t.topic for t in shown[:3] if t.score >= best.score * ASK_WITHIN and t.topic in with_card
    ]
    if len(close) > 1:
        return Decision(Verdict.ASK, Reason.CLOSE, tuple(close))
    return Decision(Verdict.ANSWER, Reason.CLEAR, (best.topic,))
