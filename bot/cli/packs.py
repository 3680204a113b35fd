"""`packs list | show ID | check`: the communes' plans as the program understands them."""

from typing import Annotated

import typer

from bot.cli.output import a_pack, fail, one_line, print_json


def register(app: typer.Typer) -> None:
    """Add the `packs` commands."""
    packs = typer.Typer(help="The plans of the communes.")
    packs.command("list")(list_packs)
    packs.command("show")(show)
    packs.command("check")(check)
    app.add_typer(packs, name="packs")


def list_packs(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """Every plan pack: its id and its commune."""
    from content.pack_loader import pack_ids

    packs = [a_pack(pack_id) for pack_id in pack_ids()]
    if as_json:
        print_json([{"id": p.id, "name": p.name, "province": p.province} for p in packs])
        return
    for pack in packs:
        typer.echo(f"{pack.id:12} {pack.name}, {pack.province}")


def show(
    pack_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: Annotated[bool, typer.Option("--json", help="The only format there is.")] = True,
) -> None:
    """One plan pack as JSON: indicators, goals, cut-offs and tasks, each with its place."""
    print_json(a_pack(pack_id).model_dump(mode="json"))


def check() -> None:
    """Read every plan pack; name file, key and line of what is wrong."""
    from content.pack_loader import PackError, load_pack, pack_ids

    problems = []
    for pack_id in pack_ids():
        try:
            pack = load_pack(pack_id)
        except PackError as error:
            problems.append(str(error))
            continue
        typer.echo(
            f"{pack.id:12} ok: {len(pack.indicators)} indicators, {len(pack.tasks)} tasks,"
            f" {len(pack.cutoffs)} cut-offs"
        )
    for problem in problems[:-1]:
        typer.echo(one_line(problem), err=True)
    if problems:
        fail(problems[-1])
