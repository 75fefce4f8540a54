"""`distride personalize`: an athlete's own head from labelled recordings."""

from pathlib import Path
from typing import Annotated, Any

import typer

from distride.cli.options import Weight


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    recordings: Annotated[
        list[Path],
        typer.Argument(help="The athlete's: .csv with labels, or COHORT/ATHLETE.parquet."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="The head to write: ATHLETE.head.safetensors.")
    ] = None,
    heads: Annotated[
        Path | None,
        typer.Option(help="A folder of athletes, where it becomes this one's next version."),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why it is made; kept with the version.")
    ] = "calibration",
    weight: Weight = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="What was found, for programs.")] = False,
) -> None:
    """Learn how one athlete moves; the shared head stays where no sure gain is found."""
    import json

    from distride.bundle import write_head
    from distride.errors import DataError
    from distride.runtime import Student, Versions, fingerprint, read_recordings

    if out is None and heads is None:
        raise DataError("Nowhere to write the head: give --heads FOLDER, --out FILE, or both.")
    student = Student.open(bundle)
    own = [recording for file in recordings for recording in read_recordings(file)]
    head = student.personalize(own, weight)
    found: dict[str, Any] = {"athlete": head.athlete, "live": list(head.heads)}
    found |= {"shots": head.shots, "scores": head.scores, "reasons": head.reasons}
    written = []
    if out is not None:
        write_head(out, head)
        written.append(f"Head: {out}")
    if heads is not None:
        versions = Versions(heads, head.athlete)
        made = versions.add(head, fingerprint(student.predictor, own), reason)
        found |= {"version": made.number, "live_version": versions.history.live}
        written.append(f"Version {made.number} in {heads}")
    if as_json:
        typer.echo(json.dumps(found))
        return
    for task, told in head.reasons.items():
        typer.echo(f"{head.athlete}, {task}, {sum(head.shots[task].values())} windows: {told}")
    for line in written:
        typer.echo(line)
