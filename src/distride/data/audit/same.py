"""Whether two stretches are the same signal but for scale, offset, sign and clock."""

from dataclasses import dataclass

import numpy as np

from distride.data.audit.fingerprint import turns
from distride.data.audit.matching import Candidate
from distride.data.recording import Recording

SAME = 0.995  # correlation that two movements do not reach over so many turns
FEWEST_ROWS = 16  # for a correlation to count
FEWEST_TURNS = 40  # over all columns that agree: what a slow or a still signal does not have
ENOUGH = 0.5  # of the columns that move must agree: a heart rate may be the athlete's own


@dataclass(frozen=True)
class Match:
    """A stretch that is in two recordings; holds none of their signal.

    Attributes:
        first: A recording's athlete and name.
        second: Another's.
        first_s: From and to on the clock of the first, seconds.
        second_s: From and to on the clock of the second, seconds.
        rows: How many.
        seconds: How long, where rows follow each other.
        share: Of the shorter recording's rows.
        columns: Which agree.
        compared: How many columns move.
        correlation: The median of those that agree.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    first_s: tuple[float, float]
    second_s: tuple[float, float]
    rows: int
    seconds: float
    share: float
    columns: tuple[str, ...]
    compared: int
    correlation: float


def same_stretch(first: Recording, second: Recording, candidate: Candidate) -> Match | None:
    """The same signal where they met, and as far around as it goes on; None if it is another."""
    match = _agreed(
        first, second, covered(candidate.starts, candidate.stops, len(first.t)), candidate.distance
    )
    if match is None:
        return None
    begin = max(0, -candidate.distance)
    end = min(len(first.t), len(second.t) - candidate.distance)
    for rows in (
        np.arange(begin, end),
        np.arange(candidate.starts.min(), candidate.stops.max()),
    ):
        wider = _agreed(first, second, rows, candidate.distance)
        if wider:
            return wider
    return match


def covered(starts: np.ndarray, stops: np.ndarray, length: int) -> np.ndarray:
    """Rows within at least one of several stretches.

    >>> covered(np.array([1, 2]), np.array([3, 4]), 6).tolist()
    [1, 2, 3]
    """
    edges = np.zeros(length + 1, np.int64)
    np.add.at(edges, starts, 1)
    np.add.at(edges, stops, -1)
    return np.flatnonzero(np.cumsum(edges) > 0)


def _agreed(first: Recording, second: Recording, rows: np.ndarray, distance: int) -> Match | None:
    columns = tuple(name for name in first.channels if name in second.channels)
    x = first.samples(columns)[rows].astype(np.float64)
    y = second.samples(columns)[rows + distance].astype(np.float64)
    correlation = correlations(x, y)
    moving = np.isfinite(correlation)
    alike = moving & (np.nan_to_num(correlation) >= SAME)
    if alike.sum() < max(ENOUGH * moving.sum(), 1):
        return None
    told = sum(len(turns(x[np.isfinite(x[:, one]), one])) for one in np.flatnonzero(alike))
    if told < FEWEST_TURNS:
        return None
    here, there = first.t[rows], second.t[rows + distance]
    return Match(
        (first.athlete, first.name),
        (second.athlete, second.name),
        (float(here[0]), float(here[-1])),
        (float(there[0]), float(there[-1])),
        len(rows),
        float(np.diff(here)[np.diff(rows) == 1].sum()),
        len(rows) / min(len(first.t), len(second.t)),
        tuple(name for name, agrees in zip(columns, alike, strict=True) if agrees),
        int(moving.sum()),
        float(np.median(correlation[alike])),
    )


def correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """``(column,)`` without sign; NaN where too little is known or nothing moves.

    Args:
        x: ``(row, column)``, NaN where unknown.
        y: Of the same shape.
    """
    known = np.isfinite(x) & np.isfinite(y)
    count = np.maximum(known.sum(axis=0), 1)
    x, y = np.where(known, x, 0.0), np.where(known, y, 0.0)
    dx = np.where(known, x - x.sum(axis=0) / count, 0.0)
    dy = np.where(known, y - y.sum(axis=0) / count, 0.0)
    power = np.sqrt((dx**2).sum(axis=0) * (dy**2).sum(axis=0))
    tiny = 1e-9 * np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    told = (count >= FEWEST_ROWS) & (power > tiny)
    return np.where(told, np.abs((dx * dy).sum(axis=0)) / np.where(told, power, 1.0), np.nan)
