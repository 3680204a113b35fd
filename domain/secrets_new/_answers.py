"""Answers to security questions: free words, found by what stands before them."""

from collections.abc import Iterator, Sequence

from domain.search.syllables import is_syllable
from domain.secrets._links import Found
from domain.secrets._reading import Phrase, Token
from domain.secrets._words import LEADS, NAMES, QUESTIONS, Kind

_SIGNS = frozenset(":=\u2192>")
_SKIPPED = frozenset('la is - " \u201c \u00ab cua em minh toi tui con ba bac chi anh thi'.split())
_STOP = frozenset(".,;?!\n)(\u2022\"\u201d\u00bb")
#: They begin talk about an answer.
_TALK = frozenset(
    """gi sao dau nao thi bi sai khong co chua vneid phai duoc cung ra the lai quen nhu la dung roi
    goi vao bam chon xem mang may so nhung cac thieu cho ban em toi minh cua cau mot hai""".split()
)
#: They follow an answer. Written with marks in VNI spelling: "thi2" and not the name "Thị".
_AFTER = frozenset("nha nhe1 ne2 ma2 co1 dung1 phai3 khong6 thi2 roi62 nhung7 vay65 do1 day61 a5 ha3".split())
_AFTER_BARE = frozenset("nha nhe ne ma co dung phai khong thi roi nhung vay do day a ha".split())
_LONGEST = 8


def answers(
    text: str, tokens: Sequence[Token], phrases: Sequence[Phrase | None]
) -> Iterator[Found]:
    """The answer that was written out, if one was."""
    for phrase in dict.fromkeys(phrases):
        if phrase is not None and phrase.kind is Kind.ANSWER:
            found = _answer(text, tokens, phrase.last + 1, is_asked=False)
            if found is not None:
                yield found
                return
    asked = next((n for n in range(len(tokens)) if _length(tokens, n, QUESTIONS)), None)
    if asked is None:
        return
    place = asked + _length(tokens, asked, QUESTIONS)
    for at in range(place, len(tokens)):
        length = _length(tokens, at, LEADS)
        is_sign = tokens[at].plain in _SIGNS
        if length:
            found = _answer(text, tokens, at + length, is_asked=False)
        elif is_sign:
            found = _answer(text, tokens, at, is_asked=tokens[at].plain == ":")
        else:
            continue
        if found is not None:
            yield found
            return


def _length(tokens: Sequence[Token], place: int, entries: dict[str, list[tuple[str, ...]]]) -> int:
    """How many tokens the longest entry takes here; 0 for none."""
    fitting = [
        len(words)
        for words in entries.get(tokens[place].plain, ())
        if [token.plain for token in tokens[place : place + len(words)]] == [*words]
    ]
    return max(fitting, default=0)


def _answer(text: str, tokens: Sequence[Token], at: int, *, is_asked: bool) -> Found | None:
    """The words of an answer, to the end of the clause. After a question's colon comes the
    question itself, unless nothing else follows.
    """
    is_marked = False
    while at < len(tokens) and (tokens[at].plain in _SIGNS or tokens[at].plain in _SKIPPED):
        is_marked |= tokens[at].plain in _SIGNS or tokens[at].plain in ("la", "is")
        at += 1
    end = at
    while end < len(tokens) and end - at < _LONGEST and tokens[end].plain not in _STOP:
        if end > at and _is_after(text, tokens[end]):
            break
        if "\n" in text[tokens[end - 1].end : tokens[end].start] and end > at:
            break
        end += 1
    if end == at or tokens[at].is_digits or tokens[at].plain in NAMES:
        return None
    if is_asked and any(token.is_digits for token in tokens[at:end]):
        return None
    if tokens[at].plain in _TALK and not text[tokens[at].start].isupper():
        return None
    rest = {token.plain for token in tokens[end:]}
    if is_asked and ("?" in rest or rest & {"tra", "dap", "answer", ">", "\u2192"}):
        return None
    if not is_marked and not _is_sure(tokens, at, end):
        return None
    return Found(at, end - 1, Kind.ANSWER)


def _is_after(text: str, token: Token) -> bool:
    """Whether the answer ends before this word."""
    if token.vni:
        return token.vni in _AFTER
    return token.plain in _AFTER_BARE and not text[token.start].isupper()


def _is_sure(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Without a colon or "là": no single everyday word, and no question."""
    if end < len(tokens) and tokens[end].plain in ("thi", "?", "khong"):
        return False
    return end - at > 1 or not is_syllable(tokens[at].plain)
