"""Members of a teacher: nets, and MiniRocket with ridge, which errs elsewhere than nets do."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from distride.learn.baselines import rocket_features, undisturbed
from distride.learn.batches import Batches, Pool
from distride.learn.ground import Ground, Scores, Training, scores_of, trained
from distride.learn.loop import Schedule
from distride.learn.side_by_side import side_by_side
from distride.models.net import Net, Task
from distride.models.teacher import MEMBERS
from distride.signals import triads

MINIROCKET = "minirocket"
ROCKET_TEMPERATURE = 0.3  # of ridge margins; 0.2 to 0.35 on training athletes of two cohorts
ROCKET_WINDOWS = 12_000  # it learns from so many at most; more costs time and gains little
NEVER = -3.0  # margin of a class that was not in training
ASKED_AT_ONCE = 2048
ALPHAS = np.logspace(-1, 4, 6)


class Member(Protocol):
    """One voice of a teacher."""

    @property
    def name(self) -> str:
        """As the recipe has it."""

    @property
    def net(self) -> Net | None:
        """What it weighs and costs; None for one that is no net."""

    def fingerprint(self) -> bytes:
        """Of all that its scores depend on."""

    def scores(self, batches: Batches, numbers: np.ndarray, seed: int | None = None) -> Scores:
        """By task ``(window, output)`` of windows as they are, or of one view of them."""


@dataclass(frozen=True)
class NetMember:
    """A trained net."""

    name: str
    net: Net

    def fingerprint(self) -> bytes:
        """Of its weights."""
        digest = hashlib.sha256()
        for value in self.net.state_dict().values():
            digest.update(value.to(torch.float64).numpy().tobytes())
        return digest.digest()

    def scores(self, batches: Batches, numbers: np.ndarray, seed: int | None = None) -> Scores:
        """By task ``(window, output)``."""
        return scores_of(self.net, batches, numbers, seed)


@dataclass(frozen=True)
class RocketMember:
    """MiniRocket's features with a ridge for each task; fitted when first asked.

    It is deterministic and takes seconds, so it is fitted again rather than kept.

    Attributes:
        ground: The fold's.
        pool: What it learns from.
        seed: Of the draw of windows and kernels.
    """

    ground: Ground
    pool: Pool
    seed: int
    name: str = field(default=MINIROCKET, init=False)
    net: None = field(default=None, init=False)

    def fingerprint(self) -> bytes:
        """Of what it learns from, and how."""
        how = (ROCKET_WINDOWS, ROCKET_TEMPERATURE, NEVER, tuple(ALPHAS))
        told = (self.pool.athletes, self.pool.channels, self.seed, how)
        digest = hashlib.sha256(self.ground.windows.fingerprint.encode() + repr(told).encode())
        for values in self.pool.truth.values():
            digest.update(values.tobytes())
        return digest.digest()

    def scores(self, batches: Batches, numbers: np.ndarray, seed: int | None = None) -> Scores:
        """By task ``(window, output)``, on the scale of a net's."""
        parts: dict[str, list[np.ndarray]] = {task.name: [] for task in self.ground.tasks}
        with undisturbed():
            for start in range(0, len(numbers), ASKED_AT_ONCE):
                view = batches.view(numbers[start : start + ASKED_AT_ONCE], seed).numpy()
                features = self._fitted.features.transform(view)
                for task in self.ground.tasks:
                    parts[task.name].append(self._fitted.scores(task, features))
        return {
            task.name: np.concatenate([np.empty((0, task.outputs)), *parts[task.name]])
            for task in self.ground.tasks
        }

    @cached_property
    def _fitted(self) -> "_Fitted":
        task = self.ground.tasks[0]
        known = np.flatnonzero(self.pool.known(task))
        rng = np.random.default_rng(self.seed)
        rows = np.sort(rng.permutation(known)[:ROCKET_WINDOWS])
        batches = self.ground.batches(self.pool, "rocket", ASKED_AT_ONCE)
        model = rocket_features(self.seed % 2**31)
        features = model.fit_transform(batches.view(rows, None).numpy())
        return _Fitted(model, dict(_ridges(self.ground.tasks, self.pool, features, rows)))


@dataclass(frozen=True)
class _Fitted:
    features: Any
    ridges: Mapping[str, Any]

    def scores(self, task: Task, features: np.ndarray) -> np.ndarray:
        ridge = self.ridges[task.name]
        if not task.labels:
            return np.asarray(ridge.predict(features), np.float32)[:, None]
        margins = ridge.decision_function(features)
        both = np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins
        scores = np.full((len(features), task.outputs), NEVER, np.float32)
        scores[:, ridge.classes_] = both
        return scores / ROCKET_TEMPERATURE


def taught(ground: Ground, name: str, pool: Pool) -> list[Member]:
    """Each member of the teacher, trained on a pool's windows."""
    kinds = ground.recipe.teacher.members
    return side_by_side([partial(_member, ground, name, kind, pool) for kind in kinds])


def _member(ground: Ground, name: str, kind: str, pool: Pool) -> Member:
    if kind == MINIROCKET:
        return RocketMember(ground, pool, ground.seed(f"{name}-{kind}"))
    recipe, size = ground.recipe.teacher, ground.recipe.student.batch_size
    training = Training(
        f"{name}-{kind}",
        partial(_build, kind, pool.channels, recipe.width),
        Schedule(max(1, recipe.windows_seen // size), recipe.learning_rate),
    )
    return NetMember(kind, trained(ground, training, ground.batches(pool, training.name, size)))


def _build(kind: str, channels: tuple[str, ...], width: int) -> tuple[nn.Module, int]:
    body = MEMBERS[kind](len(channels), width, triads(channels))
    return body, int(body.feature_count)  # type: ignore[arg-type]


def _ridges(
    tasks: tuple[Task, ...], pool: Pool, features: np.ndarray, rows: np.ndarray
) -> Iterator[tuple[str, Any]]:
    from sklearn.linear_model import RidgeClassifierCV, RidgeCV

    for task in tasks:
        known = pool.known(task)[rows]
        truth = pool.truth[task.name][rows][known]
        if not task.labels:
            truth = (truth - task.mean) / task.scale
        kind = RidgeClassifierCV if task.labels else RidgeCV
        yield task.name, kind(ALPHAS).fit(features[known], truth)
