"""`ask TEXT`, `ask --jsonl`: what a resident would get for a question, and why."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import fail

if TYPE_CHECKING:
    from content.library import Library
    from domain.search import Searcher


def register(app: typer.Typer) -> None:
    """Add the `ask` command."""
    app.command("ask")(ask)


def ask(
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='stdin {"id","query"} → {"id","topics","answered"}.')
    ] = False,
) -> None:
    """Rank the topics for a question as the conversation does, and say what decided."""
    if bool(text) == bool(jsonl):
        fail("give a question, or --jsonl and lines on stdin")
    if text:
        _explain(" ".join(text))
        return
    searcher, _, served = _search()
    for number, row in _rows():
        if not isinstance(row, dict) or not isinstance(row.get("query"), str) or "id" not in row:
            fail(f'line {number} of stdin is not {{"id": …, "query": "…"}}')
        ranking = searcher.rank(row["query"], served)
        topics = [scored.topic for scored in ranking.topics]
        typer.echo(json.dumps({"id": row["id"], "topics": topics, "answered": ranking.answered}))


def _search() -> "tuple[Searcher, Library, frozenset[str]]":
    """The search as it is today: a card past its grace is withheld here too."""
    from datetime import UTC, datetime

    from content.library import Library
    from content.search import searcher
    from domain.guides import Serving, freshness
    from domain.visits import local_day

    library = Library.load("vi")
    today = local_day(datetime.now(UTC))
    served = frozenset(
        card.topic
        for card in library.cards
        if freshness(card, today).service is not Serving.WITHHELD
    )
    return searcher("vi"), library, served


def _rows() -> Iterator[tuple[int, Any]]:
    """One value a line, as they come: whoever feeds us may wait for each answer."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            row = json.loads(line.decode("utf-8")) if line.strip() else None
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            fail(f"line {number} of stdin is not JSON: {error}")
        if line.strip():
            yield number, row


def _explain(text: str) -> None:
    searcher, library, served = _search()
    ranking = searcher.rank(text, served)
    decision = ranking.decision
    typer.echo(
        f"{decision.verdict} ({decision.reason}), confidence {ranking.confidence:.2f}:"
        f" {' or '.join(decision.topics) or 'a person answers'}"
    )
    for place, scored in enumerate(ranking.topics, 1):
        topic = library.topic(scored.topic)
        typer.echo(
            f"{place}. {scored.score:6.2f}  {scored.topic:26} {topic.title if topic else ''}"
        )
        typer.echo(f"           words: {', '.join(scored.why.words) or '-'}")
        if scored.why.phrasing:
            typer.echo(f"           like:  {scored.why.phrasing}")
