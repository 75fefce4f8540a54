"""Which recordings may hold the same content: fingerprints that meet at one distance of rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.data.audit.fingerprint import Fingerprints

FEWEST_MEETINGS = 4  # of two recordings at one distance; chance makes one or two
MOST_REPEATS = 3  # of one content in one recording: what comes more often is a pure tone
NEIGHBOURS = 3  # of equal fingerprints each meets so many next ones, so that work stays linear
MOST_CANDIDATES = 20_000  # to be looked at closely, the likeliest first


@dataclass(frozen=True)
class Candidate:
    """Two stretches that may be the same: row ``r`` of one is row ``r + distance`` of the other.

    Attributes:
        first: Number of a recording.
        second: Number of another.
        distance: Rows.
        starts: ``(meeting,)`` rows of the first where the same content begins.
        stops: ``(meeting,)`` rows after its end.
    """

    first: int
    second: int
    distance: int
    starts: np.ndarray
    stops: np.ndarray


def candidates(found: Fingerprints) -> list[Candidate]:
    """Pairs of stretches with several fingerprints in common, the likeliest first.

    Args:
        found: Of all recordings of a cohort, numbered through.
    """
    order = np.lexsort((found.start, found.recording, found.content))
    meetings = _meetings(_rare(found.take(order)))
    if len(meetings) == 0:
        return []
    meetings = meetings[np.lexsort(meetings.T[::-1])]
    edges = np.flatnonzero((np.diff(meetings[:, :3], axis=0) != 0).any(axis=1)) + 1
    bounds = np.concatenate([[0], edges, [len(meetings)]])
    counts = np.diff(bounds)
    likely = np.flatnonzero(counts >= FEWEST_MEETINGS)
    likely = likely[np.argsort(-counts[likely], kind="stable")][:MOST_CANDIDATES]
    return list(_split(meetings, bounds, likely))


def _rare(found: Fingerprints) -> Fingerprints:
    """Without contents that come again and again within one recording."""
    if len(found.content) == 0:
        return found
    new = (np.diff(found.content) != 0) | (np.diff(found.recording) != 0)
    number = np.concatenate([[0], np.cumsum(new)])
    return found.take(np.bincount(number)[number] <= MOST_REPEATS)


def _meetings(found: Fingerprints) -> np.ndarray:
    """``(meeting, 5)``: first, second, distance, start, stop."""
    parts = [np.empty((0, 5), np.int64)]
    for step in range(1, NEIGHBOURS + 1):
        one = np.flatnonzero(found.content[step:] == found.content[:-step])
        other = one + step
        columns = (
            found.recording[one],
            found.recording[other],
            found.start[other] - found.start[one],
            found.start[one],
            found.stop[one],
        )
        parts.append(np.stack(columns, axis=1).astype(np.int64))
    meetings = np.concatenate(parts)
    return np.asarray(meetings[meetings[:, 0] != meetings[:, 1]])


def _split(meetings: np.ndarray, bounds: np.ndarray, chosen: np.ndarray) -> Iterator[Candidate]:
    for one in chosen:
        rows = meetings[bounds[one] : bounds[one + 1]]
        first, second, distance = rows[0, :3].tolist()
        yield Candidate(first, second, distance, rows[:, 3], rows[:, 4])
