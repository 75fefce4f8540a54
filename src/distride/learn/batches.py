"""Batches: windows of some athletes, drawn by a step's number, varied, scaled, mixed."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from distride.config import AugmentationRecipe
from distride.data import Windows
from distride.learn.augment import Rig, augment
from distride.learn.device import HOST, Device
from distride.learn.losses import Target
from distride.models.net import Task
from distride.signals import CLIP, Scaler

UNKNOWN = -1  # of a class; a regression's unknown value is NaN


@dataclass(frozen=True)
class Batch:
    """What one step sees.

    Attributes:
        x: ``(batch, channel, time)``, varied and scaled.
        targets: One a task.
    """

    x: Tensor
    targets: tuple[Target, ...]


class Pool:
    """Windows of some athletes, numbered through; the signals stay on disk until gathered.

    Args:
        windows: Of the whole cohort.
        athletes: Whose.
        channels: Which of the windows' channels.
        labelled: Those of the athletes whose labels may be known here; all if not given.
    """

    def __init__(
        self,
        windows: Windows,
        athletes: tuple[str, ...],
        channels: tuple[str, ...],
        labelled: tuple[str, ...] | None = None,
    ) -> None:
        parts = [windows.of(athlete) for athlete in athletes]
        self.athletes = athletes
        self.channels = channels
        self._signals = [np.asarray(part.x) for part in parts]  # still on disk
        self._starts = np.cumsum([0, *[len(part.x) for part in parts]])
        self._select = [windows.spec.channels.index(name) for name in channels]
        self._samples = windows.spec.window_samples
        self.athlete = np.repeat(np.arange(len(parts)), [len(part.x) for part in parts])
        may_know = np.isin(athletes, athletes if labelled is None else labelled)[self.athlete]
        self.truth = {
            task: np.where(
                may_know,
                np.concatenate([part.y[task] for part in parts]),
                UNKNOWN if labels else np.float32(np.nan),
            )
            for task, labels in windows.labels.items()
        }

    def __len__(self) -> int:
        return int(self._starts[-1])

    def only(self, numbers: np.ndarray) -> "Pool":
        """The same windows; of the others than these no truth is known."""
        others = np.delete(np.arange(len(self)), numbers)
        part = copy.copy(self)
        part.truth = {task: truth.copy() for task, truth in self.truth.items()}
        for truth in part.truth.values():
            truth[others] = np.nan if truth.dtype.kind == "f" else UNKNOWN
        return part

    def known(self, task: Task) -> np.ndarray:
        """``(window,)``: whether a task's truth is known."""
        truth = self.truth[task.name]
        return np.asarray(truth != UNKNOWN if task.labels else np.isfinite(truth))

    def teaches(self, task: Task) -> bool:
        """Whether anything can be learnt of a task: two different truths at least."""
        return len(np.unique(self.truth[task.name][self.known(task)])) > 1

    def gather(self, numbers: np.ndarray) -> np.ndarray:
        """Raw windows ``(number, channel, time)`` float32."""
        x = np.empty((len(numbers), len(self._select), self._samples), np.float32)
        owner = np.searchsorted(self._starts, numbers, side="right") - 1
        for index in np.unique(owner):
            rows = np.flatnonzero(owner == index)
            x[rows] = self._signals[index][numbers[rows] - self._starts[index]][:, self._select]
        return x


