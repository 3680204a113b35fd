"""What is compared: words and pairs of neighbouring words, each with a weight."""

from collections.abc import Container, Sequence
from itertools import pairwise

from domain.search.reading import Token
from domain.search.typos import Speller

WEAK = 0.6
_PAIR_WEAK = 0.7
_PAIR_BOTH_WEAK = 0.25
#: Two words with only weak ones between them: "dang ki [cai] chu ki".
_PAIR_APART = 0.7
#: A word that a mended pair brought along counts a little less than the pair.
_MENDED_WORD = 0.8


#: How much each word or pair weighs in its text, and the spelling it had ("" when unknown).
Units = dict[str, tuple[float, str]]


def units(tokens: Sequence[Token]) -> Units:
    """Words and pairs of a text. A repeated one counts once, at its heaviest."""
    found: Units = {}
    before = last_strong = None
    for token in tokens:
        word, form, weak = token
        known = found.get(word)
        weight = WEAK if weak else 1.0
        if known is None or known[0] < weight:
            found[word] = (weight, form)
        if before is not None:
            _keep(found, f"{before.word} {word}", _pair_weight(before.weak, weak))
        if not weak:
            if last_strong is not None and last_strong is not before:
                pair = f"{last_strong.word} {word}"
                if pair not in found:
                    found[pair] = (_PAIR_APART, "")
            last_strong = token
        before = token
    return found


def with_mended(
    found: Units, tokens: Sequence[Token], known: Container[str], speller: Speller
) -> Units:
    """The units of a question, with the pairs added that its slips probably stood for."""
    added: Units = {}
    for first, second in pairwise(tokens):
        if (first.weak and second.weak) or f"{first.word} {second.word}" in known:
            continue
        if (mended := speller.pair(first.word, second.word)) is None:
            continue
        weight, *words = mended
        _keep(added, " ".join(words), weight * _pair_weight(first.weak, second.weak))
        for token, word in zip((first, second), words, strict=True):
            if word != token.word and not token.weak:
                _keep(added, word, weight * _MENDED_WORD)
    return {**added, **found}


def _pair_weight(first_weak: bool, second_weak: bool) -> float:
    if first_weak and second_weak:
        return _PAIR_BOTH_WEAK
    return _PAIR_WEAK if first_weak or second_weak else 1.0


def _keep(found: Units, key: str, weight: float) -> None:
    known = found.get(key)
    if known is None or known[0] < weight:
        found[key] = (weight, "")
