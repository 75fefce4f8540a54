"""A recording from a file, with the base install where that is possible."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from distride.data import LABEL, Cohort, Recording
from distride.data.athlete_file import CLOCK, RECORDING
from distride.errors import DataError


def read_recordings(path: str | Path) -> list[Recording]:
    """All recordings of an athlete's file.

    Args:
        path: `COHORT/ATHLETE.parquet` of a cohort, or `ATHLETE.csv` with a column `t` in seconds,
            columns of numbers named like channels, and columns of text as labels; an optional
            column `recording` tells one from the next. Empty cells are unknown.

    Raises:
        DataError: It cannot be read.
    """
    file = Path(path)
    if file.suffix == ".parquet":
        return Cohort.open(file.parent).read(file.stem)
    if file.suffix.lower() != ".csv":
        raise DataError(
            f"'{file}' is no recording: give an athlete's file of a cohort (.parquet) or a .csv "
            "with a column 't'; other files go through 'distride import'."
        )
    columns = _columns(file)
    clock = _numbers(columns.pop(CLOCK))
    if clock is None or np.isnan(clock).any():
        raise DataError(f"The column '{CLOCK}' of '{file}' must hold seconds in every row.")
    names = np.array(columns.pop(RECORDING, [file.stem] * len(clock)), dtype=object)
    return [
        _recording(file.stem, name, clock, columns, names == name) for name in dict.fromkeys(names)
    ]


def _recording(
    athlete: str,
    name: str,
    clock: np.ndarray,
    columns: Mapping[str, list[str]],
    rows: np.ndarray,
) -> Recording:
    numbers = {
        column: None if column == LABEL else _numbers(cells) for column, cells in columns.items()
    }
    return Recording(
        athlete=athlete,
        name=name,
        t=clock[rows],
        channels={
            column: values[rows].astype(np.float32)
            for column, values in numbers.items()
            if values is not None
        },
        labels={
            column: np.array(cells, dtype=object)[rows]
            for column, cells in columns.items()
            if numbers[column] is None
        },
    )


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


def _numbers(cells: list[str]) -> np.ndarray | None:
    """The cells as float64, empty ones NaN; None for a column of text."""
    try:
        return np.array([cell or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        return None
