"""What a run will do: the recipe's defaults filled in from the cohort, and what forbids a run."""

from dataclasses import dataclass

import numpy as np

from distride.config import Recipe
from distride.data import Cohort, Windows
from distride.errors import DataError, TrainingError
from distride.models.net import Task
from distride.signals import HEART_RATE, SignalSpec, sensor_of

FASTEST_HZ = 50.0  # human movement lies below 20 Hz
MOTION = ("acc", "gyr")


@dataclass(frozen=True)
class Plan:
    """Channels and windows of a run.

    Attributes:
        spec: Windows with all channels.
        channels: The student's.
        teacher_channels: The teacher's.
    """

    spec: SignalSpec
    channels: tuple[str, ...]
    teacher_channels: tuple[str, ...]


def plan_of(cohort: Cohort, recipe: Recipe) -> Plan:
    """Fill in what the recipe leaves open.

    Raises:
        DataError: The cohort has no motion channel and the recipe names none.
    """
    held = cohort.columns()
    signals = recipe.signals
    motion = tuple(name for name in held if sensor_of(name) in MOTION)
    channels = signals.channels or motion
    if not channels:
        raise DataError(
            f"The cohort '{cohort.name}' has no accelerometer or gyroscope: its columns are "
            f"{', '.join(held)}; name the channels to learn from under [signals] in a recipe."
        )
    heart = (HEART_RATE,) if HEART_RATE in held and HEART_RATE not in channels else ()
    teacher = recipe.teacher.channels or (*channels, *heart)
    every = (*channels, *(name for name in teacher if name not in channels))
    rate_hz = signals.rate_hz or min(cohort.sampling_hz, FASTEST_HZ)
    hop_s = signals.hop_s or signals.window_s / 2
    return Plan(SignalSpec(every, rate_hz, signals.window_s, hop_s), channels, teacher)


def tasks_of(
    windows: Windows, names: tuple[str, ...], training: tuple[str, ...]
) -> tuple[Task, ...]:
    """The tasks of a fold, the scored one first; numbers are scaled as its training athletes are.

    Raises:
        TrainingError: Fewer than two classes, or the first task is a regression.
    """
    tasks = []
    for name in names:
        labels = windows.labels[name]
        if len(labels) == 1:
            raise TrainingError(
                f"The task '{name}' has the one class '{labels[0]}': at least two are needed to "
                "tell anything apart; label other movements too."
            )
        tasks.append(Task(name, labels) if labels else _regression(windows, name, training))
    if not tasks[0].labels:
        raise TrainingError(
            f"The first task '{tasks[0].name}' is a number: the first one is scored by macro-F1, "
            "so name a column of classes first, numbers after it."
        )
    return tuple(tasks)


def labelled_athletes(windows: Windows, task: str) -> tuple[str, ...]:
    """Who has at least one window of a known class."""
    return tuple(
        athlete for athlete in windows.athletes if (windows.of(athlete).y[task] >= 0).any()
    )


def _regression(windows: Windows, name: str, training: tuple[str, ...]) -> Task:
    values = np.concatenate([windows.of(athlete).y[name] for athlete in training])
    known = values[np.isfinite(values)]
    if len(known) < 2 or known.std() == 0:
        raise TrainingError(f"The task '{name}' has no two different values to learn from.")
    return Task(name, (), float(known.mean()), float(known.std()))
