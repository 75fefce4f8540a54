"""`distride stream`: a recording through a bundle, as a device would read it live."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from distride.cli import who
from distride.cli.options import History

if TYPE_CHECKING:
    import numpy as np

    from distride.bundle import Bundle, PersonalHead
    from distride.data import Recording
    from distride.guidance import Day, Guide, Rules, Session, SetCounter
    from distride.guidance.own import Own
    from distride.guidance.wording import Language
    from distride.runtime import Event, Stream

SAMPLES_A_PUSH = 64


def command(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    recording: Annotated[
        Path, typer.Argument(help="A .csv with a column 't', or COHORT/ATHLETE.parquet.")
    ],
    head: Annotated[
        Path | None,
        typer.Option(help="The athlete's own head, or their folder of versions: the live one."),
    ] = None,
    name: Annotated[str, typer.Option(help="Which recording; the first if not given.")] = "",
    profile: who.Profile = None,
    symptom: who.Symptoms = None,
    ill: who.Ill = False,
    optical: Annotated[
        bool,
        typer.Option("--optical", help="The heart rate is a watch's: not believed in hard motion."),
    ] = False,
    count: Annotated[
        list[str] | None,
        typer.Option(
            help="Count repetitions of this movement; 'all': of each exercise the bundle knows; "
            "'anything': of whatever repeats, strides too."
        ),
    ] = None,
    rules: who.RulesFile = None,
    history: History = None,
    language: who.Spoken = "en",
    speed: Annotated[
        float, typer.Option(help="So many times as fast as it was; 0: at once.", min=0.0)
    ] = 0.0,
    say: Annotated[bool, typer.Option("--say", help="Speak advice, with espeak-ng.")] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="At the end, what the session was.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Every event, one JSON a line.")] = False,
) -> None:
    """Tell what the athlete does, and what is advised: changes only, or every event as JSON."""
    from distride.cli.counting import counter_of
    from distride.cli.replay import paced
    from distride.cli.sessions import tell_session
    from distride.guidance import Past, check_labels, own_before
    from distride.runtime import Student, check_channels, is_calibrated, read_recordings
    from distride.signals import measured_hz

    student = Student.open(bundle)
    chosen = _chosen(read_recordings(recording), name, recording)
    check_channels(chosen.channels, student.bundle.manifest.spec)
    own = _own(student.bundle, head) if head else None
    day = who.day_of(profile, symptom, ill, dt.date.today())
    known, spoken_in = who.rules_of(rules), who.language_of(language)
    if say and day is None:
        typer.echo("Nothing is advised without the athlete's --profile.", err=True)
    stream = student.stream(own, measured_hz(chosen.t))
    check_labels(known, {task: one.labels for task, one in stream.predictor.heads.items()})
    is_own = own is not None or (head is not None and is_calibrated(head))
    before = Past(history, chosen.athlete).summaries() if history else ()
    guide = _guide(day, (known, spoken_in), is_own, own_before(before))
    counter = counter_of(chosen, stream, count) if count else None
    events = _events((stream, counter, guide), chosen, _moving(chosen) if optical else None)
    kept: list[Event] = []
    events = _keeping(events, kept) if summary else events
    events = paced(events, speed) if speed else events
    _tell(_spoken(events, spoken_in) if say else events, speed > 0, spoken_in, as_json)
    if summary:
        tell_session(_ended_now(chosen, kept), day, (known, spoken_in), as_json, history)


def _ended_now(recording: "Recording", events: "Sequence[Event]") -> "Session":
    from distride.guidance import Session

    clock_s = float(recording.t[-1])  # the session's start is where its clock was at 0
    start = dt.datetime.now(dt.UTC).astimezone() - dt.timedelta(seconds=clock_s)
    return Session(recording.athlete, start, tuple(events))


def _guide(
    day: "Day | None",
    spoken: "tuple[Rules, Language]",
    is_calibrated: bool,
    usual: "Mapping[str, Sequence[Own]]",
) -> "Guide":
    from distride.guidance import Guide

    if spoken[0].asks_model and day is not None and not is_calibrated:
        typer.echo("What the model would advise waits for a calibration: give --head.", err=True)
    return Guide(day, *spoken, is_calibrated, usual)


def _keeping(events: "Iterator[Event]", kept: "list[Event]") -> "Iterator[Event]":
    for event in events:
        kept.append(event)
        yield event


def _tell(events: "Iterator[Event]", is_live: bool, language: "Language", as_json: bool) -> None:
    """To the terminal: a live view at the session's pace, lines otherwise."""
    from rich.console import Console
    from rich.live import Live

    from distride.cli.replay import View
    from distride.runtime import to_json

    console = Console()
    if as_json or not (is_live and console.is_terminal):
        for line in map(to_json, events) if as_json else _changes(events, language):
            typer.echo(line)
        return
    view = View(language)
    with Live(view, console=console, refresh_per_second=8):
        for event in events:
            view.push(event)


