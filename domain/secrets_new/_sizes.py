"""How much of what was written or said makes up one code, identity number or account."""

from collections.abc import Collection, Iterator, Sequence

from domain.secrets._numbers import Form, Number, Piece
from domain.secrets._reading import Token
from domain.secrets._words import VAGUE

_LONGEST_CODE = 8


def digits_of(pieces: Sequence[Piece]) -> str:
    """The digits of pieces read as one number."""
    return "".join(piece.digits for piece in pieces)


def long_number_of(
    number: Number, tokens: Sequence[Token], exactly: Collection[int], roughly: range
) -> Sequence[Piece] | None:
    """The pieces of a number that has one of the exact sizes, the largest; else any rough one."""
    grown = list(_grown(number, max((*exactly, *roughly))))
    if fitting := [pieces for pieces in grown if len(digits_of(pieces)) in exactly]:
        return fitting[-1]
    if exactly and (cut := _without_vague(number.pieces, tokens, exactly)):
        return cut
    own = len(number.digits)
    if own in roughly and (own >= 8 or len(grown) == 1):
        return number.pieces
    fitting = [pieces for pieces in grown if len(digits_of(pieces)) in roughly]
    return fitting[-1] if fitting else None


def code_of(
    number: Number, tokens: Sequence[Token], sizes: Sequence[int]
) -> Sequence[Piece] | None:
    """The pieces of a code: together, in parts, or dictated ("48 rồi 29 rồi 13")."""
    pieces = number.pieces
    first = pieces[0]
    if len(pieces) > 1 and not first.is_spoken and len(first.digits) >= 4:
        is_pair = [len(piece.digits) for piece in pieces] == [4, 4]
        pieces = pieces if is_pair else pieces[:1]
    most = max(min(sizes), _LONGEST_CODE)
    for more in _grown(number, most):
        if len(more) > len(pieces) and (number.is_said or len(digits_of(pieces)) < min(sizes)):
            pieces = more
    total = len(digits_of(pieces))
    common = [size for size in sizes if size in (3, 4, 6, 8)]
    if total not in common and (cut := _without_vague(pieces, tokens, common)):
        return cut
    if total in sizes:
        return pieces
    return _prefix(pieces, sizes) if total > max(sizes) else None


def _grown(number: Number, most: int) -> Iterator[tuple[Piece, ...]]:
    """The number alone, with the next part, with the one after that, up to so many digits."""
    pieces = number.pieces
    yield pieces
    for more in number.then:
        pieces += more.pieces
        if more.form not in (Form.PLAIN, Form.SUM) or len(digits_of(pieces)) > most:
            return
        yield pieces


def _without_vague(
    pieces: Sequence[Piece], tokens: Sequence[Token], sizes: Collection[int]
) -> Sequence[Piece] | None:
    """Spoken digits without a last "không" or "ba" that is a word of the sentence."""
    for end in (len(pieces) - 1, len(pieces) - 2):
        if end < 1 or not pieces[end].is_spoken or tokens[pieces[end].last].plain not in VAGUE:
            return None
        if len(digits_of(pieces[:end])) in sizes:
            return pieces[:end]
    return None


def _prefix(pieces: Sequence[Piece], sizes: Sequence[int]) -> Sequence[Piece] | None:
    """The longest beginning that has the size of a code."""
    ends = range(len(pieces) - 1, 0, -1)
    return next((pieces[:end] for end in ends if len(digits_of(pieces[:end])) in sizes), None)
