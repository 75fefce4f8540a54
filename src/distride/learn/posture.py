"""Whether posture tells movements apart in strangers: training athletes are asked, through trees.

The mean of an accelerometer's axes is mostly gravity. It tells how a body is held, and also how the
device was put on that day: a net that learnt the former from a few athletes reads the latter in the
next one. Trees on simple features find out in seconds which of the two prevails in a cohort. What
posture costs where it misleads is far more than what it brings where it helps, so it is seen only
where it helps by more than one standard error over athletes.
"""

from dataclasses import dataclass

import numpy as np

from distride.data import training_groups
from distride.learn.baselines import LabelledWindows, extra_trees
from distride.learn.batches import Pool
from distride.learn.metrics import macro_f1
from distride.models.net import Task

GROUPS = 5
MOST_WINDOWS = 3000
DRAWS = 3  # of windows, groups and trees: one draw moves the gain by three points


@dataclass(frozen=True)
class Posture:
    """Whether models should see the means of a window's channels, and why.

    Attributes:
        helps: Whether strangers are surely told apart better with them.
        seen: Macro-F1 of trees on training athletes they did not learn from, mean over athletes,
            on windows as they are; None where nobody was asked.
        unseen: The same on windows without their means.
    """

    helps: bool
    seen: float | None = None
    unseen: float | None = None

    def shown(self, x: np.ndarray) -> np.ndarray:
        """Windows ``(window, channel, time)`` as models see them: without means, or as they are."""
        return x if self.helps else x - _means(x)


SEEN, UNSEEN = Posture(True), Posture(False)


def posture_of(pool: Pool, task: Task, seed: int) -> Posture:
    """Cross-validate trees by athlete, with and without the windows' means.

    Args:
        pool: Labelled training athletes.
        task: A classification.
        seed: Of the draw of windows, of the groups and of the trees.
    """
    draws = [_drawn(pool, task, seed + draw) for draw in range(DRAWS)]
    athletes = sorted(set().union(*draws))
    each = [np.mean([draw[one] for draw in draws if one in draw], axis=0) for one in athletes]
    seen, unseen = np.array(each).T
    return Posture(surely_above_zero(seen - unseen), float(seen.mean()), float(unseen.mean()))


def surely_above_zero(gain: np.ndarray) -> bool:
    """Whether the mean gain of at least two athletes exceeds its standard error."""
    return bool(gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)))


def _drawn(pool: Pool, task: Task, seed: int) -> dict[str, tuple[float, float]]:
    """By athlete, what trees that did not learn from them score with the means and without."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(np.flatnonzero(pool.known(task)))[:MOST_WINDOWS])
    x, truth = pool.gather(rows), pool.truth[task.name][rows]
    athlete = np.array(pool.athletes)[pool.athlete[rows]]
    views = (x, x - _means(x))
    found = {}
    for group in training_groups(pool.athletes, min(GROUPS, len(pool.athletes)), seed):
        held_out = np.isin(athlete, group)
        trees = [extra_trees(LabelledWindows(v[~held_out], truth[~held_out]), seed) for v in views]
        for one in np.intersect1d(group, athlete[held_out]):
            own = athlete == one
            told = (predict(v[own]) for predict, v in zip(trees, views, strict=True))
            seen, unseen = (macro_f1(truth[own], answer, task.outputs) for answer in told)
            found[str(one)] = (seen, unseen)
    return found


def _means(x: np.ndarray) -> np.ndarray:
    """``(window, channel, 1)``, zero where a channel is absent."""
    return np.asarray(np.nan_to_num(x).mean(axis=2, keepdims=True))
