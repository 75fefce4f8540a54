"""The guard: an athlete's own head goes live only if their own data say that it helps.

Personal windows sometimes harm: they may be few, faulty or mislabelled. So before a personal head
replaces the shared one, both are compared on the athlete's calibration windows, each judged by a
head that did not see it.

Leaving a group of windows ``g`` out needs no refit. The prior (shared head and evidence) stays as
it is, and for ridge regression the residuals of the left-out rows follow from those of the full fit
(PRESS; Allen 1974, Technometrics 16:125):

    r₋g = (I − H_gg)⁻¹ r_g        with  H = wP (A + wPᵀP)⁻¹ Pᵀ
"""

from dataclasses import dataclass

import numpy as np

from distride.heads.calibration import log_loss
from distride.heads.linear import Head, softmax
from distride.heads.personal import (
    WEIGHT,
    Labels,
    extended,
    numbers_of,
    personalize,
    targets_of,
)
from distride.heads.shared import solution_of, with_one

FEWEST_GROUPS = 3  # below, no standard error deserves the name


@dataclass(frozen=True)
class GuardVerdict:
    """Whether a personal head goes live, and why.

    Attributes:
        live: Whether it does.
        reason: One sentence with the numbers.
        shared_score: Accuracy of the shared head on the calibration windows; of a regression,
            minus the root mean square error.
        personal_score: The same of the personal head, each window judged without its group.
        head: What to use: the personal head if live, else the shared one.
    """

    live: bool
    reason: str
    shared_score: float
    personal_score: float
    head: Head


def guarded(
    head: Head,
    features: np.ndarray,
    labels: Labels,
    groups: np.ndarray,
    weight: float = WEIGHT,
) -> GuardVerdict:
    """Personalise, and let it go live if it is better by more than one standard error.

    The loss of a window is minus the log of its true class's probability, or a regression's
    squared error; its mean fall over groups must exceed the standard error of that mean. One
    window a class can hardly pass, because leaving it out leaves nothing of its class.

    Args:
        head: The shared head.
        features: ``(window, feature)`` of the athlete's calibration windows.
        labels: One a window.
        groups: ``(window,)``, what is left out together: recordings or blocks of time. If a class
            would vanish with its group, each of its windows is a group of its own.
        weight: One window of the athlete counts as so many of training.
    """
    personal = personalize(head, features, labels, weight)
    base = extended(head, labels)
    targets = targets_of(base, labels)
    truth = numbers_of(base, labels) if base.labels else targets[:, 0]
    groups = _groups(truth, groups)
    shared = with_one(features) @ solution_of(base)
    own = held_out(base, features, targets, groups, weight)
    gain = _per_group(_losses(base, shared, truth) - _losses(base, own, truth), groups)
    before, after = _score(base, shared, truth), _score(base, own, truth)
    live, reason = _judge(gain, before, after)
    return GuardVerdict(live, reason, before, after, personal if live else head)


def held_out(
    base: Head, features: np.ndarray, targets: np.ndarray, groups: np.ndarray, weight: float
) -> np.ndarray:
    """Raw scores ``(window, output)`` of each window by the head personalised without its group."""
    phi = with_one(features)
    solved = np.linalg.solve(base.evidence + weight * phi.T @ phi, weight * phi.T)
    hat = phi @ solved  # (window, window)
    before = targets - phi @ solution_of(base)
    after = before - hat @ before
    scores = np.empty_like(targets)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        outside = np.eye(len(rows)) - hat[np.ix_(rows, rows)]
        scores[rows] = targets[rows] - np.linalg.solve(outside, after[rows])
    return scores


def _groups(truth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The groups as given, but single windows for a class that lives in one group only."""
    numbers = np.unique(groups, return_inverse=True)[1]
    for one in np.unique(truth):
        rows = np.flatnonzero(truth == one)
        if len(np.unique(numbers[rows])) == 1:
            numbers[rows] = numbers.max() + 1 + np.arange(len(rows))
    return np.asarray(numbers)


def _losses(base: Head, scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    if not base.labels:
        return np.asarray((scores[:, 0] - truth) ** 2)
    return log_loss(softmax(scores / base.temperature), truth)


def _score(base: Head, scores: np.ndarray, truth: np.ndarray) -> float:
    if not base.labels:
        return -float(np.sqrt(_losses(base, scores, truth).mean()))
    return float((scores.argmax(axis=1) == truth).mean())


def _per_group(gain: np.ndarray, groups: np.ndarray) -> np.ndarray:
    return np.array([gain[groups == group].mean() for group in np.unique(groups)])


def _judge(gain: np.ndarray, before: float, after: float) -> tuple[bool, str]:
    if len(gain) < FEWEST_GROUPS:
        return False, f"{len(gain)} groups of windows are too few to judge by: record more."
    mean, error = float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))
    numbers = (
        f"held out, its loss is {abs(mean):.3f} ± {error:.3f} {'lower' if mean > 0 else 'higher'}, "
        f"its score {after:.3f} against {before:.3f}"
    )
    if mean > error:
        return True, f"The personal head is better: {numbers}."
    return False, f"The personal head is not surely better, so the shared one stays: {numbers}."
