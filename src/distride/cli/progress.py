"""Progress bars for long work, on the error stream, so that output stays clean."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress
from rich.console import Console

from distride.data.progress import Progress


@contextmanager
def watched(quiet: bool = False) -> Iterator[Progress]:
    """Something to tell a stage, its steps done and their number; it draws a bar a stage."""
    columns = (
        progress.TextColumn("{task.description:24}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), disable=quiet) as bars:
        current: dict[str, int] = {}

        def told(stage: str, done: int, total: int) -> None:
            number = current.get(stage)
            if number is None or (bars.tasks[number].finished and done < total):
                number = current[stage] = int(bars.add_task(stage, total=total))
            bars.update(bars.task_ids[number], completed=done, total=total)

        yield told
