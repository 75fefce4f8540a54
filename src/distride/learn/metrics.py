"""How good, how sure: macro-F1, errors of values, intervals over athletes, what a plot needs.

Every score is a function of sums over windows (a confusion matrix, or moments of an error), which
add up over athletes: so a fold pools its windows, and a bootstrap draws athletes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from distride.heads import bin_of

RESAMPLES = 2000
TENTHS = 10  # bins of a reliability diagram
FEWEST_UNITS = 3  # folds, or athletes of one fold, of which an interval can be told
NORMAL = 1.959964  # quantile of the normal distribution, 97.5 %
SPREAD_FLOOR = 1e-12  # of a sum of squares: below it values differ by rounding only


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts ``(true class, predicted class)``."""
    counts = np.bincount(truth * classes + predicted, minlength=classes**2)
    return np.asarray(counts.reshape(classes, classes))


def f1_by_class(counts: np.ndarray) -> np.ndarray:
    """F1 of each class of confusion matrices ``(…, class, class)``; NaN for one not present."""
    right = np.diagonal(counts, axis1=-2, axis2=-1)
    present = counts.sum(axis=-1)
    told = counts.sum(axis=-2)
    empty = np.full(right.shape, np.nan)
    return np.asarray(np.divide(2 * right, present + told, out=empty, where=present > 0))


def mean_f1(counts: np.ndarray) -> float:
    """Macro-F1 of a confusion matrix, over the classes that are present.

    A class that is only said to be there costs the recall of those that are. To average over it too
    would halve the score of an athlete with two classes for a single wrong window.
    """
    return float(np.nanmean(f1_by_class(counts)))


def macro_f1(truth: np.ndarray, predicted: np.ndarray, classes: int) -> float:
    """Mean F1 over the classes that are present.

    >>> macro_f1(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    0.7333333333333334
    """
    return mean_f1(confusion(truth, predicted, classes))