class Batches:
    """The batch of each step: on one kind of device a function of the seed and the step alone.

    Args:
        pool: Where windows come from.
        tasks: What is learnt; each is drawn for as often, and its rare classes more often.
        scaler: Fitted on training athletes, on the pool's channels.
        augmentation: How views vary.
        draw: Windows a batch, and the seed of draws and views.
        teacher: By task, ``(window, output)`` scores of a teacher on the pool; with it windows
            without a label are drawn too.
    """

    def __init__(
        self,
        pool: Pool,
        tasks: tuple[Task, ...],
        scaler: Scaler,
        augmentation: AugmentationRecipe,
        draw: "Draw",
        teacher: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.pool, self.tasks, self.teacher = pool, tasks, teacher
        self.augmentation, self.draw = augmentation, draw
        self._rig = Rig.of(pool.channels, augmentation.mirror)
        self._mean = torch.from_numpy(scaler.mean)[:, None]
        self._scale = torch.from_numpy(scaler.scale)[:, None]
        self._cumulated = np.cumsum(_chances(pool, tasks, teacher))

    def __call__(self, step: int) -> Batch:
        """Draw, vary, scale and mix the windows of a step."""
        rng = np.random.default_rng((self.draw.seed, step))
        chances = rng.random(self.draw.size) * self._cumulated[-1]
        numbers = np.searchsorted(self._cumulated, chances, side="right")
        generator = self.draw.device.generator(int(rng.integers(2**62)))
        raw = self._there(self.pool.gather(numbers))
        with self.draw.device.making():
            x = self.scaled(augment(raw, self._rig, self.augmentation, generator))
        targets = tuple(self._target(task, numbers) for task in self.tasks)
        if self.augmentation.mixup:
            share = float(rng.beta(self.augmentation.mixup, self.augmentation.mixup))
            order = self._there(rng.permutation(len(numbers)))
            return _mixed(Batch(x, targets), order, share)
        return Batch(x, targets)

    def view(self, numbers: np.ndarray, seed: int | None) -> Tensor:
        """Scaled windows in the host's memory, as they are (no seed) or as one view of them."""
        raw = torch.from_numpy(self.pool.gather(numbers))
        if seed is not None:
            generator = torch.Generator().manual_seed(seed)
            raw = augment(raw, self._rig, self.augmentation, generator)
        return self.scaled(raw)

    def scaled(self, raw: Tensor) -> Tensor:
        """What the device's `Scaler` does, in torch."""
        scaled = (raw - self._mean.to(raw.device)).div_(self._scale.to(raw.device))
        return scaled.clamp_(-CLIP, CLIP).nan_to_num_(0.0)

    def _there(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values).to(self.draw.device.kind)

    def _target(self, task: Task, numbers: np.ndarray) -> Target:
        truth = self._there(np.asarray(self.pool.truth[task.name][numbers]))
        teacher = None
        if self.teacher is not None:
            teacher = self._there(self.teacher[task.name][numbers])
        if not task.labels:
            known = torch.isfinite(truth)
            values = task.standard(truth).nan_to_num(0.0)
            return Target(values[:, None], known.float(), teacher)
        known = truth != UNKNOWN
        one_hot = torch.eye(task.outputs, device=truth.device)[truth.clamp(min=0)]
        return Target(one_hot, known.float(), teacher)


@dataclass(frozen=True)
class Draw:
    """How many windows a batch holds, the seed of all its randomness, and where it is made."""

    size: int
    seed: int
    device: Device = HOST


def _chances(
    pool: Pool, tasks: tuple[Task, ...], teacher: Mapping[str, np.ndarray] | None
) -> np.ndarray:
    """Chance of each window: as if a task were drawn, then one of the windows that tell of it.

    So a task that is known in few windows is not drowned by one that is known in all.
    """
    weights = [_weights(pool, task, teacher) for task in tasks]
    return np.asarray(sum(one / one.sum() for one in weights if one.any()))


def _weights(pool: Pool, task: Task, teacher: Mapping[str, np.ndarray] | None) -> np.ndarray:
    """One over the root of each window's class count; zero where nothing is to be learnt."""
    truth, known = pool.truth[task.name], pool.known(task)
    if teacher is not None:
        told = np.isfinite(teacher[task.name]).all(axis=1)
        if task.labels:
            truth = np.where(told & ~known, teacher[task.name].argmax(axis=1), truth)
        known = known | told
    if not task.labels:
        return known.astype(float)
    counts = np.bincount(truth[known], minlength=task.outputs)
    return np.where(known, 1 / np.sqrt(np.maximum(counts, 1))[np.maximum(truth, 0)], 0.0)


def _mixed(batch: Batch, order: Tensor, share: float) -> Batch:
    """Mixup (Zhang et al. 2018, 1710.09412): windows and what is known of them, blended."""

    def blend(values: Tensor) -> Tensor:
        return torch.lerp(values[order], values, share)

    targets = tuple(
        Target(
            blend(target.truth),
            torch.minimum(target.known, target.known[order]),
            None if target.teacher is None else _blend_scores(target.teacher, order, share),
        )
        for target in batch.targets
    )
    return Batch(blend(batch.x), targets)


def _blend_scores(scores: Tensor, order: Tensor, share: float) -> Tensor:
    """Scores whose softmax is the blend of two softmaxes; values are blended as they are."""
    if scores.shape[1] == 1:
        return share * scores + (1 - share) * scores[order]
    blended = share * scores.softmax(dim=1) + (1 - share) * scores[order].softmax(dim=1)
    return blended.clamp(min=1e-8).log()
