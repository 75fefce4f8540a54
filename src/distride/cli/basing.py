"""`distride base`: one body pretrained on several cohorts, for trainings to start from."""

from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import Device, RecipeFile


def command(
    cohorts: Annotated[list[Path], typer.Argument(help="Cohorts' folders, labelled.")],
    out: Annotated[Path, typer.Option(help="The base's folder.")] = Path("runs/base"),
    recipe: RecipeFile = None,
    device: Device = None,
) -> None:
    """Pretrain on every body unit of the cohorts; train --base starts from what is written."""
    from distride.cli.progress import watched
    from distride.config import read_recipe
    from distride.models.net import parameter_count
    from distride.runs import base

    own = read_recipe(recipe).with_device(device)
    with watched() as progress:
        done = base(cohorts, out, own, progress)
    body = done.saved.body
    typer.echo(f"Learnt from {len(done.units)} body unit(s) of {done.saved.name}.")
    typer.echo(f"{done.weights}: {parameter_count(body):,} parameters.")
