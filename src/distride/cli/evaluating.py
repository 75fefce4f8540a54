"""`distride evaluate`: a bundle on the athletes of a cohort."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    cohort: Annotated[Path, typer.Argument(help="A cohort's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="The scores, for programs.")] = False,
) -> None:
    """Score a bundle's shared heads, task by task, on every athlete of a cohort."""
    import json

    from distride.cli.progress import watched
    from distride.cli.scores import scored
    from distride.runs import evaluate

    with watched(quiet=as_json) as progress:
        found = evaluate(bundle, cohort, progress)
    if as_json:
        typer.echo(json.dumps(found))
        return
    for task, scores in found.items():
        metric, unit = scores["metric"], scores["unit"]
        typer.echo(f"{task}:")
        for athlete, one in scores["per_athlete"].items():
            told = scored(metric, one[metric], unit)
            typer.echo(f"  {athlete:24} {told}   {one['windows']} windows")
        typer.echo(f"  {'mean of athletes':24} {scored(metric, scores[metric], unit)}")
        if scores["learnt_from"]:
            count, of = len(scores["learnt_from"]), len(scores["per_athlete"])
            typer.echo(f"  The model learnt from {count} of these {of}: no score on strangers.")
