"""What windows without labels tell a head: how an athlete's features lie, what they do most.

Both are maps of the shared head in closed form, and both may harm: an athlete who does other things
than training did, or more of one of them, looks like one whose device sits otherwise. On training
athletes of three cohorts neither was a gain to be relied on (docs/personal.md), so nothing calls
them by itself.

The guard has no labels here, so it asks likelihood: the earlier half of the windows adapts, and the
later half must be more probable under what the adaptation believes. That tells whether a shift
lasts, not whether it helps.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from distride.errors import TrainingError
from distride.heads.familiarity import Familiarity
from distride.heads.guard import SURE
from distride.heads.linear import Head

ROUNDS = 100  # of expectation and maximisation
CAUTION = 10.0  # windows of each class, as often as training had it, that the estimate starts with
BLOCKS = 10  # stretches of time of the later windows
SMALLEST = 1e-6  # of training's deviation, and of a class's share


@dataclass(frozen=True)
class Adapted:
    """A head that windows without labels changed.

    Attributes:
        head: It.
        gain: For features ``(window, feature)``, by how much each window's log-likelihood rose.
    """

    head: Head
    gain: Callable[[np.ndarray], np.ndarray]


def normalized(head: Head, features: np.ndarray) -> Adapted:
    """A head for which the athlete's features have the mean and deviation that training's have.

    Li et al. 2016, "Revisiting batch normalization for practical domain adaptation" (arXiv
    1603.04779), on the features instead of inside the body: with ``x' = m + (x − m_a)·σ/σ_a``,
    ``W·x' + b`` is linear in ``x`` again. The likelihood is that of a Gaussian a feature.

    Args:
        head: Of a classification.
        features: ``(window, feature)`` of the athlete.
    """
    training = Familiarity.of(head)
    deviation = np.maximum(features.std(axis=0), SMALLEST * training.deviation)
    mean, ratio = features.mean(axis=0), training.deviation / deviation
    offset = training.mean - ratio * mean
    weight, bias = head.weight * ratio, head.bias + head.weight @ offset
    changed = replace(head, weight=weight.astype(np.float32), bias=bias.astype(np.float32))

    def gain(x: np.ndarray) -> np.ndarray:
        before, after = (x - training.mean) / training.deviation, (x - mean) / deviation
        return np.asarray(((before**2 - after**2) / 2 + np.log(ratio)).sum(axis=1))

    return Adapted(changed, gain)


def with_prior(head: Head, features: np.ndarray) -> Adapted:
    """A head that expects each class as often as the athlete's windows suggest.

    The most probable shares of the classes by expectation and maximisation (Saerens et al. 2002,
    "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation
    14:21), under a Dirichlet prior at training's shares. The likelihood is theirs,
    ``log Σ_c p(c|x)·π_c/π⁰_c``.

    Args:
        head: Of a classification, calibrated.
        features: ``(window, feature)`` of the athlete.
    """
    taught = np.maximum(head.sums[:, -1].astype(np.float64), SMALLEST * head.sums[:, -1].sum())
    before = taught / taught.sum()
    shares, given = before, head.probabilities(features)
    for _ in range(ROUNDS):
        belief = given * (shares / before)
        belief /= belief.sum(axis=1, keepdims=True)
        counts = belief.sum(axis=0) + CAUTION * len(before) * before
        shares = counts / counts.sum()
    bias = head.bias + head.temperature * np.log(shares / before)
    return Adapted(
        replace(head, bias=bias.astype(np.float32)),
        lambda x: np.log(head.probabilities(x) @ (shares / before)),
    )


def adapted(
    head: Head, features: np.ndarray, adaptation: Callable[[Head, np.ndarray], Adapted]
) -> Head:
    """The adapted head if it lasts, else the shared one.

    The likelihood of the later half of the windows must rise by more than 1.64 standard errors
    over ten stretches of it when the earlier half adapts; then all of them do.

    Args:
        head: Of a classification, calibrated.
        features: ``(window, feature)`` in the order of time.
        adaptation: `normalized` or `with_prior`.

    Raises:
        TrainingError: The head is of a regression.
    """
    if not head.labels:
        raise TrainingError(
            f"Head '{head.task}' tells a number: only heads of classes adapt without labels."
        )
    earlier, later = np.array_split(features, 2)
    if len(later) < BLOCKS:
        return head
    gains = adaptation(head, earlier).gain(later)
    rises = np.array([part.mean() for part in np.array_split(gains, BLOCKS)])
    lasts = rises.mean() > SURE * rises.std(ddof=1) / np.sqrt(BLOCKS)
    return adaptation(head, features).head if lasts else head
