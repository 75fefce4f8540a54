"""How sure what ships is of unseen athletes, and where it says nothing."""

from dataclasses import dataclass

import numpy as np

from distride.heads import Familiarity, Head, calibration_bins, softmax
from distride.learn.fold import Thresholds
from distride.learn.metrics import confusion


@dataclass(frozen=True)
class Doubt:
    """Counts over a fold's unseen windows, to be added to those of other folds.

    Attributes:
        before: Bins of confidence without a temperature (see `heads.calibration_bins`).
        after: The same as shipped.
        answered: ``(true class, told class)`` counts of the windows that are answered.
        unsure: Windows on which a device would be unsure.
        unknown: Windows that it would take for none of the movements.
    """

    before: list[list[float]]
    after: list[list[float]]
    answered: list[list[int]]
    unsure: int
    unknown: int


def doubt_about(
    head: Head, thresholds: Thresholds, features: np.ndarray, truth: np.ndarray
) -> Doubt:
    """Judge window by window, as a device does before it averages over time.

    Args:
        head: The shared one, calibrated.
        thresholds: When a device says nothing.
        features: ``(window, feature)``.
        truth: ``(window,)`` class numbers.
    """
    scores = head.scores(features)
    p = softmax(scores)
    unknown = Familiarity.of(head)(features) < thresholds.unknown_below
    unsure = ~unknown & (p.max(axis=1) < thresholds.abstain_below)
    told = ~(unknown | unsure)
    counts = confusion(truth[told], p[told].argmax(axis=1), len(head.labels))
    return Doubt(
        calibration_bins(softmax(scores * head.temperature), truth).tolist(),
        calibration_bins(p, truth).tolist(),
        counts.tolist(),
        int(unsure.sum()),
        int(unknown.sum()),
    )
