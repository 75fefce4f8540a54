"""A general base: one body that learns every body unit of several cohorts, each by itself.

A window of five body units is five windows of one unit here, and each unit of each cohort has heads
of its own: so the body is tied to no placement, no number of units and no set of labels. Where a
unit has no gyroscope, it is as if it had been switched off.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from distride.learn.batches import Batch, Batches, Pool
from distride.learn.ground import Ground, Training, trained
from distride.learn.loop import Schedule
from distride.learn.losses import Objective, Target
from distride.learn.side_by_side import side_by_side
from distride.models.net import Task
from distride.models.student import Student, StudentConfig, student_for
from distride.signals import sensor_of, triads, units_of

UNIT = tuple(f"{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz")
SMOOTHED = Objective(smoothing=0.1)
FEWEST_OF_UNIT = 2  # windows in a batch


@dataclass(frozen=True)
class Unit:
    """One body unit of one cohort.

    Attributes:
        name: Of the cohort and the placement.
        ground: The cohort's: windows, tasks, scaler.
        channels: The unit's.
    """

    name: str
    ground: Ground
    channels: tuple[str, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The cohort's, told apart from those of other units."""
        return tuple(
            Task(f"{self.name}/{task.name}", task.labels, task.mean, task.scale)
            for task in self.ground.tasks
        )

    @property
    def places(self) -> list[int]:
        """Of its channels among a base's."""
        return [UNIT.index(_bare(name)) for name in self.channels]

    def batches(self, size: int) -> Batches:
        """Of all its athletes, `size` windows each."""
        pool = Pool(self.ground.windows, self.ground.windows.athletes, self.channels)
        return self.ground.batches(pool, self.name, size)


def units_in(name: str, ground: Ground) -> list[Unit]:
    """The body units of a cohort that have a sensor a base knows."""
    known = tuple(one for one in ground.windows.spec.channels if _bare(one) in UNIT)
    return [Unit(f"{name}/{placement}", ground, own) for placement, own in units_of(known).items()]


class UnitBatches:
    """The batch of each step: as many windows of each unit, in a base's channels.

    Args:
        units: Each with its tasks.
        size: Windows of each unit.
    """

    def __init__(self, units: list[Unit], size: int) -> None:
        self._units = [(unit.places, unit.batches(size)) for unit in units]

    def __call__(self, step: int) -> Batch:
        """Windows of all units below each other; each knows the truth of its own tasks alone."""
        parts = [(places, batches(step)) for places, batches in self._units]
        x = torch.cat([_led(part.x, places) for places, part in parts])
        targets = [
            _among(target, number, len(parts))
            for number, (_, part) in enumerate(parts)
            for target in part.targets
        ]
        return Batch(x, tuple(targets))


def pretrained(units: list[Unit], name: str) -> Student:
    """The body of a base, trained on all units; resumed if it was interrupted.

    Args:
        units: Of all cohorts; the first one's ground tells recipe, folder and progress.
        name: Of the training.
    """
    ground = units[0].ground
    recipe = ground.recipe.student
    ground = replace(ground, tasks=tuple(task for unit in units for task in unit.tasks))
    each = max(FEWEST_OF_UNIT, recipe.batch_size // len(units))
    steps = max(1, recipe.windows_seen // (each * len(units)))
    build = partial(_build, width_of(recipe.size, units))
    training = Training(name, build, Schedule(steps, recipe.learning_rate), SMOOTHED)
    (net,) = side_by_side([partial(trained, ground, training, UnitBatches(units, each))])
    assert isinstance(net.body, Student)
    return net.body


def width_of(size: str, units: list[Unit]) -> int:
    """The widest body with which a student of a size could see and tell what the cohorts ask for.

    So it is settled by the cohort of the most units and that of the most labels.
    """
    most = max(Counter(unit.ground.windows.fingerprint for unit in units).values())
    outputs = max(sum(task.outputs for task in unit.tasks) for unit in units)
    channels = tuple(f"unit{number}_{name}" for number in range(most) for name in UNIT)
    return student_for(size, len(channels), outputs, triads(channels)).config.width


def _build(width: int) -> tuple[nn.Module, int]:
    body = Student(StudentConfig(len(UNIT), width, triads(UNIT)))
    return body, body.feature_count


def _bare(channel: str) -> str:
    """Without its placement."""
    return f"{sensor_of(channel)}_{channel[-1]}"


def _led(x: Tensor, places: list[int]) -> Tensor:
    """A unit's windows in a base's channels, silent where it has none."""
    wide = x.new_zeros(len(x), len(UNIT), x.shape[2])
    wide[:, places] = x
    return wide


def _among(target: Target, number: int, parts: int) -> Target:
    """What is known of one part of a batch, as what is known of all of it."""
    count = len(target.known)
    rows = slice(number * count, (number + 1) * count)
    truth = target.truth.new_zeros(parts * count, target.truth.shape[1])
    known = target.known.new_zeros(parts * count)
    truth[rows], known[rows] = target.truth, target.known
    return Target(truth, known)
