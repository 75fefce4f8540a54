"""`distride report`: from a run's results to its page."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    results: Annotated[Path, typer.Argument(help="The results.json of a run.")],
    out: Annotated[
        Path | None, typer.Option(help="The page; beside the results if not given.")
    ] = None,
) -> None:
    """Write the report of a run: one HTML page that needs no network."""
    from distride.report import write_report

    page = write_report(results, out or results.with_suffix(".html"))
    typer.echo(f"Report: {page}")
