"""An athlete's own head from a few windows, in closed form.

A head is a linear map ``W`` of a body's features with a 1 appended, ``φ``. What training knew of it
is held in two small matrices: the evidence ``A = ΦᵀΦ + λI``, which says in which directions ``W``
is sure, and the targets ``T(c)``, the scores that a window of class ``c`` should get. With windows
``P`` of an athlete, their targets ``T`` and a weight ``w`` for each, the head that stays near the
shared one where that is sure, and gives those windows what they should get, is

    U = argmin ‖A^½ (U − W)‖² + w ‖T − P·U‖²  =  W + (A + wPᵀP)⁻¹ wPᵀ (T − P·W)

This is Bayesian linear regression with the shared head as the prior's mean and ``A`` as its
precision (Bishop 2006, "Pattern recognition and machine learning", section 3.3), or recursive least
squares with a block of rows (Plackett 1950, Biometrika 37:149). If ``W`` is itself the ridge
solution ``A⁻¹ΦᵀY`` (`fit_head`), ``U`` is exactly what training would have given with the athlete's
windows in it, each counted ``w`` times. If ``W`` was trained by gradient descent (`trained_head`),
``T(c)`` is the mean of the scores that training windows of class ``c`` get.

An athlete may add movements of their own: a class that training never had starts as one that is as
unlikely as a wrong class is on average, whatever the features.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from distride.errors import TrainingError
from distride.heads.linear import Head
from distride.heads.shared import linear_of, one_hot, solution_of, typical, with_one

WEIGHT = 100.0  # of an athlete's window, in windows of training

Labels = Sequence[str] | np.ndarray
"""One a window: names of classes, or a regression's values."""


def personalize(head: Head, features: np.ndarray, labels: Labels, weight: float = WEIGHT) -> Head:
    """An athlete's own head, near the shared one and true to their windows (see above).

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
    own, bias = linear_of(solution)
    return replace(
        base,
        weight=own,
        bias=bias,
        evidence=evidence.astype(np.float32),
        sums=base.sums + _sums(base, phi, labels, weight),
    )


def extended(head: Head, labels: Labels) -> Head:
    """The same head with an unlikely output for each class it does not know yet."""
    if not head.labels:
        return head
    fresh = tuple(dict.fromkeys(str(label) for label in labels if label not in head.labels))
    if not fresh:
        return head
    names, targets = head.labels + fresh, with_classes(head.targets, len(fresh))
    solution = np.pad(solution_of(head), ((0, 0), (0, len(fresh))))
    solution[-1, len(head.labels) :] = typical(head.targets)[1]
    weight, bias = linear_of(solution)
    sums = np.pad(head.sums, ((0, len(fresh)), (0, 0)))
    return replace(head, labels=names, weight=weight, bias=bias, targets=targets, sums=sums)


def with_classes(targets: np.ndarray, count: int) -> np.ndarray:
    """Targets with so many new classes, which differ from others as classes do on average."""
    if count == 0:
        return targets
    right, wrong = typical(targets)
    known, size = len(targets), len(targets) + count
    more = np.where(np.eye(size, dtype=bool), right, wrong)
    more[:known, :known] = targets
    return np.asarray(more, targets.dtype)


def targets_of(head: Head, labels: Labels) -> np.ndarray:
    """``(window, output)`` that windows of these labels, or of these values, should get."""
    if not head.labels:
        return np.asarray(labels, np.float64)[:, None]
    return np.asarray(head.targets[numbers_of(head, labels)], np.float64)


def numbers_of(head: Head, labels: Labels) -> np.ndarray:
    """``(window,)`` class numbers of labels that the head knows."""
    where = {label: number for number, label in enumerate(head.labels)}
    return np.array([where[str(label)] for label in labels], int)


def _sums(head: Head, phi: np.ndarray, labels: Labels, weight: float) -> np.ndarray:
    """``(label, feature + 1)`` of the athlete's windows by class, each counted so often."""
    if not head.labels:
        return np.zeros_like(head.sums)
    by_class = one_hot(numbers_of(head, labels), len(head.labels))
    return np.asarray(weight * by_class.T @ phi, np.float32)


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
