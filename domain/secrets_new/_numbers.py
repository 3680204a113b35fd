"""Numbers as people write and say them, however they are parted; and what they are by their form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from domain.secrets._reading import Phrase, Token
from domain.secrets._words import SPOKEN, UNITS, Role


class Form(Enum):
    """What a number is by its form alone."""

    IDENTITY = auto()
    CARD = auto()
    HOTLINE = auto()
    LANDLINE = auto()
    MOBILE = auto()
    SUM = auto()
    """1.500.000: with points as sums are written."""
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Digits that stand together, or one spoken digit."""

    first: int
    last: int
    digits: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Number:
    """Pieces read as one number. `then` are the pieces said after it: "079 rồi 123 rồi …"."""

    pieces: tuple[Piece, ...]
    form: Form
    then: tuple["Number", ...] = ()
    is_said: bool = False
    """Whether what comes then was dictated: with "rồi" between."""

    @property
    def first(self) -> int:
        return self.pieces[0].first

    @property
    def last(self) -> int:
        return self.pieces[-1].last

    @property
    def digits(self) -> str:
        return "".join(piece.digits for piece in self.pieces)


#: A day; 14-digit time stamps and the like are told by their name, not here.
_DAY = re.compile(
    r"(?<![\d/.\-])(?:(?P<d>\d{1,2})(?P<s>[/.\-])(?P<m>\d{1,2})(?:(?P=s)(?:\d{4}|\d\d)|(?<=/\d)|(?<=/\d\d)|(?<=\.\d))"
    r"|(?P<m2>\d{1,2})/(?:19|20)\d\d|(?:19|20)\d\d-\d{1,2}-\d{1,2}"
    r"|(?P<d3>\d{1,2}) (?P<m3>\d{1,2}) (?:19|20)\d\d|\d{1,2}:\d\d(?::\d\d)?)(?!\d)(?![/.\-]\d)"
)
_SUM = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACED_SUM = re.compile(r"[1-9]\d{0,2}(?: \d{3}){2,}")
_TIGHT = frozenset(".-\u2010\u2011\u2013\u2014\u00b7_~\u200b\ufeff\u2060")
#: Words between the parts of a number that is dictated; one of the first must be among them.
_STEPS = frozenset("roi tiep xong cuoi cham gach lai cach".split())
_BETWEEN = _STEPS | frozenset("la toi den theo dau giua so ba bon sau hai nua thi con het do ngang".split())
_LONGEST_STEP = 5
_PARTED = _TIGHT | frozenset(",;/|:")
_CUT = frozenset("*#\u2026\u2022")


def plain_tokens(text: str, tokens: Sequence[Token], phrases: Sequence[Phrase | None]) -> set[int]:
    """Digits that are part of a day, an hour, a code with letters, an address, something cut."""
    found: set[int] = set()
    days = [match.span() for match in _DAY.finditer(text) if _is_day(match)]
    at = 0
    for place, token in enumerate(tokens):
        if not token.is_digits:
            continue
        while at < len(days) and days[at][1] <= token.start:
            at += 1
        if at < len(days) and days[at][0] <= token.start:
            found.add(place)
        elif _hangs_before(text, tokens, phrases, place, found) or _hangs_behind(
            text, tokens, phrases, place
        ):
            found.add(place)
    return found


def _is_day(match: re.Match[str]) -> bool:
    day = match["d"] or match["d3"]
    month = match["m"] or match["m2"] or match["m3"]
    is_card_date = match["s"] == "/" and match[0].count("/") == 1 and 1 <= int(match["d"]) <= 12
    is_day = (day is None or 1 <= int(day) <= 31) and (month is None or 1 <= int(month) <= 12)
    return is_day or is_card_date


def _names_secret(phrase: Phrase | None) -> bool:
    return phrase is not None and phrase.role in (Role.CUE, Role.WEAK)


def _hangs_before(
    text: str,
    tokens: Sequence[Token],
    phrases: Sequence[Phrase | None],
    place: int,
    found: set[int],
) -> bool:
    """Letters or a cut right before: H12, LT-26-00042, ***1234, ...567."""
    token = tokens[place]
    if not place or tokens[place - 1].end != token.start:
        return False
    before = tokens[place - 1]
    if before.is_word:
        return not _names_secret(phrases[place - 1]) or before.plain in ("x", "xx", "xxx")
    if before.plain in _CUT or (text.endswith("...", 0, token.start) and len(token.plain) <= 4):
        return True
    if before.plain in "-._/" and place > 1 and tokens[place - 2].end == before.start:
        head = tokens[place - 2]
        if head.is_word:
            is_google = head.plain == "g" and len(token.plain) == 6  # G-123456, as Google writes
            return not _names_secret(phrases[place - 2]) and not is_google
        return place - 2 in found and head.is_digits and before.plain != "/"
    return False


