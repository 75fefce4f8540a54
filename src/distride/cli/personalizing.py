"""`distride personalize`: an athlete's own head from labelled recordings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from distride.cli.options import Weight

if TYPE_CHECKING:
    from distride.bundle import PersonalHead

NEAR = 0.8  # of a name's letters: "sqaut", and not "jump left" for "jump right"


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
    known = {task: student.bundle.heads[task].labels for task in head.shots}
    found["new"] = {task: _new(head.shots[task], labels) for task, labels in known.items()}
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
    for line in (*_told(head, known), *written):
        typer.echo(line)


def _told(head: "PersonalHead", known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What was learnt from, task by task, and what the guard said."""
    for task, shots in head.shots.items():
        windows = sum(shots.values())
        yield f"{head.athlete}, {task}, {windows} windows: {head.reasons[task]}"
        if known[task]:
            yield f"  {', '.join(f'{name} {count}' for name, count in shots.items())}"
        for name in _new(shots, known[task]):
            yield f"  new: {name}{_nearest(name, known[task])}"


def _new(shown: Iterable[str], labels: Sequence[str]) -> list[str]:
    """Movements that a model learns from this athlete; a regression has none."""
    return [name for name in shown if labels and name not in labels]


def _nearest(name: str, labels: Sequence[str]) -> str:
    import difflib

    folded = {label.casefold(): label for label in labels}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=NEAR)
    return f" (did you mean '{folded[near[0]]}'?)" if near else ""
