"""TCX: activities of laps of track points; read with the standard library.

`tcxreader` runs all activities of a file into one, refuses a file for one bad time, and reads
nothing of a file that breaks off.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from distride.data.content import content, elements, head, stem
from distride.data.formats.text import dates, numbers
from distride.data.formats.units import snake
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, constant, loaded_parts, numbered, stream_of_points
from distride.errors import DataError
from distride.signals import HEART_RATE

CHANNELS = {
    "HeartRateBpm": HEART_RATE,
    "Cadence": "cadence_rpm",
    "RunCadence": "cadence_rpm",
    "Speed": "speed_ms",
    "Watts": "power_w",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
}
SPORTS = {"biking": "cycling"}  # as FIT and GPX call it


def _detects(path: Path) -> bool:
    return b"<TrainingCenterDatabase" in head(path) or path.suffix.lower() == ".tcx"


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    told: list[str] = []
    activities = _activities(content(path, told), told)
    streams = [_stream(points, sport, told) for sport, points in activities if points]
    if not streams:
        raise DataError(
            f"'{path.name}' is a TCX file with {len(activities)} activities and no track "
            f"points: export an activity that was recorded. {' '.join(told)}".rstrip()
        )
    names = numbered(stem(path), len(streams))
    parts = [(athlete, name, [one]) for name, one in zip(names, streams, strict=True)]
    yield from loaded_parts(parts, told)


def _activities(xml: bytes, told: list[str]) -> list[tuple[str, list[ET.Element]]]:
    """Sport and track points of each activity."""
    try:
        root = ET.fromstring(xml)
    except (ET.ParseError, ValueError, LookupError):
        return [("", _saved(xml, told))]
    return [
        (_sport(activity), activity.findall(".//{*}Trackpoint"))
        for activity in root.iterfind(".//{*}Activity")
    ]


def _sport(activity: ET.Element) -> str:
    name = snake(activity.get("Sport", ""))
    return SPORTS.get(name, name)


def _saved(xml: bytes, told: list[str]) -> list[ET.Element]:
    whole, begun = elements(xml, "Trackpoint")
    saved = []
    for text in whole:
        try:
            saved.append(ET.fromstring(text))
        except ET.ParseError:
            continue
    told.append(f"The file is damaged: {len(saved)} of {begun} track points could be read.")
    return saved


def _stream(points: list[ET.Element], sport: str, told: list[str]) -> Stream:
    clock = dates()([point.findtext("{*}Time", "") for point in points])
    values = [_values(point) for point in points]
    unreadable = sum(int(np.isnan(list(one.values())).sum()) for one in values)
    if unreadable:
        told.append(f"{unreadable} values hold no number and count as unknown.")
    stream = stream_of_points(zip(clock.tolist(), values, strict=True))
    return replace(stream, labels={"sport": constant(sport, stream.t)} if sport else {})


def _values(point: ET.Element) -> dict[str, float]:
    found = {}
    for element in point.iter():
        name = element.tag.rpartition("}")[2]
        text = element.findtext("{*}Value", element.text or "").strip()
        if name in CHANNELS and text:
            found[CHANNELS[name]] = float(numbers([text])[0])
    return found


SOURCE = Source("tcx", "TCX of Garmin and others", _detects, _read)
