"""From teacher to student, and the controls that tell whether the teacher was of any use."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from torch import nn

from distride.learn.batches import Pool
from distride.learn.ground import Ground, Scores, Training, scores_of, trained
from distride.learn.loop import Schedule
from distride.learn.losses import Objective
from distride.learn.metrics import macro_f1
from distride.learn.side_by_side import together
from distride.learn.squad import Squad
from distride.models.net import Net
from distride.models.student import student_for
from distride.signals import triads

ALONE = Objective()
SMOOTHING = 0.1
CONTROLS = {
    "student_alone": ALONE,
    "student_label_smoothing": Objective(smoothing=SMOOTHING),
}
TRIAL_SHARE = 2  # a trial sees half the windows of the real training


@dataclass(frozen=True)
class Choice:
    """What the validating athletes said.

    Attributes:
        objective: The best way to distil.
        ships: "student" where distillation beat both controls, else the better control:
            "student_alone" or "student_label_smoothing".
        trials: Macro-F1 on validating athletes by trial.
        stand_in_name: The trial of the kind that ships.
        stand_in: Its net, which never saw the validating athletes.
    """

    objective: Objective
    ships: str
    trials: dict[str, float]
    stand_in_name: str
    stand_in: Net


def trial_name(objective: Objective) -> str:
    """What a candidate's trial is called."""
    return f"trial-a{objective.alpha:g}-t{objective.temperature:g}"


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

    jobs = {
        f"trial-{name}": partial(student, ground, f"trial-{name}", objective, alone)
        for name, objective in CONTROLS.items()
    }
    for name, objective in objectives.items():
        jobs[name] = partial(student, ground, name, objective, learning, learning_soft)
    nets = together(jobs)
    judge = Pool(ground.windows, squad.validate, pool.channels)
    trials = {name: validated(ground, net, judge) for name, net in nets.items()}
    best = max(objectives, key=lambda name: trials[name])
    control = max(CONTROLS, key=lambda name: trials[f"trial-{name}"])
    helped = trials[best] > trials[f"trial-{control}"]
    ships, stand_in = ("student", best) if helped else (control, f"trial-{control}")
    return Choice(objectives[best], ships, trials, stand_in, nets[stand_in])


def students(
    ground: Ground, squad: Squad, pool: Pool, soft: Scores, choice: Choice
) -> dict[str, Net]:
    """The distilled student and its controls, each trained in full on as many windows."""
    labelled = Pool(ground.windows, squad.labelled, pool.channels)
    controls = {
        name: partial(student, ground, name, objective, labelled)
        for name, objective in CONTROLS.items()
    }
    taught = partial(student, ground, "student", choice.objective, pool, soft)
    return together({"student": taught, **controls})


def student(
    ground: Ground, name: str, objective: Objective, pool: Pool, soft: Scores | None = None
) -> Net:
    """Train one student; a name that starts with "trial" gets part of the budget."""
    recipe = ground.recipe.student
    seen = recipe.windows_seen // (TRIAL_SHARE if name.startswith("trial") else 1)
    schedule = Schedule(max(1, seen // recipe.batch_size), recipe.learning_rate)
    outputs = sum(task.outputs for task in ground.tasks)
    build = partial(_build, recipe.size, pool.channels, outputs)
    training = Training(name, build, schedule, objective)
    batches = ground.batches(pool, name, recipe.batch_size, soft)
    return trained(ground, training, batches)


def _build(size: str, channels: tuple[str, ...], outputs: int) -> tuple[nn.Module, int]:
    body = student_for(size, len(channels), outputs, triads(channels))
    return body, body.feature_count


def validated(ground: Ground, net: Net, judge: Pool) -> float:
    """Macro-F1 of the first task over the windows of validating athletes."""
    task = ground.tasks[0]
    known = np.flatnonzero(judge.known(task))
    if len(known) == 0:
        return 0.0
    batches = ground.batches(judge, "judge", ground.recipe.student.batch_size)
    predicted = scores_of(net, batches, known)[task.name].argmax(axis=1)
    return macro_f1(judge.truth[task.name][known], predicted, task.outputs)
