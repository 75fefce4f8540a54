"""Rows of delimited text; damage is counted, never raised."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, lines
from distride.data.formats.units import to_si
from distride.data.streams import Stream
from distride.errors import DataError

ROWS_AT_ONCE = 65_536
LARGEST = 1e30
UNKNOWN = frozenset({"", "nan", "null", "none", "na", "n/a", "-"})

Times = Callable[[Sequence[str]], np.ndarray]


def numbers(cells: Sequence[str]) -> np.ndarray:
    """Cells as float64, NaN where there is no number that a sensor could give.

    >>> numbers(["1.5", "", "x", "9e99"])
    array([1.5, nan, nan, nan])
    """
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = np.array([_number(cell) for cell in cells])
    return np.where(np.abs(values) < LARGEST, values, np.nan)


def scaled(factor: float) -> Times:
    """Reads times that are numbers in another unit than seconds."""
    return lambda cells: numbers(cells) * factor


def dates(pattern: str = "") -> Times:
    """Reads dates as seconds since 1970: ISO 8601, or in a pattern of `strptime`.

    A date without a zone is taken as if it were in UTC.

    >>> dates()(["1970-01-01 00:00:02.5", "?"])
    array([2.5, nan])
    """
    return lambda cells: np.array([_epoch_s(cell.strip(), pattern) for cell in cells])


@dataclass(frozen=True)
class Column:
    """Where a channel stands in a row, and the factor that makes it SI."""

    position: int
    factor: float = 1.0


@dataclass(frozen=True)
class Layout:
    """How to read a file of rows.

    Attributes:
        channels: By name.
        width: Cells of a whole row; further ones must be blank.
        clock: Position of the time; None where rows are even.
        times: From the clock's cells to seconds, NaN where unreadable.
        rate_hz: Rows a second where there is no clock.
        start_s: Time of the first row where there is no clock.
        labels: Positions of texts by name.
        separator: Between cells.
        decimal: Point or comma.
        skip: Lines before the first row, blank ones not counted.
    """

    channels: Mapping[str, Column]
    width: int
    clock: int | None = None
    times: Times = numbers
    rate_hz: float = 1.0
    start_s: float = 0.0
    labels: Mapping[str, int] = field(default_factory=dict)
    separator: str = ","
    decimal: str = "."
    skip: int = 1


def triad(sensor: str, first: int, unit: str) -> dict[str, Column]:
    """Three axes that stand side by side."""
    factor = to_si(unit)[1]
    return {f"{sensor}_{axis}": Column(first + at, factor) for at, axis in enumerate("xyz")}


def header(path: Path, separator: str = ",") -> list[str]:
    """The cells of the first line."""
    first = first_lines(path)[:1]
    return [cell.strip() for line in first for cell in split_cells(line, separator)]


def split_cells(line: str, separator: str) -> list[str]:
    """The cells of one line; a quote never reaches over its end."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]


def read_rows(path: Path, layout: Layout) -> tuple[Stream, list[str]]:
    """All rows of a file as a stream, and a sentence for each kind of loss.

    Raises:
        DataError: It cannot be read, or lacks the layout's columns.
    """
    if not layout.channels or (layout.clock or 0) >= layout.width:
        raise DataError(
            f"'{path.name}' has {layout.width} columns, and no time or no sensor that is known "
            "among them: export it again, or declare its columns with --mapping."
        )
    told: list[str] = []
    lost: Counter[str] = Counter()
    unread = islice(lines(path, told), layout.skip, None)
    blocks = []
    first = 0
    while block := list(islice(unread, ROWS_AT_ONCE)):
        blocks.append(_block(block, first, layout, lost))
        first += len(block)
    if lost["rows"]:
        told.append(f"{lost['rows']} of {first} rows are left out: they lack cells or have more.")
    if lost["cells"]:
        told.append(f"{lost['cells']} cells hold no number and count as unknown.")
    return _joined(blocks or [_block([], 0, layout, lost)]), told


def _block(raw: Sequence[str], first: int, layout: Layout, lost: Counter[str]) -> Stream:
    rows = [split_cells(line, layout.separator) for line in raw]
    whole = [_is_whole(row, layout.width) for row in rows]
    kept = [row for row, good in zip(rows, whole, strict=True) if good]
    lost["rows"] += len(rows) - len(kept)
    cells = list(zip(*(row[: layout.width] for row in kept), strict=True))
    columns = cells or [()] * layout.width
    return Stream(
        _times(columns, first + np.flatnonzero(whole), layout),
        {
            name: _values(columns[column.position], layout, lost) * column.factor
            for name, column in layout.channels.items()
        },
        {
            name: np.array([cell.strip() for cell in columns[position]], dtype=object)
            for name, position in layout.labels.items()
        },
    )


def _is_whole(row: Sequence[str], width: int) -> bool:
    return len(row) >= width and not any(cell.strip() for cell in row[width:])


def _times(columns: Sequence[Sequence[str]], rows: np.ndarray, layout: Layout) -> np.ndarray:
    if layout.clock is None:
        return layout.start_s + rows / layout.rate_hz
    return layout.times(_pointed(columns[layout.clock], layout)).astype(np.float64)


def _pointed(cells: Sequence[str], layout: Layout) -> Sequence[str]:
    if layout.decimal == ".":
        return cells
    return [cell.replace(layout.decimal, ".") for cell in cells]


def _values(cells: Sequence[str], layout: Layout, lost: Counter[str]) -> np.ndarray:
    values = numbers(_pointed(cells, layout))
    for number in np.flatnonzero(~np.isfinite(values)):
        lost["cells"] += cells[number].strip().lower() not in UNKNOWN
    return values


def _joined(blocks: Sequence[Stream]) -> Stream:
    return Stream(
        np.concatenate([block.t for block in blocks]),
        {
            name: np.concatenate([block.channels[name] for block in blocks])
            for name in blocks[0].channels
        },
        {
            name: np.concatenate([block.labels[name] for block in blocks])
            for name in blocks[0].labels
        },
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _epoch_s(cell: str, pattern: str) -> float:
    try:
        date = datetime.strptime(cell, pattern) if pattern else datetime.fromisoformat(cell)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("nan")
