"""Rows of delimited text; damage is counted, never raised."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, lines
from distride.data.formats.units import to_si
from distride.data.streams import LATEST_S, Stream
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


def scaled(factor: float, decimal: str = ".") -> Times:
    """Reads times that are numbers in another unit than seconds."""
    return lambda cells: numbers(_pointed(cells, decimal)) * factor


def dates(pattern: str = "", decimal: str = ".") -> Times:
    """Reads dates as seconds since 1970: ISO 8601, or in a pattern of `strptime`.

    A date without a zone is taken as if it were in UTC. A pattern with commas has them as they
    stand in the cells; for another one, a decimal comma is a point.

    >>> dates()(["1970-01-01 00:00:02.5", "?"])
    array([2.5, nan])
    """
    decimal = "." if "," in pattern else decimal
    return lambda cells: np.array(
        [_epoch_s(cell.strip(), pattern) for cell in _pointed(cells, decimal)]
    )


@dataclass(frozen=True)
class Column:
    """Where a channel stands in a row, and the factor that makes it SI."""

    position: int
    factor: float = 1.0


@dataclass
class Lost:
    """What of a file could not be read: rows, cells, and the first time."""

    rows: int = 0
    cells: int = 0
    time: str | None = None


@dataclass(frozen=True)
class Layout:
    """How to read a file of rows.

    Attributes:
        channels: By name.
        width: Cells of a whole row; further ones must be blank.
        clock: Position of the time; None where rows are even.
        times: From the clock's cells to seconds, NaN where unreadable.
        expected: What such a cell holds, as a person is told; empty: nothing is told.
        rate_hz: Rows a second where there is no clock.
        start_s: Time of the first row where there is no clock.
        labels: Positions of texts by name.
        separator: Between cells.
        decimal: Point or comma, in the cells of channels.
        skip: Lines before the first row, blank ones not counted.
    """

    channels: Mapping[str, Column]
    width: int
    clock: int | None = None
    times: Times = numbers
    expected: str = ""
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
    lost = Lost()
    unread = islice(lines(path, told), layout.skip, None)
    blocks = []
    first = 0
    while block := list(islice(unread, ROWS_AT_ONCE)):
        blocks.append(_block(block, first, layout, lost))
        first += len(block)
    told += _told(lost, first, layout.expected)
    return _joined(blocks or [_block([], 0, layout, lost)]), told


def _told(lost: Lost, rows: int, expected: str) -> Iterator[str]:
    if lost.rows:
        yield f"{lost.rows} of {rows} rows are left out: they lack cells or have more."
    if lost.cells:
        yield f"{lost.cells} cells hold no number and count as unknown."
    if expected and lost.time is not None:
        yield f"The first time that is unreadable is '{lost.time}': {expected} was expected."


def _block(raw: Sequence[str], first: int, layout: Layout, lost: Lost) -> Stream:
    rows = [split_cells(line, layout.separator) for line in raw]
    whole = [_is_whole(row, layout.width) for row in rows]
    kept = [row for row, good in zip(rows, whole, strict=True) if good]
    lost.rows += len(rows) - len(kept)
    cells = list(zip(*(row[: layout.width] for row in kept), strict=True))
    columns = cells or [()] * layout.width
    return Stream(
        _times(columns, first + np.flatnonzero(whole), layout, lost),
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


def _times(
    columns: Sequence[Sequence[str]], rows: np.ndarray, layout: Layout, lost: Lost
) -> np.ndarray:
    if layout.clock is None:
        return layout.start_s + rows / layout.rate_hz
    cells = columns[layout.clock]
    times = layout.times(cells).astype(np.float64)
    unreadable = np.flatnonzero(~(np.abs(times) < LATEST_S))
    if lost.time is None and len(unreadable):
        lost.time = cells[unreadable[0]].strip()
    return times


def _pointed(cells: Sequence[str], decimal: str) -> Sequence[str]:
    return cells if decimal == "." else [cell.replace(decimal, ".") for cell in cells]


def _values(cells: Sequence[str], layout: Layout, lost: Lost) -> np.ndarray:
    values = numbers(_pointed(cells, layout.decimal))
    for number in np.flatnonzero(~np.isfinite(values)):
        lost.cells += cells[number].strip().lower() not in UNKNOWN
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
