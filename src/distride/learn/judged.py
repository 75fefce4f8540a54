"""A model's answers on unseen athletes, and what they are worth."""

from dataclasses import dataclass

import numpy as np

from distride.heads import expected_calibration_error
from distride.learn.metrics import confusion, mean_f1


@dataclass(frozen=True)
class Judged:
    """One model on one held-out athlete.

    Attributes:
        macro_f1: Over the classes present.
        accuracy: Share of right answers.
        ece: Expected calibration error; None for a model without probabilities.
        windows: How many were judged.
        confusion: ``(true class, predicted class)`` counts.
    """

    macro_f1: float
    accuracy: float
    ece: float | None
    windows: int
    confusion: list[list[int]]


def judged(
    truth: np.ndarray, predicted: np.ndarray, classes: int, probabilities: np.ndarray | None = None
) -> Judged:
    """Compare answers with the truth.

    >>> judged(np.array([0, 1]), np.array([0, 1]), 2).macro_f1
    1.0
    """
    ece = None if probabilities is None else expected_calibration_error(probabilities, truth)
    counts = confusion(truth, predicted, classes)
    accuracy = float(np.trace(counts) / len(truth))
    return Judged(mean_f1(counts), accuracy, ece, len(truth), counts.tolist())
