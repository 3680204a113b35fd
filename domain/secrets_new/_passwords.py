"""Passwords that are no plain number, and the login names that stand with them."""

import re
from collections.abc import Iterator, Sequence

from domain.search.syllables import is_syllable
from domain.secrets._links import Found
from domain.secrets._reading import Phrase, Token
from domain.secrets._words import NAMES, SPOKEN, UNITS, Kind, Role

_SAYS = frozenset("la thanh is la:".split())
_MARKS = frozenset(":=\u2192>")
_OPEN, _CLOSE = "\"'\u201c\u2018\u00ab(`[", "\"'\u201d\u2019\u00bb)`]"
_END = ",.;:!?)\u2026\"'\u201d\u2019\u00bb`]"
_SPECIAL = frozenset("@#$%^&*_!~+?|<>{}\\")
#: After "mật khẩu là" they begin talk about a password, not a password.
_TALK = frozenset(
    """gi sao phai khong k ko chua nao dau bao nhieu may chu so ky thong mot nhung cai chia khoa
    bi quen nen can toi it nhieu tu gom bat duoc do nguoi ai cach dung sai yeu manh rat vay the
    how what not the a""".split()
)
#: What a password is said to be: the value still follows.
_SUCH = frozenset("ngay sinh nhat nam so dien thoai sdt dt ten cua em toi tui minh me ba con luon".split())
_PARTICLES = frozenset(
    """nha nhe nhe ne do day a ah ak e em oi chi anh co chu bac con chau da vang roi thoi luon di nghe
    hen ha ma voi giup gium dum duoc khong ko k cho vo va hoac hay""".split()
)
_SPELLED = frozenset("cong moc cham gach ngang duoi thang sao hoa thuong viet in chu cach so".split())
_FAR = 9
_CHUNK = re.compile(r"\S+")


