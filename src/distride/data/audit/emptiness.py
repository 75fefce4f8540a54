"""Columns without a value, or with one value only; recordings that say nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Kind, Where, listed
from distride.data.cohort import Cohort
from distride.data.recording import Recording


@dataclass(frozen=True)
class Spoken:
    """What an athlete's columns say.

    Attributes:
        columns: All.
        moving: Those with at least two values.
        single: Those with one value.
        silent: Recordings without any value, as `athlete/recording`.
    """

    columns: frozenset[str]
    moving: frozenset[str]
    single: frozenset[str]
    silent: tuple[str, ...]


def _summarise(cohort: Cohort, recordings: list[Recording]) -> Spoken:
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    silent = []
    for recording in recordings:
        known = {name: values[~np.isnan(values)] for name, values in recording.channels.items()}
        known = {name: values for name, values in known.items() if len(values)}
        for name, values in known.items():
            low[name] = min(low.get(name, np.inf), float(values.min()))
            high[name] = max(high.get(name, -np.inf), float(values.max()))
        if not known:
            silent.append(f"{recording.athlete}/{recording.name}")
    moving = frozenset(name for name in low if low[name] < high[name])
    columns = frozenset(name for recording in recordings for name in recording.channels)
    return Spoken(columns, moving, frozenset(low) - moving, tuple(silent))


def _judge(cohort: Cohort, spoken: Mapping[str, Spoken]) -> Iterator[Finding]:
    every = frozenset[str]().union(*(own.columns for own in spoken.values()))
    moving = frozenset[str]().union(*(own.moving for own in spoken.values()))
    still = tuple(sorted(every - moving))
    if still:
        seen = f"{listed(still)} never change, or have no value, in any athlete"
        yield _finding("empty-column", seen, "Remove these columns", Where(columns=still))
    for athlete, own in spoken.items():
        lacking = tuple(sorted(moving - own.moving - own.single))
        if lacking:
            seen = f"{listed(lacking)} without a value; others have them"
            todo = "Learn from other columns, or leave the athlete out: what is absent reads as 0"
            yield _finding("empty-column", seen, todo, Where((athlete,), columns=lacking))
        constant = tuple(sorted(own.single & moving))
        if constant:
            seen = f"{listed(constant)} with one value in all recordings; in others they change"
            todo = "Set them to NaN: the sensor was not connected"
            yield _finding("constant-column", seen, todo, Where((athlete,), columns=constant))
        if own.silent:
            seen = f"{listed(own.silent)} without a single value"
            where = Where((athlete,), own.silent)
            yield _finding("empty-recording", seen, "Remove these recordings", where)


EMPTINESS = Check(_summarise, _judge)


def _finding(check: Kind, seen: str, todo: str, where: Where) -> Finding:
    return Finding(check, "warning", seen, todo, where)
