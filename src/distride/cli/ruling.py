"""`distride rules`: a coach's rules, shown and checked."""

from pathlib import Path
from typing import Annotated

import typer

FAULTY = 1

command = typer.Typer(help="A coach's rules of live advice.", no_args_is_help=True)


@command.command()
def show() -> None:
    """Print the default rules: a file to edit, with a comment for each setting."""
    from distride.guidance import default_text

    typer.echo(default_text(), nl=False)


@command.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file of rules.")],
    as_json: Annotated[bool, typer.Option("--json", help="The faults, for programs.")] = False,
) -> None:
    """Explain every fault of a file of rules by its line; exit code 1 if there is one."""
    import dataclasses
    import json

    from distride.guidance import check_rules, read_rules

    faults = check_rules(file)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(fault) for fault in faults], ensure_ascii=False))
    else:
        for fault in faults:
            typer.echo(f"{file}:{fault.line}: {fault.sentence}")
        if not faults:
            rules = read_rules(file)
            is_mute = not rules.rules and not rules.model.says
            but = ", but it holds no rule: nothing will be advised" if is_mute else ""
            typer.echo(f"{file}: right{but}.")
    if faults:
        raise typer.Exit(FAULTY)
