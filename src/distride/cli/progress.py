"""Progress bars for long work, on the error stream, so that output stays clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Told = Callable[[str, int, int], None]


@contextmanager
def watched(quiet: bool = False) -> Iterator[Told]:
    """Something to tell a stage, its steps done and their number; it draws a bar a stage."""
    columns = (
        TextColumn("{task.description:24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bars:
        current: dict[str, int] = {}

        def told(stage: str, done: int, total: int) -> None:
            number = current.get(stage)
            if number is None or (bars.tasks[number].finished and done < total):
                number = current[stage] = int(bars.add_task(stage, total=total))
            bars.update(bars.task_ids[number], completed=done, total=total)

        yield told
