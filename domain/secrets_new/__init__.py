"""What must never be stored, logged or passed on: masked before any write."""

from dataclasses import dataclass

from domain.secrets._answers import answers
from domain.secrets._chunks import Chunks
from domain.secrets._links import Found, Links
from domain.secrets._logins import logins
from domain.secrets._numbers import numbers, passes_luhn, plain_tokens
from domain.secrets._passwords import Passwords
from domain.secrets._reading import Token, in_addresses, phrases_of, tokens_of
from domain.secrets._words import Kind
from domain.text import nfc

__all__ = ["MASK", "Guarded", "Kind", "guard", "mask_secrets", "passes_luhn"]

MASK = "•••"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A text without its secrets, and what they were."""

    text: str
    kinds: tuple[Kind, ...]


def guard(text: str) -> Guarded:
    """The text in NFC with every secret replaced by a mask; all else unchanged."""
    text = nfc(text)
    tokens = tokens_of(text)
    addresses = in_addresses(text, tokens)
    phrases = phrases_of(tokens, addresses)
    plain = plain_tokens(text, tokens, phrases) | addresses
    found = list(Links(tokens, phrases, numbers(text, tokens, phrases, plain)).secrets())
    chunks = Chunks(text, tokens)
    found += Passwords(tokens, phrases, chunks, found).secrets()
    found += logins(tokens, phrases, chunks, found)
    found += answers(text, tokens, phrases)
    return _masked(text, tokens, found)


def mask_secrets(text: str) -> str:
    """The text in NFC with every secret replaced by a mask; all else unchanged."""
    return guard(text).text


def _masked(text: str, tokens: list[Token], found: list[Found]) -> Guarded:
    pieces, done, kinds = [], 0, []
    for first, last, kind in sorted(found):
        start, end = tokens[first].start, tokens[last].end
        if end <= done:
            continue
        if start >= done:
            pieces += [text[done:start], MASK]
        done = end
        kinds.append(kind)
    pieces.append(text[done:])
    return Guarded("".join(pieces), tuple(dict.fromkeys(kinds)))
