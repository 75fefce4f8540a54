"""Polar HRM, the text file of older Polar watches: a heart rate every so many seconds."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from distride.data.content import content, head, stem
from distride.data.formats.text import numbers
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, loaded
from distride.errors import DataError
from distride.signals import HEART_RATE

BEAT_BY_BEAT = 238  # the interval that says that rows are times between beats


def _detects(path: Path) -> bool:
    return head(path).lstrip(b"\xef\xbb\xbf").startswith(b"[Params]")


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    told: list[str] = []
    text = content(path, told).decode("latin-1")
    params, _, data = text.partition("[HRData]")
    rows = [line.split() for line in data.splitlines() if line.strip()]
    interval_s = _number(params, "Interval")
    if not rows or not 0 < interval_s < BEAT_BY_BEAT:
        raise DataError(
            f"'{path.name}' is a Polar HRM file with {len(rows)} heart rates every "
            f"{interval_s:g} s: at least one and an interval of 1 to 237 s are needed."
        )
    rates = numbers([row[0] for row in rows])
    further = max(len(row) for row in rows) - 1
    if further:
        told.append(f"{further} further columns of the HRM file are not read.")
    damaged = int(np.isnan(rates).sum())
    if damaged:
        told.append(f"{damaged} of {len(rows)} heart rates are unreadable and count as unknown.")
    t = _start_s(params) + np.arange(len(rows)) * interval_s
    yield loaded([Stream(t, {HEART_RATE: rates})], athlete, stem(path), told)


def _number(params: str, key: str) -> float:
    match = re.search(rf"^{key}=(\d+)\s*$", params, re.MULTILINE)
    return float(match[1]) if match else float("nan")


def _start_s(params: str) -> float:
    match = re.search(r"^Date=(\d{8})\s+StartTime=([\d:]+)", params, re.MULTILINE)
    try:
        date = datetime.strptime(" ".join(match.groups()), "%Y%m%d %H:%M:%S") if match else None
    except ValueError:
        date = None
    return date.replace(tzinfo=UTC).timestamp() if date else 0.0


SOURCE = Source("hrm", "Polar HRM: heart rate as text", _detects, _read)
