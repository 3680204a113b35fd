"""`check`: settings, packs, guides, database, translations; one line for each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.output import print_json

if TYPE_CHECKING:
    from bot.config import Settings

State = Literal["ok", "warn", "fail"]
FAILED = 1


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of the program is."""

    name: str
    state: State
    says: str
    problems: tuple[str, ...] = ()


def register(app: typer.Typer) -> None:
    """Add the `check` command."""
    app.command("check")(check)


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """Look at settings, packs, guides, database and translations; nothing is changed."""
    config, settings = _config()
    looks: tuple[Callable[[], Part], ...] = (
        _packs,
        _content,
        lambda: _database(settings),
        _translations,
    )
    parts = [config, *(look() for look in looks)]
    if as_json:
        print_json(
            [
                {"part": p.name, "state": p.state, "says": p.says, "problems": list(p.problems)}
                for p in parts
            ]
        )
    else:
        for part in parts:
            typer.echo(f"{part.state:5} {part.name:13} {part.says}")
            for problem in part.problems:
                typer.echo(f"      {problem}")
    if any(part.state == "fail" for part in parts):
        raise typer.Exit(FAILED)


def _config() -> "tuple[Part, Settings | None]":
    from bot.config import ConfigError, load_settings

    try:
        settings = load_settings()
    except ConfigError as error:
        return Part("config", "fail", _line(error)), None
    return Part("config", "ok", f"data in {settings.data_dir}, at {settings.public_url}"), settings


def _packs() -> Part:
    from content.pack_loader import PackError, load_pack, pack_ids

    problems = []
    ids = pack_ids()
    for pack_id in ids:
        try:
            load_pack(pack_id)
        except PackError as error:
            problems.append(_line(error))
    if problems:
        return Part("packs", "fail", f"{len(problems)} of {len(ids)} broken", tuple(problems))
    return Part("packs", "ok", f"{len(ids)} plans")


def _content() -> Part:
    """The guides of every language there is, and the lists of words."""
    from content.library import FOLDER, Library, check_guides
    from content.rosters import roster_words

    problems: list[str] = []
    languages = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    for language in languages:
        problems += check_guides(language)
    try:
        roster_words()
    except (ValueError, KeyError, OSError) as error:
        problems.append(_line(f"lexicons/roster.yaml: {error}"))
    if problems:
        return Part("content", "fail", f"{len(problems)} broken rules", tuple(problems))
    counts = (f"{len(Library.load(language).cards)} {language}" for language in languages)
    return Part("content", "ok", f"guides: {', '.join(counts)}")


def _database(settings: "Settings | None") -> Part:
    from pathlib import Path

    from domain.errors import StorageBusy
    from storage.engine import DatabaseUnusable, parse_url

    if settings is None:
        return Part("database", "warn", "not looked at: the settings are wrong")
    try:
        url = parse_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
            return Part("database", "warn", f"{url.database} is not there yet: `run` makes it")
        return asyncio.run(_look_at_database(settings.database_url))
    except DatabaseUnusable as error:
        return Part("database", "fail", _line(error))
    except StorageBusy:
        return Part("database", "fail", "it is locked or read-only: nothing can be saved")


async def _look_at_database(url: str) -> Part:
    """Opens, is migrated, takes a write."""
    from storage.engine import Database, parse_url
    from storage.migrate import current, newest
    from storage.unit_of_work import UnitOfWork

    name = parse_url(url).render_as_string(hide_password=True)
    revision, wanted = await current(url), newest()
    if revision != wanted:
        behind = f"{name} is at {revision or 'nothing'}, the program at {wanted}: `migrate`"
        return Part("database", "warn", behind)
    db = Database.open(url)
    try:
        async with UnitOfWork(db) as uow:
            await uow.communes.update("", name="")  # touches no row, and is refused where it may
            await uow.rollback()
            communes = len(await uow.communes.all())
    finally:
        await db.dispose()
    return Part("database", "ok", f"{name} at {revision}, writable, {communes} communes")


def _translations() -> Part:
    from content.catalogues import untranslated
    from content.i18n import LOCALES, SOURCE_LOCALE

    others = [locale for locale in LOCALES if locale != SOURCE_LOCALE]
    counts = {locale: untranslated(locale) for locale in others}
    says = ", ".join(f"{locale}: {left} of {n} missing" for locale, (left, n) in counts.items())
    is_complete = not any(left for left, _ in counts.values())
    return Part("translations", "ok" if is_complete else "warn", says)


def _line(problem: object) -> str:
    return " ".join(str(problem).split())
