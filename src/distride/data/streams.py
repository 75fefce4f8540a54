"""From samples as a device wrote them to one recording on one clock."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from distride.data.recording import Recording
from distride.data.source import Loaded
from distride.errors import DataError
from distride.signals import HEART_RATE, measured_hz

SAME_INSTANT_S = 0.5e-3  # sensors of one device that were read together differ by less
LATEST_S = 1e12  # a clock beyond is none
SESSION_GAP_S = 86_400.0  # no training session pauses for a day; a broken clock does


@dataclass(frozen=True)
class Stream:
    """Samples of one or several sensors, in the order of the file.

    Attributes:
        t: ``(time,)`` float64 seconds on the file's own clock, NaN where unreadable.
        channels: Each ``(time,)`` in SI units, NaN where there is no sample.
        labels: Each ``(time,)`` of str, empty where unknown.
    """

    t: np.ndarray
    channels: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)

    def rows(self, chosen: np.ndarray) -> "Stream":
        """The chosen rows, by number or by mask."""
        return Stream(
            self.t[chosen],
            {name: values[chosen] for name, values in self.channels.items()},
            {name: values[chosen] for name, values in self.labels.items()},
        )


def stream_of_points(points: Iterable[tuple[float, Mapping[str, float]]]) -> Stream:
    """A stream of points that hold some of the channels each.

    Points of one instant that follow each other are joined where they tell different things:
    some devices write position and distance apart.

    >>> stream_of_points([(1.0, {"a": 2.0}), (1.0, {"b": 3.0})]).channels["b"]
    array([3.])
    """
    rows: list[tuple[float, dict[str, float]]] = []
    for t, values in points:
        if rows and rows[-1][0] == t and not rows[-1][1].keys() & values.keys():
            rows[-1][1].update(values)
        elif values:
            rows.append((t, dict(values)))
    names = dict.fromkeys(name for _, values in rows for name in values)
    return Stream(
        np.array([t for t, _ in rows], np.float64),
        {name: np.array([values.get(name, np.nan) for _, values in rows]) for name in names},
    )


def merge(streams: Sequence[Stream]) -> Stream:
    """All columns on the union of the clocks, NaN or empty where a stream has no sample.

    Samples of different streams within half a millisecond share a row, because a device that
    reads two sensors in turn would otherwise never have both in one. Samples of one stream never
    share a row. Where two streams have the same channel, a later one fills in and overrides.

    Args:
        streams: Their clocks are known everywhere; the result's never falls.
    """
    parts = [part for part in streams if len(part.t)]
    if len(parts) < 2:
        return parts[0] if parts else Stream(np.empty(0), {})
    instants = _instants(parts)
    keys = [_keys(part.t, instants) for part in parts]
    turns = 1 + max(int(turn.max()) for _, turn in keys)
    flat = [instant * turns + turn for instant, turn in keys]
    rows = np.unique(np.concatenate(flat))
    channels: dict[str, np.ndarray] = {}
    labels: dict[str, np.ndarray] = {}
    for part, own in zip(parts, flat, strict=True):
        at = np.searchsorted(rows, own)
        for name, values in part.channels.items():
            column = channels.setdefault(name, np.full(len(rows), np.nan))
            column[at] = np.where(np.isnan(values), column[at], values)
        for name, texts in part.labels.items():
            labels.setdefault(name, constant("", rows))[at] = texts
    return Stream(instants[rows // turns], channels, labels)


def loaded(
    streams: Sequence[Stream], athlete: str, name: str, warnings: Sequence[str] = ()
) -> Loaded:
    """A recording of the samples that can be used; what cannot is counted in a warning.

    Raises:
        DataError: Fewer than two samples remain.
    """
    told = list(warnings)
    joined = merge([stream.rows(_rising(stream.t, told)) for stream in streams])
    joined = joined.rows(_one_session(joined.t, told))
    channels = {key: _known(key, values, told) for key, values in joined.channels.items()}
    if len(joined.t) < 2 or not any(np.isfinite(values).any() for values in channels.values()):
        raise DataError(
            f"'{name}' holds no time series: {len(joined.t)} timed samples of {len(channels)} "
            f"channels were found, at least two are needed. {' '.join(told)}".rstrip()
        )
    recording = Recording(athlete, name, joined.t - joined.t[0], channels, joined.labels)
    return Loaded(recording, tuple(told), float(joined.t[0]))


def loaded_parts(
    parts: Iterable[tuple[str, str, Sequence[Stream]]], warnings: Sequence[str] = ()
) -> Iterator[Loaded]:
    """The recordings of a file that holds several; those without samples are counted.

    Args:
        parts: Athlete, name and streams of each.
        warnings: What is already known to be lost of the file.

    Raises:
        DataError: None of them has samples.
    """
    good: list[Loaded] = []
    bad: list[DataError] = []
    for athlete, name, streams in parts:
        try:
            good.append(loaded(streams, athlete, name, warnings))
        except DataError as error:
            bad.append(error)
    if bad and not good:
        raise bad[0]
    lost = f"{len(bad)} of {len(bad) + len(good)} parts of the file hold no time series."
    for one in good:
        yield replace(one, warnings=(*one.warnings, lost)) if bad else one


def numbered(name: str, count: int) -> list[str]:
    """Names for so many recordings of one file.

    >>> numbered("run", 1), numbered("run", 2)
    (['run'], ['run-1', 'run-2'])
    """
    return [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]


def constant(text: str, like: np.ndarray) -> np.ndarray:
    """The same label in every row."""
    return np.full(len(like), text, dtype=object)


def _instants(parts: Sequence[Stream]) -> np.ndarray:
    times = np.unique(np.concatenate([part.t for part in parts]))
    fastest_hz = max(measured_hz(part.t) for part in parts)
    apart = np.diff(times, prepend=-np.inf) > min(SAME_INSTANT_S, 0.25 / fastest_hz)
    return np.asarray(times[apart])


def _keys(t: np.ndarray, instants: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each sample's instant, and its turn among the stream's samples of that instant."""
    instant = np.searchsorted(instants, t, side="right") - 1
    return instant, np.arange(len(t)) - np.searchsorted(instant, instant)


