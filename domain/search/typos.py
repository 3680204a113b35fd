"""Words one slip away, and words that sound alike, for text typed in haste or by ear.

A slip is believed only where it makes a pair of words that people really write: most Vietnamese
syllables are one letter away from several others, so a lone correction would be a guess.
"""

import re
from collections.abc import Iterable, Mapping

#: How much a mended word counts beside one written right.
SLIP = 0.5
ALIKE = 0.7
_MEMORY = 8192
#: Only short words are mended: a syllable has at most seven letters, a name some more.
_LONGEST = 14
_SYLLABLE = re.compile(r"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx]?)(.*)")
#: Beginnings that one dialect or another says alike.
_BEGINNINGS = {
    "tr": "c", "ch": "c", "x": "s", "gi": "d", "r": "d", "v": "d", "l": "n", "c": "k", "q": "k",
    "qu": "k", "ngh": "ng", "gh": "g", "ph": "f",
}  # fmt: skip
_ENDINGS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))
_MIDDLES = (("uo", "u"), ("ie", "i"), ("ye", "i"), ("y", "i"), ("oa", "a"), ("au", "a"))


def sounds(word: str) -> tuple[str, ...]:
    """Keys that two words share when some ear takes one for the other: by beginning or by end.

    Not both at once: nearly every syllable would then sound like some other.
    """
    match = _SYLLABLE.fullmatch(word)
    if match is None or not match[2]:
        return ()
    begin, rest = match[1], match[2]
    heard = rest
    for written, said in _ENDINGS:
        if heard.endswith(written):
            heard = heard[: -len(written)] + said
            break
    for written, said in _MIDDLES:
        heard = heard.replace(written, said)
    return (f"{_BEGINNINGS.get(begin, begin)}<{rest}", f"{begin}>{heard}")


def _shortened(word: str) -> set[str]:
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _swapped(word: str) -> set[str]:
    return {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}


class Speller:
    """Knows the words and pairs of the index, and what stands near them."""

    def __init__(self, words: Iterable[str], pairs: Mapping[str, int]) -> None:
        """`pairs` with how often each is written: of two likely ones the usual one is meant."""
        self._alike: dict[str, list[str]] = {}
        self._shortened: dict[str, list[str]] = {}
        self._next: dict[str, dict[str, int]] = {}
        self._near: dict[str, dict[str, float]] = {}
        for word in words:
            if word.isdigit():
                continue
            for key in sounds(word):
                self._alike.setdefault(key, []).append(word)
            for key in _shortened(word) if len(word) > 1 else ():
                self._shortened.setdefault(key, []).append(word)
        for pair, count in pairs.items():
            first, second = pair.split(" ")
            self._next.setdefault(first, {})[second] = count

    def near(self, word: str) -> dict[str, float]:
        """Known words one slip or one sound away, with how much they count."""
        found = self._near.get(word)
        if found is None:
            found = {}
            mendable = len(word) <= _LONGEST and not word.isdigit()
            if mendable and len(word) >= 3:
                for key in sorted(_shortened(word) | _swapped(word)):
                    for other in self._shortened.get(key, ()):
                        if abs(len(other) - len(word)) <= 1:
                            found[other] = SLIP
            if mendable and len(word) >= 2:
                for key in sounds(word):
                    found.update((other, ALIKE) for other in self._alike.get(key, ()))
            found.pop(word, None)
            if len(self._near) >= _MEMORY:
                self._near.clear()
            self._near[word] = found
        return found

    def lone(self, word: str) -> str | None:
        """The one known word next to something that is no word at all."""
        near = self.near(word)
        return max(near, key=lambda other: (near[other], other)) if near else None

    def pair(self, first: str, second: str) -> tuple[float, str, str] | None:
        """The pair people write that this one most likely was; at most one slip in it."""
        mended: list[tuple[float, int, str, str]] = []
        seconds = self.near(second)
        after = self._next.get(first, {})
        for other, weight in seconds.items():
            if other in after:
                mended.append((weight, after[other], first, other))
        for other, weight in self.near(first).items():
            after = self._next.get(other, {})
            if second in after:
                mended.append((weight, after[second], other, second))
            if weight == ALIKE and after:
                for last, also in seconds.items():
                    if also == ALIKE and last in after:
                        mended.append((ALIKE**2, after[last], other, last))
        if not mended:
            return None
        weight, _, *words = max(mended)
        return weight, words[0], words[1]
