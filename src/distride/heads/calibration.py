"""Confidence that means what it says: a temperature, and how far it is from the truth."""

import numpy as np

from distride.heads.linear import softmax

COLDEST, HOTTEST = 1e-3, 1e3
HALVINGS = 60
BINS = 15


def fit_temperature(scores: np.ndarray, labels: np.ndarray, caution: float = 0.0) -> float:
    """The temperature at which the softmax of these scores is most probable.

    One number for all classes changes no answer, only its confidence (Guo et al. 2017, "On
    calibration of modern neural networks", arXiv 1706.04599). In ``β = 1/T`` the mean log-loss is
    convex, with derivative ``E[Σ_k p_k s_k − s_y]``, so halving finds the only minimum. Windows of
    one person are alike and tell little of the next: caution adds ``c·(log T)²`` to the loss, which
    draws the temperature towards 1 where they do not clearly say otherwise.

    Args:
        scores: ``(window, class)`` of athletes the head was not fitted on, before any temperature.
        labels: ``(window,)`` class numbers.
        caution: ``c``; with it there may be several minima, and one of them is found.

    Returns:
        Between 0.001 and 1000; those ends where the scores are always, or never, right.

    >>> scores = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])
    >>> round(fit_temperature(scores, np.array([0, 0, 0, 1])), 3)  # 2 / log 3
    1.82
    """
    own = scores[np.arange(len(scores)), labels]
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        expected = (softmax(scores * np.exp(-middle)) * scores).sum(axis=1)
        if np.exp(-middle) * (expected - own).mean() > 2 * caution * middle:  # too sure: warmer
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """``(window,)`` minus log of the probability given to the truth; finite."""
    own = probabilities[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(own, np.finfo(np.float64).tiny)))


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean distance of confidence and accuracy over equal bins of confidence.

    >>> expected_calibration_error(np.array([[0.75, 0.25]] * 4), np.array([0, 0, 1, 1]))
    0.25
    """
    return error_of_bins(calibration_bins(probabilities, labels))


def calibration_bins(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """``(bin, 2)``: windows of each bin of confidence, and the sum of confidence minus right.

    Those of several people may be added.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    which = bin_of(confidence, BINS)
    surplus = np.bincount(which, weights=confidence - right, minlength=BINS)
    return np.stack([np.bincount(which, minlength=BINS), surplus], axis=1)


def bin_of(confidence: np.ndarray, bins: int) -> np.ndarray:
    """Which of so many equal bins each confidence falls into; 1 belongs to the last.

    >>> bin_of(np.array([0.0, 0.1, 1.0]), 10).tolist()
    [0, 1, 9]
    """
    return np.asarray(np.minimum((confidence * bins).astype(int), bins - 1))


def error_of_bins(bins: np.ndarray) -> float:
    """The expected calibration error of what `calibration_bins` counted."""
    windows, surplus = bins.T
    return float(np.abs(surplus).sum() / windows.sum())
