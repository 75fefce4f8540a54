"""Fingerprints of a signal's content: the same for a copy that is shifted, scaled or turned over.

Where a signal turns is where it stands out from its neighbours. The distances between turns in a
row, and which turn is the higher, do not depend on the clock, on the scale, on an offset or on the
sign, and hardly on rounding; noise makes each such row unlike any other. The idea is that of
landmark hashing of music (Wang, "An industrial-strength audio search algorithm", ISMIR 2003).
"""

import zlib
from dataclasses import dataclass

import numpy as np

from distride.data.recording import Recording

REACH = 3  # samples on either side above or below which a turn must stand
TURNS = 9  # of a fingerprint
KNUTH = np.uint64(6364136223846793005)  # of MMIX's generator: mixes one number into a hash


@dataclass(frozen=True)
class Fingerprints:
    """Where in an athlete's recordings which content lies.

    Attributes:
        content: ``(fingerprint,)`` uint64 hashes.
        recording: ``(fingerprint,)`` number of the recording.
        start: ``(fingerprint,)`` first row.
        stop: ``(fingerprint,)`` row after the last.
    """

    content: np.ndarray
    recording: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    def take(self, rows: np.ndarray) -> "Fingerprints":
        """Some of them."""
        return Fingerprints(
            self.content[rows], self.recording[rows], self.start[rows], self.stop[rows]
        )


def fingerprints_of(recordings: list[Recording], most: int) -> Fingerprints:
    """Fingerprints of all channels; of too many those with the smallest hashes.

    The smallest, because a copy's are then kept, or not, as the original's are (bottom-k
    sampling, Broder 1997): memory is bounded and copies still meet.
    """
    parts = [
        channel_fingerprints(values, name, number)
        for number, recording in enumerate(recordings)
        for name, values in recording.channels.items()
    ]
    every = joined(parts)
    if len(every.content) <= most:
        return every
    return every.take(np.argpartition(every.content, most)[:most])


def joined(parts: list[Fingerprints]) -> Fingerprints:
    """Several as one."""
    if not parts:
        nothing = np.empty(0, np.int32)
        return Fingerprints(np.empty(0, np.uint64), nothing, nothing, nothing)
    return Fingerprints(
        *(
            np.concatenate([getattr(part, column) for part in parts])
            for column in ("content", "recording", "start", "stop")
        )
    )


def turns(values: np.ndarray) -> np.ndarray:
    """Rows where a signal is above, or below, all its near neighbours; of equal ones the first.

    >>> turns(np.array([0.0, 1, 2, 3, 2, 1, 0, -1, 0, 1, 2])).tolist()
    [3, 7]
    """
    inner = values[REACH : len(values) - REACH]
    high, low = np.ones(len(inner), bool), np.ones(len(inner), bool)
    for distance in range(1, REACH + 1):
        before = values[REACH - distance : len(values) - REACH - distance]
        after = values[REACH + distance : len(values) - REACH + distance]
        high &= (inner > before) & (inner >= after)
        low &= (inner < before) & (inner <= after)
    return np.asarray(np.flatnonzero(high | low) + REACH)


def channel_fingerprints(values: np.ndarray, name: str, recording: int) -> Fingerprints:
    """Fingerprints of one channel, in the order of rows; the same content elsewhere has the same.

    Args:
        values: ``(time,)``, NaN where unknown.
        name: Of the channel; other channels have other fingerprints.
        recording: Number to write beside them.
    """
    known = np.flatnonzero(np.isfinite(values))
    series = values[known]
    at = turns(series) if len(series) > 2 * REACH else np.empty(0, int)
    count = max(len(at) - TURNS + 1, 0)
    content = np.full(count, zlib.crc32(name.encode()), np.uint64)
    apart, height = np.diff(at).astype(np.uint64), series[at]
    rising = (height[1:] > height[:-1])[:count]
    for number in range(TURNS - 1):
        content = _mixed(content, apart[number : number + count])
    for number in range(TURNS - 2):
        higher = (height[number + 2 :] > height[number : len(height) - 2])[:count]
        content = _mixed(content, (higher ^ rising).astype(np.uint64))
    rows = known[at].astype(np.int32)
    return Fingerprints(
        content,
        np.full(count, recording, np.int32),
        rows[:count],
        rows[TURNS - 1 :][:count] + 1,
    )


def _mixed(content: np.ndarray, number: np.ndarray) -> np.ndarray:
    mixed = (content ^ number) * KNUTH
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))
