"""An athlete's own body, where they gave many windows: deeper than a head in closed form.

A few windows say little of tens of thousands of weights. So every way starts from the athlete's own
head in closed form, under which a body need not leave what it knew (Kumar et al. 2022, "Fine-tuning
can distort pretrained features", arXiv 2202.10054); normalisation stays as many athletes made it;
and what training made goes live only if windows that it did not see say that it is better:

- ``gradual``: layers thaw one by one from the top, lower ones at lower rates (Howard and Ruder
  2018, arXiv 1801.06146), as in `transfer`;
- ``full``: everything moves from the first step.

Either may end in continued training of the whole at a tenth of the rate
(``transfer.continued_windows``).
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import torch
from torch import nn

from distride.data import Blocks
from distride.heads import Head, log_loss, personalize, softmax
from distride.heads.guard import judge, mean_by
from distride.learn.batches import Pool
from distride.learn.ground import Ground, scores_of
from distride.learn.loop import Group
from distride.learn.transfer import Course, stages_of, through
from distride.models.net import Net, Task
from distride.models.student import Student

Way = Literal["gradual", "full"]
WAYS: tuple[Way, ...] = ("gradual", "full")


@dataclass(frozen=True)
class Start:
    """What every athlete shares.

    Attributes:
        body: Copied before it is trained.
        head: Of a classification; it knows all labels that the athlete's windows bear.
    """

    body: Student
    head: Head


@dataclass(frozen=True)
class Evidence:
    """An athlete's labelled windows.

    Attributes:
        pool: All of the athlete's windows, classes numbered as the head has them.
        rows: ``(row,)`` numbers of those in the pool that may teach.
        classes: ``(row,)`` numbers of their classes.
        features: ``(row, feature)`` from the shared body.
        blocks: Which rows are judged together, and which are near each other.
    """

    pool: Pool
    rows: np.ndarray
    classes: np.ndarray
    features: np.ndarray
    blocks: Blocks

    def part(self, which: np.ndarray) -> "Evidence":
        """Some of it."""
        near = self.blocks.near[np.ix_(which, which)]
        blocks = Blocks(self.blocks.groups[which], near)
        return Evidence(
            self.pool, self.rows[which], self.classes[which], self.features[which], blocks
        )

    def head(self, start: Start, weight: float) -> Head:
        """The athlete's own in closed form, unguarded."""
        names = np.array(start.head.labels, object)[self.classes]
        return personalize(start.head, self.features, names, weight)


@dataclass(frozen=True)
class Deeper:
    """Whether an athlete's own body goes live, and why.

    Attributes:
        live: Whether it does.
        reason: One sentence with the numbers.
        head_score: Accuracy of the better of the shared head and the athlete's own in closed form,
            on windows that the latter did not see.
        net_score: The same of nets with a body of their own.
        net: What all windows made, whether live or not.
    """

    live: bool
    reason: str
    head_score: float
    net_score: float
    net: Net


def finetuned(ground: Ground, start: Start, way: Way, name: str, own: Evidence) -> Net:
    """An athlete's own net, guarded by nothing.

    Args:
        ground: Scaler, recipe and folder.
        start: What every athlete shares.
        way: How the body moves.
        name: Of the training; also of its files.
        own: The athlete's windows.
    """
    recipe = ground.recipe
    head = own.head(start, recipe.personalization.weight)
    transfer = replace(recipe.transfer, windows_seen=recipe.personalization.deeper_windows)
    stages = [replace(one, groups=steady(one.groups)) for one in stages_of(way, transfer)]
    task = Task(head.task, head.labels)
    course = Course(name, partial(_fresh, start.body), stages, _net_of(start.body, head, task))
    return through(replace(ground, tasks=(task,)), course, own.pool.only(own.rows))


def guarded_finetune(ground: Ground, start: Start, way: Way, name: str, own: Evidence) -> Deeper:
    """Fine-tune, and let the net go live if it is better beyond chance than any head alone.

    Each block of windows is judged by a net, and by a head, that saw neither it nor anything near
    it. The fall of the log-loss over each class's share of each block is held to the same bar as a
    head's (`heads.guard`).

    Args:
        ground: As in `finetuned`, and the next three.
        start: See there.
        way: See there.
        name: See there.
        own: The athlete's windows, in two blocks at least.
    """
    shape = (len(own.rows), len(start.head.labels))
    heads, nets = np.empty(shape), np.empty(shape)
    for block in np.unique(own.blocks.groups):
        judged = own.blocks.groups == block
        rest = own.part(~(judged | own.blocks.near[judged].any(axis=0)))
        net = finetuned(ground, start, way, f"{name}-without-{block}", rest)
        head = rest.head(start, ground.recipe.personalization.weight)
        heads[judged] = head.probabilities(own.features[judged])
        nets[judged] = probabilities(ground, net, own.pool, own.rows[judged])
    shared = start.head.probabilities(own.features)
    before = min(shared, heads, key=lambda one: log_loss(one, own.classes).mean())
    gain = log_loss(before, own.classes) - log_loss(nets, own.classes)
    scores = _accuracy(before, own.classes), _accuracy(nets, own.classes)
    pairs = np.stack([own.blocks.groups, own.classes])
    cells = np.unique(pairs, axis=1, return_inverse=True)[1].ravel()
    live = judge(mean_by(cells, gain), *scores)[0]
    net = finetuned(ground, start, way, name, own)
    return Deeper(live, _reason(live, float(gain.mean()), *scores), *scores, net)


def probabilities(ground: Ground, net: Net, pool: Pool, rows: np.ndarray) -> np.ndarray:
    """``(row, class)`` of an athlete's own net."""
    batches = replace(ground, tasks=net.tasks).batches(pool, "judge", 64)
    return softmax(scores_of(net, batches, rows)[net.tasks[0].name])


def steady(groups: Callable[[nn.Module], list[Group]]) -> Callable[[nn.Module], list[Group]]:
    """The same groups without normalisation: one athlete's windows would spoil its averages."""

    def without_norms(net: nn.Module) -> list[Group]:
        norms = (one for one in net.modules() if isinstance(one, nn.BatchNorm1d | nn.BatchNorm2d))
        still = {id(parameter) for norm in norms for parameter in norm.parameters()}
        return [
            replace(group, parameters=tuple(p for p in group.parameters if id(p) not in still))
            for group in groups(net)
        ]

    return without_norms


def _net_of(body: Student, head: Head, task: Task) -> Net:
    """A body under a head in closed form, its temperature in the weights."""
    net = Net(copy.deepcopy(body), body.feature_count, (task,)).eval()
    linear = net.heads[0]
    assert isinstance(linear, nn.Linear)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(head.weight / head.temperature))
        linear.bias.copy_(torch.from_numpy(head.bias / head.temperature))
    return net


def _fresh(body: Student) -> tuple[nn.Module, int]:
    return Student(body.config), body.feature_count


def _accuracy(probabilities: np.ndarray, classes: np.ndarray) -> float:
    return float((probabilities.argmax(axis=1) == classes).mean())


def _reason(live: bool, gain: float, before: float, after: float) -> str:
    numbers = (
        f"held out, its loss is {abs(gain):.3f} {'lower' if gain > 0 else 'higher'}, its accuracy "
        f"{after:.3f} against {before:.3f}"
    )
    if live:
        return f"The athlete's own body is better than a head alone: {numbers}."
    return f"The athlete's own body is not surely better, so a head alone stays: {numbers}."
