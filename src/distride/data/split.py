"""Splits: folds by athlete, and an athlete's own past from their future."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distride.errors import TrainingError

BLOCKS = 3  # a label's windows are judged in so many parts
APART = 2  # window lengths between the starts of windows that do not tell of each other
MOST_SINGLE = 10  # up to so many athletes each is a fold; beyond, so many groups
FEWEST_ATHLETES = 4
CLOCK_ERROR_S = 1e-6  # sums of steps round otherwise when they are cut otherwise


@dataclass(frozen=True)
class Fold:
    """Who trains and who is held out; nobody is in both."""

    number: int
    training: tuple[str, ...]
    held_out: tuple[str, ...]


def athlete_folds(athletes: Sequence[str], seed: int) -> tuple[Fold, ...]:
    """Leave one athlete out, or one of ten groups where there are more than ten.

    >>> sorted(fold.held_out for fold in athlete_folds(("ann", "bo", "cy", "di"), 0))
    [('ann',), ('bo',), ('cy',), ('di',)]

    Raises:
        TrainingError: Too few athletes for an honest number.
    """
    if len(athletes) < FEWEST_ATHLETES:
        raise TrainingError(
            f"The cohort has {len(athletes)} athlete(s) to learn from: at least "
            f"{FEWEST_ATHLETES} are needed, one to test on, one to choose on, two to learn from; "
            "import more athletes."
        )
    names = tuple(sorted(athletes))
    groups = training_groups(names, min(len(names), MOST_SINGLE), seed)
    return tuple(
        Fold(number, tuple(name for name in names if name not in group), group)
        for number, group in enumerate(groups)
    )


def training_groups(athletes: Sequence[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
    """Athletes dealt at random into groups that differ by one at most."""
    names = sorted(athletes)
    order = np.random.default_rng(seed).permutation(len(names))
    return tuple(tuple(sorted(names[index] for index in order[at::count])) for at in range(count))


@dataclass(frozen=True)
class OwnSplit:
    """An athlete's windows: numbers of those that may calibrate and of those that test."""

    calibration: np.ndarray
    test: np.ndarray


def calibration_split(
    classes: np.ndarray, recording: np.ndarray, start_s: np.ndarray, window_s: float
) -> OwnSplit:
    """The earlier half of each class calibrates, the later half tests.

    Halves by class, because in many cohorts a recording holds one class only. A test window in the
    same recording as a window that may calibrate keeps a window's length of distance from it.

    Args:
        classes: ``(window,)`` numbers, -1 where unknown.
        recording: ``(window,)`` number of the recording, in the order of time.
        start_s: ``(window,)`` from the recording's start.
        window_s: Length of a window.
    """
    order = np.lexsort((start_s, recording))
    early, late = [], []
    for one in np.unique(classes[classes >= 0]):
        rows = order[classes[order] == one]
        early.append(rows[: len(rows) // 2])
        late.append(rows[len(rows) // 2 :])
    calibration = np.sort(np.concatenate(early)) if early else np.empty(0, int)
    test = np.sort(np.concatenate(late)) if late else np.empty(0, int)
    far = [_distance(at, calibration, recording, start_s) >= 2 * window_s for at in test]
    return OwnSplit(calibration, test[np.array(far, bool)])


def shots_of(classes: np.ndarray, pool: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Numbers of so many windows a class out of a pool; fewer shots are a part of more."""
    rng = np.random.default_rng(seed)
    chosen = []
    for one in np.unique(classes[pool]):
        rows = pool[classes[pool] == one]
        chosen.append(rng.permutation(rows)[:shots])
    return np.concatenate(chosen) if chosen else np.empty(0, int)


@dataclass(frozen=True)
class Blocks:
    """What is left out together when an athlete's own windows judge a head.

    Attributes:
        groups: ``(window,)``, the block that a window is judged with.
        near: ``(window, window)``, whether two are so close that one may not judge the other.
    """

    groups: np.ndarray
    near: np.ndarray


def blocks_of(
    labels: np.ndarray, recording: np.ndarray, start_s: np.ndarray, window_s: float
) -> Blocks:
    """Three parts of each label's windows: recordings where it has as many, else stretches of time.

    The first parts of all labels are one block, and so on: what drifts, drifts for all of them.

    Args:
        labels: ``(window,)``.
        recording: ``(window,)`` number of the recording, in the order of time.
        start_s: ``(window,)`` from the recording's start.
        window_s: Length of a window.

    >>> blocks_of(np.array(list("aaabb")), np.zeros(5), np.arange(5) * 9.0, 3.0).groups.tolist()
    [0, 1, 2, 0, 1]
    """
    groups = np.zeros(len(labels), int)
    order = np.lexsort((start_s, recording))
    for label in np.unique(labels):
        rows = order[labels[order] == label]
        found, number = np.unique(recording[rows], return_inverse=True)
        if len(found) >= BLOCKS:
            groups[rows] = number * BLOCKS // len(found)
        else:
            count = min(len(rows), BLOCKS)
            groups[rows] = np.arange(len(rows)) * count // len(rows)
    apart_s = np.abs(start_s[:, None] - start_s)
    near = (recording[:, None] == recording) & (apart_s < APART * window_s - CLOCK_ERROR_S)
    return Blocks(groups, near)


def _distance(at: int, others: np.ndarray, recording: np.ndarray, start_s: np.ndarray) -> float:
    beside = others[recording[others] == recording[at]]
    return float(np.abs(start_s[beside] - start_s[at]).min()) if len(beside) else np.inf
