"""MbientLab MetaMotion as MetaBase exports it: one file a sensor, epoch milliseconds."""

import re
from collections.abc import Iterator
from pathlib import Path

from distride.data.content import first_lines, stem
from distride.data.formats.text import Column, Layout, header, read_rows, scaled
from distride.data.formats.units import column_name, sensor_in
from distride.data.source import Loaded, Source
from distride.data.streams import loaded

CELL = re.compile(r"(?P<quantity>.+?) \((?P<unit>.+)\)")
SENSOR = re.compile(r"_(Accelerometer|Gyroscope|Magnetometer)(_[\d.]+Hz(_[\d.]+)?)?")


def _detects(path: Path) -> bool:
    return any(line.startswith("epoch (ms),time (") for line in first_lines(path)[:1])


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    cells = header(path)
    channels = dict(_column(at, cell) for at, cell in enumerate(cells) if at > 2)
    stream, told = read_rows(path, Layout(channels, len(cells), clock=0, times=scaled(1e-3)))
    yield loaded([stream], athlete, stem(path), told)


def _column(at: int, cell: str) -> tuple[str, Column]:
    match = CELL.fullmatch(cell)
    quantity, unit = (match["quantity"], match["unit"]) if match else (cell, "")
    name, factor = column_name(quantity, unit)
    sensor = sensor_in(unit)
    return (f"{sensor}_{quantity[0].lower()}" if sensor else name), Column(at, factor)


def _session(path: Path) -> str:
    return SENSOR.sub("", stem(path))


SOURCE = Source(
    "metamotion", "MbientLab MetaMotion: CSV of MetaBase", _detects, _read, session=_session
)
