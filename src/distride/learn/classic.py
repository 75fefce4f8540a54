"""Classic models as members of a teacher: they err elsewhere than nets do."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from torch import Tensor

from distride.learn.baselines import (
    ALPHAS,
    TREES,
    forest,
    rocket_features,
    simple_features,
    undisturbed,
)
from distride.learn.batches import Pool
from distride.learn.ground import Ground, Scores
from distride.models.net import Task

MOST_WINDOWS = 12_000  # it learns from so many at most; more costs time and gains little
NEVER = -10.0  # score of a class that was not in training
ROCKET_TEMPERATURE = 0.3  # of ridge margins; 0.2 to 0.35 on training athletes of two cohorts
TREES_TEMPERATURE = 0.5  # of log-probabilities; 0.3 to 0.9 on training athletes of four cohorts
LEAST = 1 / (2 * TREES)  # probability of a class that no tree speaks for


@dataclass(frozen=True)
class Kind:
    """How a classic model sees windows, learns a task, and says what it thinks.

    Attributes:
        represent: From a seed, a transformer of windows to features, not yet fitted.
        learner: From a task and a seed, an estimator, not yet fitted.
        scores: Of a fitted classifier and features, ``(window, class that it saw)``.
        constants: What its answers depend on besides data and seed.
    """

    represent: Callable[[int], Any]
    learner: Callable[[Task, int], Any]
    scores: Callable[[Any, np.ndarray], np.ndarray]
    constants: tuple[object, ...]


@dataclass(frozen=True)
class ClassicMember:
    """A classic model of all tasks; fitted when first asked.

    It is deterministic and takes seconds, so it is fitted again rather than kept.

    Attributes:
        name: As the recipe has it, one of `CLASSIC`.
        ground: The fold's.
        pool: What it learns from.
        seed: Of the draw of windows and of all that it draws itself.
    """

    name: str
    ground: Ground
    pool: Pool
    seed: int
    net: None = field(default=None, init=False)

    def fingerprint(self) -> bytes:
        """Of what it learns from, and how."""
        how = (self.name, MOST_WINDOWS, NEVER, CLASSIC[self.name].constants)
        told = (self.pool.athletes, self.pool.channels, self.seed, self.ground.posture.helps, how)
        digest = hashlib.sha256(self.ground.windows.fingerprint.encode() + repr(told).encode())
        for values in self.pool.truth.values():
            digest.update(values.tobytes())
        return digest.digest()

    def scores(self, views: Iterable[Tensor]) -> Scores:
        """By task ``(window, output)``, on the scale of a net's."""
        parts: dict[str, list[np.ndarray]] = {
            task.name: [np.empty((0, task.outputs), np.float32)] for task in self.ground.tasks
        }
        with undisturbed():
            for view in views:
                features = self._fitted.represent.transform(self._seen(view))
                for task in self.ground.tasks:
                    parts[task.name].append(self._of_task(task, features))
        return {name: np.concatenate(part) for name, part in parts.items()}

    def _seen(self, view: Tensor) -> np.ndarray:
        """What nets see of windows: no means where posture does not help."""
        seen = view if self.ground.posture.helps else view - view.mean(dim=2, keepdim=True)
        return np.asarray(seen.numpy())

    def _of_task(self, task: Task, features: np.ndarray) -> np.ndarray:
        learner = self._fitted.learners.get(task.name)
        if learner is None:
            return np.full((len(features), task.outputs), np.nan, np.float32)
        if not task.labels:
            return np.asarray(learner.predict(features), np.float32)[:, None]
        scores = np.full((len(features), task.outputs), NEVER, np.float32)
        scores[:, learner.classes_] = CLASSIC[self.name].scores(learner, features)
        return scores

    @cached_property
    def _fitted(self) -> "_Fitted":
        kind = CLASSIC[self.name]
        known = np.flatnonzero(np.any([self.pool.known(one) for one in self.ground.tasks], axis=0))
        rng = np.random.default_rng(self.seed)
        rows = np.sort(rng.permutation(known)[:MOST_WINDOWS])
        [view] = self.ground.batches(self.pool, self.name, len(rows)).views(rows, len(rows))
        represent = kind.represent(self.seed % 2**31)
        features = represent.fit_transform(self._seen(view))
        return _Fitted(represent, dict(self._learners(kind, features, rows)))

    def _learners(
        self, kind: Kind, features: np.ndarray, rows: np.ndarray
    ) -> Iterator[tuple[str, Any]]:
        for task in filter(self.pool.teaches, self.ground.tasks):
            known = self.pool.known(task)[rows]
            truth = self.pool.truth[task.name][rows][known]
            if not task.labels:
                truth = task.standard(truth)
            learner = kind.learner(task, self.seed % 2**31)
            yield task.name, learner.fit(features[known], truth)


@dataclass(frozen=True)
class _Fitted:
    represent: Any
    learners: Mapping[str, Any]


def _ridge(task: Task, seed: int) -> Any:
    from sklearn.linear_model import RidgeClassifierCV, RidgeCV

    return RidgeClassifierCV(ALPHAS) if task.labels else RidgeCV(ALPHAS)


def _margins(ridge: Any, features: np.ndarray) -> np.ndarray:
    margins = ridge.decision_function(features)
    both = np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins
    return np.asarray(both / ROCKET_TEMPERATURE)


def _simple(seed: int) -> Any:
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(simple_features)


def _trees(task: Task, seed: int) -> Any:
    trees = forest(seed, bool(task.labels))
    return trees if task.labels else trees.set_params(n_jobs=1)  # as in `_log_probabilities`


def _log_probabilities(trees: Any, features: np.ndarray) -> np.ndarray:
    """Asked with one thread: the order in which several end would show in the last digits."""
    probabilities = trees.set_params(n_jobs=1).predict_proba(features)
    return np.asarray(np.log(np.maximum(probabilities, LEAST)) / TREES_TEMPERATURE)


CLASSIC = {
    "minirocket": Kind(rocket_features, _ridge, _margins, (ROCKET_TEMPERATURE, *ALPHAS)),
    "extra_trees": Kind(_simple, _trees, _log_probabilities, (TREES_TEMPERATURE, TREES)),
}
