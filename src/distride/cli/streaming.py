"""`distride stream`: a recording through a bundle, as a device would read it live."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from distride.data import Recording
    from distride.runtime import Event, Stream

SAMPLES_A_PUSH = 64


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    recording: Annotated[
        Path, typer.Argument(help="A .csv with a column 't', or COHORT/ATHLETE.parquet.")
    ],
    head: Annotated[Path | None, typer.Option(help="The athlete's own head.")] = None,
    name: Annotated[str, typer.Option(help="Which recording; the first if not given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Every event, one JSON a line.")] = False,
) -> None:
    """Tell what the athlete does, and when: changes only, or every event as JSON."""
    from distride.runtime import Student, read_recordings, to_json
    from distride.signals import measured_hz

    student = Student.open(bundle)
    chosen = _chosen(read_recordings(recording), name, recording)
    _check_channels(chosen, student.bundle.manifest.signals.channels)
    own = student.bundle.personal_head(head) if head else None
    events = _events(student.stream(own, measured_hz(chosen.t)), chosen)
    for line in map(to_json, events) if as_json else _changes(events):
        typer.echo(line)


def _chosen(recordings: "list[Recording]", name: str, file: Path) -> "Recording":
    from distride.errors import DataError

    for recording in recordings:
        if name in ("", recording.name):
            return recording
    names = ", ".join(recording.name for recording in recordings)
    raise DataError(f"'{file}' has no recording '{name}': it has {names}.")


def _check_channels(recording: "Recording", channels: tuple[str, ...]) -> None:
    from distride.errors import DataError

    if not set(channels) & recording.channels.keys():
        raise DataError(
            f"The recording has the channels {list(recording.channels)[:12]} and the bundle reads "
            f"{list(channels)}: none is in both; rename the recording's columns."
        )


def _events(stream: "Stream", recording: "Recording") -> "Iterator[Event]":
    samples = recording.samples(stream.spec.channels)
    for start in range(0, len(recording.t), SAMPLES_A_PUSH):
        rows = slice(start, start + SAMPLES_A_PUSH)
        yield from stream.push(recording.t[rows], samples[rows])


def _changes(events: "Iterator[Event]") -> Iterator[str]:
    """Lines for people: a task's answer, or why there is none, where it differs from before."""
    from distride.runtime import Quality, State

    last: dict[str, str] = {}
    for event in events:
        if isinstance(event, Quality):
            yield f"{event.t_s:8.1f} s  ! {event.text}"
        if not isinstance(event, State):
            continue
        value = "" if event.value is None else f"{event.value:.1f} {event.unit}".rstrip()
        answer = event.cause or event.movement or value
        if last.get(event.task) != answer:
            last[event.task] = answer
            sure = "" if event.confidence is None else f" ({event.confidence:.0%})"
            doubt = f"not sure: {event.reason}" if event.cause == "unsure" else event.reason
            told = doubt if event.cause else f"{answer}{sure}"
            yield f"{event.t_s:8.1f} s  {event.task}: {told}"
