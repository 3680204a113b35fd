"""`ask` and `cards`: what operators and measurements are told."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.__main__ import main

Run = Callable[..., "Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def _run(*args: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = main(list(args))
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return _run


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_a_question_is_explained(run: Run) -> None:
    result = run("ask", "quên", "mật", "khẩu", "VNeID")
    assert (result.code, result.err) == (0, "")
    first, second, *rest = result.out.splitlines()
    assert first.startswith("answer (clear), confidence ")
    assert first.endswith(": vneid-forgot-password")
    assert second.split()[2] == "vneid-forgot-password"
    assert any("words: " in line for line in rest)
    assert any("like: " in line for line in rest)


def test_a_question_back_and_a_person_are_told_too(run: Run) -> None:
    assert run("ask", "đăng nhập").out.startswith("ask (close)")
    assert "a person answers" in run("ask", "giá vàng hôm nay").out
    assert run("ask", "😀").out == "abstain (nothing-read), confidence 0.00: a person answers\n"


def test_lines_are_answered_in_order_with_the_ids_they_came_with(run: Run) -> None:
    asked = lines(
        {"id": "a", "query": "quen mat khau vneid"},
        {"id": 2, "query": "giá vàng hôm nay", "more": True},
        {"id": None, "query": ""},
    )
    result = run("ask", "--jsonl", stdin=asked + b"\n\n")
    assert (result.code, result.err) == (0, "")
    assert [row["id"] for row in result.rows] == ["a", 2, None]
    assert [row["answered"] for row in result.rows] == [True, False, False]
    assert result.rows[0]["topics"][0] == "vneid-forgot-password"
    assert len(result.rows[0]["topics"]) == 5
    assert result.rows[2]["topics"] == []
    assert all(list(row) == ["id", "topics", "answered"] for row in result.rows)


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        (b"zz", "line 1 of stdin is not JSON"),
        (b'\n{"id": 1}', "line 2 of stdin is not {"),
        (b'{"id": 1, "query": 5}', "line 1 of stdin is not {"),
        (b'{"query": "x"}', "line 1 of stdin is not {"),
        (b"[1]", "line 1 of stdin is not {"),
        (b"\xff", "line 1 of stdin is not JSON"),
        (b"[" * 100_000, "line 1 of stdin is not JSON"),
    ],
)
def test_a_bad_line_is_one_readable_line(run: Run, stdin: bytes, says: str) -> None:
    result = run("ask", "--jsonl", stdin=stdin)
    assert result.code == 2
    assert result.err.startswith(f"error: {says}")
    assert result.err.count("\n") == 1


def test_ask_needs_one_kind_of_question(run: Run) -> None:
    assert run("ask").code == 2
    assert run("ask", "--jsonl", "quên mật khẩu").code == 2


def test_cards_are_listed_with_their_dates(run: Run) -> None:
    result = run("cards", "list", "--json", "--on", "2026-11-21")
    rows = json.loads(result.out)
    assert len(rows) == 40
    assert rows[0]["topic"] == "vneid-register-level2"
    assert {row["service"] for row in rows} == {"fresh"}
    assert run("cards", "list").out.count("\n") == 41


def test_a_card_is_shown_with_the_source_of_each_sentence(run: Run) -> None:
    result = run("cards", "show", "dvc-login", "--on", "2027-06-01")
    assert result.code == 0
    assert "warn, 11 days late" in result.out
    assert "short: " in result.out
    assert "[namhonglinh-2025]" in result.out
    assert "<b>" not in result.out


def test_a_card_that_is_not_there_is_one_readable_line(run: Run) -> None:
    assert run("cards", "show", "dvc-nothing").err.startswith("error: dvc-nothing is no topic")
    assert run("cards", "list", "--lang", "fr").err == "error: no guides in language 'fr'\n"
    assert run("cards", "list", "--on", "soon").code == 2


def test_stale_cards_come_most_overdue_first(run: Run) -> None:
    assert run("cards", "stale", "--on", "2026-11-22").out == "all 40 cards are fresh\n"
    rows = json.loads(run("cards", "stale", "--json", "--on", "2027-08-01").out)
    assert len(rows) == 40
    assert [row["review_by"] for row in rows] == sorted(row["review_by"] for row in rows)
    assert {row["service"] for row in rows} == {"withheld"}
    soon = json.loads(run("cards", "stale", "--json", "--on", "2027-02-01", "--within", "30").out)
    assert 0 < len(soon) < 40
    assert {row["service"] for row in soon} == {"fresh"}
