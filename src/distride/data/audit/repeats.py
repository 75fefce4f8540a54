"""Stretches that come twice within one recording: overlapping windows put in a row, or filling."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.data.audit.check import athlete_check
from distride.data.audit.finding import Finding, Where
from distride.data.audit.fingerprint import channel_fingerprints, turns
from distride.data.audit.matching import FEWEST_MEETINGS, MOST_REPEATS
from distride.data.audit.same import FEWEST_TURNS, SAME, correlations, covered
from distride.data.cohort import Cohort
from distride.data.recording import Recording

LARGE_SHARE = 0.1  # of a recording's values


@dataclass(frozen=True)
class Repeat:
    """A column that says again what it said before.

    Attributes:
        column: Its name.
        distance: Rows from the first time to the second.
        rows: How many.
        turns: Of the signal in them.
        correlation: Of the two times.
    """

    column: str
    distance: int
    rows: int
    turns: int
    correlation: float


def repeats_of(recording: Recording) -> list[Repeat]:
    """Columns that repeat themselves at one distance for long enough to be no chance."""
    found = [
        repeat
        for name, values in recording.channels.items()
        for repeat in _of_column(name, values)
        if repeat.correlation >= SAME
    ]
    at: dict[int, int] = {}
    for repeat in found:
        at[repeat.distance] = at.get(repeat.distance, 0) + repeat.turns
    return [repeat for repeat in found if at[repeat.distance] >= FEWEST_TURNS]


def _of_column(name: str, values: np.ndarray) -> Iterator[Repeat]:
    found = channel_fingerprints(values, name, 0)
    found = found.take(np.lexsort((found.start, found.content)))
    _, number, count = np.unique(found.content, return_inverse=True, return_counts=True)
    found = found.take(count[number] <= MOST_REPEATS)
    again = np.flatnonzero(found.content[1:] == found.content[:-1])
    distances = found.start[again + 1] - found.start[again]
    for distance, meetings in zip(*np.unique(distances, return_counts=True), strict=True):
        if meetings < FEWEST_MEETINGS:
            continue
        chosen = again[distances == distance]
        rows = covered(found.start[chosen], found.stop[chosen], len(values))
        yield _compared(name, values, rows, int(distance))


def _compared(name: str, values: np.ndarray, rows: np.ndarray, distance: int) -> Repeat:
    before, after = values[rows].astype(np.float64), values[rows + distance].astype(np.float64)
    known = before[np.isfinite(before) & np.isfinite(after)]
    correlation = correlations(before[:, None], after[:, None])[0]
    return Repeat(name, distance, len(known), len(turns(known)), float(correlation))


def _find(cohort: Cohort, recordings: list[Recording]) -> Iterator[Finding]:
    for recording in recordings:
        found = repeats_of(recording)
        if found:
            yield _finding(recording, found)


REPEATS = athlete_check(_find)


def _finding(recording: Recording, found: list[Repeat]) -> Finding:
    values = len(recording.t) * len(recording.channels)
    share = sum(repeat.rows for repeat in found) / values
    columns = tuple(dict.fromkeys(repeat.column for repeat in found))
    longest = max(found, key=lambda repeat: repeat.rows)
    step_s = recording.seconds / max(len(recording.t) - 1, 1)
    lag_s = sorted(repeat.distance * step_s for repeat in found)
    return Finding(
        "repeated-stretch",
        "invalidates" if share >= LARGE_SHARE else "warning",
        f"{len(columns)} of {len(recording.channels)} columns repeat themselves "
        f"{lag_s[0]:.1f} to {lag_s[-1]:.1f} s later, {share:.0%} of all values",
        "Were overlapping windows put in a row, or gaps filled? Take the raw recording, or leave "
        "this one out",
        Where((recording.athlete,), (f"{recording.athlete}/{recording.name}",), columns),
        round(longest.correlation, 3),
        f"correlation {longest.correlation:.4f} over {longest.rows} rows of {longest.column}",
    )
