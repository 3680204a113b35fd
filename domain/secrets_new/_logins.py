"""Login names: harmless alone, a key together with their password."""

from collections.abc import Iterator, Sequence

from domain.secrets._chunks import Chunks, Look
from domain.secrets._links import Found
from domain.secrets._reading import Phrase, Token
from domain.secrets._words import NAMES, Kind, Role

_FAR = 9
_SHORTEST = 3
_KNOWN = frozenset("admin root user test guest".split())


def logins(
    tokens: Sequence[Token],
    phrases: Sequence[Phrase | None],
    chunks: Chunks,
    found: Sequence[Found],
) -> Iterator[Found]:
    """The login names of a text in which a password was found."""
    if not any(_is_password(one, phrases, tokens) for one in found):
        return
    taken = {place for one in found for place in range(one.first, one.last + 1)}
    for name in dict.fromkeys(phrases):
        if name is None or name.kind is not Kind.LOGIN:
            continue
        if (login := _behind(name, tokens, phrases, chunks, taken)) is not None:
            yield login


def _is_password(
    one: Found, phrases: Sequence[Phrase | None], tokens: Sequence[Token]
) -> bool:
    """A password, or a number that stands near the name of one."""
    if one.kind is Kind.PASSWORD:
        return True
    near = phrases[max(0, one.first - _FAR) : one.first]
    return one.kind in (Kind.OTP, Kind.PIN) and any(
        phrase is not None and phrase.kind is Kind.PASSWORD and phrase.role is Role.CUE
        for phrase in near
    )


def _behind(
    name: Phrase,
    tokens: Sequence[Token],
    phrases: Sequence[Phrase | None],
    chunks: Chunks,
    taken: set[int],
) -> Found | None:
    at = name.last + 1
    for _ in range(_FAR):
        if at >= len(tokens) or at in taken or tokens[at].plain in ",.;|?!":
            return None
        token, phrase = tokens[at], phrases[at]
        if phrase is not None and phrase.kind is Kind.PASSWORD:
            return None
        last = chunks.end(at)
        if _is_login(chunks, token, at, last):
            return Found(at, last, Kind.LOGIN)
        if token.is_word and phrase is None and token.plain not in NAMES:
            return None
        at = phrase.last + 1 if phrase is not None else at + 1
    return None


def _is_login(chunks: Chunks, token: Token, first: int, last: int) -> bool:
    raw = chunks.raw(first, last)
    if "@" in raw and "." in raw:
        return True
    if token.is_digits and first == last:
        return len(token.plain) >= 4
    if not (token.is_word or token.is_digits) or not raw.isascii() or len(raw) < _SHORTEST:
        return False
    return chunks.look(first, last) is not Look.NO or token.plain in _KNOWN
