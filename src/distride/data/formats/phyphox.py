"""phyphox on a phone: seconds, then one column an axis with its unit in brackets."""

import re
from collections.abc import Iterator
from pathlib import Path

from distride.data.content import stem
from distride.data.formats.text import Column, Layout, header, read_rows
from distride.data.formats.units import column_name, to_si
from distride.data.source import Loaded, Source
from distride.data.streams import loaded

SEPARATORS = (",", ";", "\t")
CELL = re.compile(r"(?P<quantity>.+?)(?: (?P<axis>[xyz]))? \((?P<unit>.+)\)", re.IGNORECASE)
SENSORS = {
    "acceleration": "acc",
    "accelerometer": "acc",
    "linear acceleration": "lacc",  # the phone has taken gravity out
    "gyroscope": "gyr",
    "magnetic field": "mag",
    "magnetometer": "mag",
}


def _separator(path: Path) -> str:
    return next((one for one in SEPARATORS if header(path, one)[:1] == ["Time (s)"]), "")


def _detects(path: Path) -> bool:
    return bool(_separator(path))


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    separator = _separator(path) or SEPARATORS[0]
    cells = header(path, separator)
    columns = (_column(at, cell) for at, cell in enumerate(cells) if at)
    layout = Layout(
        dict(column for column in columns if column),
        width=len(cells),
        clock=0,
        separator=separator,
    )
    stream, told = read_rows(path, layout)
    yield loaded([stream], athlete, stem(path), told)


def _column(at: int, cell: str) -> tuple[str, Column] | None:
    match = CELL.fullmatch(cell)
    if not match or match["quantity"].lower().startswith("absolute"):
        return None
    sensor = SENSORS.get(match["quantity"].lower())
    if sensor and match["axis"]:
        return f"{sensor}_{match['axis'].lower()}", Column(at, to_si(match["unit"])[1])
    name, factor = column_name(" ".join(filter(None, match.groups()[:2])), match["unit"])
    return name, Column(at, factor)


SOURCE = Source("phyphox", "phyphox: CSV of a phone's sensors", _detects, _read)
