"""`distride personalize`: an athlete's own head from labelled recordings."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    recordings: Annotated[
        list[Path],
        typer.Argument(help="The athlete's: .csv with labels, or COHORT/ATHLETE.parquet."),
    ],
    out: Annotated[Path, typer.Option(help="The head to write: ATHLETE.head.safetensors.")],
    weight: Annotated[
        float, typer.Option(help="One window of the athlete counts as so many of training.")
    ] = 100.0,
    as_json: Annotated[bool, typer.Option("--json", help="What was found, for programs.")] = False,
) -> None:
    """Learn how one athlete moves; the shared head stays where no sure gain is found."""
    import json

    from distride.bundle import write_head
    from distride.runtime import Student, read_recordings

    student = Student.open(bundle)
    own = [recording for file in recordings for recording in read_recordings(file)]
    head = student.personalize(own, weight)
    write_head(out, head)
    if as_json:
        found = {"athlete": head.athlete, "live": list(head.heads), "shots": head.shots}
        typer.echo(json.dumps(found | {"scores": head.scores, "reasons": head.reasons}))
        return
    for task, reason in head.reasons.items():
        typer.echo(f"{head.athlete}, {task}, {sum(head.shots[task].values())} windows: {reason}")
    typer.echo(f"Head: {out}")
