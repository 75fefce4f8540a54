"""Axivity AX3 and AX6 as OmGui exports them: date, x, y, z in g, no header."""

import re
from collections.abc import Iterator
from pathlib import Path

from distride.data.content import first_lines, stem
from distride.data.formats.text import Layout, dates, read_rows, triad
from distride.data.source import Loaded, Source
from distride.data.streams import loaded

ROW = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+(,-?\d+(\.\d+)?){3}")
LAYOUT = Layout(triad("acc", 1, "g"), width=4, clock=0, times=dates(), skip=0)


def _detects(path: Path) -> bool:
    return any(ROW.fullmatch(line.strip()) for line in first_lines(path)[:1])


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    stream, told = read_rows(path, LAYOUT)
    yield loaded([stream], athlete, stem(path), told)


SOURCE = Source("axivity", "Axivity AX3: CSV of OmGui", _detects, _read)
