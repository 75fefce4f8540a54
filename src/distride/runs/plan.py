"""What a run will do: the recipe's defaults filled in from the cohort, and what forbids a run."""

from dataclasses import dataclass

import numpy as np

from distride.config import Recipe, SignalsRecipe
from distride.data import Cohort, Windows
from distride.data.recording import MOTION_SENSORS
from distride.errors import DataError, RecipeError, TrainingError
from distride.models.net import Task
from distride.signals import HEART_RATE, SignalSpec, sensor_of
from distride.signals.spec import UNITS

FASTEST_HZ = 50.0  # human movement lies below 20 Hz
FEWEST_SAMPLES = 9  # of a window: MiniRocket's kernels are as long


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

    def __post_init__(self) -> None:
        lacking = [name for name in self.channels if name not in self.teacher_channels]
        if lacking:
            raise RecipeError(
                f"teacher.channels lacks {', '.join(lacking)}, which the student sees: name all of "
                "the student's channels there, and those that only the teacher has."
            )
        if self.spec.window_samples < FEWEST_SAMPLES:
            raise RecipeError(
                f"A window of {self.spec.window_s:g} s at {self.spec.rate_hz:g} Hz has "
                f"{self.spec.window_samples} samples and training needs {FEWEST_SAMPLES}: lengthen "
                "signals.window_s, or raise signals.rate_hz."
            )


def plan_of(cohort: Cohort, recipe: Recipe) -> Plan:
    """Fill in what the recipe leaves open.

    Raises:
        DataError: The cohort has no motion channel and the recipe names none.
        RecipeError: A task is also an input, the teacher lacks what the student sees, or windows
            are too short.
    """
    held = cohort.columns()
    signals = recipe.signals
    motion = tuple(name for name in held if sensor_of(name) in MOTION_SENSORS)
    channels = signals.channels or motion
    if not channels:
        raise DataError(
            f"The cohort '{cohort.name}' has no accelerometer or gyroscope: its columns are "
            f"{', '.join(held)}; name the channels to learn from under [signals] in a recipe."
        )
    told = (*channels, *signals.tasks)
    heart = (HEART_RATE,) if HEART_RATE in held and HEART_RATE not in told else ()
    teacher = recipe.teacher.channels or (*channels, *heart)
    every = (*channels, *(name for name in teacher if name not in channels))
    for task in signals.tasks:
        if task in every:
            raise RecipeError(
                f"The task '{task}' is also an input channel: a model that is given the answer "
                "learns nothing; leave it out of signals.channels and teacher.channels."
            )
    rate_hz = signals.rate_hz or min(cohort.sampling_hz, FASTEST_HZ)
    hop_s = signals.hop_s or signals.window_s / 2
    return Plan(SignalSpec(every, rate_hz, signals.window_s, hop_s), channels, teacher)


def tasks_of(
    windows: Windows, signals: SignalsRecipe, training: tuple[str, ...]
) -> tuple[Task, ...]:
    """The tasks of a fold, the ruling one first; numbers are scaled as its training athletes are.

    Raises:
        TrainingError: Fewer than two classes, or two different values, to learn from.
    """
    tasks = []
    for name in signals.tasks:
        labels = windows.labels[name]
        if len(labels) == 1:
            raise TrainingError(
                f"The task '{name}' has the one class '{labels[0]}': at least two are needed to "
                "tell anything apart; label other movements too."
            )
        truth = _known_truth(windows, name, training)
        if len(np.unique(truth)) < 2:
            raise TrainingError(
                f"The task '{name}' shows no two different {'classes' if labels else 'values'} in "
                f"the windows of {len(training)} training athlete(s): label more of them."
            )
        if labels:
            tasks.append(Task(name, labels))
        else:
            mean, scale = float(truth.mean()), float(truth.std())
            tasks.append(Task(name, (), mean, scale, unit_of(name, signals)))
    return tuple(tasks)


def unit_of(task: str, signals: SignalsRecipe) -> str:
    """The unit of a regression: what the recipe says, else that of the channel of its name."""
    return signals.unit(task) or UNITS.get(sensor_of(task), "")


def labelled_athletes(windows: Windows, task: str) -> tuple[str, ...]:
    """Who has at least one window of which a task's truth is known."""
    return tuple(athlete for athlete in windows.athletes if windows.known(athlete, task).any())


def _known_truth(windows: Windows, name: str, athletes: tuple[str, ...]) -> np.ndarray:
    parts = [windows.of(one).y[name][windows.known(one, name)] for one in athletes]
    return np.concatenate([np.empty(0), *parts])
