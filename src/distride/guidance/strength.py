"""Strength: the load of one repetition, and what bar velocity tells of it and of fatigue."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.inputs import aligned
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import IN_RESERVE, LOAD_SHARE, ONE_REP_MAX, VELOCITY_LOSS

Formula = Literal["epley", "brzycki", "lombardi", "oconner", "mayhew", "wathan", "lander"]
ONE_REP_FORMULAS: dict[Formula, Callable[[float], float]] = {
    "epley": lambda r: 1 + r / 30,
    "brzycki": lambda r: 36 / (37 - r),
    "lombardi": lambda r: r**0.10,
    "oconner": lambda r: 1 + 0.025 * r,
    "mayhew": lambda r: 100 / (52.2 + 41.9 * math.exp(-0.055 * r)),
    "wathan": lambda r: 100 / (48.8 + 53.8 * math.exp(-0.075 * r)),
    "lander": lambda r: 100 / (101.3 - 2.67123 * r),
}
"""How many times the load the one-repetition maximum is, of repetitions to failure."""
MOST_REPS = 10
ERROR_SHARE = 0.12  # of the maximum: 10.6 to 13.5 % on the bench at 85 %
LIGHTEST_KG, HEAVIEST_KG = 0.1, 700.0

FEWEST_LOADS = 3
LEAST_SPREAD = 1.2  # the heaviest load over the lightest
STOP_MS = 0.16  # mean velocity of a bench press at the maximum, give or take 0.04
SLOWEST_MS, FASTEST_MS = 0.01, 5.0
RESERVE_ERROR = 1.0  # repetitions, at most five from failure; beyond, more than two
LEAST_EFFORT, MOST_EFFORT = 5.0, 10.0


def one_rep_max(
    load_kg: float, reps: int, in_reserve: float = 0.0, formula: Formula = "epley"
) -> Answer:
    """The load that could be lifted once, kg, give or take 12 %.

    Epley by default, ``load·(1 + r/30)`` with ``r`` the repetitions done and those left; the others
    are in `ONE_REP_FORMULAS`. One repetition with none left is the maximum itself. Abstains on NaN
    ("no_data"), and where ``r`` is not 1 to 10 or the load not 0 to 700 kg ("outside_validity").

    Args:
        load_kg: Of the set.
        reps: Done.
        in_reserve: That could still have been done; 0 at failure.
        formula: Whose.

    >>> round(one_rep_max(100.0, 5).value, 3)
    116.667
    """
    if not np.isfinite([load_kg, reps, in_reserve]).all():
        return Abstained("no_data", what="load, repetitions and reserve")
    if not 0 < load_kg <= HEAVIEST_KG:
        return Abstained("outside_validity", load_kg, HEAVIEST_KG, "load_kg")
    possible = reps + in_reserve
    if reps < 1 or in_reserve < 0 or possible > MOST_REPS:
        return Abstained("outside_validity", possible, MOST_REPS, "repetitions")
    if possible == 1:
        return ONE_REP_MAX.of(load_kg)
    estimate = load_kg * ONE_REP_FORMULAS[formula](possible)
    return ONE_REP_MAX.of(estimate, ERROR_SHARE * estimate)


@dataclass(frozen=True)
class LoadVelocity:
    """One athlete's line of one movement, ``v = at_rest + slope·load``.

    Attributes:
        at_rest_ms: Velocity at no load.
        slope: m/s a kg, below 0.
        error_ms: Standard error of the velocities around it.
        heaviest_kg: Of the loads it was fitted on.
    """

    at_rest_ms: float
    slope: float
    error_ms: float
    heaviest_kg: float

    def __post_init__(self) -> None:
        if not (self.slope < 0 < self.at_rest_ms and self.heaviest_kg > 0 and self.error_ms >= 0):
            raise GuidanceError(
                f"The load-velocity line is {self.at_rest_ms:g} {self.slope:+g}·load: its slope "
                "must be below 0, its velocity at no load and its heaviest load above."
            )

    def one_rep_max(self, stop_ms: float = STOP_MS) -> Answer:
        """The load at which velocity falls to that of a maximum, kg: ``(v₁ − a)/b``.

        Abstains where that velocity is no velocity ("no_data") or the answer is below a load that
        was lifted or more than half above it ("does_not_fit").

        Args:
            stop_ms: The athlete's own velocity at a maximum, where known.
        """
        if not SLOWEST_MS <= stop_ms < FASTEST_MS:
            return Abstained("no_data", what="stop_ms")
        load = (stop_ms - self.at_rest_ms) / self.slope
        if not self.heaviest_kg <= load <= 1.5 * self.heaviest_kg:
            return Abstained("does_not_fit", load, self.heaviest_kg, "kg")
        return ONE_REP_MAX.of(load, self.error_ms / abs(self.slope))


def load_velocity(
    load_kg: np.ndarray, velocity_ms: np.ndarray, *, validated: bool
) -> LoadVelocity | Abstained:
    """The line of mean velocity over load, by least squares.

    Abstains on velocities of a device that nobody held against a linear encoder
    ("not_validated": a bare motion sensor drifts), on fewer than three different loads
    ("too_little_data"), where the heaviest is not a fifth heavier than the lightest
    ("no_variation"), and where velocity does not fall ("does_not_fit").

    Args:
        load_kg: ``(set,)``.
        velocity_ms: ``(set,)`` of the fastest repetition of each.
        validated: Whether the device was.
    """
    if not validated:
        return Abstained("not_validated", what="velocity_ms")
    load, velocity = aligned(load_kg, velocity_ms)
    lifted = (load >= LIGHTEST_KG) & (load <= HEAVIEST_KG)
    usable = lifted & (velocity >= SLOWEST_MS) & (velocity < FASTEST_MS)
    load, velocity = load[usable], velocity[usable]
    if len(np.unique(load)) < FEWEST_LOADS:
        return Abstained("too_little_data", len(np.unique(load)), FEWEST_LOADS, "loads")
    if load.max() < LEAST_SPREAD * load.min():
        return Abstained("no_variation", load.max() / load.min(), LEAST_SPREAD, "heaviest load")
    slope, at_rest = np.polyfit(load, velocity, 1)
    if slope >= 0:
        return Abstained("does_not_fit", what="velocity_ms")
    residual = velocity - (at_rest + slope * load)
    error = math.sqrt(float(residual @ residual) / (len(load) - 2))
    return LoadVelocity(float(at_rest), float(slope), error, float(load.max()))


def load_share(velocity_ms: float, *, validated: bool) -> Answer:
    """Percent of the maximum that a bench press of this mean propulsive velocity is.

    ``8.4326 v² − 73.501 v + 112.33`` (González-Badillo & Sánchez-Medina 2010, Int J Sports Med
    31:347), for everybody; an athlete's own `load_velocity` is better. Abstains as that does on the
    device, on NaN ("no_data"), and outside 30 to 105 % ("implausible").

    >>> round(load_share(0.5, validated=True).value, 4)
    77.6876
    """
    if not validated:
        return Abstained("not_validated", what="velocity_ms")
    if not SLOWEST_MS <= velocity_ms < FASTEST_MS:
        return Abstained("no_data", what="velocity_ms")
    return LOAD_SHARE.of(8.4326 * velocity_ms**2 - 73.501 * velocity_ms + 112.33)


def velocity_loss(velocity_ms: np.ndarray, *, validated: bool) -> Answer:
    """How much slower the last repetition was than the best of the set, percent.

    ``100·(v_best − v)/v_best``. Abstains on a device that nobody validated ("not_validated"), and
    on fewer than two repetitions of known velocity or an unknown last one ("too_little_data").

    Args:
        velocity_ms: ``(repetition,)`` mean velocity, NaN where unknown.
        validated: Whether the device was held against a linear encoder.

    >>> round(velocity_loss([0.60, 0.55, 0.48], validated=True).value, 6)
    20.0
    """
    if not validated:
        return Abstained("not_validated", what="velocity_ms")
    velocity = np.asarray(velocity_ms, np.float64).ravel()
    usable = (velocity >= SLOWEST_MS) & (velocity < FASTEST_MS)
    if usable.sum() < 2 or not usable[-1]:
        return Abstained("too_little_data", int(usable.sum()), 2, "repetitions")
    best = float(velocity[usable].max())
    return VELOCITY_LOSS.of(100 * (best - float(velocity[-1])) / best)


def repetitions_in_reserve(effort: float) -> Answer:
    """``10 − RPE`` repetitions that could still have been done, give or take one.

    Zourdos 2016, J Strength Cond Res 30:267. People leave about one more than they say (Halperin
    2022). Abstains on NaN ("no_data") and below an effort of 5 or above 10 ("outside_validity"),
    where they err by two and more.
    """
    if not math.isfinite(effort):
        return Abstained("no_data", what="effort")
    if not LEAST_EFFORT <= effort <= MOST_EFFORT:
        return Abstained("outside_validity", effort, LEAST_EFFORT, "effort, RPE 0-10")
    return IN_RESERVE.of(MOST_EFFORT - effort, RESERVE_ERROR)
