"""The `distride` command: verbs, and the one place where errors become one sentence."""

import importlib
import os
import sys

import typer

from distride.errors import DistrideError

INTERRUPTED = 130  # what shells say of a program that was stopped by its user
VERBS = {
    "demo": "distride.cli.demo",
    "import": "distride.cli.importing",
    "audit": "distride.cli.auditing",
    "train": "distride.cli.training",
    "transfer": "distride.cli.transferring",
    "base": "distride.cli.basing",
    "evaluate": "distride.cli.evaluating",
    "bench": "distride.cli.benching",
    "report": "distride.cli.reporting",
    "bundle": "distride.cli.bundling",
    "stream": "distride.cli.streaming",
    "session": "distride.cli.sessions",
    "rules": "distride.cli.ruling",
    "personalize": "distride.cli.personalizing",
    "finetune": "distride.cli.finetuning",
    "fleet": "distride.cli.fleeting",
    "athlete": "distride.cli.athletes",
    "serve": "distride.cli.serving",
}

app = typer.Typer(
    name="distride",
    help="From recordings of many athletes to one small model for each athlete.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Run the command line; a known error ends it with one sentence and exit code 2.

    What the system refuses, such as a full disk, is known too: it names the file and the reason.
    """
    for verb, module in VERBS.items():
        command = importlib.import_module(module).command
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=verb)
        else:
            app.command(verb)(command)
    try:
        app()
    except (DistrideError, OSError) as error:
        typer.secho(f"distride: {error}", fg="red", err=True)
        sys.exit(2)
    except SystemExit as end:
        if isinstance(end.__context__, typer.Abort):
            # Python would wait for trainings that run side by side; what they wrote is whole.
            os._exit(INTERRUPTED)
        raise
