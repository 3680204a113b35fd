"""What is compared: words and pairs of neighbouring words, each with a weight."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.search.reading import Token
from domain.search.typos import Speller

WEAK = 0.5
_PAIR_WEAK = 0.6
_PAIR_BOTH_WEAK = 0.25
#: Two words with only weak ones between them: "dang ki [cai] chu ki".
_PAIR_APART = 0.7
#: A word that a mended pair brought along counts a little less than the pair.
_MENDED_WORD = 0.8


class Unit(NamedTuple):
    """How much a word or pair weighs in its text, and the spelling it had ("" when unknown)."""

    weight: float
    form: str = ""


Units = dict[str, Unit]


def units(tokens: Sequence[Token]) -> Units:
    """Words and pairs of a text. A repeated one counts once, at its heaviest."""
    found: Units = {}
    for token in tokens:
        _keep(found, token.word, WEAK if token.weak else 1.0, token.form)
    for first, second in zip(tokens, tokens[1:], strict=False):
        _keep(found, f"{first.word} {second.word}", _pair_weight(first, second))
    strong = [token for token in tokens if not token.weak]
    if len(strong) < len(tokens):
        for first, second in zip(strong, strong[1:], strict=False):
            found.setdefault(f"{first.word} {second.word}", Unit(_PAIR_APART))
    return found


def with_mended(found: Units, tokens: Sequence[Token], known: object, speller: Speller) -> Units:
    """The units of a question, with the pairs added that its slips probably stood for."""
    added: Units = {}
    for first, second in zip(tokens, tokens[1:], strict=False):
        if (first.weak and second.weak) or f"{first.word} {second.word}" in known:  # type: ignore[operator]
            continue
        if (mended := speller.pair(first.word, second.word)) is None:
            continue
        weight, *words = mended
        _keep(added, " ".join(words), weight * _pair_weight(first, second))
        for token, word in zip((first, second), words, strict=True):
            if word != token.word and not token.weak:
                _keep(added, word, weight * _MENDED_WORD)
    return {**added, **found}


def _pair_weight(first: Token, second: Token) -> float:
    if first.weak and second.weak:
        return _PAIR_BOTH_WEAK
    return _PAIR_WEAK if first.weak or second.weak else 1.0


def _keep(found: Units, key: str, weight: float, form: str = "") -> None:
    known = found.get(key)
    if known is None or known.weight < weight:
        found[key] = Unit(weight, form)
