"""Android watches: nanoseconds since boot, sensors in Android's units, swimming labels.

The layout of the Swimming Style Recognition recordings (Brunner et al., ISWC 2019); columns such
as ``ACC_012`` are lengths of vectors and add nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from distride.data.content import stem
from distride.data.formats.text import Column, Layout, header, numbers, read_rows, scaled
from distride.data.source import Loaded, Source
from distride.data.streams import loaded

CHANNELS = {
    **{f"ACC_{at}": f"acc_{axis}" for at, axis in enumerate("xyz")},
    **{f"GYRO_{at}": f"gyr_{axis}" for at, axis in enumerate("xyz")},
    **{f"MAG_{at}": f"mag_{axis}" for at, axis in enumerate("xyz")},
    "PRESS": "pressure_hpa",
    "LIGHT": "light_lux",
}
LABELS = ("", "freestyle", "breaststroke", "backstroke", "butterfly", "turn")  # by code


def _detects(path: Path) -> bool:
    return {"timestamp", "ACC_0", "ACC_1", "ACC_2"} <= set(header(path))


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    names = header(path)
    where = {name: at for at, name in enumerate(names)}
    layout = Layout(
        {CHANNELS[name]: Column(at) for name, at in where.items() if name in CHANNELS},
        width=len(names),
        clock=where.get("timestamp", len(names)),
        times=scaled(1e-9),
        labels={"label": where["label"]} if "label" in where else {},
    )
    stream, told = read_rows(path, layout)
    labels = {name: _named(codes) for name, codes in stream.labels.items()}
    yield loaded([replace(stream, labels=labels)], athlete, stem(path), told)


def _named(codes: np.ndarray) -> np.ndarray:
    values = numbers(codes.tolist())
    known = np.isin(values, np.arange(len(LABELS)))
    names = np.array(LABELS, dtype=object)[np.where(known, values, 0).astype(int)]
    return np.asarray(np.where(known, names, codes))


SOURCE = Source(
    "android_watch", "Android watch: CSV of sensors", _detects, _read, placement="wrist"
)
