"""Heads in closed form: the shared one from training, and an athlete's own from a few windows.

A head is ridge regression on a body's features with a 1 appended, ``φ``. With targets ``Y``
(one-hot for classes) and ``A = ΦᵀΦ + λI``, training gives ``W = A⁻¹ΦᵀY``. Had an athlete's windows
``P`` with targets ``T`` been in training, each counting ``w`` times, the solution would have been

    U = (A + wPᵀP)⁻¹ (ΦᵀY + wPᵀT)          and, because ΦᵀY = A·W,
    U = W + (A + wPᵀP)⁻¹ wPᵀ (T − P·W)

so the training data are not needed, only ``A``. This is recursive least squares with a block of
rows (Plackett 1950, Biometrika 37:149), or Bayesian linear regression with the shared head as the
prior's mean and ``A`` as its precision (Bishop 2006, section 3.3). A class that training never had
is one whose targets were all 0 there, which makes its column of ``W`` exactly 0: so an athlete may
add movements of their own by the same formula.
"""

from collections.abc import Sequence

import numpy as np

from distride.errors import TrainingError
from distride.heads.linear import Head

ROWS_AT_ONCE = 4096  # bounds the float64 copies while the Gram matrix is summed
WEIGHT = 100.0  # of an athlete's window, in windows of training

Labels = Sequence[str] | np.ndarray
"""One a window: names of classes, or a regression's values."""


def fit_head(
    features: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray | None,
    ridge: float,
    labels: tuple[str, ...],
    task: str,
) -> Head:
    """The shared head of a task; its temperature is 1 until it is calibrated.

    Args:
        features: ``(window, feature)`` of the training athletes.
        targets: ``(window, output)``, one-hot for classes (see `one_hot`).
        weights: ``(window,)``, how often each counts; None for once.
        ridge: ``λ``; it is also what the float32 evidence must resolve, so keep it well above a
            millionth of the sum of squares of the largest feature.
        labels: Class names in the order of the outputs; empty for a regression.
        task: Its name.

    Raises:
        TrainingError: No windows, no ridge, or numbers that are not finite.
    """
    if len(features) == 0 or not ridge > 0:
        raise TrainingError(
            f"Head '{task}' got {len(features)} windows and ridge {ridge}: both must be positive."
        )
    counts = np.ones(len(features)) if weights is None else weights
    size = features.shape[1] + 1
    evidence, moment = ridge * np.eye(size), np.zeros((size, targets.shape[1]))
    for start in range(0, len(features), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        phi = with_one(features[rows])
        weighted = phi * counts[rows, None]
        evidence += weighted.T @ phi
        moment += weighted.T @ targets[rows]
    if not (np.isfinite(evidence).all() and np.isfinite(moment).all()):
        raise TrainingError(f"Head '{task}' got features or targets that are not finite.")
    return _head(task, labels, np.linalg.solve(evidence, moment), 1.0, evidence)


def personalize(head: Head, features: np.ndarray, labels: Labels, weight: float = WEIGHT) -> Head:
    """An athlete's own head: what training would have given with their windows in it.

    Doing it twice with two sets of windows is the same as once with both.

    Args:
        head: The shared head.
        features: ``(window, feature)`` of the athlete.
        labels: One a window; a class the head does not know is added to it.
        weight: One window of the athlete counts as so many of training.

    Raises:
        TrainingError: Features and labels do not fit each other or the head.
    """
    base = extended(head, labels)
    phi, targets = with_one(features), targets_of(base, labels)
    _check(base, features, targets, weight)
    evidence = base.evidence + weight * phi.T @ phi
    residual = targets - phi @ solution_of(base)
    solution = solution_of(base) + np.linalg.solve(evidence, weight * phi.T @ residual)
    return _head(base.task, base.labels, solution, base.temperature, evidence)


def extended(head: Head, labels: Labels) -> Head:
    """The same head with a zero output for each class it does not know yet."""
    if not head.labels:
        return head
    fresh = tuple(dict.fromkeys(str(label) for label in labels if label not in head.labels))
    solution = np.pad(solution_of(head), ((0, 0), (0, len(fresh))))
    return _head(head.task, head.labels + fresh, solution, head.temperature, head.evidence)


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Class numbers ``(window,)`` as targets ``(window, count)``.

    >>> one_hot(np.array([1, 0]), 3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.asarray(np.eye(count)[numbers])


def targets_of(head: Head, labels: Labels) -> np.ndarray:
    """``(window, output)`` of labels that the head knows, or of a regression's values."""
    if not head.labels:
        return np.asarray(labels, np.float64)[:, None]
    where = {label: number for number, label in enumerate(head.labels)}
    return one_hot(np.array([where[str(label)] for label in labels], int), len(where))


def with_one(features: np.ndarray) -> np.ndarray:
    """``φ``: features ``(window, feature)`` in float64 with a column of ones."""
    return np.concatenate([features, np.ones((len(features), 1))], axis=1, dtype=np.float64)


def solution_of(head: Head) -> np.ndarray:
    """``W``: weight and bias as one ``(feature + 1, output)`` float64."""
    return np.concatenate([head.weight.T, head.bias[None]], dtype=np.float64)


def _head(
    task: str,
    labels: tuple[str, ...],
    solution: np.ndarray,
    temperature: float,
    evidence: np.ndarray,
) -> Head:
    weight, bias = solution[:-1].T.astype(np.float32), solution[-1].astype(np.float32)
    return Head(task, labels, weight, bias, temperature, evidence.astype(np.float32))


def _check(head: Head, features: np.ndarray, targets: np.ndarray, weight: float) -> None:
    expected = (len(targets), head.weight.shape[1])
    if features.shape != expected or len(features) == 0:
        raise TrainingError(
            f"Head '{head.task}' got features of shape {features.shape} for {len(targets)} labels: "
            f"{expected} is needed, with at least one window."
        )
    if not (np.isfinite(features).all() and np.isfinite(targets).all() and weight > 0):
        raise TrainingError(
            f"Head '{head.task}' got features or targets that are not finite, or weight {weight}: "
            "leave such windows out and give a positive weight."
        )
