"""What a search answers: a ranked list that can be explained, and what to do with it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the conversation does next."""

    ANSWER = "answer"
    ASK = "ask"
    ABSTAIN = "abstain"


class Reason(StrEnum):
    """Why; a person who is told "I do not know" deserves the true reason."""

    CLEAR = "clear"
    CLOSE = "close"
    NO_CARD = "no-card"
    """The question is plainly about a topic that has no guide (yet, or no fresh one)."""
    UNSURE = "unsure"
    OUT_OF_SCOPE = "out-of-scope"
    NOTHING_READ = "nothing-read"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class Decision:
    """`topics`: the one to answer, the two or three to ask about, or the one without a card."""

    verdict: Verdict
    reason: Reason
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """What spoke for a topic: the heaviest words and pairs, and the phrasing most alike."""

    words: tuple[str, ...]
    phrasing: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A topic in the ranking."""

    topic: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best topics first, also when none is good enough to be shown."""

    topics: tuple[Scored, ...]
    decision: Decision
    confidence: float
    """How likely the question is one of ours and understood, 0 to 1."""
    signals: tuple[float, ...] = ()
    """What the confidence was made of (`confidence.Signals`): to explain it and to fit it anew."""

    @property
    def answered(self) -> bool:
        """Whether a resident gets a card or an "A or B?"."""
        return self.decision.verdict is not Verdict.ABSTAIN
