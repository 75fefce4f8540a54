"""Empatica E4: a folder of files, the first line the start, the second the rate."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, stem
from distride.data.formats.text import Column, Layout, numbers, read_rows
from distride.data.source import Loaded, Source
from distride.data.streams import loaded
from distride.errors import DataError
from distride.signals import GRAVITY_MS2, HEART_RATE

COUNTS_A_G = 64
SIGNALS = {
    "ACC": {f"acc_{axis}": Column(at, GRAVITY_MS2 / COUNTS_A_G) for at, axis in enumerate("xyz")},
    "BVP": {"bvp": Column(0)},
    "EDA": {"eda_us": Column(0)},
    "HR": {HEART_RATE: Column(0)},
    "IBI": {"ibi_s": Column(1)},
    "TEMP": {"skin_temp_c": Column(0)},
}
START = re.compile(r"\d{9,10}(\.\d+)?\s*(,|$)")
TAGS = "tags"


def _detects(path: Path) -> bool:
    if stem(path) == TAGS:
        return all(START.match(line) for line in first_lines(path)) and path.is_file()
    return stem(path) in SIGNALS and any(START.match(line) for line in first_lines(path)[:1])


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    kind = stem(path)
    if kind == TAGS:
        raise DataError(
            f"'{path.name}' holds the {len(first_lines(path))} button presses of an Empatica E4, "
            "moments and no samples: give the folder's other files."
        )
    stream, told = read_rows(path, _layout(path, kind))
    yield loaded([stream], athlete, kind, told)


def _layout(path: Path, kind: str) -> Layout:
    channels = SIGNALS[kind]
    start_s, rate_hz = numbers([line.split(",")[0] for line in [*first_lines(path), "", ""][:2]])
    if kind == "IBI":
        return Layout(channels, 2, clock=0, times=lambda cells: start_s + numbers(cells))
    if not (np.isfinite(rate_hz) and rate_hz > 0):
        raise DataError(
            f"The first two lines of '{path.name}' must tell when an Empatica E4 started and its "
            "rate in Hz: export the session again."
        )
    return Layout(channels, len(channels), rate_hz=rate_hz, start_s=start_s, skip=2)


SOURCE = Source(
    "empatica",
    "Empatica E4: folder of CSV files",
    _detects,
    _read,
    session=lambda path: "",
    placement="wrist",
)
