"""GPX: tracks of points with extensions for heart rate, cadence, temperature and power."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

from distride.data.content import content, elements, head, stem
from distride.data.formats.text import numbers
from distride.data.formats.units import snake
from distride.data.source import Loaded, Source
from distride.data.streams import Stream, constant, loaded_parts, numbered, stream_of_points
from distride.errors import DataError, MissingExtraError
from distride.signals import HEART_RATE

EXTENSIONS = {
    "hr": HEART_RATE,
    "heartrate": HEART_RATE,
    "cad": "cadence_rpm",
    "cadence": "cadence_rpm",
    "atemp": "temperature_c",
    "power": "power_w",
    "speed": "speed_ms",
}
SHELL = '<gpx version="1.1"><trk><trkseg>{}</trkseg></trk></gpx>'


def _detects(path: Path) -> bool:
    return b"<gpx" in head(path) or path.suffix.lower() == ".gpx"


def _read(path: Path, athlete: str) -> Iterator[Loaded]:
    told: list[str] = []
    tracks = _tracks(content(path, told), told)
    streams = [_stream(points, sport) for sport, points in tracks if points]
    if not streams:
        raise DataError(
            f"'{path.name}' is a GPX file with {len(tracks)} tracks and no track points: "
            f"places and routes are no recording. {' '.join(told)}".rstrip()
        )
    names = numbered(stem(path), len(streams))
    parts = [(athlete, name, [one]) for name, one in zip(names, streams, strict=True)]
    yield from loaded_parts(parts, told)


def _tracks(xml: bytes, told: list[str]) -> list[tuple[str, list[Any]]]:
    """Sport and points of each track."""
    try:
        document = _parsed(xml.decode("utf-8-sig"))
    except (ValueError, AttributeError, TypeError):
        return [("", _saved(xml, told))]
    return [
        (snake(track.type or ""), [point for part in track.segments for point in part.points])
        for track in document.tracks
    ]


def _saved(xml: bytes, told: list[str]) -> list[Any]:
    """Each point on its own, because one bad number makes the library refuse all of a file."""
    whole, begun = elements(xml, "trkpt")
    saved = []
    for text in whole:
        try:
            saved += _parsed(SHELL.format(text)).tracks[0].segments[0].points
        except (ValueError, AttributeError, TypeError):
            continue
    told.append(f"The file is damaged: {len(saved)} of {begun} track points could be read.")
    return saved


def _parsed(xml: str) -> Any:
    try:
        import gpxpy
        from gpxpy.gpx import GPXException
    except ImportError:
        raise MissingExtraError("Reading GPX files", "formats") from None
    try:
        return gpxpy.parse(xml)
    except GPXException as error:
        raise ValueError(str(error)) from error


def _stream(points: list[Any], sport: str) -> Stream:
    stream = stream_of_points((_epoch_s(point), _values(point)) for point in points)
    return replace(stream, labels={"sport": constant(sport, stream.t)} if sport else {})


def _epoch_s(point: Any) -> float:
    """Seconds since 1970; a time without a zone counts as UTC."""
    if point.time is None:
        return float("nan")
    time = point.time if point.time.tzinfo else point.time.replace(tzinfo=UTC)
    return float(time.timestamp())


def _values(point: Any) -> dict[str, float]:
    known = {
        "latitude_deg": point.latitude,
        "longitude_deg": point.longitude,
        "altitude_m": point.elevation,
        "speed_ms": point.speed,
    }
    for extension in point.extensions:
        for element in extension.iter():
            name = EXTENSIONS.get(element.tag.rpartition("}")[2].lower())
            if name:
                known[name] = float(numbers([element.text or ""])[0])
    return {name: value for name, value in known.items() if value is not None}


SOURCE = Source("gpx", "GPX of Garmin and others", _detects, _read)
