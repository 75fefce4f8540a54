"""Batches: windows of some athletes, drawn by a step's number, varied, scaled, mixed."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from distride.config import AugmentationRecipe
from distride.data import UNKNOWN, Windows
from distride.learn.augment import Rig, augment
from distride.learn.device import HOST, Device
from distride.learn.losses import Target
from distride.models.net import Task
from distride.signals import CLIP, Scaler

ASKED_AT_ONCE = 2048


@dataclass(frozen=True)
class Batch:
    """What one step sees.

    Attributes:
        x: ``(batch, channel, time)``, varied and scaled.
        targets: One a task.
    """

    x: Tensor
    targets: tuple[Target, ...]

    def to(self, kind: str) -> "Batch":
        """The same on a kind of device."""
        return Batch(self.x.to(kind), tuple(target.to(kind) for target in self.targets))


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

    def gathered(self, numbers: np.ndarray, at_once: int = ASKED_AT_ONCE) -> Iterator[np.ndarray]:
        """The same, a part at a time."""
        for start in range(0, len(numbers), at_once):
            yield self.gather(numbers[start : start + at_once])


class Batches:
    """The batch of each step: on one kind of device a function of the seed and the step alone.

    Args:
        pool: Where windows come from.
        tasks: What is learnt; each is drawn for as often, and its rare classes more often.
        scaler: Fitted on training athletes, on the pool's channels.
        augmentation: How views vary.
        draw: Windows a batch, and the seed of draws and views.
    """

    def __init__(
        self,
        pool: Pool,
        tasks: tuple[Task, ...],
        scaler: Scaler,
        augmentation: AugmentationRecipe,
        draw: "Draw",
    ) -> None:
        self.pool, self.tasks = pool, tasks
        self.augmentation, self.draw = augmentation, draw
        self._rig = Rig.of(pool.channels, augmentation.mirror)
        self._mean = torch.from_numpy(scaler.mean)[:, None]
        self._scale = torch.from_numpy(scaler.scale)[:, None]
        self._cumulated = np.cumsum(self.chances())

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
        return self.mixed(Batch(x, targets), rng)

    def chances(self) -> np.ndarray:
        """Chance of each window: as if a task were drawn, then one of the windows that tell of it.

        So a task that is known in few windows is not drowned by one that is known in all.
        """
        weights = [_weights(self.pool, task) for task in self.tasks]
        return np.asarray(sum(one / one.sum() for one in weights if one.any()))

    def mixed(self, batch: Batch, rng: np.random.Generator) -> Batch:
        """Mixup (Zhang et al. 2018, 1710.09412): all windows with another, in the same shares."""
        if not self.augmentation.mixup:
            return batch
        share = float(rng.beta(self.augmentation.mixup, self.augmentation.mixup))
        return blended(
            batch, rng.permutation(self.draw.size), np.full((1, 1, 1), share, np.float32)
        )

    def views(self, numbers: np.ndarray, at_once: int = ASKED_AT_ONCE) -> Iterator[Tensor]:
        """Scaled windows as they are, in the host's memory, a part at a time."""
        return (self.scaled(torch.from_numpy(x)) for x in self.pool.gathered(numbers, at_once))

    def scaled(self, raw: Tensor) -> Tensor:
        """What the device's `Scaler` does, in torch."""
        scaled = (raw - self._mean.to(raw.device)).div_(self._scale.to(raw.device))
        return scaled.clamp_(-CLIP, CLIP).nan_to_num_(0.0)

    def raw(self, scaled: Tensor) -> Tensor:
        """Windows in SI units again; what was absent holds the mean of training athletes."""
        return scaled * self._scale + self._mean

    def _there(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values).to(self.draw.device.kind)

    def _target(self, task: Task, numbers: np.ndarray) -> Target:
        truth = self._there(np.asarray(self.pool.truth[task.name][numbers]))
        if not task.labels:
            known = torch.isfinite(truth)
            values = task.standard(truth).nan_to_num(0.0)
            return Target(values[:, None], known.float())
        known = truth != UNKNOWN
        one_hot = torch.eye(task.outputs, device=truth.device)[truth.clamp(min=0)]
        return Target(one_hot, known.float())


@dataclass(frozen=True)
class Draw:
    """How many windows a batch holds, the seed of all its randomness, and where it is made."""

    size: int
    seed: int
    device: Device = HOST


def blended(batch: Batch, order: np.ndarray, weight: np.ndarray) -> Batch:
    """Each window with another of its batch, and what is known of both by their shares.

    Args:
        batch: Not mixed yet.
        order: ``(batch,)`` the other of each.
        weight: How much of the window itself is in each sample, float32 that broadcasts to
            ``(batch, channel, time)``.
    """
    kind = batch.x.device
    others, own = torch.from_numpy(order).to(kind), torch.from_numpy(weight).to(kind)
    share = own.mean(dim=(1, 2))[:, None]

    def between(target: Target) -> Target:
        truth = torch.lerp(target.truth[others], target.truth, share)
        return Target(truth, torch.minimum(target.known, target.known[others]))

    x = torch.lerp(batch.x[others], batch.x, own)
    return Batch(x, tuple(between(target) for target in batch.targets))


def _weights(pool: Pool, task: Task) -> np.ndarray:
    """One over the root of each window's class count; zero where nothing is to be learnt."""
    truth, known = pool.truth[task.name], pool.known(task)
    if not task.labels:
        return known.astype(float)
    counts = np.bincount(truth[known], minlength=task.outputs)
    return np.where(known, 1 / np.sqrt(np.maximum(counts, 1))[np.maximum(truth, 0)], 0.0)
