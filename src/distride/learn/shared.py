"""The shared head: closed form on a trained body's features, because an athlete's own must be."""

import numpy as np

from distride.heads import Head, fit_head, one_hot, with_one
from distride.learn.batches import UNKNOWN, Pool
from distride.learn.ground import Ground, features_of
from distride.models.net import Net, Task

RIDGE = 0.1  # of the mean square of a feature; chosen on training athletes of two cohorts


def shared_head(ground: Ground, net: Net, pool: Pool, task: Task) -> Head:
    """Ridge regression on the features of a pool's labelled windows.

    Windows of rare classes count more, by one over the root of their number.

    Args:
        ground: The fold's.
        net: Whose body gives the features.
        pool: Training athletes.
        task: Which head.
    """
    truth = pool.truth[task.name]
    known = np.flatnonzero(truth != UNKNOWN if task.labels else np.isfinite(truth))
    batches = ground.batches(pool, "shared", ground.recipe.student.batch_size)
    features = features_of(net.body, batches, known)
    if task.labels:
        targets = one_hot(truth[known], task.outputs)
        weights = 1 / np.sqrt(targets.sum(axis=0)[truth[known]])
        weights /= weights.mean()
    else:
        targets, weights = truth[known, None].astype(np.float64), np.ones(len(known))
    square = (weights[:, None] * with_one(features) ** 2).sum(axis=0)
    return fit_head(
        features, targets, weights, RIDGE * float(square.mean()), task.labels, task.name
    )