def moments(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """``(9,)`` sums over windows from which all errors of values follow.

    Windows, absolute errors, squared errors, errors (predicted minus true), true values, their
    squares, predicted values, their squares, products of both.
    """
    y, p = np.asarray(truth, np.float64), np.asarray(predicted, np.float64)
    e = p - y
    parts = (np.ones_like(y), np.abs(e), e**2, e, y, y**2, p, p**2, y * p)
    return np.array([part.sum() for part in parts])


def errors_of(sums: np.ndarray) -> dict[str, float | None]:
    """Errors of values from their `moments`, in the values' unit where they have one.

    R² is one minus the squared error over that of the true mean of these very windows. It and the
    correlation are None where the true values, or the predicted ones, do not differ.

    >>> found = errors_of(moments(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])))
    >>> {name: round(value, 3) for name, value in found.items()}
    {'mae': 0.667, 'rmse': 0.816, 'bias': 0.667, 'r2': 0.0, 'correlation': 0.866}
    """
    n, absolute, squares, errors, y, yy, p, pp, yp = map(float, sums)
    true_spread, told_spread = yy - y * y / n, pp - p * p / n
    differs = true_spread > SPREAD_FLOOR * yy
    return {
        "mae": absolute / n,
        "rmse": float(np.sqrt(squares / n)),
        "bias": errors / n,
        "r2": 1 - squares / true_spread if differs else None,
        "correlation": (yp - y * p / n) / math.sqrt(true_spread) / math.sqrt(told_spread)
        if differs and told_spread > SPREAD_FLOOR * pp
        else None,
    }


@dataclass(frozen=True)
class Yardstick:
    """How a kind of task is scored; every choice and comparison goes by it.

    Attributes:
        name: Of the score in `results.json`.
        of: The score of sums over windows ``(…, *sums)``, as ``(…)``.
        sign: 1 where more is better, -1 where less is.
        most: What no score is above; none is below zero.
    """

    name: str
    of: Callable[[np.ndarray], np.ndarray]
    sign: int
    most: float

    def worth(self, sums: np.ndarray) -> float:
        """The score of one set of sums, turned so that more is better."""
        return self.sign * float(self.of(sums))


MACRO_F1 = Yardstick("macro_f1", lambda counts: np.nanmean(f1_by_class(counts), axis=-1), 1, 1.0)
MAE = Yardstick("mae", lambda sums: sums[..., 1] / sums[..., 0], -1, math.inf)


def score_of(folds: Sequence[np.ndarray], yardstick: Yardstick = MACRO_F1) -> float:
    """Mean over folds of the score of all their windows.

    Args:
        folds: Each ``(athlete, *sums)`` of its held-out athletes.
        yardstick: Which score.
    """
    return float(np.mean([yardstick.of(fold.sum(axis=0)) for fold in folds]))


def resampled_scores(folds: Sequence[np.ndarray], yardstick: Yardstick = MACRO_F1) -> np.ndarray:
    """``(resample,)`` scores of folds drawn again; of athletes, where there is one fold.

    Folds are other athletes at random, so how they differ holds how athletes differ: to draw
    athletes within them too would count that twice (Davison and Hinkley 1997, "Bootstrap Methods
    and their Application", section 3.8). The same are drawn for every model, so that differences
    of two are paired.
    """
    rng = np.random.default_rng(0)
    if len(folds) == 1:
        return np.asarray(yardstick.of(_resampled(folds[0], rng)))
    by_fold = np.array([yardstick.of(fold.sum(axis=0)) for fold in folds])
    drawn = rng.integers(len(folds), size=(len(folds), RESAMPLES))
    return np.asarray(by_fold[drawn].mean(axis=0))


def units_in(folds: Sequence[np.ndarray]) -> int:
    """How many independent results there are: folds, or the athletes of a single one."""
    return len(folds) if len(folds) > 1 else len(folds[0])


def interval(values: np.ndarray) -> list[float] | None:
    """95 % bootstrap interval of the mean over athletes; None for fewer than three."""
    if len(values) < FEWEST_UNITS:
        return None
    draws = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    return spread(float(values.mean()), draws.mean(axis=1), len(values))


def spread(estimate: float, resampled: np.ndarray, units: int) -> list[float] | None:
    """95 % interval of an estimate, from what it is when its units are drawn again.

    The middle 95 % of a bootstrap of three units hold the truth in 75 of 100 cases, of eight in 88:
    they lack a variance's n/(n−1), and that the variance itself is an estimate. So its ends are
    moved away from the estimate by both, as Hesterberg 2015, "What teachers should know about the
    bootstrap" (arXiv 1411.5279), does with its percentiles. None for fewer than three units.
    """
    if units < FEWEST_UNITS:
        return None
    ends = np.quantile(resampled, [0.025, 0.975])
    return [float(end) for end in estimate + stretch(units) * (ends - estimate)]


def stretch(units: int) -> float:
    """By how much a bootstrap of few units is too narrow.

    Student's t by its expansion about the normal distribution (Abramowitz and Stegun 1964, 26.7.5),
    3 % too small for three units, and closer for more.

    >>> [round(stretch(units), 2) for units in (3, 5, 8, 30)]
    [2.61, 1.58, 1.29, 1.06]
    """
    z, free = NORMAL, units - 1
    student = z + sum(
        (
            (z**3 + z) / (4 * free),
            (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2),
            (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3),
        )
    )
    return math.sqrt(units / free) * student / z


def _resampled(fold: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """``(resample, *sums)`` of a fold whose athletes are drawn again."""
    people = len(fold)
    times = rng.multinomial(people, np.full(people, 1 / people), size=RESAMPLES)
    return np.asarray((times @ fold.reshape(people, -1)).reshape(RESAMPLES, *fold.shape[1:]))


def reliability(probabilities: np.ndarray, truth: np.ndarray) -> list[Any]:
    """Confidence against accuracy, tenth by tenth, for a reliability diagram."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    which = bin_of(confidence, TENTHS)
    return [
        {
            "confidence": float(confidence[which == index].mean()),
            "accuracy": float(right[which == index].mean()),
            "count": int((which == index).sum()),
        }
        for index in range(TENTHS)
        if (which == index).any()
    ]
