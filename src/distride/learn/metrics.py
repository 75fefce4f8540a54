"""How good, how sure: macro-F1, paired intervals over athletes, and what a plot needs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

RESAMPLES = 2000
EVIDENCE_FOR_INTERVAL = 3  # athletes


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts ``(true class, predicted class)``."""
    counts = np.bincount(truth * classes + predicted, minlength=classes**2)
    return np.asarray(counts.reshape(classes, classes))


def f1_by_class(counts: np.ndarray) -> np.ndarray:
    """F1 of each class of a confusion matrix; NaN for one neither present nor predicted."""
    present = counts.sum(axis=0) + counts.sum(axis=1)
    empty = np.full(len(counts), np.nan)
    f1 = np.divide(2 * np.diag(counts), present, out=empty, where=present > 0)
    return np.asarray(f1)


def mean_f1(counts: np.ndarray) -> float:
    """Macro-F1 of a confusion matrix, over the classes that are present or predicted."""
    return float(np.nanmean(f1_by_class(counts)))


def macro_f1(truth: np.ndarray, predicted: np.ndarray, classes: int) -> float:
    """Mean F1 over the classes that are present or predicted.

    >>> macro_f1(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    0.7333333333333334
    """
    return mean_f1(confusion(truth, predicted, classes))


def interval(values: np.ndarray, seed: int = 0) -> list[float] | None:
    """95 % bootstrap interval of the mean over athletes; None for fewer than three."""
    if len(values) < EVIDENCE_FOR_INTERVAL:
        return None
    rng = np.random.default_rng(seed)
    draws = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return [float(low), float(high)]


def paired_gain(
    better: Mapping[str, float], worse: Mapping[str, float]
) -> tuple[float, list[float] | None]:
    """Mean difference over the athletes both know, with its interval."""
    shared = sorted(better.keys() & worse.keys())
    differences = np.array([better[athlete] - worse[athlete] for athlete in shared])
    return float(differences.mean()), interval(differences)


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
