"""Guide files: every rule a writer can break is named with file and line; all cards keep them."""

import re
import time
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from content import _guide_rules, library
from content._guide_parser import GuideError, GuideFile, to_text
from content.library import FOLDER, Library, check_guides, read_card, topics
from domain.guides import ADVICE, GRACE, Card, Serving, freshness

LEXICONS = FOLDER.parent / "lexicons"
GOOD = """---
topic: dvc-login
group: dvc
title: Đăng nhập
short: "Mở trang rồi bấm <b>Đăng nhập</b>.[^a]"
audience: Ai cũng làm được.[^a]
version: 2
effective_on: 2024-07-01
checked_on: 2026-11-21
review_by: 2027-05-21
cost: Tài liệu mình có không nhắc khoản phí nào.
duration: Mình chưa rõ mất bao lâu.
place: Trên mạng.[^b]
hotlines:
  - {name: Tổng đài VNeID, phone: "1900.0368"}
links:
  - {name: Cổng, url: "https://dichvucong.gov.vn"}
legal:
  - {name: Nghị định 69/2024/NĐ-CP, effective_on: 2024-07-01}
sources:
  - {ref: a, name: "Báo A", date: "2025"}
  - {ref: b, name: "Báo B", date: "không rõ ngày"}
related: [dvc-submit]
phrasings:
PHRASINGS---
## Chuẩn bị
- Thẻ căn cước.[^a]

## Các bước
1. Mở trang.[^a] Đừng cho ai biết mật khẩu.[^advice]
2. Bấm <b>Đăng nhập</b>.[^a][^b]

## Mắc kẹt
### Không mở được
Thử lại sau.[^advice]
### Quên mật khẩu
Gọi 1900 0368.[^b]
### Máy cũ
Ra xã nhờ giúp.[^advice]

## Chưa chắc
- Tên nút có thể khác; bà con hỏi xã.
""".replace("PHRASINGS", "".join(f"  - câu hỏi thứ {n}\n" for n in range(25)))


@pytest.fixture
def broken(tmp_path: Path) -> "Broken":
    return Broken(tmp_path)


