"""From teacher to student, and the controls that tell whether the teacher was of any use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from torch import nn

from distride.learn.batches import Batch, Batches, Pool
from distride.learn.choice import Trial, preferred, trial_of, units_of
from distride.learn.graft import as_wide, every_unit, grafted
from distride.learn.ground import Ground, Training, scores_of, trained
from distride.learn.judged import answers_of, worth
from distride.learn.lessons import Course, Lessons, course
from distride.learn.loop import Schedule
from distride.learn.losses import Objective
from distride.learn.side_by_side import together
from distride.learn.squad import Squad
from distride.models.net import Net
from distride.models.student import student_for
from distride.signals import triads

Build = Callable[[], tuple[nn.Module, int]]

ALONE = Objective()
SMOOTHING = 0.1
DISTILLED, FIRM = "student", "student_hard_labels"
UNTAUGHT, SMOOTHED = "student_alone", "student_label_smoothing"
WITHOUT_BASE = "student_without_base"  # the control where students start from one
TRIAL = "trial-"
TRIAL_SHARE = 2  # a trial sees half the windows of the real training


@dataclass(frozen=True)
class Way:
    """One way to train a student; others of the same name differ in their settings.

    Attributes:
        name: Of the student that it makes.
        objective: What is minimised.
        alpha: Share of each batch of which the teacher speaks.
        hear: What it takes of a teacher's lessons; None: it has no teacher.
        based: Whether it starts from the ground's base, if there is one.
    """

    name: str
    objective: Objective
    alpha: float = 0.0
    hear: Callable[[Lessons], Lessons] | None = None
    based: bool = True

    @property
    def trial(self) -> str:
        """What its trial is called."""
        if self.hear is None:
            return f"{TRIAL}{self.name}"
        settings = f"a{self.alpha:g}-t{self.objective.temperature:g}"
        return TRIAL + (settings if self.name == DISTILLED else f"{self.name}-{settings}")


@dataclass(frozen=True)
class Choice:
    """What the validating athletes said.

    Attributes:
        ways: The best by the name of the student.
        ships: The name of the one to ship (see `choice.preferred`).
        trials: Score on validating athletes by trial.
        stand_in: The trial's net of the kind that ships, which never saw the validating athletes.
    """

    ways: dict[str, Way]
    ships: str
    trials: dict[str, float]
    stand_in: Net

    @property
    def distilled(self) -> Way:
        """The best way to distil."""
        return self.ways[DISTILLED]

    @property
    def score(self) -> float:
        """Of what ships."""
        return self.trials[self.ways[self.ships].trial]


def ways_of(ground: Ground, squad: Squad) -> list[Way]:
    """All candidates: distillation in its settings, and controls that lack one thing each.

    The teacher speaks of no smaller share than that of the athletes of whom nobody else does.
    """
    recipe = ground.recipe.distillation
    alphas = sorted({max(alpha, squad.unlabelled_share) for alpha in recipe.alphas})
    ways = [
        Way(DISTILLED, Objective(temperature, SMOOTHING), alpha, _all_of_it)
        for alpha in alphas
        for temperature in recipe.temperatures
    ]
    ways.append(Way(UNTAUGHT, ALONE))
    if any(task.labels for task in ground.tasks):
        firm = Objective(smoothing=SMOOTHING)
        ways += [Way(FIRM, firm, alpha, _decisions) for alpha in alphas]
        ways.append(Way(SMOOTHED, Objective(smoothing=SMOOTHING)))
    if ground.base:
        ways.append(Way(WITHOUT_BASE, ALONE, based=False))
    return ways


def choose(ground: Ground, squad: Squad, channels: tuple[str, ...], taught: Lessons) -> Choice:
    """Try the candidates on part of the training athletes and ask the others.

    Args:
        ground: The fold's.
        squad: Who learns and who validates.
        channels: That the student sees.
        taught: Lessons without anything of the validating athletes.
    """
    labelled = Pool(ground.windows, squad.fit, channels)
    ways = {way.trial: way for way in ways_of(ground, squad)}
    nets = together(
        {name: partial(_by, ground, way, name, labelled, taught) for name, way in ways.items()}
    )
    judge = Pool(ground.windows, squad.validate, channels)
    trials = {name: tried(ground, net, judge) for name, net in nets.items()}
    best: dict[str, str] = {}
    for name in sorted(ways, key=lambda name: trials[name].score):
        best[ways[name].name] = name
    kinds = {kind: trials[name] for kind, name in best.items()}
    ships = preferred(kinds, DISTILLED)
    return Choice(
        {kind: ways[name] for kind, name in best.items()},
        ships,
        {name: trial.score for name, trial in trials.items()},
        nets[best[ships]],
    )


def students(
    ground: Ground, labelled: Pool, taught: Lessons | None, ways: Iterable[Way]
) -> dict[str, Net]:
    """A student for each way, all trained in full on as many windows.

    Args:
        ground: The fold's.
        labelled: Windows with labels, as the student sees them.
        taught: Lessons; None where no way hears a teacher.
        ways: How to train.
    """
    return together(
        {way.name: partial(_by, ground, way, way.name, labelled, taught) for way in ways}
    )


def _by(ground: Ground, way: Way, name: str, labelled: Pool, taught: Lessons | None) -> Net:
    """Train a student in a way."""
    if way.hear is not None:
        assert taught is not None
        lessons = course(ground, name, way.alpha, labelled, way.hear(taught))
        return student(ground, name, way.objective, labelled, lessons)
    train = student if way.based else without_base
    return train(ground, name, way.objective, labelled)


def one_task_students(ground: Ground, pool: Pool) -> dict[str, Net]:
    """By task, a student that learns no other: what sharing a body with other tasks is worth.

    They are `student_alone` with one head; none where the recipe does not ask for them.
    """
    if len(ground.tasks) == 1 or not ground.recipe.student.one_task:
        return {}
    jobs = {
        task.name: partial(student, replace(ground, tasks=(task,)), f"one_task-{n}", ALONE, pool)
        for n, task in enumerate(ground.tasks)
    }
    return together(jobs)


def student(
    ground: Ground, name: str, objective: Objective, pool: Pool, taught: Course | None = None
) -> Net:
    """Train one student, from the ground's base if it has one.

    Args:
        ground: The fold's.
        name: Of the training.
        objective: What is minimised.
        pool: Labelled windows with the student's channels.
        taught: These and lessons, if it has a teacher.
    """
    build: Build = partial(_widest, ground, pool.channels)
    if ground.base:
        build = partial(grafted, every_unit(ground.base, pool.channels))
    return _student_of(build, ground, name, objective, taught or _own(ground, name, pool))


def without_base(ground: Ground, name: str, objective: Objective, pool: Pool) -> Net:
    """Train a student that differs from one that starts from the ground's base in nothing else."""
    assert ground.base is not None
    build = partial(as_wide, every_unit(ground.base, pool.channels))
    return _student_of(build, ground, name, objective, _own(ground, name, pool))


