"""One fold of the main job: learnt, bundled, judged."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from distride.config import Recipe
from distride.data import Cohort, Fold, Windows
from distride.data.progress import Progress
from distride.fleet.teachers import teaching
from distride.learn.batches import Pool
from distride.learn.distill import WITHOUT_BASE
from distride.learn.doubt import doubt_about
from distride.learn.fold import Clock, Desk, Learnt, Shipped, learn
from distride.learn.ground import Ground, seed_of
from distride.learn.judging import (
    ByAthlete,
    Seen,
    TeacherJudged,
    judge_baselines,
    judge_nets,
    judge_personal,
    judge_teacher,
    net_cost,
    seen_by,
)
from distride.learn.metrics import reliability
from distride.learn.posture import SEEN, UNSEEN, Posture, posture_of
from distride.learn.squad import squad_of
from distride.learn.teach import Teacher
from distride.models.net import Task
from distride.models.saved import SavedStudent
from distride.runs.bundling import write_heads, write_student
from distride.runs.plan import Plan, labelled_athletes, tasks_of
from distride.signals import Scaler, triads

ROWS_AT_ONCE = 4096
EMBEDDED = 600  # windows in the picture of the features
DRAWN = 60  # windows of an athlete in the picture of values
ONE_TASK = "student_one_task"


@dataclass(frozen=True)
class Work:
    """What all folds of a run share."""

    cohort: Cohort
    windows: Windows
    recipe: Recipe
    plan: Plan
    teacher: Teacher | None
    progress: Progress
    base: SavedStudent | None = None


def fold_found(work: Work, fold: Fold, folder: Path) -> dict[str, Any]:
    """Do all of a fold's work: learn, write the bundle, judge."""
    desk = desk_of(work, fold, folder)
    learnt = learn(desk, work.teacher)
    choice = learnt.choice
    source = None if learnt.shipped.name == WITHOUT_BASE else work.base
    report = write_student(folder, work.cohort, desk, learnt.shipped, source)
    found: dict[str, Any] = {
        "held_out": list(desk.fold.held_out),
        "choice": {
            "alpha": choice.distilled.alpha,
            "temperature": choice.distilled.objective.temperature,
            "ships": choice.ships,
            "trials": choice.trials,
        },
        "posture": asdict(desk.ground.posture),
        "bundle": asdict(report),
    }
    if desk.fold.held_out:
        found |= _judged(work, desk, learnt, folder)
    return found | {"seconds": desk.clock.seconds}


def desk_of(work: Work, fold: Fold, folder: Path) -> Desk:
    """Tasks, scaler and squad of a fold, all from its training athletes alone."""
    recipe, windows = work.recipe, work.windows
    seed, lot = seed_of(recipe, "squad"), seed_of(recipe, f"labels/{fold.number}")
    known = labelled_athletes(windows, recipe.signals.tasks[0])
    squad = squad_of(fold.training, recipe, seed, lot, known)
    tasks = tasks_of(windows, recipe.signals, squad.labelled)
    scaler = scaler_of(windows, fold.training)
    plan = work.plan
    labelled = Pool(windows, squad.labelled, plan.channels)
    posture = _posture(recipe, labelled, tasks[0])
    told, base = work.progress, work.base
    ground = Ground(windows, tasks, recipe, scaler, folder, told, base, posture, teaching())
    return Desk(ground, fold, squad, plan.channels, plan.teacher_channels, Clock())


def _posture(recipe: Recipe, labelled: Pool, task: Task) -> Posture:
    """As the recipe has it, or as the athletes with labels say.

    Where they cannot be asked it is seen: trees tell classes apart, and one is no stranger to
    himself.
    """
    if recipe.signals.posture == "off":
        return UNSEEN
    if recipe.signals.posture == "on" or not task.labels or len(labelled.athletes) < 2:
        return SEEN
    return posture_of(labelled, task, seed_of(recipe, "posture"))


