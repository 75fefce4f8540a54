"""The recordings of a part: its files read, merged where they are one session, placed and named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from distride.data.cohort import check_athlete
from distride.data.discovery import Part, Skipped
from distride.data.recording import MOTION_SENSORS, SLOWEST_MOTION_HZ, Recording
from distride.data.source import Loaded
from distride.data.streams import Stream, loaded
from distride.errors import DataError
from distride.signals import measured_hz, sensor_of

WORN = re.compile(r"(acc|gyr|mag|lacc|bvp|ppg|eda|skin_temp|pressure|light)(_|$)")


def read_part(part: Part, placement: str, skipped: list[Skipped]) -> Iterator[Loaded]:
    """The recordings of a part, as they go into a cohort.

    Args:
        part: What is read at once.
        placement: Where a sensor was worn that does not tell; empty: as such devices usually are.
        skipped: Hears of the files that cannot be read.

    Raises:
        DataError: A file that was named itself cannot be read or names an athlete who cannot be
            kept, or two files of one session hold the same channel.
    """
    for one in _read(part, skipped):
        yield _named(one, part, placement or part.source.placement)


def _read(part: Part, skipped: list[Skipped]) -> Iterator[Loaded]:
    """The recordings of a part; one where several files make it."""
    if len(part.files) == 1:
        yield from _tolerant(part, part.files[0], skipped)
        return
    ones = [(file, one) for file in part.files for one in _tolerant(part, file, skipped)]
    if ones:
        yield _merged(part, ones)


def _tolerant(part: Part, file: Path, skipped: list[Skipped]) -> Iterator[Loaded]:
    try:
        for one in part.source.read(file, part.athlete):
            fault = _fault(one.recording.athlete)
            if not fault:
                yield one
            elif part.asked:
                raise DataError(f"'{file}': {fault}")
            elif Skipped(file, fault) not in skipped[-1:]:
                skipped.append(Skipped(file, fault))
    except DataError as error:
        if part.asked:
            raise
        skipped.append(Skipped(file, str(error)))


def _fault(athlete: str) -> str:
    """Why an athlete of that name cannot be kept; empty where they can."""
    try:
        check_athlete(athlete)
    except DataError as error:
        return str(error)
    return ""


def _merged(part: Part, ones: Sequence[tuple[Path, Loaded]]) -> Loaded:
    """One recording of a session's files, whose clocks agree."""
    whose: dict[str, Path] = {}
    for file, one in ones:
        for channel in one.recording.channels:
            if channel in whose:
                raise DataError(
                    f"'{whose[channel].name}' and '{file.name}' both hold '{channel}' of the "
                    f"session '{part.session}': import them one by one."
                )
            whose[channel] = file
    streams = [
        Stream(one.start_s + one.recording.t, one.recording.channels, one.recording.labels)
        for _, one in ones
    ]
    warnings = [f"{file.name}: {warning}" for file, one in ones for warning in one.warnings]
    return loaded(streams, part.athlete, part.session or "", warnings)


def _named(one: Loaded, part: Part, placement: str) -> Loaded:
    """With its place in the cohort, and channels that say where they were worn."""
    channels = {
        f"{placement}_{name}" if WORN.match(name) else name: values
        for name, values in one.recording.channels.items()
    }
    name = part.name(one.recording.name)
    recording = replace(one.recording, name=name, channels=channels)
    return replace(one, recording=recording, warnings=(*one.warnings, *_slow(recording)))


def _slow(recording: Recording) -> Iterator[str]:
    known = (
        np.isfinite(values)
        for name, values in recording.channels.items()
        if sensor_of(name) in MOTION_SENSORS
    )
    rates_hz = [measured_hz(recording.t[rows]) for rows in known if rows.sum() > 1]
    if rates_hz and max(rates_hz) < SLOWEST_MOTION_HZ:
        yield (
            f"Samples of movement come at {max(rates_hz):.2g} Hz: is 't' in seconds? Another unit "
            "is told by a mapping."
        )
