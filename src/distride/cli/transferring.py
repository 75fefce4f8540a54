"""`distride transfer`: a trained student to another sport, placement or set of labels."""

from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import Device, Folds, RecipeFile


def command(
    source: Annotated[Path, typer.Argument(help="A run's folder, or its weights.safetensors.")],
    cohort: Annotated[Path, typer.Argument(help="The target: a cohort's folder.")],
    out: Annotated[
        Path | None, typer.Option(help="Its folder; runs/COHORT-transfer if not given.")
    ] = None,
    recipe: RecipeFile = None,
    folds: Folds = None,
    device: Device = None,
    as_json: Annotated[bool, typer.Option("--json", help="The results, for programs.")] = False,
) -> None:
    """Freeze, thaw layer by layer, or move it all; ship what validating athletes say is best."""
    import json

    from distride.cli.progress import watched
    from distride.cli.scores import scores_of
    from distride.config import read_recipe
    from distride.runs import transfer

    with watched(quiet=as_json) as progress:
        done = transfer(
            source,
            cohort,
            out or Path("runs") / f"{cohort.resolve().name}-transfer",
            read_recipe(recipe).with_device(device),
            folds,
            progress,
        )
    if as_json:
        typer.echo(json.dumps(done.results))
        return
    for line in scores_of(done.results):
        typer.echo(line)
    typer.echo(f"Shipped: {done.results['shipped']}. Bundle: {done.bundle}")