def _hangs_behind(
    text: str, tokens: Sequence[Token], phrases: Sequence[Phrase | None], place: int
) -> bool:
    """Letters, a share or a cut right behind: 22H2, 500k, 15%, 0791xxxx; 2345/QĐ-NHNN."""
    token = tokens[place]
    if place + 1 >= len(tokens) or tokens[place + 1].start != token.end:
        return False
    behind = tokens[place + 1]
    if behind.is_word:
        phrase = phrases[place + 1]
        is_talk = phrase is not None and phrase.role is not Role.PLAIN
        return len(token.plain) < 4 or not is_talk or len(behind.plain) < 2 or behind.plain in UNITS
    if behind.plain in _CUT or behind.plain == "%":
        return True
    if behind.plain in "/-" and len(token.plain) <= 6 and place + 2 < len(tokens):
        name = tokens[place + 2]
        return name.is_word and name.start == behind.end and text[name.start : name.end].isupper()
    return False


def numbers(
    text: str, tokens: Sequence[Token], phrases: Sequence[Phrase | None], plain: set[int]
) -> list[Number]:
    """All numbers that are not plainly something else, in order."""
    found: list[Number] = []
    for chain in _chains(text, tokens, list(_pieces(tokens, phrases, plain))):
        linked: list[Number] = []
        for group in chain:
            linked += _told_apart(text, tokens, group)
        for place, number in enumerate(linked):
            then = tuple(linked[place + 1 : place + 20])
            is_said = bool(then) and any(t.is_word for t in tokens[number.last + 1 : then[0].first])
            found.append(Number(number.pieces, number.form, then, is_said))
    return found


def _pieces(
    tokens: Sequence[Token], phrases: Sequence[Phrase | None], plain: set[int]
) -> Iterator[Piece]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.is_digits:
            if place not in plain and not _counts(tokens, place) and not _in_name(phrases[place]):
                yield Piece(place, place, token.plain, is_spoken=False)
            place += 1
            continue
        spoken = _spoken_from(tokens, place)
        if spoken and (len(spoken) >= 3 or _is_among_digits(tokens, plain, spoken)):
            yield from _read_out(tokens, spoken)
        place = spoken[-1] + 1 if spoken else place + 1


