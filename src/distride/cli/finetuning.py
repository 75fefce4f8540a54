"""`distride finetune`: a body of an athlete's own, where they gave many windows."""

from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import Device, RecipeFile


def command(
    run: Annotated[Path, typer.Argument(help="The folder of a run of 'distride train'.")],
    cohort: Annotated[Path, typer.Argument(help="Where the athlete's recordings lie.")],
    athlete: Annotated[str, typer.Argument(help="Whose.")],
    out: Annotated[Path | None, typer.Option(help="Its folder; runs/ATHLETE if not given.")] = None,
    recipe: RecipeFile = None,
    device: Device = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was found, for programs.")] = False,
) -> None:
    """Move the body itself by one athlete's windows, where that is surely better than a head."""
    import json

    from distride.cli.progress import watched
    from distride.config import read_recipe
    from distride.runs import finetune

    with watched(quiet=as_json) as progress:
        done = finetune(
            run,
            cohort,
            athlete,
            out or Path("runs") / athlete,
            read_recipe(recipe).with_device(device),
            progress,
        )
    if as_json:
        typer.echo(json.dumps({"athlete": athlete, "live": done.live, "reason": done.reason}))
        return
    typer.echo(done.reason)
    if done.live:
        typer.echo(f"Bundle: {done.bundle}")
