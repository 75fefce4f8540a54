"""How good, how sure: macro-F1, intervals over athletes, and what a plot needs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

RESAMPLES = 2000
EVIDENCE_FOR_INTERVAL = 3  # athletes


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


def score_of(folds: Sequence[np.ndarray]) -> float:
    """Mean over folds of the macro-F1 of all their windows.

    Args:
        folds: Each ``(athlete, class, class)`` confusion of its held-out athletes.
    """
    return float(np.mean([mean_f1(fold.sum(axis=0)) for fold in folds]))


def resampled_scores(folds: Sequence[np.ndarray], seed: int = 0) -> np.ndarray | None:
    """``(resample,)`` scores of folds drawn again, and of athletes drawn again within them.

    A bootstrap in two stages, because scores are means over folds of pooled windows. The same seed
    draws the same people, so that differences of two models are paired. None for fewer than three
    athletes.
    """
    if sum(map(len, folds)) < EVIDENCE_FOR_INTERVAL:
        return None
    rng = np.random.default_rng(seed)
    by_fold = np.stack([_resampled(fold, rng) for fold in folds])  # (fold, resample)
    drawn = rng.integers(len(folds), size=(len(folds), RESAMPLES))
    return np.asarray(np.take_along_axis(by_fold, drawn, axis=0).mean(axis=0))


def interval(values: np.ndarray, seed: int = 0) -> list[float] | None:
    """95 % bootstrap interval of the mean over athletes; None for fewer than three."""
    if len(values) < EVIDENCE_FOR_INTERVAL:
        return None
    rng = np.random.default_rng(seed)
    return spread(rng.choice(values, (RESAMPLES, len(values))).mean(axis=1))


def spread(scores: np.ndarray | None) -> list[float] | None:
    """The middle 95 % of resampled scores, or of differences of them."""
    if scores is None:
        return None
    low, high = np.quantile(scores, [0.025, 0.975])
    return [float(low), float(high)]


def _resampled(fold: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    people = len(fold)
    times = rng.multinomial(people, np.full(people, 1 / people), size=RESAMPLES)
    counts = (times @ fold.reshape(people, -1)).reshape(RESAMPLES, *fold.shape[1:])
    return np.asarray(np.nanmean(f1_by_class(counts), axis=1))


def reliability(probabilities: np.ndarray, truth: np.ndarray, bins: int = 10) -> list[Any]:
    """Confidence against accuracy, bin by bin, for a reliability diagram."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "confidence": float(confidence[which == index].mean()),
            "accuracy": float(right[which == index].mean()),
            "count": int((which == index).sum()),
        }
        for index in range(bins)
        if (which == index).any()
    ]
