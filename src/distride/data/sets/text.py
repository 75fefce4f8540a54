"""Text tables: numbers line by line; a line that is damaged is counted, and the rest is read."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.errors import DataError

ENCODING = "latin-1"  # gives every byte a character, so that damage is a bad line and no error

Stretches = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Rows:
    """The lines that hold as many numbers as they should.

    Attributes:
        values: ``(row, column)`` float64, NaN where the file says so.
        places: ``(row,)`` how many lines precede each, damaged ones counted: the clock of a file
            that has none.
        lost: Damaged lines.
    """

    values: np.ndarray
    places: np.ndarray
    lost: int

    def spread(self, length: int) -> np.ndarray:
        """The values ``(length, column)`` at their places, NaN where a line was damaged."""
        spread = np.full((length, self.values.shape[1]), np.nan)
        inside = self.places < length
        spread[self.places[inside]] = self.values[inside]
        return spread

    @property
    def length(self) -> int:
        """Lines up to the last readable one."""
        return int(self.places[-1]) + 1


def read_rows(file: Path, width: int, delimiter: str | None = None) -> Rows:
    """A table of numbers.

    Args:
        file: Text; empty lines count for nothing.
        width: Numbers in a line.
        delimiter: Between two numbers; None for any blanks.

    Raises:
        DataError: The file cannot be opened, or none of its lines can be read.
    """
    try:
        values = np.loadtxt(text_lines(file), delimiter=delimiter, comments=None, ndmin=2)
    except ValueError:
        return _sound_rows(file, width, delimiter)
    if values.shape[1] != width:
        return _sound_rows(file, width, delimiter)
    return Rows(values, np.arange(len(values)), 0)


def text_lines(file: Path) -> Iterator[str]:
    """The lines of a file, those without text left out.

    Raises:
        DataError: The file cannot be opened, or has no text.
    """
    empty = True
    for line in _raw_lines(file):
        if line.strip():
            empty = False
            yield line.decode(ENCODING)
    if empty:
        raise DataError(f"'{file}' is empty: get it again.")


def athlete_stretches(file: Path, column: int = 0) -> dict[str, list[tuple[int, int]]]:
    """Where in a comma-separated file each athlete's lines lie, so that one can be read alone.

    A line without an athlete's number goes with the line before it, and is counted there.

    Args:
        file: Many athletes', in any order.
        column: Holds the athlete's number.

    Returns:
        First and last byte (exclusive) of each stretch, by athlete, numbers rising.

    Raises:
        DataError: The file cannot be opened, or names no athlete.
    """
    stretches: dict[str, list[tuple[int, int]]] = {}
    athlete, start, end = "", 0, 0
    for line in _raw_lines(file):
        cells = line.split(b",", column + 1)
        found = cells[column].strip().decode(ENCODING) if len(cells) > column + 1 else ""
        if found.isdecimal() and found != athlete:
            stretches.setdefault(athlete, []).append((start, end))
            athlete, start = found, end
        end += len(line)
    stretches.setdefault(athlete, []).append((start, end))
    stretches.pop("", None)
    if not stretches:
        raise DataError(f"'{file}' names no athlete: it is empty or damaged; get it again.")
    return dict(sorted(stretches.items(), key=lambda item: int(item[0])))


def lines_of(file: Path, stretches: Stretches) -> Iterator[str]:
    """The lines of some stretches of a file, those without text left out.

    Raises:
        DataError: The file cannot be opened.
    """
    try:
        with file.open("rb") as text:
            for start, end in stretches:
                text.seek(start)
                lines = text.read(end - start).decode(ENCODING).split("\n")
                yield from (line for line in lines if line.strip())
    except OSError as error:
        raise _unreadable(file, error) from error


def _sound_rows(file: Path, width: int, delimiter: str | None) -> Rows:
    values, places, count = array("d"), array("q"), 0
    for place, line in enumerate(text_lines(file)):
        numbers = _numbers(line.split(delimiter))
        if len(numbers) == width:
            values.extend(numbers)
            places.append(place)
        count = place + 1
    if not places:
        raise DataError(
            f"'{file}' has no line of {width} numbers: it is damaged or another file; get it again."
        )
    table = np.frombuffer(values, np.float64).reshape(-1, width)
    return Rows(table, np.frombuffer(places, np.int64), count - len(places))


def _numbers(cells: list[str]) -> list[float]:
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return []


def _raw_lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> DataError:
    return DataError(f"'{file}' cannot be read: {error.strerror}; get the data set again.")
