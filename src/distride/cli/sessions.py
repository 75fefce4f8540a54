"""`distride session`: what a session was, kept with those before, and written for other tools."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from distride.cli import who
from distride.cli.options import AsJson, History

if TYPE_CHECKING:
    from distride.guidance import Day, Rules, Session
    from distride.guidance.summary import Summary
    from distride.guidance.wording import Language

command = typer.Typer(help="After a session: what it was.", no_args_is_help=True)

Log = Annotated[
    Path,
    typer.Argument(
        metavar="EVENTS", help="What `distride stream --json` wrote; - reads it from a pipe."
    ),
]
Name = Annotated[str, typer.Option(help="Whose session.")]
Start = Annotated[
    str,
    typer.Option(
        help="When its clock was at 0, such as 2026-05-01T18:00; it ended now if not given."
    ),
]
Effort = Annotated[
    float | None,
    typer.Option(help="How hard it was, Borg's CR10, asked half an hour after.", metavar="0…10"),
]


@command.command()
def show(
    events: Log,
    athlete: Name,
    start: Start = "",
    rpe: Effort = None,
    profile: who.Profile = None,
    symptom: who.Symptoms = None,
    ill: who.Ill = False,
    rules: who.RulesFile = None,
    history: History = None,
    language: who.Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """Sum a session up: movements, data, load, what was unlike the athlete, and what is next."""
    spoken = (who.rules_of(rules), who.language_of(language))
    if history is not None:
        _look_for(history)
    session = _session(events, athlete, start, rpe)
    day = who.day_of(profile, symptom, ill, session.began.date())
    tell_session(session, day, spoken, as_json, history)


@command.command()
def keep(
    events: Log,
    athlete: Name,
    history: Annotated[Path, typer.Option(help="A folder of sessions, for all athletes.")],
    start: Start = "",
    rpe: Effort = None,
    profile: who.Profile = None,
    symptom: who.Symptoms = None,
    ill: who.Ill = False,
) -> None:
    """Add a session to the athlete's sessions so far: one file, never changed afterwards."""
    from distride.guidance import Past, summarize

    session = _session(events, athlete, start, rpe)
    day = who.day_of(profile, symptom, ill, session.began.date())
    typer.echo(f"Kept as {Past(history, athlete).add(summarize(session, day))}.")


@command.command()
def export(
    events: Log,
    file: Annotated[
        Path, typer.Argument(help="Where to: .fit for other tools, or .json, the summary.")
    ],
    athlete: Name,
    start: Start = "",
    rpe: Effort = None,
    profile: who.Profile = None,
) -> None:
    """Write a session for other tools: a FIT activity, or its summary as JSON."""
    from distride.errors import GuidanceError
    from distride.files import write_whole
    from distride.guidance import summarize, write_fit

    session = _session(events, athlete, start, rpe)
    summary = summarize(session, who.day_of(profile, None, False, session.began.date()))
    suffix = file.suffix.lower()
    if suffix == ".fit":
        write_fit(file, session, summary)
    elif suffix == ".json":
        write_whole(file, summary.to_json(), GuidanceError)
    else:
        raise GuidanceError(f"'{file}' is no file to write to: its name must end in .fit or .json.")
    typer.echo(f"Written to {file}.")


@command.command("list")
def list_(
    history: Annotated[Path, typer.Argument(help="The folder that `keep` writes to.")],
    athlete: Annotated[str, typer.Argument(help="Whose sessions.")],
    language: who.Spoken = "en",
    as_json: AsJson = False,
) -> None:
    """Tell an athlete's sessions so far."""
    from distride.errors import GuidanceError
    from distride.guidance import Past, athletes_with_sessions

    spoken, names = who.language_of(language), athletes_with_sessions(history)
    if athlete not in names:
        known = ", ".join(names[:9]) or "nobody"
        raise GuidanceError(f"'{history}' has no sessions of '{athlete}': it has those of {known}.")
    for one in Past(history, athlete).summaries():
        typer.echo(one.to_line() if as_json else _line(one, spoken))


def tell_session(
    session: "Session",
    day: "Day | None",
    spoken: "tuple[Rules, Language]",
    as_json: bool,
    history: Path | None = None,
) -> None:
    """Show a session, or write it as one line of JSON.

    Args:
        session: What was told in it.
        day: Who, and how they are.
        spoken: A coach's rules, and the language.
        as_json: One line of JSON.
        history: The folder of sessions before, if there is one.
    """
    from rich.console import Console

    from distride.cli.session_view import session_view
    from distride.guidance import Past, review, summarize

    summary = summarize(session, day)
    before = Past(history, session.athlete).before(summary) if history else ()
    found = review(summary, before, day, *spoken)
    if as_json:
        typer.echo(found.to_json())
    else:
        console = Console()
        console.print(session_view(found, *spoken, console.width))


def _look_for(history: Path) -> None:
    """Refuse a file; a folder to which no session was added yet is no more than told."""
    from distride.guidance import athletes_with_sessions

    if history.exists():
        athletes_with_sessions(history)
    else:
        typer.echo(f"There is no '{history}' yet: the session is compared with none.", err=True)


def _session(events: Path, athlete: str, start: str, rpe: float | None) -> "Session":
    from distride.errors import GuidanceError
    from distride.guidance import Session
    from distride.runtime import read_events

    told = read_events(_lines(events), str(events))
    try:
        begun = dt.datetime.fromisoformat(start) if start else None
    except ValueError:
        raise GuidanceError(
            f"The session's start is {start!r}: give a date and time, such as 2026-05-01T18:00."
        ) from None
    if begun is None:
        begun = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=told[-1].t_s)
    return Session(athlete, begun.astimezone() if begun.tzinfo is None else begun, told, rpe)


def _lines(events: Path) -> list[str]:
    from distride.errors import DataError
    from distride.files import reason

    try:
        text = sys.stdin.read() if str(events) == "-" else events.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"The events '{events}' cannot be read: {reason(error)}.") from error
    return text.split("\n")


def _line(summary: "Summary", language: "Language") -> str:
    from distride.cli.event_lines import listed
    from distride.cli.replay import clock
    from distride.guidance import Measured
    from distride.guidance.wording import text

    shown = {"start": summary.start, "clock": clock(summary.seconds)}
    counts = {"sets": len(summary.sets), "repetitions": summary.repetitions}
    told = [text("session", "done", language, **shown, **counts)]
    for key, one in (("session_rpe", summary.load.session_rpe), ("trimp", summary.load.trimp)):
        if isinstance(one, Measured):
            name = text("load", key, language)
            told.append(f"{name}: {one.value:.0f} {one.measure.unit}")
    return listed(told, language)
