"""`run` and `migrate`: the program itself, and its database brought up to date."""

import typer

from bot.cli.database import readable_troubles
from bot.cli.output import fail

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("migrate")(migrate)


def run() -> None:
    """Start the assistant; print the address to open."""
    import asyncio
    import gc
    import logging
    import sys

    # Nearly all that start-up makes is kept: looking it through again and again, only to find
    # nothing, takes a sixth of the start. `serve` switches it on.
    gc.disable()

    from bot.app import build_app, serve
    from bot.config import Settings, load_settings
    from content.library import GuideError
    from content.pack_loader import PackError
    from storage.engine import Database
    from storage.migrate import upgrade

    async def main(settings: Settings) -> None:
        await upgrade(settings.database_url)
        await serve(build_app(settings, Database.open(settings.database_url)), _say_ready)

    with readable_troubles():
        settings = load_settings()
        logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
        for chatty in ("alembic", "apscheduler", "aiogram"):
            logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))
        try:
            if sys.platform == "win32":
                asyncio.run(main(settings))
            else:
                import uvloop

                uvloop.run(main(settings))
        except (PackError, GuideError) as error:
            fail(error)


def _say_ready(address: str) -> None:
    typer.echo(f"Ready: {address}")


def migrate() -> None:
    """Bring the database up to date; `run` does it too."""
    import asyncio

    from bot.config import load_settings
    from storage.migrate import upgrade

    with readable_troubles():
        reached = asyncio.run(upgrade(load_settings().database_url))
        typer.echo(f"The database is at {reached}.")
