"""From teacher to student, and the controls that tell whether the teacher was of any use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from torch import nn

from distride.learn.batches import Batches, Pool
from distride.learn.graft import as_wide, every_unit, grafted
from distride.learn.ground import Ground, Scores, Training, scores_of, trained
from distride.learn.judged import answers_of, worth
from distride.learn.loop import Schedule
from distride.learn.losses import Objective
from distride.learn.side_by_side import together
from distride.learn.squad import Squad
from distride.models.net import Net, Task
from distride.models.student import student_for
from distride.signals import triads

Build = Callable[[], tuple[nn.Module, int]]
Jobs = dict[str, Callable[[], Net]]

ALONE = Objective()
SMOOTHING, SMOOTHED = 0.1, "student_label_smoothing"
CONTROLS = {
    "student_alone": ALONE,
    SMOOTHED: Objective(smoothing=SMOOTHING),
}
WITHOUT_BASE = "student_without_base"  # the control where students start from one
TRIAL = "trial-"
TRIAL_SHARE = 2  # a trial sees half the windows of the real training


@dataclass(frozen=True)
class Choice:
    """What the validating athletes said.

    Attributes:
        objective: The best way to distil.
        ships: "student" where distillation beat all controls, else the best control.
        trials: Score on validating athletes by trial, more being better (`validated`).
        stand_in_name: The trial of the kind that ships.
        stand_in: Its net, which never saw the validating athletes.
    """

    objective: Objective
    ships: str
    trials: dict[str, float]
    stand_in_name: str
    stand_in: Net


def controls_for(tasks: tuple[Task, ...]) -> dict[str, Objective]:
    """The students without a teacher; smoothing is for labels, so values have no such control."""
    smooth = any(task.labels for task in tasks)
    return {name: one for name, one in CONTROLS.items() if smooth or name != SMOOTHED}


def trial_name(objective: Objective) -> str:
    """What a candidate's trial is called."""
    return f"{TRIAL}a{objective.alpha:g}-t{objective.temperature:g}"


def choose(ground: Ground, squad: Squad, pool: Pool, soft: Scores) -> Choice:
    """Try the candidates on part of the training athletes and ask the others.

    Args:
        ground: The fold's.
        squad: Who learns and who validates.
        pool: Everyone's windows with the student's channels.
        soft: Opinions on that pool of teachers that never saw the validating athletes.
    """
    recipe = ground.recipe.distillation
    alphas = (0.0,) if squad.unlabelled else recipe.alphas  # labels are better where there are any
    candidates = [
        Objective(alpha, temperature, SMOOTHING)
        for alpha in alphas
        for temperature in recipe.temperatures
    ]
    objectives = {trial_name(objective): objective for objective in candidates}
    unjudged = tuple(sorted(squad.fit + squad.unlabelled))
    learning = Pool(ground.windows, unjudged, pool.channels, squad.fit)
    rows = np.isin(np.array(pool.athletes)[pool.athlete], unjudged)
    learning_soft = {task: scores[rows] for task, scores in soft.items()}
    alone = Pool(ground.windows, squad.fit, pool.channels)

    controls = _controls(ground, TRIAL, alone)
    taught: Jobs = {
        name: partial(student, ground, name, objective, learning, learning_soft)
        for name, objective in objectives.items()
    }
    nets = together({**controls, **taught})
    judge = Pool(ground.windows, squad.validate, pool.channels)
    trials = {name: validated(ground, net, judge) for name, net in nets.items()}
    best = max(objectives, key=lambda name: trials[name])
    control = max(controls, key=lambda name: trials[name])
    helped = trials[best] > trials[control]
    ships, stand_in = ("student", best) if helped else (control.removeprefix(TRIAL), control)
    return Choice(objectives[best], ships, trials, stand_in, nets[stand_in])


def students(
    ground: Ground, squad: Squad, pool: Pool, soft: Scores, choice: Choice
) -> dict[str, Net]:
    """The distilled student and its controls, each trained in full on as many windows."""
    labelled = Pool(ground.windows, squad.labelled, pool.channels)
    taught = partial(student, ground, "student", choice.objective, pool, soft)
    return together({"student": taught, **_controls(ground, "", labelled)})


def _controls(ground: Ground, prefix: str, pool: Pool) -> Jobs:
    """Trainings without a teacher, and where students start from a base one without it too."""
    jobs: Jobs = {
        f"{prefix}{name}": partial(student, ground, f"{prefix}{name}", objective, pool)
        for name, objective in controls_for(ground.tasks).items()
    }
    if ground.base:
        name = f"{prefix}{WITHOUT_BASE}"
        jobs[name] = partial(without_base, ground, name, ALONE, pool)
    return jobs


def one_task_students(ground: Ground, pool: Pool) -> dict[str, Net]:
    """By task, a student that learns no other: what sharing a body with other tasks is worth.

    They are `student_alone` with one head; none where the recipe does not ask for them.
    """
    if len(ground.tasks) == 1 or not ground.recipe.student.one_task:
        return {}
    jobs = {
        task.name: partial(
            student, replace(ground, tasks=(task,)), f"one_task-{number}", ALONE, pool
        )
        for number, task in enumerate(ground.tasks)
    }
    return together(jobs)


def student(
    ground: Ground, name: str, objective: Objective, pool: Pool, soft: Scores | None = None
) -> Net:
    """Train one student, from the ground's base if it has one."""
    build: Build = partial(_widest, ground, pool.channels)
    if ground.base:
        build = partial(grafted, every_unit(ground.base, pool.channels))
    batches = ground.batches(pool, name, ground.recipe.student.batch_size, soft)
    return _student_of(build, ground, name, objective, batches)


def without_base(ground: Ground, name: str, objective: Objective, pool: Pool) -> Net:
    """Train a student that differs from one that starts from the ground's base in nothing else."""
    assert ground.base is not None
    build = partial(as_wide, every_unit(ground.base, pool.channels))
    batches = ground.batches(pool, name, ground.recipe.student.batch_size)
    return _student_of(build, ground, name, objective, batches)


def _student_of(
    build: Build, ground: Ground, name: str, objective: Objective, batches: Batches
) -> Net:
    """Train a student on a body; a name that starts with "trial" gets part of the budget."""
    recipe = ground.recipe.student
    seen = recipe.windows_seen // (TRIAL_SHARE if name.startswith(TRIAL) else 1)
    schedule = Schedule(max(1, seen // recipe.batch_size), recipe.learning_rate)
    return trained(ground, Training(name, build, schedule, objective), batches)


def _widest(ground: Ground, channels: tuple[str, ...]) -> tuple[nn.Module, int]:
    outputs = sum(task.outputs for task in ground.tasks)
    size, maps = ground.recipe.student.size, triads(channels)
    body = student_for(size, len(channels), outputs, maps, ground.posture.helps)
    return body, body.feature_count


def validated(ground: Ground, net: Net, judge: Pool) -> float:
    """Score of the first task over the windows of validating athletes, more being better."""
    task = ground.tasks[0]
    known = np.flatnonzero(judge.known(task))
    if len(known) == 0:
        return 0.0
    batches = ground.batches(judge, "judge", ground.recipe.student.batch_size)
    scores, truth = scores_of(net, batches, known)[task.name], judge.truth[task.name][known]
    return worth(task, truth, answers_of(task, scores))
