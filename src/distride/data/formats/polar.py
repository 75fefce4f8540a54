"""Polar Sensor Logger: one text file a sensor, with the phone's clock and the sensor's own.

Streams of one sensor agree on the sensor's clock to microseconds, while the phone stamps each
when it happens to arrive, seconds apart. So the sensor's clock is used where there is one, moved
onto the phone's by the stream that arrived with the least delay; the heart rate, which has the
phone's stamp alone, then fits.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, stem
from distride.data.formats.text import (
    Column,
    Layout,
    dates,
    header,
    read_rows,
    scaled,
    split_cells,
)
from distride.data.formats.units import column_name, sensor_in
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, loaded
from distride.errors import DataError
from distride.signals import HEART_RATE

PHONE_CLOCK, SENSOR_CLOCK = "Phone timestamp", "sensor timestamp [ns]"
KIND = re.compile(r"_?(ACC|GYRO|MAGN|PPG|PPI|HR|RR|ECG|MARKER)$")
CELL = re.compile(r"(?P<quantity>.+?) \[(?P<unit>.+)\]")
LIGHT = {"channel 0": "ppg_0", "channel 1": "ppg_1", "channel 2": "ppg_2", "ambient": "ppg_ambient"}
BLOCKER = "blocker"  # 1 where the sensor itself distrusts an interval, because the arm moved
PULSE_EXTRAS = ("error estimate [ms]", "contact", "hr [bpm]")  # of intervals; HR has its own file


def _detects(path: Path) -> bool:
    return header(path, ";")[:1] == [PHONE_CLOCK]


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    cells = header(path, ";")
    if "Marker start/stop" in cells:
        raise DataError(
            f"'{path.name}' holds {len(first_lines(path)) - 1} markers of Polar Sensor Logger, "
            "moments and no samples: give the other files of the session."
        )
    stream, told = read_rows(path, _layout(cells))
    if SENSOR_CLOCK in cells:
        stream = replace(stream, t=stream.t + _phone_ahead_s(path))
    yield loaded([_trusted(stream, told)], athlete, stem(path), told)


def _layout(cells: list[str]) -> Layout:
    own = SENSOR_CLOCK in cells
    clocks = (PHONE_CLOCK, SENSOR_CLOCK, *PULSE_EXTRAS, "")
    return Layout(
        dict(_column(at, cell) for at, cell in enumerate(cells) if cell not in clocks),
        width=len(cells),
        clock=cells.index(SENSOR_CLOCK) if own else 0,
        times=scaled(1e-9) if own else dates(),
        separator=";",
    )


def _column(at: int, cell: str) -> tuple[str, Column]:
    match = CELL.fullmatch(cell)
    if not match:
        return LIGHT.get(cell, cell.lower().replace(" ", "_")), Column(at)
    quantity, unit = match["quantity"], match["unit"]
    name, factor = column_name(quantity, unit)
    sensor = sensor_in(unit)
    if sensor:
        name = f"{sensor}_{quantity.lower()}"
    return (HEART_RATE if quantity == "HR" else name), Column(at, factor)


def _trusted(stream: Stream, told: list[str]) -> Stream:
    """Intervals that the sensor blocked are unknown."""
    channels = dict(stream.channels)
    blocked = channels.pop(BLOCKER, np.zeros(1)) == 1
    if blocked.any():
        told.append(f"{blocked.sum()} intervals count as unknown: the sensor marked them as bad.")
        channels = {name: np.where(blocked, np.nan, values) for name, values in channels.items()}
    return replace(stream, channels=channels)


def _phone_ahead_s(path: Path) -> float:
    """The phone's clock less the sensor's, by the session's stream of least delay."""
    session = KIND.sub("", stem(path))
    beside = (file for file in path.parent.glob("*_*.txt*") if KIND.sub("", stem(file)) == session)
    ahead = [one for file in (path, *beside) if np.isfinite(one := _first_ahead_s(file))]
    return min(ahead, default=0.0)


def _first_ahead_s(path: Path) -> float:
    lines = first_lines(path)[:2]
    if len(lines) < 2 or not lines[0].startswith(f"{PHONE_CLOCK};{SENSOR_CLOCK}"):
        return float("nan")
    phone, sensor = [*split_cells(lines[1], ";"), ""][:2]
    return float(dates()([phone])[0] - scaled(1e-9)([sensor])[0])


def _session(path: Path) -> str:
    return KIND.sub("", stem(path))


SOURCE = Source("polar", "Polar Sensor Logger: text files", _detects, _read, session=_session)
