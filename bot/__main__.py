"""`python -m bot`: the operators' commands. What goes wrong is one readable line on stderr."""

import sys

import typer

from bot.cli import (
    ask,
    cards,
    check,
    commune,
    deadlines,
    invite,
    packs,
    rehearse,
    roster,
    run,
    seed,
)
from bot.cli.output import one_line

GROUPS = (run, seed, commune, roster, invite, packs, deadlines, rehearse, ask, cards, check)


def build_app() -> typer.Typer:
    """The command line with all its groups."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    for group in GROUPS:
        group.register(app)
    return app


def main(args: list[str] | None = None) -> int:
    """Run one command and return its exit code; without one, show what there is."""
    given = sys.argv[1:] if args is None else args
    try:
        code = build_app()(given or ["--help"], prog_name="python -m bot", standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(one_line(error.format_message()), err=True)
        return error.exit_code
    except typer.Abort:
        return 130
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
