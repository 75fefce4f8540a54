"""`distride fleet`: much work on one core, many, or a cluster."""

import os
from pathlib import Path
from typing import Annotated

import typer

from distride.cli.options import RayAddress, Weight, Workers

command = typer.Typer(help="Heads for many athletes, on one core, many, or a cluster.")


@command.callback()
def fleet() -> None:
    """Heads for many athletes, on one core, many, or a cluster."""
    # A worker is one core: a second thread gains nothing here and could change the last digits.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@command.command()
def personalize(
    bundle: Annotated[Path, typer.Argument(help="A .distride file.")],
    cohort: Annotated[Path, typer.Argument(help="A cohort's folder: labelled recordings.")],
    out: Annotated[Path, typer.Option(help="Where ATHLETE.head.safetensors and fleet.jsonl go.")],
    weight: Weight = 1.0,
    workers: Workers = 1,
    ray: RayAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was found, for programs.")] = False,
) -> None:
    """Learn how each athlete of a cohort moves; cut at any moment, it goes on where it was."""
    import json
    from dataclasses import asdict

    from distride.cli.progress import watched
    from distride.fleet import Crew, joined
    from distride.fleet import personalize as personalize_all

    with joined(Crew(workers, ray)), watched(quiet=as_json) as progress:
        done = personalize_all(bundle, cohort, out, weight, progress)
    if as_json:
        typer.echo(json.dumps(asdict(done) | {"folder": str(done.folder)}))
    else:
        typer.echo(
            f"{done.heads:,} of {done.athletes:,} athletes have a head's file, "
            f"{done.heads - done.kept:,} new, {done.kept:,} kept; in {done.live:,} of them a head "
            f"of their own is live, in the rest the shared one stays: {done.folder}"
        )
    for athlete, reason in done.failed.items():
        typer.secho(f"{athlete}: {reason}", fg="red", err=True)
    if done.failed:
        raise typer.Exit(1)