class Broken:
    """`broken(old, new)`: the rules that a good card breaks after one change, without the file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "dvc-login.md"

    def read(self, text: str) -> tuple[Card | None, GuideFile]:
        self._path.write_text(text, encoding="utf-8")
        return read_card(self._path, "vi")

    def __call__(self, old: str = "", new: str = "", *, lang: str = "vi") -> list[str]:
        assert old in GOOD
        read = self.read(GOOD.replace(old, new, 1) if old else GOOD)
        problems = _guide_rules.check([read], topics(), lang)
        assert all(problem.startswith("dvc-login.md:") for problem in problems)
        return [problem.removeprefix("dvc-login.md:") for problem in problems]


def line_of(text: str) -> int:
    return next(n for n, row in enumerate(GOOD.splitlines(), 1) if text in row)


def test_all_guides_keep_all_rules() -> None:
    assert check_guides("vi") == []
    assert check_guides("en") == []


def test_every_topic_has_its_card() -> None:
    cards = Library.load("vi").cards
    assert [card.topic for card in cards] == [topic.id for topic in topics()]
    assert len(cards) == 40


def test_topics_and_groups_are_told_in_order() -> None:
    groups = Library.load("vi").groups
    assert [topic for group in groups for topic in group.topics] == list(topics())
    assert [len(group.topics) for group in groups] == [11, 11, 4, 3, 3, 3, 2, 2, 1]
    assert Library.load("vi").topic("dvc-pay") == topics()[14]
    assert Library.load("vi").topic("nothing") is None
    assert Library.load("vi").card("nothing") is None


def test_a_language_without_guides_is_an_error_or_empty() -> None:
    with pytest.raises(ValueError, match="no guides in language 'fr'"):
        Library.load("fr")


def test_a_sentence_keeps_its_sources_and_loses_its_marks() -> None:
    text = to_text("Mở <b>trang</b>.[^a][^b] Đừng đưa mã. Nhớ nhé.[^advice] Chưa rõ & <i>x</i>")
    assert [(p.html, p.refs) for p in text.passages] == [
        ("Mở <b>trang</b>.", ("a", "b")),
        ("Đừng đưa mã.", ()),
        ("Nhớ nhé.", (ADVICE,)),
        ("Chưa rõ &amp; <i>x</i>", ()),
    ]
    assert text.refs == ("a", "b")
    assert text.passages[2].is_advice
    assert not text.passages[0].is_advice


def test_a_mark_before_the_full_stop_belongs_to_its_sentence() -> None:
    text = to_text("Làm ở xã[^a]. Mang thẻ[^b].")
    assert [(p.html, p.refs) for p in text.passages] == [
        ("Làm ở xã.", ("a",)),
        ("Mang thẻ.", ("b",)),
    ]


def test_markup_that_is_not_ours_is_shown_not_run() -> None:
    assert to_text("<script>x</script><b>y</b>").html == "&lt;script&gt;x&lt;/script&gt;<b>y</b>"


def test_a_good_card_is_read_whole(broken: Broken) -> None:
    assert broken() == []
    card, _ = broken.read(GOOD)
    assert card is not None
    assert (card.version, len(card.steps), len(card.obstacles), len(card.doubts)) == (2, 2, 3, 1)
    assert card.obstacles[1].label == "Quên mật khẩu"
    assert card.steps[1].refs == ("a", "b")
    assert card.source("b") == card.sources[1]
    assert card.source(ADVICE) is None
    assert card.translates is None


LONG = " ".join(["chữ"] * 61)


@pytest.mark.parametrize(
    ("old", "new", "where", "rule"),
    [
        ("1. Mở trang.[^a]", f"1. {LONG}.[^a]", "1. Mở", "step 1 has 67 words, at most 60"),
        ("Thử lại sau.", f"{LONG}.", "Thử lại", "obstacle has 61 words, at most 60"),
        ("Mở trang rồi bấm", f"Mở {LONG}", "short:", "short has 64 words, at most 40"),
        ("Thẻ căn cước.[^a]", "Thẻ căn cước.[^z]", "Thẻ căn", "preparation: [^z] names no source"),
        ("Thẻ căn cước.[^a]", "Thẻ căn cước.", "Thẻ căn", "no source for 'Thẻ căn cước.'"),
        ("Mở trang.[^a] Đừng", "Mở trang. Đừng", "1. Mở", "step 1: no source for 'Mở trang.'"),
        ("Gọi 1900 0368.[^b]", "Gọi 18001096.[^b]", "Gọi 1900", "18001096 is not in hotlines.yaml"),
        ('"1900.0368"', '"1900 1234"', "1900.0368", "1900 1234 is not in hotlines.yaml"),
        ('"https://dichvucong.gov.vn"', '"https://dichvucong.com"', "https:", "not an official"),
        ('"https://dichvucong.gov.vn"', '"http://dichvucong.gov.vn"', "https:", "not an official"),
        ('"https://dichvucong.gov.vn"', '"https://xgov.vn"', "https:", "not an official"),
        ("Mở trang.[^a]", "Mở vneid.info.[^a]", "1. Mở", "vneid.info is not an official address"),
        ("Mở trang.[^a]", "Mở 10.20.30.40.[^a]", "1. Mở", "10.20.30.40 is a bare address"),
        ("Mở trang.[^a]", "Mở **trang**.[^a]", "1. Mở", "only <b> and <i> are allowed, not '**'"),
        ("Mở trang.[^a]", "Mở [đây](x).[^a]", "1. Mở", "only <b> and <i> are allowed"),
        ("Mở trang.[^a]", "Mở <a>trang</a>.[^a]", "1. Mở", "only <b> and <i> are allowed"),
        ("Bấm <b>Đăng nhập</b>", "Bấm <b>Đăng nhập", "2. Bấm", "step 2: <b> is never closed"),
        ("Bấm <b>Đăng nhập</b>", "Bấm Đăng nhập</b>", "2. Bấm", "</b> closes nothing"),
        ("group: dvc", "group: vneid", "group:", "group must be dvc"),
        ("[dvc-submit]", "[dvc-login]", "related:", "related topic 'dvc-login' does not exist"),
        ("[dvc-submit]", "[dvc-sumbit]", "related:", "related topic 'dvc-sumbit' does not exist"),
        ("review_by: 2027-05-21", "review_by: 2028-05-21", "review_by", "within six months after"),
        ("review_by: 2027-05-21", "review_by: 2026-11-21", "review_by", "within six months after"),
        ("effective_on: 2024", "effective_on: 2034", "effective_on:", "lies after checked_on"),
        ("câu hỏi thứ 3\n", "câu hỏi thứ 4\n", "câu hỏi thứ 3", "stands here twice"),
        ("  - câu hỏi thứ 3\n", "", "phrasings:", "24 phrasings, at least 25"),
        ("câu hỏi thứ 3\n", '"?!"\n', "", "phrasing '?!' has no words"),
        ("### Máy cũ", f"### {'x' * 41}", "### Máy", "label has 41 letters, at most 40"),
        ("Ra xã nhờ giúp.[^advice]\n", "", "### Máy", "obstacle says nothing"),
        ("### Máy cũ\nRa xã nhờ giúp.[^advice]\n", "", "### Không", "2 obstacles, 3 to 7 are due"),
        ("Báo B", "Ba\u0301o B", "ref: b", "letters are not composed (NFC)"),
        ("Báo B", 'Báo B", url: "https://baob.vn', "ref: b", "baob.vn is not an official"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_line(
    broken: Broken, old: str, new: str, where: str, rule: str
) -> None:
    problems = broken(old, new)
    hits = [problem for problem in problems if rule in problem]
    assert hits, problems
    if where:
        assert hits[0].split(":")[0] == str(line_of(where))


@pytest.mark.parametrize(
    ("old", "new", "where", "rule"),
    [
        ("---\n", "", "topic:", "must begin with front matter"),
        ("title: Đăng nhập\n", "", "topic:", "front matter has no 'title'"),
        ("title: Đăng nhập", "title: [x", "title:", "front matter: "),
        ("version: 2", "version: hai", "version:", "'version' must be a number from 1 up"),
        ("checked_on: 2026-11-21", "checked_on: nay", "checked_on", "'checked_on' must be a date"),
        ("related: [dvc-submit]", "related: dvc-submit", "related", "'related' must be a list"),
        ("topic: dvc-login", "topic: dvc-submit", "topic:", "'topic' must be the name of the file"),
        ('date: "2025"', "date: 2025", "ref: a", "needs 'date' (str, quoted)"),
        ("  - câu hỏi thứ 3\n", "  - 113\n", "thứ 3", "113 must be quoted text"),
        ("## Các bước", "## Bước", "## Các", "unknown heading"),
        ("## Mắc kẹt", "## Chuẩn bị", "## Mắc", "headings come once, in this order"),
        ("2. Bấm", "3. Bấm", "2. Bấm", "step 3 stands where step 2 is due"),
        ("2. Bấm", "- Bấm", "2. Bấm", "a step begins with its number"),
        ("- Thẻ căn", "Thẻ căn", "Thẻ căn", "a line here begins with '- '"),
        ("### Máy cũ", "#### Máy cũ", "Máy cũ", "never deeper"),
        ("## Chuẩn bị\n", "Lời đầu\n", "## Chuẩn", "text before the first heading"),
    ],
)  # fmt: skip
def test_a_card_of_broken_form_is_refused_with_its_line(
    broken: Broken, old: str, new: str, where: str, rule: str
) -> None:
    card, guide = broken.read(GOOD.replace(old, new, 1))
    assert card is None
    assert any(rule in problem.rule for problem in guide.problems), guide.problems
    first = next(problem for problem in guide.problems if rule in problem.rule)
    assert first.line in {1, line_of(where), line_of(where) + 1}
    assert str(first) == f"dvc-login.md:{first.line}: {first.rule}"


def test_a_question_in_a_card_needs_no_source(broken: Broken) -> None:
    assert broken("1. Mở trang.[^a]", "1. Chưa mở được? Mở trang.[^a]") == []


def test_a_source_that_nothing_stands_on_is_told(broken: Broken) -> None:
    unused = GOOD.replace("[^b]", "[^a]")
    problems = _guide_rules.check([broken.read(unused)], topics(), "vi")
    assert problems == [f"dvc-login.md:{line_of('ref: b')}: source 'b' is used nowhere"]


def test_all_problems_of_a_file_are_told_at_once(broken: Broken) -> None:
    card, guide = broken.read(GOOD.replace("version: 2\n", "").replace("2. Bấm", "Bấm"))
    assert card is None
    assert len(guide.problems) == 2


def test_an_unreadable_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "dvc-login.md"
    path.write_bytes(b"\xff\xfe---")
    assert "cannot be read" in read_card(path, "vi")[1].problems[0].rule
    assert "cannot be read" in read_card(tmp_path / "none.md", "vi")[1].problems[0].rule
    path.write_text("---\n- a\n---\n", encoding="utf-8")
    assert "keys and values" in read_card(path, "vi")[1].problems[0].rule


def test_a_phrasing_of_two_cards_is_found_however_it_is_spelled(broken: Broken) -> None:
    first = broken.read(GOOD)
    second = broken.read(GOOD.replace("câu hỏi thứ 7\n", "cau hoi thu 7 moi\n"))
    second[1].name = "dvc-submit.md"
    problems = _guide_rules.check([first, second], topics(), "vi")
    assert len([p for p in problems if "stands in dvc-login.md too" in p]) == 24


def test_loading_refuses_a_broken_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "dvc-login.md").write_text(GOOD.replace("version: 2\n", ""), "utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with pytest.raises(GuideError, match=r"dvc-login\.md:1: front matter has no 'version'"):
        Library.load.__wrapped__(Library, "vi")


def test_a_translation_names_the_version_it_says(broken: Broken) -> None:
    assert any("a translation names" in problem for problem in broken(lang="en"))
    card, _ = broken.read(GOOD.replace("version: 2", "version: 2\ntranslates: 3"))
    assert card is not None
    assert card.translates == 3


def test_freshness_on_every_day_around_the_review() -> None:
    card = Library.load("vi").cards[0]
    for days in range(-200, 200):
        day = card.review_by + timedelta(days=days)
        fresh = freshness(card, day)
        expected = Serving.FRESH if days <= 0 else Serving.WARN if days < 60 else Serving.WITHHELD
        assert fresh.service is expected, day
        assert fresh.days_late == max(0, days)
        assert fresh.withheld_from == card.review_by + GRACE


@pytest.mark.parametrize("card", Library.load("vi").cards, ids=lambda card: card.topic)
def test_every_card_says_where_it_stands(card: Card) -> None:
    assert card.sources
    assert card.effective_on <= card.checked_on < card.review_by
    assert card.checked_on <= date(2026, 11, 22)
    shown = [card.short, *card.steps, *card.preparations]
    shown += [each.text for each in card.obstacles] + [*card.doubts]
    for text in shown:
        assert "[^" not in text.html
        assert unicodedata.is_normalized("NFC", text.html)
        assert not re.search(r"<(?!/?[bi]>)", text.html)
    assert all(card.source(ref) for text in shown for ref in text.refs)


def test_all_cards_load_at_once_in_a_moment() -> None:
    before = time.process_time()
    loaded = [read_card(path, "vi") for path in sorted((FOLDER / "vi").glob("*.md"))]
    assert len(loaded) == 40
    assert time.process_time() - before < 1.0  # about 0.04 s


@pytest.mark.parametrize("path", sorted(LEXICONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_word_lists_are_composed_and_name_no_key_twice(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    for mapping in _mappings(yaml.compose(text, Loader=yaml.CSafeLoader)):
        names = [key.value for key, _ in mapping.value]
        assert sorted(set(names)) == sorted(names)


def _mappings(node: yaml.Node | None) -> list[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        inner = [child for _, value in node.value for child in _mappings(value)]
        return [node, *inner]
    if isinstance(node, yaml.SequenceNode):
        return [child for value in node.value for child in _mappings(value)]
    return []
