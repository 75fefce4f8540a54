"""`distride demo`: the main job on simulated athletes, from nothing to a report."""

from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import Device

ATHLETES = 21  # ten groups, the first of three: just enough held out for an interval
WINDOWS_SEEN = {"teacher": 12_000, "student": 40_000}  # minutes, not the last point of F1


def command(
    out: Annotated[Path, typer.Option(help="The run's folder.")] = Path("runs/demo"),
    athletes: Annotated[int, typer.Option(help="How many to simulate, at least 4.")] = ATHLETES,
    seed: Annotated[int, typer.Option(help="Other people, and other chances in training.")] = 0,
    device: Device = None,
) -> None:
    """Simulate athletes, learn from them, and write a report; about three minutes."""
    from distride.cli.progress import watched
    from distride.config import recipe_from
    from distride.data import Cohort
    from distride.data.simulate import write_simulated
    from distride.runs import train

    folder = out / f"simulated-{athletes}-{seed}"
    recipe = recipe_from(
        {"seed": seed, **{name: {"windows_seen": seen} for name, seen in WINDOWS_SEEN.items()}}
    )
    cohort = Cohort.open(folder) if folder.exists() else write_simulated(folder, athletes, seed)
    with watched() as progress:
        run = train(cohort, out, recipe.with_device(device), folds=1, progress=progress)
    scores = {name: model["macro_f1"] for name, model in run.results["models"].items() if model}
    typer.echo(", ".join(f"{name} {score:.3f}" for name, score in scores.items()))
    typer.echo(f"Bundle: {run.bundle}")
    typer.echo(f"Report: {run.report.resolve()}")
