"""Teachers: ensembles of unlike members, and their honest opinion of windows they never learnt."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict

import numpy as np

from distride.errors import TrainingError
from distride.heads import softmax
from distride.learn.batches import Batches, Pool
from distride.learn.classic import ASKED_AT_ONCE
from distride.learn.ground import Ground, Scores
from distride.learn.members import Member, taught
from distride.models.net import Task

Teacher = Callable[[np.ndarray], Mapping[str, np.ndarray]]
"""Any callable from raw windows ``(window, channel, time)`` to scores by task will do.

Scores are ``(window, output)``: logits of the classes in the order of the labels, or one column of
values in the task's own unit (bpm, say). A row of NaN is no opinion.
"""


def ensemble_scores(parts: list[Scores], tasks: tuple[Task, ...]) -> Scores:
    """Members agree by the mean of their probabilities; values by their mean."""
    return {
        task.name: _agreed([part[task.name] for part in parts], bool(task.labels)) for task in tasks
    }


def opinion(ground: Ground, members: list[Member], batches: Batches, numbers: np.ndarray) -> Scores:
    """The ensemble's scores of windows, over several augmented views, computed once.

    They are kept under a key of all they depend on: the windows, how views vary, the weights.
    """
    key = _key(ground, members, batches.pool.athletes, numbers)
    file = ground.folder / f"soft-{key}.npz"
    if file.exists():
        with np.load(file) as kept:
            return dict(kept)
    views = ground.recipe.distillation.views
    seeds = [None, *[ground.seed(f"view/{view}") for view in range(1, views)]]
    scores = ensemble_scores(
        [one.scores(batches, numbers, seed) for one in members for seed in seeds], ground.tasks
    )
    partial_file = file.with_suffix(".partial.npz")
    np.savez(partial_file, **scores)  # type: ignore[arg-type]
    partial_file.replace(file)
    return scores


def asked(ground: Ground, teacher: Teacher, pool: Pool) -> Scores:
    """What somebody's own teacher thinks of a pool's windows, a part at a time.

    Its values come in the task's unit and leave as a net learns them.
    """
    parts = [
        teacher(pool.gather(np.arange(start, min(start + ASKED_AT_ONCE, len(pool)))))
        for start in range(0, len(pool), ASKED_AT_ONCE)
    ]
    scores = {}
    for task in ground.tasks:
        if not all(task.name in part for part in parts):
            raise TrainingError(
                f"The teacher gave no scores for the task '{task.name}': it must return a mapping "
                "from each task to (window, output) scores."
            )
        scores[task.name] = np.concatenate([part[task.name] for part in parts]).astype(np.float32)
        if scores[task.name].shape != (len(pool), task.outputs):
            raise TrainingError(
                f"The teacher's scores for '{task.name}' have the shape "
                f"{scores[task.name].shape}: {(len(pool), task.outputs)} is needed."
            )
        if not task.labels:
            scores[task.name] = task.standard(scores[task.name])
    return scores


def cross_fitted(ground: Ground, groups: list[tuple[str, ...]], pool: Pool) -> Scores:
    """For each window of a pool, what teachers think who never saw its athlete's labels.

    Soft labels of windows a teacher was trained on carry nothing but those labels again.

    Args:
        ground: The fold's.
        groups: Athletes with labels, apart; each group's teacher learns from the others.
        pool: Windows to score; athletes in no group are scored by all the teachers.
    """
    names = np.array(pool.athletes)[pool.athlete]
    batches = ground.batches(pool, "opinion", ground.recipe.student.batch_size)
    parts: list[tuple[np.ndarray, Scores]] = []
    for index, group in enumerate(groups):
        others = tuple(a for other in groups if other is not group for a in other)
        learnt = Pool(ground.windows, others, pool.channels)
        members = taught(ground, f"cross-{index}", learnt)
        numbers = np.flatnonzero(~np.isin(names, others))
        parts.append((numbers, opinion(ground, members, batches, numbers)))
    return _merged(parts, len(pool), ground.tasks)


def _agreed(scores: list[np.ndarray], classes: bool) -> np.ndarray:
    if not classes:
        return np.asarray(np.mean(scores, axis=0, dtype=np.float32))
    probabilities = np.mean([softmax(part) for part in scores], axis=0)
    return np.asarray(np.log(np.maximum(probabilities, 1e-8)), np.float32)


def _merged(
    parts: list[tuple[np.ndarray, Scores]], windows: int, tasks: tuple[Task, ...]
) -> Scores:
    merged = {}
    for task in tasks:
        total = np.zeros((windows, task.outputs), np.float64)
        count = np.zeros((windows, 1))
        for numbers, scores in parts:
            own = scores[task.name]
            heard = np.isfinite(own).all(axis=1)
            rows = numbers[heard]
            total[rows] += softmax(own[heard]) if task.labels else own[heard]
            count[rows] += 1
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        merged[task.name] = (np.log(np.maximum(mean, 1e-8)) if task.labels else mean).astype(
            np.float32
        )
    return merged


def _key(
    ground: Ground, members: list[Member], athletes: tuple[str, ...], numbers: np.ndarray
) -> str:
    recipe = ground.recipe
    digest = hashlib.sha256(ground.windows.fingerprint.encode())
    digest.update(repr((athletes, asdict(recipe.augmentation), recipe.seed)).encode())
    digest.update(repr(recipe.distillation.views).encode())
    digest.update(numbers.tobytes())
    for member in members:
        digest.update(member.fingerprint())
    return digest.hexdigest()[:16]