def _in_name(phrase: Phrase | None) -> bool:
    """The digit of "3 số sau thẻ" or "cvv2"."""
    return phrase is not None and phrase.last > phrase.first


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """ "6 số", "2 lần": a small number of something."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    return (
        len(tokens[place].plain) <= 2
        and behind is not None
        and behind.is_word
        and behind.plain in UNITS
    )


def _spoken(token: Token) -> str | None:
    return SPOKEN.get(token.vni or token.plain) if token.is_word else None


def _spoken_from(tokens: Sequence[Token], place: int) -> list[int]:
    """The places of spoken digits that follow one another from here; signs may part them."""
    found: list[int] = []
    while place < len(tokens):
        if _spoken(tokens[place]) is not None:
            found.append(place)
        elif not (found and tokens[place].plain in ",.-/;\u2013" and place - found[-1] <= 1):
            break
        place += 1
    return found


def _is_among_digits(tokens: Sequence[Token], plain: set[int], spoken: Sequence[int]) -> bool:
    """ "bốn 8 hai 9": one or two spoken digits before a short written one."""
    behind = spoken[-1] + 1
    if behind >= len(tokens) or behind in plain or not tokens[behind].is_digits:
        return False
    return len(tokens[behind].plain) <= 2 and not _counts(tokens, behind)


def _read_out(tokens: Sequence[Token], spoken: Sequence[int]) -> Iterator[Piece]:
    """Spoken digits; the ten of "bốn mươi tám" is only a pause."""
    for number, place in enumerate(spoken):
        digit = _spoken(tokens[place]) or ""
        if digit == "10":
            follows = number > 0 and spoken[number - 1] == place - 1
            is_tens = tokens[place].vni == "muoi7" or (follows and tokens[place].vni != "muoi72")
            leads = number + 1 < len(spoken) and spoken[number + 1] == place + 1
            digit = ("" if is_tens else "1") + ("" if leads else "0")
        yield Piece(place, place, digit, is_spoken=True)


def _chains(
    text: str, tokens: Sequence[Token], pieces: Sequence[Piece]
) -> Iterator[list[list[Piece]]]:
    """Pieces that may belong together: groups that stand close, in chains that are dictated."""
    chain: list[list[Piece]] = []
    for piece in pieces:
        joint = _joint(text, tokens, chain[-1][-1], piece) if chain else None
        if joint is None:
            if chain:
                yield chain
            chain = [[piece]]
        elif joint:
            chain[-1].append(piece)
        else:
            chain.append([piece])
    if chain:
        yield chain


def _joint(text: str, tokens: Sequence[Token], left: Piece, right: Piece) -> bool | None:
    """True: they stand close. False: parted, yet maybe one number. None: nothing to do."""
    between = tokens[left.last + 1 : right.first]
    gap = text[tokens[left.last].end : tokens[right.first].start]
    if not between:
        return "\n" not in gap and len(gap) <= 2
    signs = [token for token in between if not token.is_word and not token.is_digits]
    if len(between) == len(signs):
        if len(signs) == 1 and signs[0].plain in _TIGHT:
            return len(gap) == 1 or (left.is_spoken and right.is_spoken)
        if gap[0] == "," and len(gap) == 1 and len(right.digits) == 3:
            return True
        if len(signs) <= 3 and all(sign.plain in _PARTED for sign in signs):
            return bool(left.is_spoken and right.is_spoken and gap.strip() in ",-/")
        return None
    words = {token.plain for token in between if token.is_word}
    if len(between) <= _LONGEST_STEP and words <= _BETWEEN and words & _STEPS:
        return None if any(token.is_digits for token in between) else False
    return None


def _told_apart(text: str, tokens: Sequence[Token], group: Sequence[Piece]) -> list[Number]:
    """A group of pieces as the numbers it holds: an identity number, a phone, the rest."""
    raw = text[tokens[group[0].first].start : tokens[group[-1].last].end]
    if _SUM.fullmatch(raw) or _SPACED_SUM.fullmatch(raw):
        return [Number(tuple(group), Form.SUM)]
    whole = _form("".join(piece.digits for piece in group), group)
    if whole is not Form.PLAIN or len(group) == 1:
        return [Number(tuple(group), whole)]
    found: list[Number] = []
    rest: list[Piece] = []
    place = 0
    while place < len(group):
        end, form = _known_from(group, place)
        if form is Form.PLAIN:
            rest.append(group[place])
            place += 1
            continue
        if rest:
            found.append(Number(tuple(rest), Form.PLAIN))
            rest = []
        found.append(Number(tuple(group[place:end]), form))
        place = end
    if rest:
        found.append(Number(tuple(rest), Form.PLAIN))
    return found


def _known_from(group: Sequence[Piece], place: int) -> tuple[int, Form]:
    """The longest known number that begins here and whose pieces are no single digits."""
    best = (place + 1, Form.PLAIN)
    digits = ""
    for end in range(place, min(place + 6, len(group))):
        digits += group[end].digits
        if len(digits) > 19:
            break
        form = _form(digits, group[place : end + 1])
        if form is not Form.PLAIN and len(digits) >= 3 * (end + 1 - place):
            best = (end + 1, form)
    return best


def _form(digits: str, pieces: Sequence[Piece]) -> Form:
    length = len(digits)
    if length == 12 and digits[0] == "0":
        return Form.PLAIN if _is_phone_and_count(pieces) else Form.IDENTITY
    if 13 <= length <= 19 and (passes_luhn(digits) or _has_card_form(digits, pieces)):
        return Form.CARD
    if length in (8, 10) and digits[:4] in ("1800", "1900"):
        return Form.HOTLINE
    if (length == 11 and digits[:2] == "02") or (length == 12 and digits[:3] == "842"):
        return Form.LANDLINE
    national = f"0{digits[2:]}" if digits[:2] == "84" and length in (11, 12) else digits
    if len(national) == 10 and national[0] == "0" and national[1] in "35789":
        return Form.MOBILE
    if len(national) == 11 and national[:2] == "01" and national[2] in "2689":
        return Form.MOBILE
    return Form.PLAIN


def _is_phone_and_count(pieces: Sequence[Piece]) -> bool:
    """ "0912 345 678 12": a phone number and how many; nobody groups an identity number so."""
    *phone, count = (len(piece.digits) for piece in pieces)
    return count == 2 and phone in ([10], [4, 3, 3], [3, 3, 4], [3, 4, 3])


def _has_card_form(digits: str, pieces: Sequence[Piece]) -> bool:
    """The numbers of Vietnamese cards (9704…), and four groups of four, even when mistyped."""
    if digits[:4] == "9704" and len(digits) in (16, 19):
        return True
    return [len(piece.digits) for piece in pieces] == [4, 4, 4, 4] and digits[0] in "23456"


def passes_luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, ch in enumerate(reversed(digits)):
        value = int(ch)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
