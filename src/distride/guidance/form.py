"""Fitness, fatigue and form as exponential averages of load, and Banister's two responses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.load import MONTH, known_days
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import FATIGUE, FITNESS, FORM, PERFORMANCE

FITNESS_DAYS, FATIGUE_DAYS = 42.0, 7.0
FEWEST_DAYS = 42  # from nothing, fitness has risen to 63 % of a steady load by then

Constant = Callable[[float], float]


def exponential(days: float) -> float:
    """``1 − exp(−1/τ)``: the share of a day that decays with τ whatever the step (GoldenCheetah).

    >>> round(exponential(42.0), 6)
    0.023528
    """
    return float(-np.expm1(-1.0 / days))


def inverse(days: float) -> float:
    """``1/τ``: the share of a day as TrainingPeaks words it.

    >>> round(inverse(42.0), 6)
    0.02381
    """
    return 1.0 / days


def exponential_load(daily: np.ndarray, share: float, start: float = 0.0) -> np.ndarray:
    """``v_t = v_{t−1} + (s_t − v_{t−1}) · share``, load a day.

    Args:
        daily: ``(day,)`` loads.
        share: Weight of a day, 0 to 1; `exponential` and `inverse` give it, and ``2/(N+1)`` is the
            average over N days of Williams 2017 (Br J Sports Med 51:209).
        start: Before the first day.

    Returns:
        ``(day,)``.
    """
    values, value = [], start
    for load in np.asarray(daily, np.float64).ravel():
        value += (float(load) - value) * share
        values.append(value)
    return np.array(values)


def decayed_load(daily: np.ndarray, days: float) -> float:
    """``Σ w·exp(−(t−i)/τ)`` on the day after the last, in the unit of the loads.

    >>> round(decayed_load(np.array([100.0, 0.0]), 2.0), 3)  # 100/e
    36.788
    """
    loads = np.asarray(daily, np.float64).ravel()
    return float(loads @ np.exp(-np.arange(len(loads), 0, -1) / days))


@dataclass(frozen=True)
class Form:
    """Where an athlete stands after the last day.

    Attributes:
        fitness: Load a day over 42 days (CTL).
        fatigue: Load a day over 7 days (ATL).
        form: Of the morning after: fitness less fatigue (TSB).
    """

    fitness: Answer
    fatigue: Answer
    form: Answer


def form(daily: np.ndarray, constant: Constant = exponential) -> Form | Abstained:
    """Fitness, fatigue and form, load a day, from the first known day on; before it, nothing.

    Both constants in use are offered and differ: after 42 days of 100, fitness is 63.2 by
    `exponential` and 63.7 by `inverse`. Abstains on fewer than 42 days ("too_little_data") and
    where a day is unknown ("no_data").

    Args:
        daily: ``(day,)`` loads of one kind, rest days as zeros, the latest last.
        constant: From days to the share of one day.
    """
    loads = known_days(daily)
    if isinstance(loads, Abstained):
        return loads
    if len(loads) < FEWEST_DAYS:
        return Abstained("too_little_data", len(loads), FEWEST_DAYS, "days")
    slow = float(exponential_load(loads, constant(FITNESS_DAYS))[-1])
    fast = float(exponential_load(loads, constant(FATIGUE_DAYS))[-1])
    return Form(FITNESS.of(slow), FATIGUE.of(fast), FORM.of(slow - fast))


@dataclass(frozen=True)
class ImpulseResponse:
    """Banister's model: performance is a base, and each load lifts it slowly and lowers it fast.

    ``p = p0 + k1·Σ w·exp(−(t−i)/τ1) − k2·Σ w·exp(−(t−i)/τ2)``. It is ill-conditioned: its
    parameters come from 10 to 20 tests of one athlete, so there are no defaults and no fit here.

    Attributes:
        base: ``p0``, in the unit of the performance.
        lift: ``k1``, above 0.
        drop: ``k2``, above `lift`.
        lift_days: ``τ1``.
        drop_days: ``τ2``, shorter.
    """

    base: float
    lift: float
    drop: float
    lift_days: float
    drop_days: float

    def __post_init__(self) -> None:
        is_lower, is_shorter = self.lift < self.drop, self.drop_days < self.lift_days
        lasts = self.lift > 0 and self.drop_days >= 1 and max(self.drop, self.lift_days) < np.inf
        if not (is_lower and is_shorter and lasts):
            raise GuidanceError(
                f"The responses lift by {self.lift:g} over {self.lift_days:g} days and drop by "
                f"{self.drop:g} over {self.drop_days:g}: the drop must be the "
                "greater and the shorter, of a day or more."
            )

    def performance(self, daily: np.ndarray) -> Answer:
        """In the unit of `base`, on the day after the last.

        Abstains as `known_days` does, and on fewer than 28 days ("too_little_data").
        """
        loads = known_days(daily)
        if isinstance(loads, Abstained):
            return loads
        if len(loads) < MONTH:
            return Abstained("too_little_data", len(loads), MONTH, "days")
        lifted = self.lift * decayed_load(loads, self.lift_days)
        return PERFORMANCE.of(self.base + lifted - self.drop * decayed_load(loads, self.drop_days))

    @property
    def recovered_days(self) -> float:
        """Days after one load until it no longer lowers performance."""
        return self._rate * float(np.log(self.drop / self.lift))

    @property
    def best_days(self) -> float:
        """Days after one load until it lifts most."""
        ratio = self.drop * self.lift_days / (self.lift * self.drop_days)
        return self._rate * float(np.log(ratio))

    @property
    def _rate(self) -> float:
        return self.lift_days * self.drop_days / (self.lift_days - self.drop_days)
