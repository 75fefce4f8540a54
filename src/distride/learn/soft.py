"""Soft labels: what teachers think of windows whose labels they never saw.

Soft labels of windows that a teacher was trained on carry nothing but those labels again. So where
everybody is labelled they are cross-fitted: two teachers, each asked of the athletes the other
learnt from. Where some athletes have no labels, the teacher speaks of windows without labels alone,
which is what the student could not have learnt by itself; of the others the labels say it better.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from distride.data import training_groups
from distride.learn.batches import Pool
from distride.learn.ground import Ground, Scores
from distride.learn.members import taught
from distride.learn.squad import Squad
from distride.learn.teach import Teacher, asked, cross_fitted, opinion
from distride.models.net import Task

SURE = 0.98  # probability that a label gives its class where a teacher's opinion stands beside it


@dataclass(frozen=True)
class SoftLabels:
    """Opinions on everyone's windows.

    Attributes:
        trial: For trials, from teachers that never saw the validating athletes either.
        final: For the final training.
    """

    trial: Scores
    final: Scores


def soft_labels(
    ground: Ground, squad: Squad, channels: tuple[str, ...], teacher: Teacher | None = None
) -> SoftLabels:
    """Ask teachers of windows with the given channels.

    Somebody's own teacher is asked as it is: that it never saw anyone's labels, only they can know.
    """
    pool = Pool(ground.windows, squad.everyone, channels, squad.labelled)
    if teacher is not None:
        own = asked(ground, teacher, pool)
        return SoftLabels(own, own)
    if squad.unlabelled:
        return SoftLabels(
            _of_unlabelled(ground, pool, "fit", squad.fit),
            _of_unlabelled(ground, pool, "teacher", squad.labelled),
        )
    groups = training_groups(squad.fit, 2, ground.seed("groups"))
    crossed = cross_fitted(ground, list(groups), pool)
    return SoftLabels(crossed, crossed)


def decisions(soft: Scores, tasks: tuple[Task, ...], smoothing: float) -> Scores:
    """A teacher's decisions without how sure it was: its likeliest class, smoothed as labels are.

    What distillation gives beyond them is what soft labels are for; values stay as they are.
    """
    return {
        task.name: _as_scores(
            soft[task.name].argmax(axis=1), task, 1 - smoothing + smoothing / task.outputs
        )
        if task.labels
        else soft[task.name]
        for task in tasks
    }


def _of_unlabelled(ground: Ground, pool: Pool, name: str, learnt: tuple[str, ...]) -> Scores:
    """Labels as scores, and for windows without one the opinion of one teacher."""
    members = taught(ground, name, Pool(ground.windows, learnt, pool.channels))
    unknown = {task.name: ~pool.known(task) for task in ground.tasks}
    numbers = np.flatnonzero(np.any(list(unknown.values()), axis=0))
    batches = ground.batches(pool, "opinion", ground.recipe.student.batch_size)
    scores = dict(_labels_as_scores(pool, ground.tasks))  # a teacher's NaN: it never learnt that
    for task, own in opinion(ground, members, batches, numbers).items():
        rows = unknown[task][numbers]
        scores[task][numbers[rows]] = own[rows]
    return scores


def _labels_as_scores(pool: Pool, tasks: tuple[Task, ...]) -> Iterator[tuple[str, np.ndarray]]:
    for task in tasks:
        truth = pool.truth[task.name]
        if task.labels:
            yield task.name, _as_scores(np.maximum(truth, 0), task, SURE)
        else:
            values = np.nan_to_num(task.standard(truth))
            yield task.name, values[:, None].astype(np.float32)


def _as_scores(classes: np.ndarray, task: Task, sure: float) -> np.ndarray:
    """Scores that give each window's class so much probability, the others the rest evenly."""
    rest = (1 - sure) / (task.outputs - 1)
    chosen = np.eye(task.outputs, dtype=bool)[classes]
    return np.asarray(np.log(np.where(chosen, sure, rest)), np.float32)
