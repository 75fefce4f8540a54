"""UMAFall: a header that describes five sensors, then their samples interleaved, long format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.data.content import first_lines, stem
from distride.data.formats.text import Column, Layout, read_rows, scaled
from distride.data.formats.units import snake, to_si
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, constant, loaded

TYPES = {0: ("acc", "g"), 1: ("gyr", "deg/s"), 2: ("mag", "uT")}  # as the files' header numbers
PLACEMENTS = {"RIGHTPOCKET": "right_pocket"}
SENSOR = re.compile(r"%\s*[0-9A-Fa-f:]{17}\s*;\s*(\d+)\s*;\s*(\w+)\s*;")
COLUMNS = ("x", "y", "z", "type", "sensor")
WIDTH = 7  # time in ms; number; x; y; z; type; sensor


@dataclass(frozen=True)
class _Header:
    lines: int  # that are not blank
    athlete: str
    movement: str
    placements: dict[int, str]


def _detects(path: Path) -> bool:
    return any(line.startswith("% TimeStamp; Sample No;") for line in first_lines(path)[:80])


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    told = _header(path)
    layout = Layout(
        {name: Column(2 + at) for at, name in enumerate(COLUMNS)},
        width=WIDTH,
        clock=0,
        times=scaled(1e-3),
        separator=";",
        skip=told.lines,
    )
    samples, warnings = read_rows(path, layout)
    streams = list(_streams(samples, told))
    silent = set(told.placements.values()) - {_placement(stream) for stream in streams}
    if silent:
        warnings.append(f"No samples of the sensors at {', '.join(sorted(silent))} are in it.")
    yield loaded(streams, told.athlete or athlete, stem(path), warnings)


def _header(path: Path) -> _Header:
    lines = [line.strip() for line in first_lines(path) if line.strip()]
    about = [line for line in lines if line.startswith("%")]
    fields = dict(line[1:].split(":", 1) for line in about if ":" in line)
    named = {key.strip(): value.strip() for key, value in fields.items()}
    found = filter(None, map(SENSOR.match, about))
    return _Header(
        lines=len(about),
        athlete=named.get("Name", ""),
        movement=named.get("Description of the movement", "").lower(),
        placements={int(one[1]): PLACEMENTS.get(one[2], snake(one[2])) for one in found},
    )


def _streams(samples: Stream, told: _Header) -> Iterator[Stream]:
    kinds, sensors = samples.channels["type"], samples.channels["sensor"]
    for number, placement in told.placements.items():
        for kind, (sensor, unit) in TYPES.items():
            rows = samples.rows(np.flatnonzero((sensors == number) & (kinds == kind)))
            if len(rows.t):
                factor = to_si(unit)[1]
                yield Stream(
                    rows.t,
                    {
                        f"{placement}_{sensor}_{axis}": rows.channels[axis] * factor
                        for axis in "xyz"
                    },
                    {"label": constant(told.movement, rows.t)},
                )


def _placement(stream: Stream) -> str:
    return next(iter(stream.channels)).rsplit("_", 2)[0]


SOURCE = Source("umafall", "UMAFall: CSV of five sensors", _detects, _read)
