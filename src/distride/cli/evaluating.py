"""`distride evaluate`: a bundle on the athletes of a cohort."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

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
        for line in _caveats(scores):
            typer.echo(f"  {line}")


def _caveats(scores: Mapping[str, Any]) -> Iterator[str]:
    """What the scores do not say by themselves."""
    if scores["learnt_from"]:
        count, of = len(scores["learnt_from"]), len(scores["per_athlete"])
        yield f"The model learnt from {count} of these {of}: no score on strangers."
    if scores["unknown_windows"]:
        judged = sum(one["windows"] for one in scores["per_athlete"].values())
        labels = ", ".join(scores["unknown_labels"])
        yield (
            f"{scores['unknown_windows']} windows are left out beside these {judged}: the model "
            f"does not know {labels}."
        )
    if scores["missing_channels"]:
        missing = ", ".join(scores["missing_channels"])
        yield f"The cohort lacks {missing}: the model read without them."
