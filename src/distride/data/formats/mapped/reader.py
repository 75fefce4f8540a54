"""From a CSV and its mapping to recordings."""

import difflib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, lines, stem
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
WHOSE, WHICH = "athlete", "recording"  # columns that divide rows


def mapped_source(mapping: Mapping) -> Source:
    """A source for every text file, read as the mapping says."""
    return Source(
        "mapped",
        "CSV with a declared mapping",
        lambda path: path.name.lower().removesuffix(".gz").endswith(ENDINGS),
        lambda path, athlete: _read(path, athlete, mapping),
    )


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
    possible = [one for one in SEPARATORS if one != mapping.decimal]
    separator = mapping.separator or max(possible, key=first.count)
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
        times=mapping.time.times if mapping.time else numbers,
        rate_hz=mapping.rate_hz,
        labels={task: _position(path, names, column) for task, column in labels.items()},
        separator=separator,
        decimal=mapping.decimal,
        skip=mapping.skip + (0 if mapping.columns else 1),
    )


def _position(path: Path, names: Sequence[str], column: str) -> int:
    if column in names:
        return names.index(column)
    near = difflib.get_close_matches(column, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(names[:20])}."
    raise DataError(f"'{path.name}' has no column '{column}': {hint}")


def _own_names(path: Path) -> list[str]:
    """The header, if its names are those that this package writes; else nothing."""
    first = next(iter(first_lines(path)), "")
    names = [cell.strip() for cell in first.split(",")]
    fit = "t" in names and len(set(names)) == len(names) > 1
    return names if fit and all(NAME.fullmatch(name) for name in names) else []


def _own_mapping(path: Path) -> Mapping:
    names = _own_names(path)
    free = [name for name in names if name not in RESERVED]
    texts = {LABEL, *_texts(path, names)}
    return Mapping(
        channels={name: ColumnMapping(name) for name in free if name not in texts},
        time=TimeMapping("t"),
        labels={name: name for name in free if name in texts},
        athlete=WHOSE if WHOSE in names else "",
        recording=WHICH if WHICH in names else "",
    )


def _texts(path: Path, names: Sequence[str]) -> Iterator[str]:
    """Columns whose first known cell is no number; many unknown ones may come before it."""
    undecided = dict(enumerate(names))
    for line in islice(lines(path, []), 1, None):
        row = split_cells(line, ",")
        known = [at for at in undecided if row[at:] and row[at].strip().lower() not in UNKNOWN]
        for at in known if len(row) == len(names) else ():
            name = undecided.pop(at)
            if np.isnan(numbers([row[at]])[0]):
                yield name
        if not undecided:
            return


SOURCE = Source(
    "csv",
    "CSV with a column t in seconds and channels by name",
    lambda path: bool(_own_names(path)),
    lambda path, athlete: _read(path, athlete, _own_mapping(path)),
)
