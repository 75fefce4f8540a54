"""One fold: everything that is learnt from its training athletes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from distride.data import Fold, Windows
from distride.errors import TrainingError
from distride.heads import Familiarity, Head, fit_temperature, softmax
from distride.learn.batches import Pool
from distride.learn.distill import Choice, Way, choose, one_task_students, students
from distride.learn.ground import Ground
from distride.learn.lessons import lessons
from distride.learn.shared import known_features, shared_head
from distride.learn.squad import Squad
from distride.learn.teach import Teacher
from distride.models.net import Net, Task

FEWEST_LABELLED = 3
LEAST_SURE = 0.05  # share of the validating athletes' windows on which a device is unsure
LEAST_FAMILIAR = 0.05  # share of them that it takes for none of the movements
CAUTION = 0.05  # of one validating athlete's temperature (see `fit_temperature`)


@dataclass
class Clock:
    """Seconds spent by kind of work."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        """Add the time of a block."""
        started = time.perf_counter()
        yield
        spent = time.perf_counter() - started
        self.seconds[kind] = self.seconds.get(kind, 0.0) + spent


@dataclass(frozen=True)
class Thresholds:
    """When a device says nothing; at 0 it always answers.

    Attributes:
        abstain_below: The confidence under which it is unsure.
        unknown_below: The familiarity under which it says that a window is none of the movements.
    """

    abstain_below: float = 0.0
    unknown_below: float = 0.0


@dataclass(frozen=True)
class Shipped:
    """What a fold would put on a phone.

    Attributes:
        net: Its body leaves.
        heads: The shared ones, calibrated, by task.
        thresholds: By task, when a device says nothing.
        distilled: How the net was, or would have been, distilled.
        name: "student", or the control that is better.
        score: Of its kind on the validating athletes, more being better; None where nobody does.
    """

    net: Net
    heads: dict[str, Head]
    thresholds: dict[str, Thresholds]
    distilled: Way
    name: str
    score: float | None


@dataclass(frozen=True)
class Learnt:
    """What a fold learnt: the student with its controls, and what ships of it.

    Attributes:
        nets: By name; where nobody is held out, of what ships alone.
        one_task: By task a student that learnt no other, where the recipe asks for them.
        choice: What the validating athletes said.
        shipped: One of the nets, with its heads.
    """

    nets: dict[str, Net]
    one_task: dict[str, Net]
    choice: Choice
    shipped: Shipped


@dataclass(frozen=True)
class Desk:
    """Where a fold is worked on: its athletes, its tools, its clock."""

    ground: Ground
    fold: Fold
    squad: Squad
    channels: tuple[str, ...]
    teacher_channels: tuple[str, ...]
    clock: Clock
    number: int = 0  # of the task that is judged; the first rules what ships

    @property
    def task(self) -> Task:
        """The task that is judged."""
        return self.ground.tasks[self.number]

    def each_task(self) -> "list[Desk]":
        """The same desk, once for each task."""
        return [replace(self, number=number) for number in range(len(self.ground.tasks))]

    @property
    def windows(self) -> Windows:
        """Of the whole cohort."""
        return self.ground.windows

    @cached_property
    def labelled(self) -> Pool:
        """Windows of athletes whose labels may be used, as the student sees them."""
        return Pool(self.windows, self.squad.labelled, self.channels)

    def held_out(self, athlete: str, channels: tuple[str, ...]) -> tuple[Pool, np.ndarray]:
        """One athlete's windows, and the numbers of those with a label."""
        pool = Pool(self.windows, (athlete,), channels)
        return pool, np.flatnonzero(pool.known(self.task))


def learn(desk: Desk, teacher: Teacher | None) -> Learnt:
    """Distil and train the controls; decide by the validating athletes what ships.

    Raises:
        TrainingError: Too few athletes with labels.
    """
    ground, squad = desk.ground, desk.squad
    if len(squad.labelled) < FEWEST_LABELLED:
        raise TrainingError(
            f"{len(squad.labelled)} athlete(s) of a fold have labels to learn from: at least "
            f"{FEWEST_LABELLED} are needed, two to teach and one to choose on; label more athletes "
            "or raise distillation.labelled_athletes."
        )
    channels = (desk.teacher_channels, desk.channels)
    unjudged = tuple(sorted(squad.fit + squad.unlabelled))
    with desk.clock.of("teacher"):
        trial = lessons(ground, "fit", channels, (squad.fit, unjudged), teacher)
    with desk.clock.of("student"):
        choice = choose(ground, squad, desk.channels, trial)
    needed = choice.ways if desk.fold.held_out else [choice.ships]  # to judge or to ship
    ways, final = [choice.ways[kind] for kind in needed], None
    if any(way.hear for way in ways):
        athletes = (squad.labelled, squad.everyone)
        with desk.clock.of("teacher"):
            final = lessons(ground, "teacher", channels, athletes, teacher)
    with desk.clock.of("student"):
        nets = students(ground, desk.labelled, final, ways)
        one_task = one_task_students(ground, desk.labelled) if desk.fold.held_out else {}
        heads, thresholds = shipped_heads(desk, nets[choice.ships], choice.stand_in)
    shipped = Shipped(
        nets[choice.ships], heads, thresholds, choice.distilled, choice.ships, choice.score
    )
    return Learnt(nets, one_task, choice, shipped)


def shipped_heads(
    desk: Desk, net: Net, stand_in: Net
) -> tuple[dict[str, Head], dict[str, Thresholds]]:
    """Shared heads by task, calibrated, and when a device says nothing.

    Args:
        desk: The fold's.
        net: Learnt from all labelled athletes.
        stand_in: Of the same kind, but learnt without the validating athletes.
    """
    heads, thresholds = {}, {}
    for task in desk.ground.tasks:
        head = shared_head(desk.ground, net, desk.labelled, task)
        heads[task.name], thresholds[task.name] = head, Thresholds()
        if task.labels and desk.squad.validate:
            heads[task.name], thresholds[task.name] = _calibrated(desk, head, stand_in, task)
    return heads, thresholds


def _calibrated(desk: Desk, head: Head, stand_in: Net, task: Task) -> tuple[Head, Thresholds]:
    """Temperature and thresholds from athletes that the trial never saw.

    The final net learnt from all training athletes, so none of them could tell how sure it may be
    of strangers; the trial of the same kind stands in for it.
    """
    judge = Pool(desk.windows, desk.squad.validate, desk.channels)
    fit = Pool(desk.windows, desk.squad.fit, desk.channels)
    if not (judge.known(task).any() and fit.known(task).any()):
        return head, Thresholds()
    own = shared_head(desk.ground, stand_in, fit, task)
    features, truth = known_features(desk.ground, stand_in.body, judge, task)
    people = len(np.unique(judge.athlete[judge.known(task)]))
    temperature = fit_temperature(own.scores(features), truth, CAUTION / people)
    confidence = softmax(own.scores(features) / temperature).max(axis=1)
    return replace(head, temperature=temperature), Thresholds(
        float(np.quantile(confidence, LEAST_SURE)),
        float(np.quantile(Familiarity.of(own)(features), LEAST_FAMILIAR)),
    )
