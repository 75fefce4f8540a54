"""The recordings of a part: its files read, merged where they are one session, placed and named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from distride.data.discovery import Part, Skipped
from distride.data.source import Loaded
from distride.data.streams import Stream, loaded
from distride.errors import DataError

WORN = re.compile(r"(acc|gyr|mag|lacc|bvp|ppg|eda|skin_temp|pressure|light)(_|$)")


def read_part(part: Part, placement: str, skipped: list[Skipped]) -> Iterator[Loaded]:
    """The recordings of a part, as they go into a cohort.

    Args:
        part: What is read at once.
        placement: Where a sensor was worn that does not tell; empty: as such devices usually are.
        skipped: Hears of the files that cannot be read.

    Raises:
        DataError: A file that was named itself cannot be read, or two files of one session hold
            the same channel.
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
        yield from part.source.read(file, part.athlete)
    except DataError as error:
        if part.asked:
            raise
        skipped.append(Skipped(file, str(error)))


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
    return replace(one, recording=replace(one.recording, name=name, channels=channels))
