"""The shared head: a trained net's own, with what an athlete's own head needs of its training."""

import numpy as np
from torch import nn

from distride.heads import Head, Linear, trained_head, with_one
from distride.learn.batches import Pool
from distride.learn.ground import Ground, features_of
from distride.models.net import Net, Task

RIDGE = 0.1  # of the mean square of a feature; chosen on training athletes of two cohorts


def shared_head(ground: Ground, net: Net, pool: Pool, task: Task) -> Head:
    """A net's head for one task, with evidence and targets from a pool's labelled windows.

    Windows of rare classes count more, by one over the root of their number.

    Args:
        ground: The fold's.
        net: Trained, head and body.
        pool: Training athletes.
        task: Which head.
    """
    features, truth = known_features(ground, net.body, pool, task)
    weights = np.ones(len(truth))
    if task.labels:
        weights = 1 / np.sqrt(np.bincount(truth, minlength=task.outputs)[truth])
        weights /= weights.mean()
    square = (weights[:, None] * with_one(features) ** 2).sum(axis=0)
    return trained_head(_linear(net, task), features, truth, weights, RIDGE * float(square.mean()))


def known_features(
    ground: Ground, body: nn.Module, pool: Pool, task: Task
) -> tuple[np.ndarray, np.ndarray]:
    """Features ``(window, feature)`` of a pool's labelled windows, and the truth of each."""
    known = np.flatnonzero(pool.known(task))
    batches = ground.batches(pool, "shared", ground.recipe.student.batch_size)
    return features_of(body, batches, known), pool.truth[task.name][known]


def _linear(net: Net, task: Task) -> Linear:
    """The net's head in the task's own unit."""
    head = net.heads[net.tasks.index(task)]
    assert isinstance(head, nn.Linear)
    weight, bias = head.weight.detach().numpy(), head.bias.detach().numpy()
    if not task.labels:
        weight, bias = weight * task.scale, bias * task.scale + task.mean
    return Linear(task.name, task.labels, weight, bias)
