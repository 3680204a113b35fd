"""Greetings and thanks are conversation, not questions: they get a kind word, not a search."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.text import words

#: A longer message has something to say besides.
LONGEST = 8


class SmallTalk(StrEnum):
    """What a message is that asks nothing."""

    GREETING = "greeting"
    THANKS = "thanks"


def small_talk(text: str, lexicon: Mapping[str, Sequence[str]]) -> SmallTalk | None:
    """Which kind the whole message is; None when a single word of it is anything else.

    `lexicon` has folded phrases under `greeting`, `thanks` and `filler`.
    """
    left = f" {' '.join(words(text))} "
    if not 0 < len(left.split()) <= LONGEST:
        return None
    found: SmallTalk | None = None
    for kind in SmallTalk:
        for phrase in sorted(lexicon[kind.value], key=len, reverse=True):
            if f" {phrase} " in left:
                found = found or kind
                left = left.replace(f" {phrase} ", "  ")
    fillers = set(lexicon["filler"])
    return found if all(word in fillers for word in left.split()) else None
