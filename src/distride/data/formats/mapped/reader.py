"""From a CSV and its mapping to recordings."""

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, is_other_encoding, lines, stem
from distride.data.formats.mapped.mapping import (
    NAME,
    RESERVED,
    ColumnMapping,
    Mapping,
    TimeMapping,
    factor_of,
)
from distride.data.formats.text import UNKNOWN, Column, Layout, numbers, read_rows, split_cells
from distride.data.recording import LABEL
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, loaded_parts
from distride.errors import DataError

ENDINGS = (".csv", ".txt", ".tsv", ".dat")
SEPARATORS = (",", ";", "\t", "|")
FRACTION = re.compile(r"[+-]?\d*([.,])\d+(?:[eE][+-]?\d+)?")
NOT_UTF8 = "is not UTF-8 (save it as 'CSV UTF-8')"
LONGEST_TOLD = 40  # letters of a foreign name
WHOSE, WHICH = "athlete", "recording"  # columns that divide rows


def mapped_source(mapping: Mapping) -> Source:
    """A source for every text file, read as the mapping says."""
    return Source(
        "mapped",
        "CSV with a declared mapping",
        _is_text,
        lambda path, athlete: _read(path, athlete, mapping),
    )


def _is_text(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith(ENDINGS)


def _read(path: Path, athlete: str, mapping: Mapping) -> Iterator[Loaded]:
    stream, told = read_rows(path, _layout(path, mapping))
    labels = dict(stream.labels)
    whose = labels.pop(WHOSE, np.full(len(stream.t), athlete, dtype=object))
    which = labels.pop(WHICH, np.full(len(stream.t), stem(path), dtype=object))
    texts = {task: np.where(_unknown(text), "", text) for task, text in labels.items()}
    whole = Stream(stream.t, stream.channels, texts)
    if not len(stream.t):
        raise DataError(f"'{path.name}' has no row that can be read. {' '.join(told)}".rstrip())
    pairs = dict.fromkeys(zip(whose, which, strict=True))
    parts = [
        (owner or athlete, name or stem(path), [whole.rows((whose == owner) & (which == name))])
        for owner, name in sorted(pairs, key=lambda pair: pair[0])  # athlete after athlete
    ]
    yield from loaded_parts(parts, told)


def _unknown(text: np.ndarray) -> np.ndarray:
    return np.array([cell.lower() in UNKNOWN for cell in text], bool)


def _layout(path: Path, mapping: Mapping) -> Layout:
    filled = [line for line in first_lines(path) if line.strip()][mapping.skip :]
    first = filled[0] if filled else ""
    separator = mapping.separator or _separator(first, mapping.decimal)
    names = mapping.columns or tuple(cell.strip() for cell in split_cells(first, separator))
    divided = {WHOSE: mapping.athlete, WHICH: mapping.recording}
    labels = mapping.labels | {key: column for key, column in divided.items() if column}
    return Layout(
        channels={
            channel: Column(_position(path, names, one.column), factor_of(channel, one.unit))
            for channel, one in mapping.channels.items()
        },
        width=len(names),
        clock=_position(path, names, mapping.time.column) if mapping.time else None,
        times=mapping.time.times(mapping.decimal) if mapping.time else numbers,
        expected=mapping.time.expected if mapping.time else "",
        rate_hz=mapping.rate_hz,
        labels={task: _position(path, names, column) for task, column in labels.items()},
        separator=separator,
        decimal=mapping.decimal,
        skip=mapping.skip + (0 if mapping.columns else 1),
    )


def _separator(first: str, decimal: str) -> str:
    return max((one for one in SEPARATORS if one != decimal), key=first.count)


def _position(path: Path, names: Sequence[str], column: str) -> int:
    if column in names:
        return names.index(column)
    if any(map(is_other_encoding, names)):
        raise DataError(f"'{path.name}' {NOT_UTF8}, so its column '{column}' is not found.")
    near = difflib.get_close_matches(column, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(names[:20])}."
    raise DataError(f"'{path.name}' has no column '{column}': {hint}")


def misfit(path: Path) -> str:
    """Why a table of text is not read without a mapping; empty where it is no such file.

    >>> misfit(Path("a.fit"))
    ''
    """
    names = _own_names(path)[0] if _is_text(path) else []
    return " and ".join(_faults(names)) if len(names) > 1 else ""


def _is_own(path: Path) -> bool:
    names, _ = _own_names(path)
    return len(names) > 1 and not list(_faults(names))


def _own_names(path: Path) -> tuple[list[str], str]:
    """The header's cells, and what separates them."""
    first = next(iter(first_lines(path)), "")
    separator = _separator(first, ".")
    return [cell.strip() for cell in split_cells(first, separator)], separator


def _faults(names: Sequence[str]) -> Iterator[str]:
    """What keeps a header from being one that this package writes."""
    if any(map(is_other_encoding, names)):
        yield NOT_UTF8
        return
    named = names[1:] if names[0] == "" else names  # R and pandas number the rows so
    odd = [name for name in named if not NAME.fullmatch(name)]
    twice = [name for name in named if named.count(name) > 1]
    if "t" not in named:
        yield "has no column 't'"
    if twice:
        yield f"names the column '{twice[0]}' twice"
    if odd:
        yield f"names '{odd[0][:LONGEST_TOLD]}' not in small letters, digits and '_'"


def _own_mapping(path: Path) -> Mapping:
    names, separator = _own_names(path)
    decimal = _decimal(path, separator)
    free = [name for name in names if name and name not in RESERVED]
    texts = {LABEL, *_texts(path, names, separator, decimal)}
    return Mapping(
        channels={name: ColumnMapping(name) for name in free if name not in texts},
        time=TimeMapping("t"),
        labels={name: name for name in free if name in texts},
        athlete=WHOSE if WHOSE in names else "",
        recording=WHICH if WHICH in names else "",
        separator=separator,
        decimal=decimal,
    )


def _decimal(path: Path, separator: str) -> str:
    """A comma where the first rows have fractions with it alone, and it does not part the cells."""
    cells = [cell for line in first_lines(path)[1:] for cell in split_cells(line, separator)]
    marks = {found[1] for cell in cells if (found := FRACTION.fullmatch(cell.strip()))}
    return "," if separator != "," and marks == {","} else "."


def _texts(path: Path, names: Sequence[str], separator: str, decimal: str) -> Iterator[str]:
    """Columns whose first known cell is no number; many unknown ones may come before it."""
    undecided = dict(enumerate(names))
    for line in islice(lines(path, []), 1, None):
        row = split_cells(line, separator)
        known = [at for at in undecided if row[at:] and row[at].strip().lower() not in UNKNOWN]
        for at in known if len(row) == len(names) else ():
            name = undecided.pop(at)
            if np.isnan(numbers([row[at].replace(decimal, ".")])[0]):
                yield name
        if not undecided:
            return


SOURCE = Source(
    "csv",
    "CSV with a column t in seconds and channels by name",
    _is_own,
    lambda path, athlete: _read(path, athlete, _own_mapping(path)),
)
