"""The shared head: fitted in closed form or trained with its body, and what is kept of that."""

import numpy as np

from distride.errors import TrainingError
from distride.heads.linear import Head, Linear

ROWS_AT_ONCE = 4096  # bounds the float64 copies while the Gram matrix is summed


def fit_head(
    features: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray | None,
    ridge: float,
    labels: tuple[str, ...],
    task: str,
) -> Head:
    """A head by ridge regression, where no other was trained; its temperature is 1.

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
    evidence, moment = _sums(task, features, targets, weights, ridge)
    solution = np.linalg.solve(evidence, moment)
    sums = moment.T if labels else None
    return _head(task, labels, solution, evidence, np.eye(len(labels)), sums)


def trained_head(
    net: Linear,
    features: np.ndarray,
    truth: np.ndarray,
    weights: np.ndarray | None,
    ridge: float,
) -> Head:
    """A head that was trained with its body, and what personalisation needs of its training.

    Args:
        net: Task, labels and weights.
        features: ``(window, feature)`` of the training athletes.
        truth: ``(window,)`` numbers of their classes; unused for a regression.
        weights: As in `fit_head`.
        ridge: As in `fit_head`.

    Raises:
        TrainingError: As in `fit_head`.
    """
    solution = np.concatenate([net.weight.T, net.bias[None]], dtype=np.float64)
    if net.labels:
        solution -= solution.mean(axis=1, keepdims=True)  # changes no answer, and no confidence
    if not net.labels:
        evidence = _sums(net.task, features, None, weights, ridge)[0]
        return _head(net.task, (), solution, evidence, np.empty((0, 0)), None)
    classes = one_hot(truth, len(net.labels))
    evidence, moment = _sums(net.task, features, classes, weights, ridge)
    scores = _mean_scores(with_one(features) @ solution, truth)
    return _head(net.task, net.labels, solution, evidence, scores, moment.T)


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Class numbers ``(window,)`` as targets ``(window, count)``.

    >>> one_hot(np.array([1, 0]), 3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.asarray(np.eye(count)[numbers])


def with_one(features: np.ndarray) -> np.ndarray:
    """``φ``: features ``(window, feature)`` in float64 with a column of ones."""
    return np.concatenate([features, np.ones((len(features), 1))], axis=1, dtype=np.float64)


def solution_of(head: Head) -> np.ndarray:
    """``W``: weight and bias as one ``(feature + 1, output)`` float64."""
    return np.concatenate([head.weight.T, head.bias[None]], dtype=np.float64)


def linear_of(solution: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias, float32, of a solution ``(feature + 1, output)``."""
    return solution[:-1].T.astype(np.float32), solution[-1].astype(np.float32)


def typical(targets: np.ndarray) -> tuple[float, float]:
    """What a right class and a wrong class get on average, of targets ``(class, class)``."""
    own = np.eye(len(targets), dtype=bool)
    wrong = targets[~own]
    return float(targets[own].mean()), float(wrong.mean()) if len(wrong) else 0.0


def _sums(
    task: str,
    features: np.ndarray,
    targets: np.ndarray | None,
    weights: np.ndarray | None,
    ridge: float,
) -> tuple[np.ndarray, np.ndarray]:
    """``ΦᵀΦ + λI`` and, where there are targets, ``ΦᵀY``, a block of rows at a time."""
    if len(features) == 0 or not ridge > 0:
        raise TrainingError(
            f"Head '{task}' got {len(features)} windows and ridge {ridge}: both must be positive."
        )
    counts = np.ones(len(features)) if weights is None else weights
    outputs = np.zeros((len(features), 0)) if targets is None else targets
    size = features.shape[1] + 1
    evidence, moment = ridge * np.eye(size), np.zeros((size, outputs.shape[1]))
    for start in range(0, len(features), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        phi = with_one(features[rows])
        weighted = phi * counts[rows, None]
        evidence += weighted.T @ phi
        moment += weighted.T @ outputs[rows]
    if not (np.isfinite(evidence).all() and np.isfinite(moment).all()):
        raise TrainingError(f"Head '{task}' got features or targets that are not finite.")
    return evidence, moment


def _mean_scores(scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """``(class, class)``: mean scores of the windows of each class; of one without any, typical."""
    classes = scores.shape[1]
    seen = np.unique(truth)
    means = np.stack([scores[truth == one].mean(axis=0) for one in seen])
    right, wrong = typical(means[:, seen])
    targets = np.where(np.eye(classes, dtype=bool), right, wrong)
    targets[seen] = means
    return np.asarray(targets)


def _head(
    task: str,
    labels: tuple[str, ...],
    solution: np.ndarray,
    evidence: np.ndarray,
    targets: np.ndarray,
    sums: np.ndarray | None,
) -> Head:
    wide, own = evidence.astype(np.float32), targets.astype(np.float32)
    every = np.zeros((0, len(evidence))) if sums is None else sums
    return Head(task, labels, *linear_of(solution), 1.0, wide, own, np.asarray(every, np.float32))
