"""Active calibration: which movement to ask an athlete for next, and when that is enough.

A window of a movement is worth asking for where the answer is likely to be wrong, and where few
windows have been shown. With the scores ``T(c)`` that training's windows of movement ``c`` got (see
`personal`), ``P(c) = softmax(T(c))`` says how training's people were read, without the temperature,
because a stranger is read less surely; ``e`` is how wrongly in any case. The athlete's own windows
say how they are read, each by the head that saw neither its group nor any window near it (see
`guard`). Of a movement with ``n`` own windows,

    error = (e + 1 − P(c)_c + Σ own (1 − p_c)) / (n + 1)      training counts as one window
    gain  = error / (2 (n + 1) · movements)

The latter is what another window takes from the mean error over movements, if an error falls like
one over the root of ``n + 1``. The movement with the largest gain is asked for, and where that is
small the athlete may stop. This is uncertainty sampling (Lewis and Gale 1994, "A sequential
algorithm for training text classifiers", arXiv cmp-lg/9407020) over movements instead of windows,
because a window that was not recorded yet cannot be looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distride.data import Blocks
from distride.errors import TrainingError
from distride.heads.guard import held_out
from distride.heads.linear import Head, softmax
from distride.heads.personal import (
    WEIGHT,
    Labels,
    Weight,
    counts_of,
    extended,
    numbers_of,
    rehearsed,
    targets_of,
)

STRANGER = 0.2  # e: so many windows of unseen athletes are read wrongly, mean over cohorts
ENOUGH = 0.004  # of expected gain; chosen on training athletes


@dataclass(frozen=True)
class Suggestion:
    """What to record next.

    Attributes:
        movement: Its name.
        confused_with: The movement for which it is most easily taken, or which is for it.
        windows: How many of it were recorded.
        gain: Fall of the mean error over movements that another window is expected to bring.
        enough: Whether no movement promises more than `ENOUGH`: the athlete may stop.
        reason: One sentence with the numbers.
    """

    movement: str
    confused_with: str
    windows: int
    gain: float
    enough: bool
    reason: str


def next_movement(
    head: Head,
    features: np.ndarray,
    labels: Labels,
    blocks: Blocks,
    weight: Weight = WEIGHT,
    among: Sequence[str] | None = None,
) -> Suggestion:
    """Which movement to ask for next, given what was recorded so far.

    Args:
        head: The shared one, of a classification.
        features: ``(window, feature)`` recorded so far; none at first.
        labels: One a window; movements of the athlete's own among them.
        blocks: What is left out together when a window is judged.
        weight: As in `personalize`.
        among: The movements that the athlete can do; all if not given.

    Raises:
        TrainingError: A regression, or no movement to choose from.
    """
    base = extended(head, labels)
    allowed = np.array([among is None or one in among for one in base.labels], bool)
    if not allowed.any():
        raise TrainingError(
            f"Task '{head.task}' has none of the movements {list(among or ())}: it has "
            f"{list(base.labels)[:12]}; a task that is a number has none."
        )
    classes = len(base.labels)
    truth = numbers_of(base, labels)
    counts = np.bincount(truth, minlength=classes)
    read = _read(base, features, labels, blocks, weight)
    training = _wrong(softmax(base.targets.astype(np.float64)), np.arange(classes))
    own = _wrong(read, truth)
    per_class = np.zeros((classes, classes))
    np.add.at(per_class, truth, own)  # (movement, taken for)
    error = (STRANGER + training.sum(axis=1) + per_class.sum(axis=1)) / (counts + 1)
    gains = np.where(allowed, error / (2 * (counts + 1) * classes), -np.inf)
    best = int(gains.argmax())
    mixed = training + per_class
    other = int((mixed[best] + mixed[:, best]).argmax())
    return _told(base, (best, other), int(counts[best]), float(gains[best]))


def _read(
    base: Head, features: np.ndarray, labels: Labels, blocks: Blocks, weight: Weight
) -> np.ndarray:
    """``(window, class)`` probabilities, each window's by a head that saw nothing near it."""
    if len(features) == 0:
        return np.empty((0, len(base.labels)))
    counts, targets = counts_of(base, labels, weight), targets_of(base, labels)
    prior = rehearsed(base, labels, counts)
    scores = held_out(prior, features, targets, blocks.groups, counts, blocks.near)
    return softmax(scores / base.temperature)


def _wrong(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The same, without what the true class gets."""
    wrong = probabilities.copy()
    wrong[np.arange(len(truth)), truth] = 0.0
    return wrong


def _told(base: Head, pair: tuple[int, int], windows: int, gain: float) -> Suggestion:
    movement, confused_with = (base.labels[one] for one in pair)
    enough = gain < ENOUGH
    what = "Enough is recorded" if enough else f"Record next: {movement}"
    reason = (
        f"{what}: another window of {movement} ({windows} so far, confused with {confused_with}) "
        f"is expected to lower the mean error by {100 * gain:.2f} points."
    )
    return Suggestion(movement, confused_with, windows, gain, enough, reason)
