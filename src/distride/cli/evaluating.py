"""`distride evaluate`: a bundle on athletes it has not seen."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    cohort: Annotated[Path, typer.Argument(help="A cohort's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="The scores, for programs.")] = False,
) -> None:
    """Score a bundle's shared head on every athlete of a cohort."""
    import json

    from distride.cli.progress import watched
    from distride.data import Cohort
    from distride.runs import evaluate

    with watched(quiet=as_json) as progress:
        found = evaluate(bundle, Cohort.open(cohort), progress)
    if as_json:
        typer.echo(json.dumps(found))
        return
    for athlete, scores in found["per_athlete"].items():
        told = f"macro-F1 {scores['macro_f1']:.3f}   {scores['windows']} windows"
        typer.echo(f"{athlete:24} {told}")
    typer.echo(f"{'mean of athletes':24} macro-F1 {found['macro_f1']:.3f}")
