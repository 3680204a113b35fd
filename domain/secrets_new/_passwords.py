"""Passwords that are no plain number: "Hoa@1985", "tám số tám", "h o a 1 9 8 5"."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.secrets._chunks import OPENING, QUOTES, Chunks, Look
from domain.secrets._links import Found
from domain.secrets._reading import Phrase, Token
from domain.secrets._words import SPOKEN, UNITS, Kind, Role

_SAYS = frozenset("la thanh is".split())
_SIGNS = frozenset(":=\u2192>-\u2013\u2014")
#: After "mật khẩu là" they begin talk about a password, not a password.
_TALK = frozenset(
    """gi sao phai khong k ko chua nao dau bao nhieu may chu ky thong mot nhung cai chia khoa
    bi quen nen can it tu gom bat duoc do nguoi ai cach dung sai yeu manh rat vay the
    how what not the a""".split()
)
#: What a password is said to be; the value still follows.
_SUCH = frozenset("ngay sinh nhat nam so dien thoai sdt dt ten cua em toi tui minh me ba con".split())
#: They may follow the last word of a sentence.
_PARTICLES = frozenset(
    """nha nhe ne do day a ah ak e em oi chi anh co chu bac con chau da vang roi thoi luon di nghe
    hen ha giup gium dum duoc khong ko k vo va hoac hay""".split()
)
_SPELLED = frozenset("cong moc cham gach ngang duoi thang sao hoa thuong viet in chu cach so".split())
_OTHER = frozenset("hay hoac va".split())
_PARTED = frozenset("-/|,;\u2013")
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z\d]{5,10}")
_FAR = 10
_LONGEST = 14


class _At(NamedTuple):
    """A place behind the name of a password, and how it was reached."""

    place: int
    is_marked: bool
    """With a colon or "là" between."""
    is_loose: bool
    """With words between that say nothing."""


class Passwords:
    """Finds what follows the names of passwords in one text."""

    def __init__(
        self,
        tokens: Sequence[Token],
        phrases: Sequence[Phrase | None],
        chunks: Chunks,
        found: Sequence[Found],
    ) -> None:
        self._tokens = tokens
        self._phrases = phrases
        self._chunks = chunks
        self._taken = {place for one in found for place in range(one.first, one.last + 1)}

    def secrets(self) -> Iterator[Found]:
        """Every password, in the order of their names."""
        for name in dict.fromkeys(self._phrases):
            if name is not None and name.kind is Kind.PASSWORD:
                yield from self._before(name)
                yield from self._behind(name)
            elif name is not None and name.role is Role.CUE and name.kind in (Kind.OTP, Kind.PIN):
                yield from self._code(name)

    def _behind(self, name: Phrase) -> Iterator[Found]:
        for at in self._places(name):
            place, last = at.place, self._chunks.end(at.place)
            look = self._chunks.look(place, last)
            if name.role is Role.WEAK and not at.is_marked:
                look = Look.NO
            if look is Look.CERTAIN and (at.is_marked or not at.is_loose):
                yield from self._with_others(place, last)
                return
            if look is Look.LETTERS and self._is_meant(at, last):
                yield from self._with_others(place, last)
                return
            whole = self._quoted(at) or self._such(name, at) or self._spelled(at) or self._repeated(at)
            if whole is not None:
                yield whole
                return

    def _places(self, name: Phrase) -> Iterator[_At]:
        """Where the password may begin: over fillers, names of services, a colon."""
        at, is_marked, is_loose = name.last + 1, False, False
        for _ in range(_FAR):
            if at >= len(self._tokens) or at in self._taken:
                return
            token, phrase = self._tokens[at], self._phrases[at]
            if token.plain in ".;!?\u2022":
                return
            if token.plain in _SIGNS or token.plain in _SAYS:
                is_marked, at = True, at + 1
                continue
            yield _At(at, is_marked, is_loose)
            if token.plain in OPENING:
                at += 1
                continue
            if phrase is not None and phrase.kind is Kind.PASSWORD and phrase is not name:
                return
            if phrase is None and token.plain not in _SUCH:
                if is_marked and token.is_word:
                    return
                is_loose = True
            at = phrase.last + 1 if phrase is not None else self._chunks.end(at) + 1

    def _is_meant(self, at: _At, last: int) -> bool:
        """Letters only: after a colon or "là", or when the sentence ends with them."""
        phrase = self._phrases[at.place]
        if phrase is not None and phrase.role is not Role.FILLER:
            return False
        if at.is_marked:
            return self._tokens[at.place].plain not in _TALK
        rest = self._tokens[last + 1 : last + 3]
        is_end = all(token.plain in _PARTICLES or not token.is_word for token in rest)
        return is_end and not at.is_loose and len(self._chunks.raw(at.place, last)) >= 6

    def _with_others(self, first: int, last: int) -> Iterator[Found]:
        """A password, and the one after "hay" or a dash; or a login name, slash, password."""
        if (slash := self._slash(first, last)) is not None:
            yield Found(first, slash - 1, Kind.LOGIN)
            first = slash + 1
        yield Found(first, last, Kind.PASSWORD)
        sign = last + 1
        if sign + 1 < len(self._tokens) and self._tokens[sign].plain in _OTHER | _PARTED:
            end = self._chunks.end(sign + 1)
            if self._chunks.look(sign + 1, end) is Look.CERTAIN:
                yield Found(sign + 1, end, Kind.PASSWORD)

    def _slash(self, first: int, last: int) -> int | None:
        """Where a login name ends and its password begins, in "hoa79/Hoa@1985"."""
        if not any(phrase is not None and phrase.kind is Kind.LOGIN for phrase in self._phrases):
            return None
        inside = range(first + 1, last)
        return next((at for at in inside if self._tokens[at].plain in "/|"), None)

    def _quoted(self, at: _At) -> Found | None:
        """All between quotation marks, after a colon or "là"."""
        mark = self._tokens[at.place].plain
        if not at.is_marked or at.is_loose or mark not in QUOTES:
            return None
        close, is_path = QUOTES[mark], self._tokens[at.place - 1].plain in "\u2192>"
        for end in range(at.place + 1, min(at.place + _LONGEST, len(self._tokens))):
            if self._tokens[end].plain == close:
                inside = self._tokens[at.place + 1 : end]
                if not inside or inside[0].plain in _TALK or inside[0].plain == "\u2022":
                    return None
                if is_path and not any(token.is_digits for token in inside):
                    return None  # "Quên mật khẩu" → "Cá nhân": the way through a menu
                return Found(at.place + 1, end - 1, Kind.PASSWORD)
        return None

    def _such(self, name: Phrase, at: _At) -> Found | None:
        """ "mật khẩu là ngày sinh 01/02/1985": digits that are anything else elsewhere."""
        token, last = self._tokens[at.place], self._chunks.end(at.place)
        said = {each.plain for each in self._tokens[name.last + 1 : at.place]}
        if not (at.is_marked and token.is_digits and said & {"ngay", "sinh", "so", "sdt", "dt"}):
            return None
        digits = sum(len(t.plain) for t in self._tokens[at.place : last + 1] if t.is_digits)
        return Found(at.place, last, Kind.PASSWORD) if digits >= 6 else None

    def _spelled(self, at: _At) -> Found | None:
        """ "hoa a còng một chín tám năm", "h o a 1 9 8 5", "con meo 123"."""
        end, signs, last = at.place, 0, -1
        while at.is_marked and end < len(self._tokens) and end - at.place < _LONGEST:
            token = self._tokens[end]
            is_sign = _is_digit(token) or (token.is_word and len(token.plain) == 1)
            if is_sign or (end > at.place and token.plain in _SPELLED):
                signs += 1
                last = end if is_sign else last
            elif end > at.place or not token.is_word or token.plain in _TALK or end in self._taken:
                break
            end += 1
        is_unit = last + 1 < len(self._tokens) and self._tokens[last + 1].plain in UNITS
        if signs < 4 or last < 0 or is_unit:
            return None
        return Found(at.place, last, Kind.PASSWORD)

    def _repeated(self, at: _At) -> Found | None:
        """ "tám số tám", "8 số 1"; after "là" also "1 đến 8"."""
        one, word, two, behind = (*self._tokens[at.place : at.place + 4], None, None, None, None)[:4]
        if one is None or word is None or two is None or not (_is_short(one) and _is_short(two)):
            return None
        if behind is not None and behind.is_word and behind.plain in UNITS:
            return None
        is_range = at.is_marked and word.plain in ("den", "toi")
        if word.plain not in ("so", "con") and not is_range:
            return None
        return Found(at.place, at.place + 2, Kind.PASSWORD)

    def _before(self, name: Phrase) -> Iterator[Found]:
        """ "Hoa@1986 là mật khẩu của em"."""
        at = name.first - 1
        while at >= 0 and self._tokens[at].plain in ("cai", "chinh", "("):
            at -= 1
        if at < 1 or self._tokens[at].plain not in _SAYS | {"="}:
            return
        first = self._chunks.begin(at - 1)
        if first not in self._taken and self._chunks.look(first, at - 1) is Look.CERTAIN:
            yield Found(first, at - 1, Kind.PASSWORD)

    def _code(self, name: Phrase) -> Iterator[Found]:
        """ "mã xác thực email: K7P2QX": codes with capitals."""
        for at in self._places(name):
            last = self._chunks.end(at.place)
            if not at.is_loose and _CODE.fullmatch(self._chunks.raw(at.place, last)):
                yield Found(at.place, last, name.kind or Kind.OTP)
                return


def _is_digit(token: Token) -> bool:
    return token.is_digits or (token.is_word and (token.vni or token.plain) in SPOKEN)


def _is_short(token: Token) -> bool:
    return _is_digit(token) and (not token.is_digits or len(token.plain) == 1)
