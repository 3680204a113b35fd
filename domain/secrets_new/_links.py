"""Which number belongs to which name: "mã OTP … là 482913", "482913 là mã OTP"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.secrets._numbers import Form, Number
from domain.secrets._reading import Phrase, Token
from domain.secrets._sizes import code_of, digits_of, long_number_of
from domain.secrets._words import MONEY, UNITS, Kind, Role

#: How far a name may stand before its number; fillers do not make it farther.
_WALK = 18
#: Words we do not know between a name and ": 482913" or "là 482913".
_UNKNOWN = 8
#: And without these: only a name of two words ("mật mã két 7741") reaches so far.
_UNKNOWN_BARE = 2
#: A number of six digits is nearly always a code, so its name may stand farther away.
_FAR_BEFORE = 12
_FAR_BEHIND = 7
_SIGNS = frozenset(":=\u2192>")
_SAYS = frozenset("la thanh is".split())
#: Beside a bare "mã" they say that it came by message or is to be typed in.
_SENT = frozenset(
    """gui nhan ve nhap doc sms zalo tin dua cho dang xac otp kich hoat vneid ngan hang momo google
    facebook hieu luc han""".split()
)
#: Right before four digits they say that these are a code.
_TYPED = frozenset("nho gium giup dum nhap bam doc go luu ghi lay".split())
_CODES = frozenset({Kind.OTP, Kind.PIN, Kind.PASSWORD, Kind.CVV})
#: Of the names of logins those that may mean a bank account.
_ACCOUNTS = frozenset("tk tai taikhoan account acc".split())
_YEARS = range(1930, 2061)
_CODE_SIZES = (6, 8, 4, 7, 5)
_SIZES: dict[Kind, tuple[int, ...]] = {
    Kind.OTP: _CODE_SIZES,
    Kind.PIN: _CODE_SIZES,
    Kind.PASSWORD: (*_CODE_SIZES, 9, 10, 11, 12),
    Kind.CVV: (3, 4),
}


class Found(NamedTuple):
    """A secret: its first and last token."""

    first: int
    last: int
    kind: Kind


class _Head(NamedTuple):
    """The name to the left of a number, and how it leads there."""

    phrase: Phrase
    is_marked: bool
    """With a colon or "là" between."""
    is_next: bool
    """Nothing at all between."""
    is_loose: bool
    """With words between that we do not know."""


class Links:
    """The numbers of one text beside its phrases."""

    def __init__(
        self,
        tokens: Sequence[Token],
        phrases: Sequence[Phrase | None],
        numbers: Sequence[Number],
    ) -> None:
        self._tokens = tokens
        self._phrases = phrases
        self._numbers = numbers
        self._first_of = {at: n.first for n in numbers for at in range(n.first, n.last + 1)}
        self._words = {token.plain for token in tokens if token.is_word}

    def secrets(self) -> Iterator[Found]:
        """Every number that is a secret, left to right."""
        taken = -1
        for number in self._numbers:
            if number.first <= taken:
                continue
            found = self._judge(number)
            if found is not None:
                taken = found.last
                yield found
                if found.kind is Kind.CARD and (behind := self._behind_card(taken)) is not None:
                    taken = behind.last
                    yield behind

    def _judge(self, number: Number) -> Found | None:
        for head in self._heads(number.first):
            if head.phrase.role is Role.PLAIN:
                return None
            if (found := self._of(head, number)) is not None:
                return found
        if number.form is Form.IDENTITY:
            return Found(number.first, number.last, Kind.IDENTITY)
        if number.form is Form.CARD:
            return Found(number.first, number.last, Kind.CARD)
        return self._named_behind(number) or self._far(number)

    def _heads(self, place: int) -> Iterator[_Head]:
        """The names to the left, the nearest first, as long as only fillers stand between."""
        is_marked, unknown, at = False, 0, place - 1
        for _ in range(_WALK):
            if at < 0:
                return
            token, phrase = self._tokens[at], self._phrases[at]
            if phrase is not None and phrase.role is not Role.FILLER:
                if not unknown or _reaches(phrase, is_marked):
                    yield _Head(phrase, is_marked, at == place - 1, unknown > 0)
                at = phrase.first - 1
            elif phrase is not None:
                is_marked |= token.plain in _SAYS
                at = phrase.first - 1
            elif at in self._first_of:
                at = self._first_of[at] - 1
            elif token.is_word:
                unknown += 1
                if unknown > (_UNKNOWN if is_marked else _UNKNOWN_BARE):
                    return
                at -= 1
            elif token.plain == "\u2022":
                return
            else:
                is_marked |= token.plain in _SIGNS
                at -= 1

    def _of(self, head: _Head, number: Number) -> Found | None:
        """The secret that this name makes of the number, if it fits."""
        kind, is_cue = head.phrase.kind, head.phrase.role is Role.CUE
        if kind in _CODES:
            return self._code(head, number)
        if kind is Kind.IDENTITY:
            return self._long(number, kind, (9, 12), range(8, 14))
        if kind is Kind.CARD:
            return self._long(number, kind, (16, 19), range(12 if is_cue else 15, 20))
        if kind is Kind.ACCOUNT and is_cue:
            least = 9 if number.form is Form.SUM else 6
            return self._long(number, kind, (), range(least, 20))
        if kind is Kind.LOGIN and self._tokens[head.phrase.first].plain not in _ACCOUNTS:
            return None
        if kind in (Kind.ACCOUNT, Kind.LOGIN):
            is_sum = number.form is not Form.PLAIN or number.digits.endswith("000")
            least = 9 if is_cue else 8
            return None if is_sum else self._long(number, Kind.ACCOUNT, (), range(least, 20))
        return None

    def _long(
        self, number: Number, kind: Kind, exactly: Sequence[int], roughly: range
    ) -> Found | None:
        """A long number; phones and sums are none, but an account may look like a phone."""
        is_phone = number.form in (Form.HOTLINE, Form.LANDLINE) or (
            number.form is Form.MOBILE and kind is not Kind.ACCOUNT
        )
        pieces = None if is_phone else long_number_of(number, self._tokens, exactly, roughly)
        if pieces is None or self._counts(pieces[-1].last, MONEY):
            return None
        return Found(pieces[0].first, pieces[-1].last, kind)

    def _code(self, head: _Head, number: Number) -> Found | None:
        kind, is_weak = head.phrase.kind, head.phrase.role is Role.WEAK
        if kind is None or number.form not in (Form.PLAIN, Form.SUM):
            return None
        pieces = code_of(number, self._tokens, _SIZES[kind])
        if pieces is None:
            return None
        digits, last = digits_of(pieces), pieces[-1].last
        if number.form is Form.SUM and (len(digits) != 6 or digits.endswith("000")):
            return None
        is_sure = (head.is_marked and not head.is_loose) or len(digits) == 6
        if self._counts(last, MONEY if is_sure else UNITS):
            return None
        if is_weak and not self._is_likely(head, digits):
            return None
        is_direct = head.is_marked or head.is_next
        if (head.is_loose or not is_direct) and _is_year_or_sum(digits):
            return None
        if not head.is_marked and kind is Kind.OTP and len(digits) == 4 and _is_year_or_sum(digits):
            return None
        if kind is Kind.PIN and head.phrase.first == head.phrase.last and self._is_battery(last):
            return None
        return Found(number.first, last, kind)

    def _is_likely(self, head: _Head, digits: str) -> bool:
        """Whether a bare "mã" or "wifi" is meant as a secret."""
        if head.phrase.kind is Kind.PASSWORD:
            return len(digits) >= 8 and (head.is_next or head.is_marked)
        is_told = head.phrase.last - head.phrase.first >= 2  # "mã 6 số"
        return len(digits) in (6, 8) and (is_told or bool(self._words & _SENT))

    def _is_battery(self, last: int) -> bool:
        """ "pin" is a battery too."""
        return bool(self._words & {"mah", "sac", "chai"}) or self._counts(last, UNITS)

    def _counts(self, last: int, units: frozenset[str]) -> bool:
        """Whether a unit follows."""
        if last + 1 >= len(self._tokens):
            return False
        behind, phrase = self._tokens[last + 1], self._phrases[last + 1]
        is_longer = phrase is not None and phrase.role is Role.FILLER and phrase.first < phrase.last
        return behind.plain == "%" or (behind.is_word and behind.plain in units and not is_longer)

    def _behind_card(self, last: int) -> Found | None:
        """The three digits after a card and its date: "4111… 12/28 123"."""
        near = [n for n in self._numbers if last < n.first <= last + 7]
        for number in near:
            between = self._tokens[last + 1 : number.first]
            has_date = any(token.is_digits for token in between)
            if has_date and len(number.digits) == 3 and not any(t.is_word for t in between):
                return Found(number.first, number.last, Kind.CVV)
        return None

    def _named_behind(self, number: Number) -> Found | None:
        """ "482913 là mã OTP": the name follows, and has no number of its own."""
        at, is_marked = number.last + 1, False
        for _ in range(5):
            if at >= len(self._tokens):
                return None
            token, phrase = self._tokens[at], self._phrases[at]
            if phrase is not None and phrase.role is not Role.FILLER:
                return self._of_behind(number, phrase, is_marked)
            if token.is_digits or (token.is_word and phrase is None):
                return None
            is_marked |= token.plain in _SAYS or token.plain in "(:"
            at = phrase.last + 1 if phrase is not None else at + 1
        return None

    def _of_behind(self, number: Number, phrase: Phrase, is_marked: bool) -> Found | None:
        kind, size = phrase.kind, len(number.digits)
        is_mobile = number.form is Form.MOBILE
        if kind is None or (number.form is not Form.PLAIN and not is_mobile):
            return None
        if phrase.role is Role.WEAK and kind not in (Kind.ACCOUNT, Kind.CARD):
            return None
        if any(0 < n.first - phrase.last <= 3 for n in self._numbers):
            return None
        if is_mobile and not (kind is Kind.ACCOUNT and is_marked):
            return None
        fits = {
            Kind.OTP: size in (6, 8) or (is_marked and size in range(4, 9)),
            Kind.PIN: size == 6 or (is_marked and size in range(4, 9)),
            Kind.PASSWORD: is_marked and size >= 4,
            Kind.CVV: is_marked and size in (3, 4),
            Kind.IDENTITY: size in (9, 12),
            Kind.ACCOUNT: size in range(8, 20) and not number.digits.endswith("000"),
            Kind.CARD: size in range(15, 20),
        }
        return Found(number.first, number.last, kind) if fits.get(kind, False) else None

    def _far(self, number: Number) -> Found | None:
        """Six digits in a sentence that speaks of a code, with other words between."""
        digits = number.digits
        if number.form is not Form.PLAIN or digits.endswith("000"):
            return None
        is_typed = number.first > 0 and self._tokens[number.first - 1].plain in _TYPED
        if len(digits) != 6 and not (len(digits) == 4 and is_typed):
            return None
        if self._counts(number.last, UNITS):
            return None
        for phrase in self._phrases[
            max(0, number.first - _FAR_BEFORE) : number.last + _FAR_BEHIND + 1
        ]:
            if phrase is None or phrase.role is not Role.CUE or phrase.kind not in _CODES:
                continue
            if len(digits) == 6 or phrase.first < phrase.last:
                return Found(number.first, number.last, phrase.kind or Kind.OTP)
        return None


def _reaches(phrase: Phrase, is_marked: bool) -> bool:
    """Whether a name holds over words we do not know."""
    if is_marked or phrase.role is Role.PLAIN:
        return phrase.role is not Role.WEAK
    is_told = phrase.first < phrase.last
    return phrase.role is Role.CUE and is_told and phrase.kind in (Kind.PIN, Kind.CVV)


def _is_year_or_sum(digits: str) -> bool:
    if len(digits) == 4:
        return int(digits) in _YEARS
    return len(digits) > 4 and digits.endswith("000")
