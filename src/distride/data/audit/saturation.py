"""Sensors that reach the end of their range."""

from collections.abc import Iterator

import numpy as np

from distride.data.audit.check import athlete_check
from distride.data.audit.finding import Finding, Where, number_of
from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.signals import sensor_of

MOTION = ("acc", "gyr", "mag")
FEWEST_AT_END = 10  # samples at the very extreme,
FEWEST_VISITS = 3  # on so many separate occasions,
PILED_UP = 5  # times as many as at the next value
TAIL = 0.05  # an extreme that more samples have is a posture, not an end


def clipped(values: np.ndarray) -> tuple[int, float] | None:
    """Samples at the end of a range and its value, where they pile up; else nothing.

    >>> wave = 3 * np.sin(np.arange(1000) / 7) ** 9
    >>> clipped(wave) is None, clipped(np.clip(wave, -9, 2.9))
    (True, (24, 2.9))
    """
    ends = [found for sign in (1, -1) if (found := _clipped_above(values * sign, sign))]
    return max(ends, default=None)


def _clipped_above(values: np.ndarray, sign: int) -> tuple[int, float] | None:
    if len(values) == 0:
        return None
    highest = values.max()
    at = values == highest
    count = int(at.sum())
    visits = count - int((at[1:] & at[:-1]).sum())
    if count < FEWEST_AT_END or visits < FEWEST_VISITS or count > TAIL * len(values):
        return None
    below = values[~at]
    piled = count >= PILED_UP * int((below == below.max()).sum())
    return (count, float(highest) * sign) if piled else None


def _find(cohort: Cohort, recordings: list[Recording]) -> Iterator[Finding]:
    columns = dict.fromkeys(name for one in recordings for name in one.channels)
    for sensor in MOTION:
        found = {}
        for name in (name for name in columns if sensor_of(name) == sensor):
            parts = [one.channels[name] for one in recordings if name in one.channels]
            values = np.concatenate(parts)
            end = clipped(values[np.isfinite(values)])
            if end:
                found[name] = end
        if found:
            yield _finding(recordings[0].athlete, sensor, found)


SATURATION = athlete_check(_find)


def _finding(athlete: str, sensor: str, found: dict[str, tuple[int, float]]) -> Finding:
    name, (count, end) = max(found.items(), key=lambda item: item[1])
    total = sum(one for one, _ in found.values())
    return Finding(
        "saturation",
        "warning",
        f"{number_of(total, 'sample')} of {sensor} at the end of the range: '{name}' {count} times "
        f"at {end:.4g}",
        "Peaks are cut off: choose a wider range next time, and do not read peak values",
        Where((athlete,), columns=tuple(found)),
        round(1 - 1 / PILED_UP, 2),
        f"at least {PILED_UP} times as many samples as at the next value, on {FEWEST_VISITS} or "
        "more occasions",
    )
