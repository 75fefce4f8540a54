"""`distride report`: from a run's results to its page."""

from pathlib import Path
from typing import Annotated

import typer

RESULTS = "results.json"  # of a run, whose page is report.html


def command(
    results: Annotated[Path, typer.Argument(help="A run's folder, or a file of results.")],
    out: Annotated[
        Path | None, typer.Option(help="The page; beside the results if not given.")
    ] = None,
) -> None:
    """Write the report of a run: one HTML page that needs no network."""
    from distride.report import write_report

    file = results / RESULTS if results.is_dir() else results
    beside = file.with_name("report.html") if file.name == RESULTS else file.with_suffix(".html")
    page = write_report(file, out or beside)
    typer.echo(f"Report: {page}")
