"""`distride bench`: the full protocol on several cohorts, side by side."""

from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import Device, Folds, Labelled, RayAddress, TeacherWorkers, Workers


def command(
    cohorts: Annotated[
        list[str], typer.Argument(help="Cohorts' folders; NAME=FOLDER gives one another name.")
    ],
    out: Annotated[Path, typer.Option(help="Where NAME.json goes.")] = Path("benchmarks/results"),
    work: Annotated[Path, typer.Option(help="Where the runs lie.")] = Path("runs/bench"),
    recipes: Annotated[Path | None, typer.Option(help="A folder that may hold NAME.toml.")] = None,
    folds: Folds = None,
    labelled: Labelled = None,
    device: Device = None,
    workers: Workers = 1,
    ray: RayAddress = None,
    teacher_workers: TeacherWorkers = 1,
) -> None:
    """Run or go on with every cohort; results appear one by one, a broken cohort stops none."""
    from distride.cli.progress import watched
    from distride.cli.scores import scores_of
    from distride.errors import DistrideError
    from distride.fleet import Crew, joined
    from distride.runs.bench import Bench, Entry

    bench, failed = Bench(out, work, recipes, folds, labelled, device), 0
    for entry in map(Entry.of, cohorts):
        try:
            with watched() as progress, joined(Crew(workers, ray, teacher_workers), progress):
                results = bench(entry, progress).results
        except (DistrideError, OSError) as error:
            failed += 1
            typer.secho(f"{entry.name}: {error}", fg="red", err=True)
            continue
        typer.echo(f"{entry.name}:")
        for line in scores_of(results):
            typer.echo(f"  {line}")
    if failed:
        raise typer.Exit(1)
