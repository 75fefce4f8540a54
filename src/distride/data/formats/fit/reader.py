"""From FIT messages to recordings."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from distride.data.content import content, head, stem
from distride.data.formats.fit.messages import Activity, Values, decode
from distride.data.formats.units import column_name
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, loaded_parts, numbered, stream_of_points
from distride.errors import DataError
from distride.signals import HEART_RATE

KINDS = {"44": "metrics", "49": "sleep", "68": "HRV status"}  # not in the public profile
SENSOR_LOGS = ("accelerometer_data", "gyroscope_data", "magnetometer_data")
BITS = ("left_right_balance", "developer_left_right_balance")  # a flag and a share in one number
NAMES = {
    "position_lat": "latitude",
    "position_long": "longitude",
    "stance_time_percent": "stance_time",
}
STRAP_SILENT_S = 5.0
UNREAD = re.compile(r"(developer_)?(timestamp|unknown_\d+)")


def _detects(path: Path) -> bool:
    named = path.name.lower().endswith((".fit", ".fit.gz"))
    return path.is_file() and (named or head(path)[8:12] == b".FIT")


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    told: list[str] = []
    activities, damage = decode(content(path, told))
    told += damage
    recorded = [_streams(activity, told) for activity in activities if activity.records]
    if not recorded:
        raise DataError(f"'{path.name}' {_instead(activities)} {' '.join(told)}".rstrip())
    names = numbered(stem(path), len(recorded))
    parts = [(athlete, name, streams) for name, streams in zip(names, recorded, strict=True)]
    yield from loaded_parts(parts, told)


def _instead(activities: list[Activity]) -> str:
    """What a file holds that holds no records."""
    kinds = {KINDS.get(one.kind, one.kind) for one in activities} - {"", "None"}
    counts = {name: count for one in activities for name, count in one.counts.most_common(4)}
    if not counts:
        return "is no FIT file, or nothing of it can be read."
    return (
        f"is a FIT file of {' and '.join(sorted(kinds)) or 'an unknown kind'}, no activity: it has "
        f"no records over time, but {', '.join(f'{n} {name}' for name, n in counts.items())}."
    )


def _streams(activity: Activity, told: list[str]) -> list[Stream]:
    logs = sum(activity.counts[name] for name in SENSOR_LOGS)
    if logs:
        told.append(f"{logs} messages of raw motion sensors are not read.")
    records = _plain(stream_of_points(_points(activity)))
    streams = [records]
    if activity.beats:
        beats = _strap(activity, told)
        streams = [_without_wrist_rates(records, beats), beats]
    return [_with_sport(stream, activity.sports) for stream in streams]


def _points(activity: Activity) -> Iterator[tuple[float, dict[str, float]]]:
    read = {
        name: column_name(NAMES.get(name, name), unit)
        for name, unit in activity.units.items()
        if not UNREAD.fullmatch(name) and name not in BITS
    }
    for record in activity.records:
        yield _seconds(record.get("timestamp")), _numbers(record, read)


def _numbers(record: Values, read: dict[str, tuple[str, float]]) -> dict[str, float]:
    return {
        read[name][0]: value * read[name][1]
        for name, value in record.items()
        if name in read and isinstance(value, int | float)
    }


def _seconds(value: Any) -> float:
    """Since 1970, or since the device was switched on where its clock was not set."""
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else float("nan")


def _plain(records: Stream) -> Stream:
    """Fractions of the cadence added, and fields of apps without a prefix where none clashes."""
    channels = dict(records.channels)
    fraction = channels.pop("fractional_cadence_rpm", None)
    if fraction is not None and "cadence_rpm" in channels:
        channels["cadence_rpm"] = channels["cadence_rpm"] + np.nan_to_num(fraction)
    for name in list(channels):
        plain = name.removeprefix("developer_")
        if plain not in channels:
            channels[plain] = channels.pop(name)
    return Stream(records.t, channels)


def _strap(activity: Activity, told: list[str]) -> Stream:
    """The strap's heart rates during the activity; it keeps those before and after too."""
    pairs = [(_seconds(t), rate) for t, rate in activity.beats if isinstance(rate, int | float)]
    t, rates = np.array(pairs, np.float64).reshape(-1, 2).T
    span = np.array([_seconds(record.get("timestamp")) for record in activity.records])
    inside = (t >= np.nanmin(span, initial=np.inf)) & (t <= np.nanmax(span, initial=-np.inf))
    if not inside.all():
        told.append(f"{(~inside).sum()} heart rates of the strap are from outside the activity.")
    return Stream(t[inside], {HEART_RATE: rates[inside]})


def _without_wrist_rates(records: Stream, strap: Stream) -> Stream:
    """The watch's own heart rate only where the strap is silent: the two may differ by 40 bpm."""
    if HEART_RATE not in records.channels or not len(strap.t):
        return records
    beats = np.sort(strap.t)
    before = np.searchsorted(beats, records.t, side="right").clip(1) - 1
    around = beats[[before, (before + 1).clip(max=len(beats) - 1)]]
    away_s = np.abs(around - records.t).min(axis=0)
    own = np.where(away_s <= STRAP_SILENT_S, np.nan, records.channels[HEART_RATE])
    return Stream(records.t, {**records.channels, HEART_RATE: own})


def _with_sport(stream: Stream, sports: list[tuple[float, str]]) -> Stream:
    if not sports:
        return stream
    starts, names = zip(*sorted(sports), strict=True)
    at = np.searchsorted(starts, stream.t, side="right").clip(1) - 1
    return Stream(stream.t, stream.channels, {"sport": np.array(names, dtype=object)[at]})


SOURCE = Source("fit", "FIT of Garmin, Wahoo, COROS and others", _detects, _read)
