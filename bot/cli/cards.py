"""`cards list | show TOPIC | stale`: the guides, as writers and officers check them."""

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.output import a_date, fail, print_json, print_table

if TYPE_CHECKING:
    from content.library import Library
    from domain.guides import Card, Text

Lang = Annotated[str, typer.Option("--lang", help="vi, or en where it is translated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON array.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="As of this day; today if left out.")]
_TAG = re.compile(r"<[^>]+>")


def register(app: typer.Typer) -> None:
    """Add the `cards` commands."""
    cards = typer.Typer(help="The guides residents get.")
    cards.command("list")(list_cards)
    cards.command("show")(show)
    cards.command("stale")(stale)
    app.add_typer(cards, name="cards")


def list_cards(lang: Lang = "vi", on: On = "", as_json: AsJson = False) -> None:
    """Every topic with its card: version, dates, whether it is served; topics without one too."""
    from content.library import topics
    from domain.guides import freshness

    library, day = _library(lang), _day(on)
    rows = []
    for topic in topics():
        card = library.card(topic.id)
        rows.append(
            {
                "topic": topic.id,
                "version": card.version if card else None,
                "checked_on": card.checked_on.isoformat() if card else None,
                "review_by": card.review_by.isoformat() if card else None,
                "service": freshness(card, day).service if card else "no card",
                "title": card.title if card else topic.title,
            }
        )
    if as_json:
        print_json(rows)
    else:
        print_table(rows, rows[0])


def show(
    topic: Annotated[str, typer.Argument(metavar="TOPIC")], lang: Lang = "vi", on: On = ""
) -> None:
    """One card to read, with the source of every sentence."""
    from domain.guides import freshness

    library, day = _library(lang), _day(on)
    card = library.card(topic)
    if card is None:
        known = "has no card" if library.topic(topic) else "is no topic"
        fail(f"{topic} {known}; there are {', '.join(each.topic for each in library.cards)}")
    fresh = freshness(card, day)
    typer.echo(f"{card.title} ({card.topic}, version {card.version})")
    typer.echo(
        f"effective {card.effective_on}, checked {card.checked_on}, review by {card.review_by}:"
        f" {fresh.service}" + (f", {fresh.days_late} days late" if fresh.days_late else "")
    )
    for line in _lines(card):
        typer.echo(line)


def stale(
    lang: Lang = "vi",
    on: On = "",
    within: Annotated[int, typer.Option("--within", min=0, help="Also those due in N days.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Cards whose review is due, the most overdue first; nothing when all are fresh."""
    from datetime import timedelta

    from domain.guides import freshness

    library, day = _library(lang), _day(on)
    due = [card for card in library.cards if card.review_by < day + timedelta(days=within)]
    rows = [
        {
            "topic": card.topic,
            "review_by": card.review_by.isoformat(),
            "service": freshness(card, day).service,
            "withheld_from": freshness(card, day).withheld_from.isoformat(),
        }
        for card in sorted(due, key=lambda card: (card.review_by, card.topic))
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, rows[0])
    else:
        typer.echo(f"all {len(library.cards)} cards are fresh")


def _library(lang: str) -> "Library":
    from content.library import GuideError, Library

    try:
        return Library.load(lang)
    except (ValueError, GuideError) as error:
        fail(error)


def _day(on: str) -> date:
    from domain.visits import local_day

    return a_date(on, "--on") if on else local_day(datetime.now(UTC))


def _lines(card: "Card") -> list[str]:
    lines = [f"short: {_told(card.short)}", f"for: {_told(card.audience)}"]
    lines += [f"{key}: {_told(getattr(card, key))}" for key in ("cost", "duration", "place")]
    lines += [f"bring: {_told(text)}" for text in card.preparations]
    lines += [f"{number}. {_told(text)}" for number, text in enumerate(card.steps, 1)]
    lines += [f"stuck: {each.label}: {_told(each.text)}" for each in card.obstacles]
    lines += [f"doubt: {_told(text)}" for text in card.doubts]
    lines += [f"call: {each.name}: {each.phone}" for each in card.hotlines]
    lines += [f"link: {each.name}: {each.url}" for each in card.links]
    lines += [f"law: {each.name}, in force {each.effective_on}" for each in card.legal]
    lines += [f"[{each.ref}] {each.name}, {each.date}" for each in card.sources]
    return [*lines, f"related: {', '.join(card.related)}"]


def _told(text: "Text") -> str:
    """Sentences with their marks, without markup."""
    return " ".join(
        unescape(_TAG.sub("", passage.html)) + "".join(f"[{ref}]" for ref in passage.refs)
        for passage in text.passages
    )
