"""`distride athlete`: the versions of athletes' own models, what to record next, and forgetting."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from distride.cli.options import AsJson

if TYPE_CHECKING:
    from distride.runtime.history import History

command = typer.Typer(help="The life of athletes' own models.", no_args_is_help=True)

Heads = Annotated[
    Path, typer.Argument(help="The folder that `distride personalize --heads` writes to.")
]
Name = Annotated[str, typer.Argument(metavar="ATHLETE", help="Whose.")]


@command.command("list")
def list_(
    heads: Heads,
    athlete: Annotated[str, typer.Argument(help="Whose versions; everybody's if not given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell every version, its scores, and which is live."""
    import dataclasses
    import json

    from distride.errors import BundleError, DataError
    from distride.runtime import athletes_in, versions_of

    names = (athlete,) if athlete else athletes_in(heads)
    if not names:
        raise DataError(
            f"'{heads}' has versions of nobody: give the folder that "
            "`distride personalize --heads` writes to."
        )
    histories, damaged = [], []
    for name in names:
        try:
            histories.append(versions_of(heads, name).history)
        except BundleError as error:
            damaged.append(str(error))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in histories], ensure_ascii=False))
    else:
        for history in histories:
            _tell(history)
    for sentence in damaged:
        typer.secho(sentence, fg="red", err=True)
    if damaged:
        raise typer.Exit(1)


def _tell(history: "History") -> None:
    live = f"version {history.live} is live" if history.live else "the shared head is live"
    typer.echo(f"{history.athlete}: {live}")
    for one in history.versions:
        mark = "*" if one.number == history.live else " "
        typer.echo(f"{mark} {one.number:3d}  {one.created}  {one.reason}")
        for task, verdict in one.verdicts.items():
            typer.echo(f"       {task}, {sum(one.shots[task].values())} windows: {verdict}")


@command.command()
def rollback(
    heads: Heads,
    athlete: Name,
    to: Annotated[
        int | None,
        typer.Option(help="Which version; the one before if not given, 0 for the shared head."),
    ] = None,
) -> None:
    """Make an earlier version live again."""
    from distride.runtime import versions_of

    number = versions_of(heads, athlete).rollback(to)
    live = f"version {number}" if number else "the shared head"
    typer.echo(f"{athlete}: {live} is live.")


@command.command("next")
def next_(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    recordings: Annotated[
        list[Path] | None, typer.Argument(help="What the athlete recorded so far, labelled.")
    ] = None,
    task: Annotated[str, typer.Option(help="Whose movements; the first if not given.")] = "",
    among: Annotated[
        list[str] | None, typer.Option(help="A movement the athlete can do; all if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell which movement to record next, or that it is enough."""
    import dataclasses
    import json

    from distride.runtime import Student, read_recordings

    own = [recording for file in recordings or () for recording in read_recordings(file)]
    found = Student.open(bundle).next_movement(own, task, among or None)
    typer.echo(json.dumps(dataclasses.asdict(found)) if as_json else found.reason)


@command.command()
def forget(
    folder: Annotated[
        Path,
        typer.Argument(help="Of heads, of sessions, of a fleet, or of a run: its caches go too."),
    ],
    athlete: Name,
) -> None:
    """Remove all that is theirs: heads, sessions, caches, and their name in results."""
    from distride.guidance import Past, is_past
    from distride.runtime import Versions

    if (folder / "run.json").exists():
        from distride.runs import forget as forget_in_run

        forget_in_run(folder, athlete)
    elif (folder / "fleet.jsonl").exists():
        from distride.fleet import forget as forget_in_fleet

        forget_in_fleet(folder, athlete)
    elif is_past(folder, athlete):
        Past(folder, athlete).forget()
    else:
        Versions(folder, athlete).forget()
    typer.echo(f"Nothing of {athlete} is left in {folder}.")