def _own(ground: Ground, name: str, pool: Pool) -> Batches:
    """What a student learns from that has no teacher."""
    return ground.batches(pool, name, ground.recipe.student.batch_size)


def _student_of(
    build: Build, ground: Ground, name: str, objective: Objective, batches: Callable[[int], Batch]
) -> Net:
    """Train a student on a body; a name that starts with "trial" gets part of the budget."""
    recipe = ground.recipe.student
    seen = recipe.windows_seen // (TRIAL_SHARE if name.startswith(TRIAL) else 1)
    schedule = Schedule(max(1, seen // recipe.batch_size), recipe.learning_rate)
    return trained(ground, Training(name, build, schedule, objective), batches)


def _all_of_it(taught: Lessons) -> Lessons:
    return taught


def _decisions(taught: Lessons) -> Lessons:
    return taught.decided(SMOOTHING)


def _widest(ground: Ground, channels: tuple[str, ...]) -> tuple[nn.Module, int]:
    outputs = sum(task.outputs for task in ground.tasks)
    size, maps = ground.recipe.student.size, triads(channels)
    body = student_for(size, len(channels), outputs, maps, ground.posture.helps)
    return body, body.feature_count


def validated(ground: Ground, net: Net, judge: Pool) -> float:
    """Score of the first task over the windows of validating athletes, more being better."""
    return tried(ground, net, judge).score


def tried(ground: Ground, net: Net, judge: Pool) -> Trial:
    """The same, with how sure it is."""
    task = ground.tasks[0]
    known = np.flatnonzero(judge.known(task))
    if len(known) == 0:
        return Trial(0.0, np.zeros(1))
    batches = ground.batches(judge, "judge", ground.recipe.student.batch_size)
    truth = judge.truth[task.name][known]
    answers = answers_of(task, scores_of(net, batches, known)[task.name])
    units = units_of(judge.athlete[known], truth if task.labels else np.zeros(len(known)))
    return trial_of(lambda rows: worth(task, truth[rows], answers[rows]), units)
