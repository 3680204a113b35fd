"""Answers to security questions: free words, found by what stands before them."""

from collections.abc import Iterator, Sequence

from domain.secrets._links import Found
from domain.secrets._reading import Phrase, Token
from domain.secrets._words import NAMES, QUESTIONS, Kind
from domain.search.syllables import is_syllable

_QUESTIONS = [tuple(part.split()) for part in QUESTIONS.split(",")]
_MARKS = frozenset(":=\u2192>")
#: Said before an answer when a security question was named earlier.
_LEADS = [
    tuple(part.split())
    for part in (
        "cau tra loi", "tra loi", "dap an", "answer", "em ghi", "toi ghi", "minh ghi", "em de",
        "toi de", "minh de", "ba de", "con de", "me de", "em dat", "em chon", "tl",
    )
]  # fmt: skip
_STOP = frozenset(".,;?!\n)(\u2022\"\u201d\u00bb")
#: They begin talk about an answer, or end the answer itself.
_TALK = frozenset(
    """gi sao dau nao thi bi sai khong co chua vneid phai duoc cung ra the lai quen nhu la dung roi
    may so nhung cac thieu cho ban em toi minh cua cau 1 2 3 4 5 6 7 8 9""".split()
)
_AFTER = frozenset(
    "nha nhe ne ma co dung phai khong thi roi gio nhung vay do day a ah ha duoc nen de hen nghe".split()
)
_LONGEST = 8


def answers(tokens: Sequence[Token], phrases: Sequence[Phrase | None]) -> Iterator[Found]:
    """Every answer that was written out."""
    asked = next((n for n in range(len(tokens)) if _at(tokens, n, _QUESTIONS)), None)
    for phrase in dict.fromkeys(phrases):
        if phrase is not None and phrase.kind is Kind.ANSWER:
            found = _value(tokens, phrase.last + 1, needs_mark=False)
            if found is not None:
                yield found
                return
            asked = phrase.last if asked is None else asked
    if asked is None:
        return
    place = asked + _at(tokens, asked, _QUESTIONS)
    for at in range(place, len(tokens)):
        length = _at(tokens, at, _LEADS)
        is_mark = tokens[at].plain in _MARKS and (at == place or _is_number(tokens, at - 1, place))
        if length and not _names_question(tokens, at + length):
            found = _value(tokens, at + length, needs_mark=tokens[at].plain in ("em", "toi", "minh") and False)
        elif is_mark:
            found = _value(tokens, at, needs_mark=True, is_question=True)
        elif tokens[at].plain in ("\u2192",) or (
            tokens[at].plain == ">" and at and tokens[at - 1].plain == "-"
        ):
            found = _value(tokens, at, needs_mark=True)
        else:
            continue
        if found is not None:
            yield found
            return


def _is_number(tokens: Sequence[Token], at: int, place: int) -> bool:
    return at == place and tokens[at].is_digits


def _names_question(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].plain in ("sai", "dung")


def _at(tokens: Sequence[Token], place: int, entries: Sequence[tuple[str, ...]]) -> int:
    """How many tokens the longest entry takes here; 0 for none."""
    return max(
        (
            len(words)
            for words in entries
            if len(words) <= len(tokens) - place
            and all(tokens[place + n].plain == word for n, word in enumerate(words))
        ),
        default=0,
    )


def _value(
    tokens: Sequence[Token], at: int, *, needs_mark: bool, is_question: bool = False
) -> Found | None:
    """The words of an answer: to the end of the clause."""
    is_marked = False
    while at < len(tokens) and (
        tokens[at].plain in _MARKS or tokens[at].plain in ("la", "-", "\"", "\u201c", "is", "cua", "em", "minh", "toi")
    ):
        is_marked |= tokens[at].plain in _MARKS or tokens[at].plain in ("la", "is")
        at += 1
    end = at
    while end < len(tokens) and end - at < _LONGEST and tokens[end].plain not in _STOP:
        if end > at and tokens[end].plain in _AFTER:
            break
        if end > at and tokens[end - 1].end < tokens[end].start - 1:
            break
        end += 1
    if end == at or tokens[at].plain in _TALK or tokens[at].plain in NAMES:
        return None
    if is_question and end < len(tokens) and tokens[end].plain == "?":
        return None
    if is_question and end < len(tokens) and any(t.plain in ("tra", "dap") for t in tokens[end:]):
        return None
    if not is_marked:
        if needs_mark:
            return None
        if end - at == 1 and is_syllable(tokens[at].plain):
            return None
        if end < len(tokens) and tokens[end].plain in ("thi", "sao", "?"):
            return None
    return Found(at, end - 1, Kind.ANSWER)