class Passwords:
    """Finds what follows the names of passwords in one text."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        phrases: Sequence[Phrase | None],
        taken: Sequence[Found],
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._phrases = phrases
        self._taken = {place for found in taken for place in range(found.first, found.last + 1)}

    def secrets(self) -> Iterator[Found]:
        """Passwords, and where there is one, the login names too."""
        found: list[Found] = []
        cues = [p for p in dict.fromkeys(self._phrases) if p is not None and _is_password(p)]
        for cue in cues:
            found += self._behind(cue)
            found += self._before(cue)
        has_password = bool(found) or any(
            f_kind is Kind.PASSWORD for f_kind in self._kinds_taken(cues)
        )
        yield from found
        if has_password:
            self._taken |= {n for f in found for n in range(f.first, f.last + 1)}
            yield from self._logins()

    def _kinds_taken(self, cues: Sequence[Phrase]) -> Iterator[Kind]:
        for cue in cues:
            near = range(cue.last + 1, cue.last + _FAR)
            if cue.role is Role.CUE and any(place in self._taken for place in near):
                yield Kind.PASSWORD

    # --- Behind "mật khẩu" -------------------------------------------------------------------

    def _behind(self, cue: Phrase) -> Iterator[Found]:
        at, is_marked, is_loose = cue.last + 1, False, False
        for _ in range(_FAR):
            if at >= len(self._tokens):
                return
            token, phrase = self._tokens[at], self._phrases[at]
            if at in self._taken or token.plain == "\u2022":
                return
            if token.plain in _MARKS or token.plain in "-\u2013\u2014" or token.plain in _SAYS:
                is_marked, at = True, at + 1
                continue
            if token.plain in _OPEN:
                if (quoted := self._quoted(at, is_marked)) is not None:
                    yield quoted
                    return
                at += 1
                continue
            last = self._chunk_end(at)
            strength = 0 if cue.role is Role.WEAK and not is_marked else self._strength(at, last)
            if strength == 2 and (is_marked or not is_loose):
                yield from self._with_others(at, last)
                return
            if strength == 1 and self._is_meant(at, last, is_marked, cue):
                yield from self._with_others(at, last)
                return
            if is_marked and (spelled := self._spelled(at)) is not None:
                yield spelled
                return
            if (counted := self._repeated(at, is_marked)) is not None:
                yield counted
                return
            if phrase is not None and phrase.role is not Role.FILLER and _is_password(phrase):
                return
            if is_marked and token.plain in _TALK and token.plain not in _SUCH:
                return
            if token.plain in ".;!?,\n" and not token.is_word:
                return
            if phrase is None and token.plain not in _SUCH:
                is_loose = True
                if is_marked:
                    return
            at = last + 1 if phrase is None else phrase.last + 1

    def _strength(self, first: int, last: int) -> int:
        """How much a chunk looks like a password: 2 certain, 1 perhaps (letters only), 0 not."""
        raw = self._raw(first, last)
        words = [t for t in self._tokens[first : last + 1] if t.is_word]
        has_digit = any(t.is_digits for t in self._tokens[first : last + 1])
        if len(raw) < 4 or "://" in raw or not raw.isascii() and not has_digit:
            return 0
        if any(raw.lower().endswith(end) for end in (".vn", ".com", ".xlsx", ".docx", ".pdf")):
            return 0
        has_sign = any(ch in _SPECIAL for ch in raw)
        if not words:
            return 2 if has_digit and has_sign and "%" not in raw else 0
        if has_digit:
            is_unit = words[0].plain in UNITS and not self._tokens[first].is_word
            is_level = len(raw) <= 6 and is_syllable(words[0].plain) and raw[-1] in "12" and (
                words[0].plain in ("cap", "muc", "m", "lop", "lan", "buoc")
            )
            is_date = re.fullmatch(r"\d+[hg]\d*|\d+tr\d*|\d+[kd\u0111]", raw.lower()) is not None
            is_form = re.fullmatch(r"[A-Z]{1,3}-?\d{1,2}[a-z]?", raw) is not None
            is_name = words[0].plain in NAMES and len(words) == 1 and not has_sign and len(raw) < 9
            return 0 if is_unit or is_level or is_date or is_form or is_name else 2
        if has_sign and raw.isascii() and len(words) >= 1:
            return 2
        plain = words[0].plain
        if len(words) > 1:
            is_dotted = all(t.is_word or t.plain in "._-" for t in self._tokens[first : last + 1])
            return 1 if is_dotted and raw.isascii() and "." not in raw[-2:] else 0
        if plain in NAMES or is_syllable(plain) or not raw.isascii():
            return 0
        return 2 if re.search(r"[a-z][A-Z]", raw) else 1

    def _is_meant(self, first: int, last: int, is_marked: bool, cue: Phrase) -> bool:
        """Letters only: after a colon or "là", or when the sentence ends with them."""
        phrase = self._phrases[first]
        if phrase is not None and phrase.role is not Role.FILLER:
            return False
        if is_marked:
            return True
        if len(self._raw(first, last)) < 6:
            return False
        rest = self._tokens[last + 1 : last + 4]
        return all(token.plain in _PARTICLES or not token.is_word for token in rest[:2])

    def _with_others(self, first: int, last: int) -> Iterator[Found]:
        """A password; with "hay", "hoặc" another one."""
        yield Found(first, last, Kind.PASSWORD)
        at = last + 1
        if at + 1 < len(self._tokens) and self._tokens[at].plain in ("hay", "hoac", "va"):
            end = self._chunk_end(at + 1)
            if self._strength(at + 1, end) == 2:
                yield Found(at + 1, end, Kind.PASSWORD)

    def _quoted(self, at: int, is_marked: bool) -> Found | None:
        """All between quotation marks, at most eight words; brackets need a colon before."""
        close = _CLOSE[_OPEN.index(self._tokens[at].plain)]
        if not is_marked:
            return None
        for end in range(at + 1, min(at + 14, len(self._tokens))):
            if self._tokens[end].plain == close:
                inside = self._tokens[at + 1 : end]
                if not inside or inside[0].plain in _TALK or inside[0].plain == "\u2022":
                    return None
                return Found(at + 1, end - 1, Kind.PASSWORD)
        return None

    def _spelled(self, at: int) -> Found | None:
        """ "hoa a còng một chín tám năm", "h o a 1 9 8 5", "con meo 123"."""
        end, signs, last = at, 0, -1
        while end < len(self._tokens) and end - at < 14 and end not in self._taken:
            token = self._tokens[end]
            is_digit = token.is_digits or (token.is_word and (token.vni or token.plain) in SPOKEN)
            is_letter = token.is_word and len(token.plain) == 1
            if is_digit or is_letter or (end > at and token.plain in _SPELLED):
                signs += 1
                last = end if is_digit or is_letter else last
            elif end > at or not token.is_word or token.plain in _TALK:
                break
            end += 1
        behind = self._tokens[last + 1].plain if last + 1 < len(self._tokens) else ""
        if signs < 4 or last < 0 or behind in UNITS:
            return None
        return Found(at, last, Kind.PASSWORD)

    def _repeated(self, at: int, is_marked: bool) -> Found | None:
        """ "tám số tám", "8 số 1"; after "là" also "1 đến 8"."""
        if at + 2 >= len(self._tokens):
            return None
        one, word, two = self._tokens[at : at + 3]
        if not (_is_digit(one) and _is_digit(two)):
            return None
        behind = self._tokens[at + 3] if at + 3 < len(self._tokens) else None
        if behind is not None and behind.is_word and behind.plain in UNITS - {"nha", "la", "do"}:
            return None
        if word.plain in ("so", "con") or (is_marked and word.plain in ("den", "toi")):
            return Found(at, at + 2, Kind.PASSWORD)
        return None

    # --- Before it ---------------------------------------------------------------------------

    def _before(self, cue: Phrase) -> Iterator[Found]:
        """ "Hoa@1986 là mật khẩu của em"."""
        at = cue.first - 1
        while at >= 0 and self._tokens[at].plain in ("cai", "chinh", "("):
            at -= 1
        if at < 1 or self._tokens[at].plain not in _SAYS:
            return
        first = self._chunk_start(at - 1)
        if first not in self._taken and self._strength(first, at - 1) == 2:
            yield Found(first, at - 1, Kind.PASSWORD)

    # --- Login names -------------------------------------------------------------------------

    def _logins(self) -> Iterator[Found]:
        for cue in dict.fromkeys(self._phrases):
            if cue is None or not _is_login(cue):
                continue
            at = cue.last + 1
            for _ in range(_FAR):
                if at >= len(self._tokens) or at in self._taken:
                    break
                token, phrase = self._tokens[at], self._phrases[at]
                if phrase is not None and (_is_password(phrase) or _is_login(phrase)) and phrase is not cue:
                    break
                last = self._chunk_end(at)
                if token.is_digits and len(token.plain) >= 4 or self._is_login_name(at, last):
                    yield Found(at, last, Kind.LOGIN)
                    break
                if token.is_word and phrase is None:
                    break
                if token.plain in ",.;|" and not token.is_word:
                    break
                at = phrase.last + 1 if phrase is not None else at + 1

    def _is_login_name(self, first: int, last: int) -> bool:
        raw = self._raw(first, last)
        token = self._tokens[first]
        if "@" in raw and "." in raw:
            return True
        if not (token.is_word or token.is_digits) or not raw.isascii() or len(raw) < 3:
            return False
        return (
            self._strength(first, last) > 0
            or (token.is_word and token.plain in ("admin", "root"))
        )

    # --- Chunks ------------------------------------------------------------------------------

    def _raw(self, first: int, last: int) -> str:
        return self._text[self._tokens[first].start : self._tokens[last].end]

    def _chunk_end(self, at: int) -> int:
        """The last token of the run without spaces that begins here, without its full stop."""
        end = at
        while end + 1 < len(self._tokens) and self._tokens[end + 1].start == self._tokens[end].end:
            if self._tokens[end].plain == "/" and self._is_talk_from(end + 1):
                break
            end += 1
        while end > at and self._tokens[end].plain in _END and not self._tokens[end].is_word:
            if self._tokens[end].plain in "!?" and self._tokens[end - 1].plain in "!?":
                break
            end -= 1
        while end > at and self._tokens[end].plain == "/":
            end -= 1
        return end

    def _is_talk_from(self, at: int) -> bool:
        return not self._raw(at, at).isascii()

    def _chunk_start(self, at: int) -> int:
        while at > 0 and self._tokens[at - 1].end == self._tokens[at].start:
            if self._tokens[at - 1].plain in _OPEN:
                break
            at -= 1
        return at


def _is_password(phrase: Phrase) -> bool:
    return phrase.kind is Kind.PASSWORD


def _is_login(phrase: Phrase) -> bool:
    return phrase.kind is Kind.LOGIN


def _is_digit(token: Token) -> bool:
    if token.is_digits:
        return len(token.plain) == 1
    return token.is_word and (token.vni or token.plain) in SPOKEN