def _known(name: str, values: np.ndarray, told: list[str]) -> np.ndarray:
    with np.errstate(over="ignore"):
        samples = values.astype(np.float32)
    samples[~np.isfinite(samples)] = np.nan
    if name == HEART_RATE:
        silent = samples <= 0
        if silent.any():
            told.append(f"{silent.sum()} heart rates of 0 count as unknown: the sensor lost them.")
        samples[silent] = np.nan
    return samples


def _rising(t: np.ndarray, told: list[str]) -> np.ndarray:
    """Numbers of the rows whose clock is known and never falls: as many as possible."""
    rows = np.flatnonzero(np.abs(t) < LATEST_S)
    _count_lost(len(t) - len(rows), len(t), "their time is unreadable", told)
    if (np.diff(t[rows]) >= 0).all():
        return rows
    kept = rows[_longest_rising(t[rows])]
    _count_lost(len(rows) - len(kept), len(t), "their time runs backwards", told)
    return np.asarray(kept)


def _one_session(t: np.ndarray, told: list[str]) -> np.ndarray:
    """Numbers of the rows of the longest part without a gap of a day."""
    pieces = np.split(np.arange(len(t)), np.flatnonzero(np.diff(t) > SESSION_GAP_S) + 1)
    kept = np.asarray(max(pieces, key=len))
    _count_lost(len(t) - len(kept), len(t), "they are more than a day away from the rest", told)
    return kept


def _count_lost(lost: int, count: int, why: str, told: list[str]) -> None:
    if lost:
        told.append(f"{lost} of {count} samples are left out: {why}.")


def _longest_rising(t: np.ndarray) -> np.ndarray:
    """Numbers of the longest subsequence that never falls, found by patience sorting."""
    tops: list[float] = []
    numbers: list[int] = []
    before = np.full(len(t), -1)
    for number, value in enumerate(t.tolist()):
        pile = bisect_right(tops, value)
        before[number] = numbers[pile - 1] if pile else -1
        if pile == len(tops):
            tops.append(value)
            numbers.append(number)
        else:
            tops[pile], numbers[pile] = value, number
    chain = numbers[-1:]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1])
