"""The development questions and the figures of the search on them.

`python -m tests.support.questions` prints the tables of docs/decisions/0005-search.md;
with `--fit` it fits the weights of `domain/search/confidence.py` again, on the tuning half only.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from content.search import searcher
from domain.search import Ranking
from domain.search.confidence import Signals

FILE = Path(__file__).parents[1] / "data" / "questions.jsonl"
#: Out of scope: nothing of ours answers it.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Question:
    """One question as somebody typed it, and the topic it is about."""

    id: str
    query: str
    topic: str
    style: str
    split: str
    also: tuple[str, ...] = ()

    @property
    def right(self) -> set[str]:
        return {self.topic, *self.also}


@dataclass(slots=True)
class Figures:
    """Shares over some questions; of questions in scope unless the name says otherwise."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, question: Question, ranking: Ranking) -> None:
        topics = [scored.topic for scored in ranking.topics]
        if question.topic == NONE:
            self.counts["outside"] += 1
            self.counts["outside answered"] += ranking.answered
            return
        self.counts["inside"] += 1
        self.counts["first"] += bool(question.right & {*topics[:1]})
        self.counts["first three"] += bool(question.right & {*topics[:3]})
        self.counts["abstained"] += not ranking.answered

    def share(self, name: str) -> float:
        whole = self.counts["outside" if name == "outside answered" else "inside"]
        return self.counts[name] / whole if whole else 0.0


def questions(split: str | None = None) -> list[Question]:
    """The development set, or its half `tune` or `report`."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        Question(**{**row, "also": tuple(row.get("also", ()))})
        for row in rows
        if split in (None, row["split"])
    ]


def figures(asked: Iterable[Question]) -> dict[str, Figures]:
    """Figures by style, and over `all`."""
    found: dict[str, Figures] = {"all": Figures()}
    for question in asked:
        ranking = searcher().rank(question.query)
        for key in ("all", question.style):
            found.setdefault(key, Figures()).add(question, ranking)
    return found


def _print(split: str) -> None:
    print(f"{split:10} {'n':>4} first  three  abstained | outside answered")  # noqa: T201
    for style, each in sorted(figures(questions(split)).items(), key=lambda item: item[0]):
        shares = "  ".join(f"{each.share(n):.3f}" for n in ("first", "first three", "abstained"))
        outside = f"{each.counts['outside answered']}/{each.counts['outside']}"
        print(f"{style:10} {each.counts['inside']:4} {shares}     | {outside}")  # noqa: T201


def _fit(rounds: int = 3000, rate: float = 0.5) -> None:
    """Plain logistic regression, both classes weighing alike, by gradient descent."""
    rows = [(q.topic != NONE, searcher().rank(q.query).signals) for q in questions("tune")]
    data = [(ours, signals) for ours, signals in rows if signals]
    columns = list(zip(*(signals for _, signals in data), strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(sum((v - mean) ** 2 for v in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    ours = sum(label for label, _ in data)
    shares = {True: 0.5 / ours, False: 0.5 / (len(data) - ours)}
    scaled = [
        (label, [(v - m) / s for v, m, s in zip(signals, means, spreads, strict=True)])
        for label, signals in data
    ]
    weights, bias = [0.0] * len(means), 0.0
    for _ in range(rounds):
        step, lift = [0.0] * len(means), 0.0
        for label, values in scaled:
            guess = 1 / (1 + math.exp(-bias - _dot(weights, values)))
            error = (label - guess) * shares[label]
            lift += error
            step = [s + error * value for s, value in zip(step, values, strict=True)]
        bias += rate * lift
        weights = [w + rate * (s - w / 600) for w, s in zip(weights, step, strict=True)]
    raw = [w / s for w, s in zip(weights, spreads, strict=True)]
    fitted = {n: round(w, 2) for n, w in zip(Signals._fields, raw, strict=True)}
    print(fitted, "BIAS", round(bias - _dot(raw, means), 2))  # noqa: T201


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


if __name__ == "__main__":
    if "--fit" in sys.argv:
        _fit()
    else:
        _print("tune")
        _print("report")
