"""`distride train`: the main job."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from distride.cli.options import (
    Device,
    Folds,
    Labelled,
    RayAddress,
    RecipeFile,
    TeacherWorkers,
    Workers,
)

if TYPE_CHECKING:
    from distride.config import Recipe


def command(
    cohort: Annotated[Path, typer.Argument(help="A cohort's folder.")],
    out: Annotated[
        Path | None, typer.Option(help="The run's folder; runs/COHORT if not given.")
    ] = None,
    recipe: RecipeFile = None,
    folds: Folds = None,
    labelled: Labelled = None,
    base: Annotated[
        str | None,
        typer.Option(help="Start from it: 'general', or a folder or weights of distride base."),
    ] = None,
    device: Device = None,
    workers: Workers = 1,
    ray: RayAddress = None,
    teacher_workers: TeacherWorkers = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The results, for programs.")] = False,
) -> None:
    """Teach, distil, judge on unseen athletes; write the bundle, the heads and the report."""
    import json

    from distride.cli.progress import watched
    from distride.cli.scores import scores_of
    from distride.fleet import Crew, joined
    from distride.runs import train

    with watched(quiet=as_json) as progress, joined(Crew(workers, ray, teacher_workers), progress):
        run = train(
            cohort,
            out or Path("runs") / cohort.resolve().name,
            _recipe(recipe, base).with_labelled(labelled).with_device(device),
            folds,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(run.results))
        return
    for line in scores_of(run.results):
        typer.echo(line)
    typer.echo(run.results["distillation"]["reason"])
    typer.echo(f"Bundle: {run.bundle}")
    typer.echo(f"Report: {run.report}")


def _recipe(file: Path | None, base: str | None) -> "Recipe":
    from dataclasses import replace

    from distride.config import read_recipe

    recipe = read_recipe(file)
    return replace(recipe, student=replace(recipe.student, base=base)) if base else recipe
