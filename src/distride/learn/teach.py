"""Teachers: ensembles of unlike members, or anybody's own."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from distride.errors import TrainingError
from distride.heads import softmax
from distride.learn.ground import Scores
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


def asked(tasks: tuple[Task, ...], teacher: Teacher, raw: Iterable[np.ndarray]) -> Scores:
    """What somebody's own teacher thinks of raw windows, which come a part at a time.

    Its values come in the task's unit and leave as a net learns them.

    Raises:
        TrainingError: It left out a task, or its scores have another shape.
    """
    parts = [(len(x), teacher(x)) for x in raw]
    return {task.name: _told(task, parts) for task in tasks}


def _told(task: Task, parts: list[tuple[int, Mapping[str, np.ndarray]]]) -> np.ndarray:
    if not all(task.name in part for _, part in parts):
        raise TrainingError(
            f"The teacher gave no scores for the task '{task.name}': it must return a mapping "
            "from each task to (window, output) scores."
        )
    scores = np.concatenate([part[task.name] for _, part in parts]).astype(np.float32)
    needed = (sum(count for count, _ in parts), task.outputs)
    if scores.shape != needed:
        raise TrainingError(
            f"The teacher's scores for '{task.name}' have the shape {scores.shape}: {needed} is "
            "needed."
        )
    return scores if task.labels else np.asarray(task.standard(scores))


def _agreed(scores: list[np.ndarray], classes: bool) -> np.ndarray:
    if not classes:
        return np.asarray(np.mean(scores, axis=0, dtype=np.float32))
    probabilities = np.mean([softmax(part) for part in scores], axis=0)
    return np.asarray(np.log(np.maximum(probabilities, 1e-8)), np.float32)
