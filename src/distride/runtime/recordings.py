"""A recording from a file, with the base install where that is possible."""

import csv
from pathlib import Path

import numpy as np

from distride.data import LABEL, Cohort, Recording
from distride.data.athlete_file import CLOCK, RECORDING
from distride.errors import DataError
from distride.signals import HEART_RATE, is_waveform


def read_recordings(path: str | Path) -> list[Recording]:
    """All recordings of an athlete's file.

    Args:
        path: `COHORT/ATHLETE.parquet` of a cohort, or `ATHLETE.csv` with a column `t` in seconds,
            columns of numbers named like channels, and columns of text as labels; an optional
            column `recording` tells one from the next. Empty cells are unknown; in a channel so
            are those that say `n/a`, `null` and the like.

    Raises:
        DataError: It cannot be read, or a cell of a channel is neither a number nor unknown.
    """
    file = Path(path)
    if file.suffix == ".parquet":
        return Cohort.open(file.parent).read(file.stem)
    if file.suffix.lower() != ".csv":
        raise DataError(
            f"'{file}' is no recording: give an athlete's file of a cohort (.parquet) or a .csv "
            "with a column 't'; other files go through 'distride import'."
        )
    return _from_csv(file)


def _from_csv(file: Path) -> list[Recording]:
    columns = _columns(file)
    clock = _numbers(columns.pop(CLOCK))
    if clock is None or np.isnan(clock).any():
        raise DataError(f"The column '{CLOCK}' of '{file}' must hold seconds in every row.")
    names = np.array(columns.pop(RECORDING, [file.stem] * len(clock)), dtype=object)
    numbers = {name: _values(file, name, cells) for name, cells in columns.items()}
    channels = {
        name: values.astype(np.float32) for name, values in numbers.items() if values is not None
    }
    labels = {
        name: np.array([cell.strip() for cell in cells], dtype=object)
        for name, cells in columns.items()
        if name not in channels
    }
    return [
        Recording(
            athlete=file.stem,
            name=name,
            t=clock[names == name],
            channels={channel: values[names == name] for channel, values in channels.items()},
            labels={task: texts[names == name] for task, texts in labels.items()},
        )
        for name in dict.fromkeys(names)
    ]


def _columns(file: Path) -> dict[str, list[str]]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.reader(lines, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"'{file}' cannot be read as CSV: {error}") from error
    header = rows[0] if rows else []
    if CLOCK not in header or len(rows) < 2 or len(set(header)) < len(header):
        raise DataError(
            f"'{file}' has {max(len(rows) - 1, 0)} rows under the header {header[:9]}: a column "
            f"'{CLOCK}' in seconds is needed, every name once, and at least one row."
        )
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise DataError(
                f"Line {number} of '{file}' has {len(row)} cells and its header {len(header)}: "
                "they must be equal."
            )
    return dict(zip(header, map(list, zip(*rows[1:], strict=True)), strict=True))


def _values(file: Path, column: str, cells: list[str]) -> np.ndarray | None:
    """A column's numbers, NaN where unknown; None for a column of text, which no channel is."""
    values = None if column == LABEL else _numbers(cells)
    if values is not None or not (is_waveform(column) or column == HEART_RATE):
        return values
    from distride.data.formats.text import UNKNOWN  # slow to import, and seldom needed

    known = ["" if cell.strip().lower() in UNKNOWN else cell for cell in cells]
    wrong = next((at for at, cell in enumerate(known) if _numbers([cell]) is None), None)
    if wrong is not None:
        raise DataError(
            f"Line {wrong + 2} of '{file}' has '{cells[wrong]}' under '{column}': a channel holds "
            "numbers, and an empty cell where it is unknown."
        )
    return _numbers(known)


def _numbers(cells: list[str]) -> np.ndarray | None:
    """The cells as float64, empty ones NaN; None for a column of text."""
    try:
        return np.array([cell or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        return None