def _spoken(events: "Iterator[Event]", language: "Language") -> "Iterator[Event]":
    """The events, advice said aloud as it comes."""
    from distride.cli.replay import SPEAKER, Speaker
    from distride.runtime import Advice

    speaker = Speaker(language)
    if not speaker.is_there:
        typer.echo(f"{SPEAKER} is not installed: what would be said is only shown.", err=True)
    for event in events:
        if isinstance(event, Advice):
            speaker.say(event.spoken)
        yield event
    speaker.close()


def _chosen(recordings: "list[Recording]", name: str, file: Path) -> "Recording":
    from distride.errors import DataError

    for recording in recordings:
        if name in ("", recording.name):
            return recording
    names = ", ".join(recording.name for recording in recordings)
    raise DataError(f"'{file}' has no recording '{name}': it has {names}.")


def _own(bundle: "Bundle", head: Path) -> "PersonalHead | None":
    from distride.runtime import live_in

    if not head.is_dir():
        return bundle.personal_head(head)
    live = live_in(head, bundle)
    if live is None:
        typer.echo(f"No version in {head} is live: the shared head reads.", err=True)
    return live


def _moving(recording: "Recording") -> "np.ndarray":
    """``(time,)`` whether the wearer moves hard at any accelerometer: the watch may sit by it.

    Raises:
        GuidanceError: There is no accelerometer.
    """
    import numpy as np

    from distride.errors import GuidanceError
    from distride.guidance import hard_motion
    from distride.signals import sensor_of, triads

    names = tuple(name for name in recording.channels if sensor_of(name) == "acc")
    units = [tuple(names[at] for at in triad) for triad in triads(names)]
    if not units:
        raise GuidanceError(
            "--optical needs an accelerometer, to tell hard motion, and the recording has none: "
            "name its columns like 'wrist_acc_x', or leave the option out."
        )
    hard = [hard_motion(recording.t, recording.samples(unit)) for unit in units]
    return np.asarray(np.any(hard, axis=0))


def _events(
    listeners: "tuple[Stream, SetCounter | None, Guide]",
    recording: "Recording",
    moving: "np.ndarray | None",
) -> "Iterator[Event]":
    from distride.signals import HEART_RATE

    stream, counter, guide = listeners
    samples = recording.samples(stream.spec.channels)
    heart = recording.channels.get(HEART_RATE)
    for start in range(0, len(recording.t), SAMPLES_A_PUSH):
        rows = slice(start, start + SAMPLES_A_PUSH)
        t, bpm = recording.t[rows], None if heart is None else heart[rows]
        is_hard = None if moving is None else moving[rows]
        told: list[Event] = [*stream.push(t, samples[rows])]
        if counter:
            told += counter.push(t, samples[rows], told)
        yield from guide.push(told, t, bpm, is_hard)
    last: list[Event] = [*stream.flush(), *(counter.close() if counter else [])]
    yield from guide.push(last, recording.t[:0])


def _changes(events: "Iterator[Event]", language: "Language") -> Iterator[str]:
    """Lines for people: a task's answer, or why there is none, where it differs from before."""
    from distride.cli.event_lines import answer_line, lasting_line, task_name, technique_line
    from distride.runtime import Advice, Drift, Quality, SetEnded, State, Technique

    last: dict[str, str] = {}
    for event in events:
        if isinstance(event, Quality | Drift | SetEnded | Advice):
            yield f"{event.t_s:8.1f} s  {' '.join(lasting_line(event, language))}"
        if isinstance(event, Technique) and event.verdict and event.since == event.number:
            yield f"{event.t_s:8.1f} s  ~ {technique_line(event, language)}"
        if not isinstance(event, State):
            continue
        answer = event.cause or event.movement or answer_line(event, language)
        if last.get(event.task) != answer:
            last[event.task] = answer
            told = answer_line(event, language)
            yield f"{event.t_s:8.1f} s  {task_name(event.task, language)}: {told}"