def _judged(work: Work, desk: Desk, learnt: Learnt, folder: Path) -> dict[str, Any]:
    nets, shipped = learnt.nets, learnt.shipped
    with desk.clock.of("teacher"):
        teacher = judge_teacher(desk, work.teacher)
    first, *others = [_judged_task(one, learnt, teacher[one.task.name]) for one in desk.each_task()]
    with desk.clock.of("personalization"):
        personal = judge_personal(desk, shipped)
        write_heads(folder, work.cohort, desk)
    costs: dict[str, Any] = {"teacher": teacher[desk.task.name].cost}
    if learnt.one_task:
        nets = {**nets, ONE_TASK: learnt.one_task[desk.task.name]}
    costs |= {name: net_cost(net, len(desk.channels), desk.windows) for name, net in nets.items()}
    return {
        **first,
        "costs": costs,
        "personal": {athlete: asdict(one) for athlete, one in personal.items()},
        "other_tasks": dict(zip(work.recipe.signals.tasks[1:], others, strict=True)),
    }


def _judged_task(desk: Desk, learnt: Learnt, teacher: TeacherJudged) -> dict[str, Any]:
    """All models on one task."""
    task, shipped = desk.task, learnt.shipped
    nets = dict(learnt.nets)
    if task.name in learnt.one_task:
        nets[ONE_TASK] = learnt.one_task[task.name]
    with desk.clock.of("student"):
        models = judge_nets(desk, nets, shipped.heads[task.name].temperature)
        seen = seen_by(desk, shipped)
    with desk.clock.of("baselines"):
        peers = judge_baselines(desk)
    return {
        "models": by_athlete({"teacher": teacher.together, **models, **peers}),
        "members": by_athlete(teacher.members),
        "without": by_athlete(teacher.without),
        "detail": {} if seen is None else _drawn(desk, seen),
        "doubt": None if seen is None else _doubt(desk, shipped, seen),
    }


def _doubt(desk: Desk, shipped: Shipped, seen: Seen) -> dict[str, Any] | None:
    task = desk.task
    if not task.labels:
        return None
    head, thresholds = shipped.heads[task.name], shipped.thresholds[task.name]
    return asdict(doubt_about(head, thresholds, seen.features, seen.truth))


def by_athlete(judgements: Mapping[str, ByAthlete]) -> dict[str, Any]:
    """Judgements by model and athlete, as JSON takes them."""
    return {
        name: {athlete: asdict(one) for athlete, one in judged.items()}
        for name, judged in judgements.items()
    }


def _drawn(desk: Desk, seen: Seen) -> dict[str, Any]:
    """What the report draws of the shipped student."""
    return _classes(desk, seen) if desk.task.labels else _values(desk, seen)


def _classes(desk: Desk, seen: Seen) -> dict[str, Any]:
    truth = seen.truth
    seed = desk.ground.seed("embedding") % 2**31
    rows = np.sort(np.random.default_rng(seed).permutation(len(truth))[:EMBEDDED])
    features = seen.features[rows]
    centred = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-6)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    x, y = (centred @ axes.T).T
    return {
        "reliability": reliability(seen.answers, truth),
        "embedding": {
            "x": x.round(3).tolist(),
            "y": y.round(3).tolist(),
            "label": [desk.task.labels[number] for number in truth[rows]],
            "athlete": [desk.fold.held_out[number] for number in seen.athlete[rows]],
        },
    }


def scaler_of(windows: Windows, athletes: tuple[str, ...]) -> Scaler:
    """Fitted on so many athletes, who need not fit into memory together."""
    return Scaler.fit(_blocks(windows, athletes), triads(windows.spec.channels))


def _values(desk: Desk, seen: Seen) -> dict[str, Any]:
    """Values, each athlete's evenly thinned."""
    told = seen.answers[:, 0]
    each = [np.flatnonzero(seen.athlete == one) for one in range(len(desk.fold.held_out))]
    rows = np.concatenate([one[:: max(1, len(one) // DRAWN)] for one in each]).astype(int)
    return {
        "values": {
            "true": np.round(seen.truth[rows].astype(float), 3).tolist(),
            "predicted": np.round(told[rows].astype(float), 3).tolist(),
            "athlete": [desk.fold.held_out[number] for number in seen.athlete[rows]],
        }
    }


def _blocks(windows: Windows, athletes: tuple[str, ...]) -> Iterator[np.ndarray]:
    for athlete in athletes:
        x = windows.of(athlete).x
        for start in range(0, len(x), ROWS_AT_ONCE):
            yield x[start : start + ROWS_AT_ONCE]
