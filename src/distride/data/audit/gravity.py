"""What an accelerometer at rest measures: 9.81 m/s², however it is turned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from distride.data.audit.blocks import blocks_of
from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Where, number_of
from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.signals import GRAVITY_MS2, placement_of, sensor_of, triads

BLOCK_S = 1.0
QUIET = 0.2  # of an athlete's blocks, those that move least
FEWEST = 20  # such blocks
OFF = 0.1  # of gravity; calibrated sensors are within 0.05
RESTLESS = 0.25  # deviation, as a share of |acc|, above which quiet blocks tell nothing
STILL = 0.03  # the same below which a block is rest
POSTURES = 0.15  # of gravity, between postures at rest
TURNED = 30.0  # condition number above which too few postures were taken to tell the axes apart
EXPLAINED = 0.5  # of the spread, by axes of different scale
UNLIKE = 1.5  # largest to smallest |acc| at rest over athletes


@dataclass(frozen=True)
class Rest:
    """One accelerometer of one athlete in its quietest seconds.

    Attributes:
        columns: Its axes.
        mean: ``(block, axis)`` m/s².
        deviation: ``(block,)`` m/s², of all axes.
    """

    columns: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray

    @property
    def acc_ms2(self) -> float:
        """Median |acc|."""
        return float(np.median(np.linalg.norm(self.mean, axis=1)))


def _summarise(cohort: Cohort, recordings: list[Recording]) -> tuple[Rest, ...]:
    channels = tuple(dict.fromkeys(name for one in recordings for name in one.channels))
    found = []
    for axes in triads(channels):
        names = tuple(channels[axis] for axis in axes)
        if sensor_of(names[0]) == "acc":
            rest = _quietest(recordings, names)
            found += [rest] if len(rest.mean) >= FEWEST else []
    return tuple(found)


def _quietest(recordings: list[Recording], names: tuple[str, ...]) -> Rest:
    blocks = [blocks_of(one, names, BLOCK_S) for one in recordings if len(one.t)]
    mean = np.concatenate([np.empty((0, len(names))), *(one.mean for one in blocks)])
    parts = [np.sqrt((one.deviation**2).sum(axis=1)) for one in blocks]
    deviation = np.concatenate([np.empty(0), *parts])
    alive = np.isfinite(deviation) & (deviation > 0)  # no noise at all: not a sensor's words
    mean, deviation = mean[alive], deviation[alive]
    first = np.argsort(deviation, kind="stable")[: max(int(QUIET * len(deviation)), FEWEST)]
    return Rest(names, mean[first], deviation[first])


def _judge(cohort: Cohort, rests: Mapping[str, tuple[Rest, ...]]) -> Iterator[Finding]:
    for athlete, own in rests.items():
        for rest in own:
            yield from _scale(athlete, rest)
            yield from _postures(athlete, rest)
    yield from _unlike(rests)


GRAVITY = Check(_summarise, _judge)


def _scale(athlete: str, rest: Rest) -> Iterator[Finding]:
    noise = float(np.median(rest.deviation))
    off = abs(rest.acc_ms2 / GRAVITY_MS2 - 1)
    if off <= OFF or noise > RESTLESS * max(rest.acc_ms2, GRAVITY_MS2):
        return
    meaning, todo = _meaning(rest.acc_ms2)
    yield Finding(
        "wrong-gravity",
        "warning",
        f"|acc| at rest is {rest.acc_ms2:.4g} m/s² where {GRAVITY_MS2:.2f} is due: {meaning}",
        todo,
        Where((athlete,), columns=rest.columns),
        round(off / (off + noise / GRAVITY_MS2), 2),
        f"median of the {len(rest.mean)} quietest seconds, which deviate by {noise:.2g}",
    )


def _meaning(acc_ms2: float) -> tuple[str, str]:
    if 0.9 <= acc_ms2 <= 1.1:
        return "the unit is g", f"Multiply by {GRAVITY_MS2:.5f}"
    if acc_ms2 < 0.3 * GRAVITY_MS2:
        return "gravity was taken out", "Take the raw signal: posture lies in gravity"
    if acc_ms2 > 2 * GRAVITY_MS2:
        return "these are not m/s²", "Divide by what the device says at 1 g, times 9.81"
    return "a scale or an offset is off", "Scale each athlete to 9.81 at rest, or calibrate"


def _postures(athlete: str, rest: Rest) -> Iterator[Finding]:
    """At rest |acc| must be the same in all postures; axes of other scales or offsets change it."""
    norm = np.linalg.norm(rest.mean, axis=1)
    still = rest.deviation <= STILL * norm
    if still.sum() < FEWEST:
        return
    low, high = np.percentile(norm[still], [5, 95]) / np.median(norm[still])
    if high - low <= POSTURES:
        return
    noise = float(np.median(rest.deviation[still] / norm[still]))
    yield Finding(
        "wrong-gravity",
        "warning",
        f"|acc| at rest changes with the posture, from {low:.2f} to {high:.2f} of its median: "
        f"{_axes(rest.columns, rest.mean[still])}",
        "Calibrate each axis before anything turns or mirrors the device",
        Where((athlete,), columns=rest.columns),
        round(1 - noise / (high - low), 2),
        f"{number_of(int(still.sum()), 'still second')}, which deviate by {noise:.1%}",
    )


def _axes(columns: tuple[str, ...], mean: np.ndarray) -> str:
    """Squares of the axes, each with a weight, must add up to one: weights tell the scales."""
    squares = mean**2 / (mean**2).sum(axis=1).mean()
    unknown = "an axis has an offset or another scale"
    if np.linalg.cond(squares) > TURNED:
        return unknown
    weights = np.linalg.lstsq(squares, np.ones(len(squares)), rcond=None)[0]
    left, spread = np.std(squares @ weights), np.std(squares.sum(axis=1))
    if (weights <= 0).any() or left > (1 - EXPLAINED) * spread:
        return unknown
    scales = np.sqrt(np.median(weights) / weights)
    told = ", ".join(f"{name} {scale:.2f}" for name, scale in zip(columns, scales, strict=True))
    return f"relative scales {told}"


def _unlike(rests: Mapping[str, tuple[Rest, ...]]) -> Iterator[Finding]:
    """Places where athletes differ in |acc| at rest: the device then names the athlete."""
    places: dict[str, dict[str, Rest]] = {}
    for athlete, own in rests.items():
        for rest in own:
            places.setdefault(placement_of(rest.columns[0]), {})[athlete] = rest
    for place, of in places.items():
        order = sorted(of, key=lambda athlete: of[athlete].acc_ms2)
        low, high = of[order[0]], of[order[-1]]
        if low.acc_ms2 > 0 and high.acc_ms2 > UNLIKE * low.acc_ms2:
            yield Finding(
                "mixed-scales",
                "warning",
                f"|acc| at rest at '{place}' differs between athletes, from {low.acc_ms2:.3g} "
                f"({order[0]}) to {high.acc_ms2:.3g} ({order[-1]})",
                "Bring all athletes to one unit: a model reads the device, not the movement",
                Where(columns=low.columns),
                basis=f"medians of the quietest seconds of {number_of(len(of), 'athlete')}",
            )
