"""Accelerometer logs of Garmin's companion SDK: date with zone; x; y; z in mg, no header."""

import re
from collections.abc import Iterator
from pathlib import Path

from distride.data.content import first_lines, stem
from distride.data.formats.text import Layout, dates, read_rows, triad
from distride.data.source import Loaded, Source
from distride.data.streams import loaded

ROW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+([+-]\d\d:\d\d|Z)(;-?\d+){3}")
LAYOUT = Layout(triad("acc", 1, "mg"), width=4, clock=0, times=dates(), separator=";", skip=0)


def _detects(path: Path) -> bool:
    return any(ROW.fullmatch(line.strip()) for line in first_lines(path)[:1])


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    stream, told = read_rows(path, LAYOUT)
    yield loaded([stream], athlete, stem(path), told)


SOURCE = Source(
    "garmin_sdk", "Garmin companion SDK: accelerometer log", _detects, _read, placement="wrist"
)
