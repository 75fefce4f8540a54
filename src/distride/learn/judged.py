"""A model's answers on unseen athletes, and what they are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from distride.heads import expected_calibration_error, softmax
from distride.learn.metrics import MACRO_F1, MAE, Yardstick, confusion, errors_of, mean_f1, moments
from distride.models.net import Task


@dataclass(frozen=True)
class Judged:
    """One model on one held-out athlete, in a classification.

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


@dataclass(frozen=True)
class JudgedValues:
    """One model on one held-out athlete, in a regression; errors are in the task's unit.

    Attributes:
        mae: Mean absolute error.
        rmse: Root of the mean squared error.
        bias: Mean of predicted minus true.
        r2: Share of the athlete's own variance that is explained; None where there is none.
        correlation: Pearson's; None where one side does not vary.
        windows: How many were judged.
        moments: Sums over windows (see `metrics.moments`).
    """

    mae: float
    rmse: float
    bias: float
    r2: float | None
    correlation: float | None
    windows: int
    moments: list[float]


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


def judged_values(truth: np.ndarray, predicted: np.ndarray) -> JudgedValues:
    """Compare values with the true ones, both in the task's unit.

    >>> judged_values(np.array([60.0, 70.0]), np.array([61.0, 73.0])).mae
    2.0
    """
    sums = moments(truth, predicted)
    return JudgedValues(**errors_of(sums), windows=len(truth), moments=sums.tolist())  # type: ignore[arg-type]


def judged_scores(
    task: Task, truth: np.ndarray, scores: np.ndarray, temperature: float = 1.0
) -> Judged | JudgedValues:
    """Compare the scores ``(window, output)`` of a net, or of an ensemble, with the truth."""
    if not task.labels:
        return judged_values(truth, task.in_unit(scores[:, 0]))
    p = softmax(scores / temperature)
    return judged(truth, p.argmax(axis=1), task.outputs, p)


def worth(task: Task, truth: np.ndarray, answers: np.ndarray) -> float:
    """What choices go by, more being better: macro-F1, or minus the mean absolute error.

    Args:
        task: Whose.
        truth: ``(window,)`` class numbers, or values.
        answers: ``(window,)`` the same of a model.
    """
    if task.labels:
        return MACRO_F1.worth(confusion(truth, answers, task.outputs))
    return MAE.worth(moments(truth, answers))


def answers_of(task: Task, scores: np.ndarray) -> np.ndarray:
    """``(window,)`` class numbers, or values in the task's unit, of scores ``(window, output)``."""
    return np.asarray(scores.argmax(axis=1) if task.labels else task.in_unit(scores[:, 0]))


def yardstick_of(labels: Sequence[str]) -> Yardstick:
    """What a task is scored by: macro-F1 for classes, the mean absolute error for values."""
    return MACRO_F1 if labels else MAE


def sums_of(one: Mapping[str, Any]) -> tuple[Yardstick, np.ndarray]:
    """What a judgement read back from JSON is scored by, and its sums over windows."""
    if "confusion" in one:
        return MACRO_F1, np.array(one["confusion"])
    return MAE, np.array(one["moments"])
