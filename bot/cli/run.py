"""`run` and `migrate`: the program itself, and its database brought up to date."""

import typer

from bot.cli.output import fail

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("migrate")(migrate)


def run() -> None:
    """Start the assistant; print the address to open."""
    import asyncio
    import logging
    import sys

    from bot.app import build_app, serve
    from bot.config import ConfigError, Settings, load_settings
    from content.library import GuideError
    from content.pack_loader import PackError
    from storage.engine import Database, DatabaseUnusable
    from storage.migrate import upgrade

    async def main(settings: Settings) -> None:
        await upgrade(settings.database_url)
        await serve(build_app(settings, Database.open(settings.database_url)), _say_ready)

    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
        for chatty in ("alembic", "apscheduler", "aiogram"):
            logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))
        if sys.platform == "win32":
            asyncio.run(main(settings))
        else:
            import uvloop

            uvloop.run(main(settings))
    except (ConfigError, PackError, GuideError, DatabaseUnusable) as error:
        fail(error)
    except BaseExceptionGroup as group:
        known, rest = group.split((ConfigError, DatabaseUnusable))
        if known is None or rest is not None:
            raise
        fail(known.exceptions[0])


def _say_ready(address: str) -> None:
    typer.echo(f"Ready: {address}")


def migrate() -> None:
    """Bring the database up to date; `run` does it too."""
    import asyncio

    from bot.config import ConfigError, load_settings
    from storage.engine import DatabaseUnusable
    from storage.migrate import current, upgrade

    try:
        url = load_settings().database_url
        asyncio.run(upgrade(url))
        typer.echo(f"The database is at {asyncio.run(current(url))}.")
    except (ConfigError, DatabaseUnusable) as error:
        fail(error)
