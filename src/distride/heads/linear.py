"""The linear map on top of a body: the only part an athlete ever changes."""

from dataclasses import dataclass

import numpy as np

from distride.errors import BundleError


@dataclass(frozen=True)
class Linear:
    """A linear map as training leaves it.

    Attributes:
        task: Name of the task.
        labels: Class names in the order of the outputs; empty for a regression.
        weight: ``(output, feature)``.
        bias: ``(output,)``.
    """

    task: str
    labels: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Head:
    """Scores of one task from a body's features.

    Evidence and targets are what personalisation needs instead of the training windows (see
    `personal`); with the sums they also tell which windows are like any of them (see
    `familiarity`).

    Attributes:
        task: Name of the task.
        labels: Class names in the order of the outputs; empty for a regression.
        weight: ``(output, feature)`` float32.
        bias: ``(output,)`` float32.
        temperature: Scores are divided by it before the softmax; 1 leaves them.
        evidence: ``(feature + 1, feature + 1)`` float32, the ridge system ``ΦᵀΦ + λI`` of the
            training features with a 1 appended.
        targets: ``(label, label)`` float32, the scores (before the temperature) that a window of
            each class should get; ``(0, 0)`` for a regression, whose target is its value.
        sums: ``(label, feature + 1)`` float32, the sum of each class's training features with a 1
            appended; ``(0, feature + 1)`` for a regression.
    """

    task: str
    labels: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray
    temperature: float
    evidence: np.ndarray
    targets: np.ndarray
    sums: np.ndarray

    def __post_init__(self) -> None:
        outputs, features = self.weight.shape
        expected = len(self.labels) or 1
        if outputs != expected or self.bias.shape != (expected,):
            raise BundleError(
                f"Head '{self.task}' has {outputs} outputs and {self.bias.shape[0]} biases for "
                f"{expected} labels: they must be equal."
            )
        if self.evidence.shape != (features + 1, features + 1):
            raise BundleError(
                f"Head '{self.task}' has evidence of shape {self.evidence.shape} for {features} "
                f"features: it must be {(features + 1, features + 1)}."
            )
        if self.targets.shape != (len(self.labels), len(self.labels)):
            raise BundleError(
                f"Head '{self.task}' has targets of shape {self.targets.shape} for "
                f"{len(self.labels)} labels: one row and one column each are needed."
            )
        if self.sums.shape != (len(self.labels), features + 1):
            raise BundleError(
                f"Head '{self.task}' has sums of shape {self.sums.shape} for {len(self.labels)} "
                f"labels and {features} features: {(len(self.labels), features + 1)} is needed."
            )
        if not (np.isfinite(self.temperature) and self.temperature > 0):
            raise BundleError(
                f"Head '{self.task}' has temperature {self.temperature}: it must be positive."
            )

    def scores(self, features: np.ndarray) -> np.ndarray:
        """``(window, output)`` from features ``(window, feature)``, divided by the temperature."""
        return np.asarray((features @ self.weight.T + self.bias) / self.temperature)

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Softmax of the scores, ``(window, output)``; rows sum to 1."""
        return softmax(self.scores(features))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise softmax that cannot overflow.

    >>> softmax(np.array([[1000.0, 1000.0]])).tolist()
    [[0.5, 0.5]]
    """
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))
