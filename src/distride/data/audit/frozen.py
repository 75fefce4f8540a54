"""Sensors that stand still: samples that were lost and filled in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.data.audit.check import athlete_check
from distride.data.audit.finding import Finding, Where, listed
from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.signals import placement_of, sensor_of

MOTION = ("acc", "gyr", "mag")
LEAST_S = 0.5  # all sensors of a place unchanged for so long is no rest: their noise is missing
LEAST_ALONE_S = 10.0  # the same for a single coarse sensor, which may well rest
TOTAL_S = 2.0
SURE, SURE_ALONE = 1.0, 0.8


@dataclass(frozen=True)
class Still:
    """One place's stillness in one athlete.

    Attributes:
        place: Its name.
        columns: Its channels.
        recordings: Where it stood still, as `athlete/recording`.
        seconds: ``(stretch,)``.
        alone: Whether it has one kind of sensor only.
    """

    place: str
    columns: tuple[str, ...]
    recordings: tuple[str, ...]
    seconds: np.ndarray
    alone: bool


def _find(cohort: Cohort, recordings: list[Recording]) -> Iterator[Finding]:
    columns = dict.fromkeys(
        name for one in recordings for name in one.channels if sensor_of(name) in MOTION
    )
    still = [
        _still(recordings, place, tuple(name for name in columns if placement_of(name) == place))
        for place in dict.fromkeys(map(placement_of, columns))
    ]
    still = [one for one in still if one.seconds.sum() >= TOTAL_S]
    if still:
        yield _finding(recordings, still)


FROZEN = athlete_check(_find)


def _still(recordings: list[Recording], place: str, columns: tuple[str, ...]) -> Still:
    alone = len({sensor_of(name) for name in columns}) == 1
    least_s = LEAST_ALONE_S if alone else LEAST_S
    found = {f"{one.athlete}/{one.name}": _stretches(one, columns, least_s) for one in recordings}
    hit = tuple(name for name, seconds in found.items() if len(seconds))
    return Still(place, columns, hit, np.concatenate(list(found.values())), alone)


def _stretches(recording: Recording, columns: tuple[str, ...], least_s: float) -> np.ndarray:
    """Lengths of stretches of at least so many seconds in which nothing changes."""
    x = recording.samples(columns)
    x = x[:, np.isfinite(x).any(axis=0)]
    if x.shape[1] == 0 or len(x) == 0:
        return np.empty(0)
    still = (x[1:] == x[:-1]).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]])))
    seconds = recording.t[edges[1::2]] - recording.t[edges[::2]]
    return np.asarray(seconds[seconds >= least_s])


def _finding(recordings: list[Recording], still: list[Still]) -> Finding:
    worst = max(still, key=lambda one: float(one.seconds.sum()))
    total_s = float(worst.seconds.sum())
    share = total_s / max(sum(one.seconds for one in recordings), total_s)
    alone = all(one.alone for one in still)
    return Finding(
        "frozen-sensor",
        "warning",
        f"all channels of {listed(tuple(one.place for one in still))} keep one value for "
        f"{total_s:.0f} s ({share:.1%}), up to {worst.seconds.max():.1f} s at a time",
        "Set these stretches to NaN: samples were lost and filled in",
        Where(
            (recordings[0].athlete,),
            tuple(dict.fromkeys(name for one in still for name in one.recordings)),
            tuple(name for one in still for name in one.columns),
        ),
        SURE_ALONE if alone else SURE,
        "a sensor at rest still has noise" + (", though a coarse one may hide it" if alone else ""),
    )
