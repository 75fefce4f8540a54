"""Which candidate ships: what is expected to be best, unless the evidence is against it.

Few athletes validate, often one, and a trial is one training. To ship whatever scored best there
is near to a coin's toss between candidates a point or two apart. So one of them is expected to be
best, from measurements on other cohorts, and another takes its place only where it is better by
more than one standard error of the paired difference (the rule of Breiman et al. 1984 for choosing
among trees) and by more than trainings differ that have only their seeds apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

FEWEST_ATHLETES = 3  # that are drawn again; of fewer, blocks of their windows
BLOCKS = 10  # of an athlete's windows, where athletes are too few to be drawn again
RESAMPLES = 200
NOISE = 0.02  # share of a score by which trainings with other seeds differ


@dataclass(frozen=True)
class Trial:
    """A candidate on the validating athletes.

    Attributes:
        score: More is better.
        resampled: ``(resample,)`` scores of the same draws of units for all candidates.
    """

    score: float
    resampled: np.ndarray


def preferred(trials: Mapping[str, Trial], expected: str) -> str:
    """The candidate that ships.

    >>> still = np.zeros(2)
    >>> trials = {"a": Trial(0.80, still + 0.80), "b": Trial(0.81, still + 0.81)}
    >>> preferred(trials, "a"), preferred(trials | {"c": Trial(0.9, still + 0.9)}, "a")
    ('a', 'c')

    Args:
        trials: By candidate.
        expected: The one that is expected to be best.
    """
    usual = trials[expected]

    def is_better(trial: Trial) -> bool:
        error = float(np.std(trial.resampled - usual.resampled))
        return trial.score - usual.score > max(error, NOISE * abs(usual.score))

    better = {name: trial for name, trial in trials.items() if is_better(trial)}
    return max(better, key=lambda name: better[name].score, default=expected)


def trial_of(score: Callable[[np.ndarray], float], units: np.ndarray) -> Trial:
    """Judge a candidate on all windows, and on windows whose units are drawn again.

    Args:
        score: Of windows by their numbers.
        units: ``(window,)`` as `units_of` tells.
    """
    rows = [np.flatnonzero(units == unit) for unit in np.unique(units)]
    draws = np.random.default_rng(0).integers(len(rows), size=(RESAMPLES, len(rows)))
    resampled = [score(np.concatenate([rows[unit] for unit in draw])) for draw in draws]
    return Trial(score(np.arange(len(units))), np.array(resampled))


def units_of(athlete: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """``(window,)`` what is drawn again: athletes, or where they are too few blocks of windows.

    A block is a stretch of each class, for windows beside each other are no independent evidence.

    Args:
        athlete: ``(window,)`` numbers.
        classes: ``(window,)`` numbers, in the order of time; all the same where there are none.
    """
    if len(np.unique(athlete)) >= FEWEST_ATHLETES:
        return athlete
    units = np.zeros(len(athlete), int)
    for one in np.unique(athlete):
        for other in np.unique(classes):
            rows = np.flatnonzero((athlete == one) & (classes == other))
            units[rows] = one * BLOCKS + np.arange(len(rows)) * BLOCKS // max(1, len(rows))
    return units
