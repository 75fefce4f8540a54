"""An athlete's own head from a few windows, in closed form.

A head is a linear map ``W`` of a body's features with a 1 appended, ``φ``. What training knew of it
is held in two small matrices: the evidence ``A = ΦᵀΦ + λI``, which says in which directions ``W``
is sure, and the targets ``T(c)``, the scores that a window of class ``c`` should get. With windows
``P`` of an athlete, their targets ``T`` and how many windows of training each of them counts as,
``D = diag(d)``, the head that stays near the shared one where that is sure, and gives those windows
what they should get, is

    U = argmin ‖A^½ (U − W)‖² + ‖D^½ (T − P·U)‖²  =  W + (A + PᵀDP)⁻¹ PᵀD (T − P·W)

This is Bayesian linear regression with the shared head as the prior's mean, ``A`` as its precision
and a noise of its own for each window (Bishop 2006, "Pattern recognition and machine learning",
section 3.3), or recursive least squares with a block of rows (Plackett 1950, Biometrika 37:149).
If ``W`` is itself the ridge solution ``A⁻¹ΦᵀY`` (`fit_head`), ``U`` is exactly what training would
have given with the athlete's windows in it. If ``W`` was trained by gradient descent
(`trained_head`), ``T(c)`` is the mean of the scores that training windows of class ``c`` get.

**How much a window counts**: as much as all windows of a movement in training, on average, so that
ten times as much training is not ten times as stubborn; times its weight, which falls with its
quality, and what makes every movement that the athlete showed count alike in sum, however many
windows there are of each.

**Movements that the athlete did not show** would be forgotten, because every window says that it is
none of them. Each is rehearsed by its mean in training, which the head keeps, as so many windows as
a movement that was shown.

**Movements of their own**: a class that training never had starts as one that is as unlikely as a
wrong class is on average, whatever the features.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from distride.errors import TrainingError
from distride.heads.linear import Head
from distride.heads.shared import linear_of, one_hot, solution_of, typical, with_one

WEIGHT = 1.0  # of an athlete's window, in movements' worth of windows of training
USUAL = 100.0  # windows of training that one of a regression counts as

Labels = Sequence[str] | np.ndarray
"""One a window: names of classes, or a regression's values."""

Weight = float | np.ndarray
"""As how many movements' worth of training a window counts: one for all, or ``(window,)``."""


@dataclass(frozen=True)
class Belief:
    """A head in float64, and how sure it is.

    Attributes:
        evidence: ``A``, ``(feature + 1, feature + 1)``.
        solution: ``W``, ``(feature + 1, output)``.
    """

    evidence: np.ndarray
    solution: np.ndarray

    def after(self, phi: np.ndarray, targets: np.ndarray, counts: np.ndarray) -> "Belief":
        """What it becomes with more windows (see above).

        Doing it twice with two sets of windows is the same as once with both.

        Args:
            phi: ``P``, ``(window, feature + 1)``.
            targets: ``T``, ``(window, output)``.
            counts: ``d``, ``(window,)``, as how many windows of training each counts.
        """
        weighted = (phi * counts[:, None]).T
        evidence = self.evidence + weighted @ phi
        residual = targets - phi @ self.solution
        return Belief(evidence, self.solution + np.linalg.solve(evidence, weighted @ residual))


def personalize(head: Head, features: np.ndarray, labels: Labels, weight: Weight = WEIGHT) -> Head:
    """An athlete's own head, near the shared one and true to their windows (see above).

    Args:
        head: The shared head.
        features: ``(window, feature)`` of the athlete.
        labels: One a window; a class the head does not know is added to it.
        weight: One window of the athlete counts as so many times what training had of a movement;
            less where it is worse.

    Raises:
        TrainingError: Features, labels and weights do not fit each other or the head.
    """
    base = extended(head, labels)
    phi, targets = with_one(features), targets_of(base, labels)
    check(base, features, targets, weight)
    counts = counts_of(base, labels, weight)
    own = rehearsed(base, labels, counts).after(phi, targets, counts)
    matrix, bias = linear_of(own.solution)
    return replace(
        base,
        weight=matrix,
        bias=bias,
        evidence=own.evidence.astype(np.float32),
        sums=base.sums + sums_of(base, phi, labels, counts),
    )


def counts_of(head: Head, labels: Labels, weight: Weight) -> np.ndarray:
    """``(window,)``: as how many windows of training each window of an athlete counts.

    What training had of a class on average, times its weight, times what makes all classes count
    alike in sum: the mean over classes of the sums of their weights, by the sum of its own class.
    The values of a regression are not balanced, and count as `USUAL` windows each.

    Args:
        head: That knows all of the labels.
        labels: One a window.
        weight: Of each window.
    """
    weights = np.broadcast_to(usual(head) * np.asarray(weight, np.float64), len(labels))
    if not head.labels:
        return weights
    numbers = numbers_of(head, labels)
    sums = np.bincount(numbers, weights)
    return np.asarray(weights * sums[np.unique(numbers)].mean() / sums[numbers])


def usual(head: Head) -> float:
    """Windows that training had of a class on average; `USUAL` where there are no classes."""
    counts = head.sums[:, -1].astype(np.float64)
    return float(counts[counts > 0].mean()) if (counts > 0).any() else USUAL


def rehearsed(base: Head, labels: Labels, counts: np.ndarray) -> Belief:
    """The shared head, held to what training knew of each class that is not among the labels."""
    shared = Belief(base.evidence.astype(np.float64), solution_of(base))
    if not base.labels:
        return shared
    shown = np.unique(numbers_of(base, labels))
    absent = np.setdiff1d(np.flatnonzero(base.sums[:, -1] > 0), shown)
    if len(absent) == 0:
        return shared
    sums, targets = base.sums[absent].astype(np.float64), base.targets[absent].astype(np.float64)
    as_much = np.full(len(absent), counts.sum() / len(shown))
    return shared.after(sums / sums[:, -1:], targets, as_much)


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


def sums_of(head: Head, phi: np.ndarray, labels: Labels, counts: np.ndarray) -> np.ndarray:
    """``(label, feature + 1)`` of the athlete's windows by class, each counted so often."""
    if not head.labels:
        return np.zeros_like(head.sums)
    by_class = one_hot(numbers_of(head, labels), len(head.labels)) * counts[:, None]
    return np.asarray(by_class.T @ phi, np.float32)


def check(head: Head, features: np.ndarray, targets: np.ndarray, weight: Weight) -> None:
    """Refuse windows that do not fit each other or the head, or are not finite."""
    expected = (len(targets), head.weight.shape[1])
    if features.shape != expected or len(features) == 0:
        raise TrainingError(
            f"Head '{head.task}' got features of shape {features.shape} for {len(targets)} labels: "
            f"{expected} is needed, with at least one window."
        )
    weights = np.asarray(weight)
    if weights.shape not in ((), (len(targets),)):
        raise TrainingError(
            f"Head '{head.task}' got weights of shape {weights.shape} for {len(targets)} labels: "
            "give one for all, or one a window."
        )
    if not (np.isfinite(features).all() and np.isfinite(targets).all()):
        raise TrainingError(
            f"Head '{head.task}' got features or targets that are not finite: leave such windows "
            "out."
        )
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise TrainingError(
            f"Head '{head.task}' got a weight of {weights.min():g}: give positive weights, and "
            "leave windows out that are worth nothing."
        )
