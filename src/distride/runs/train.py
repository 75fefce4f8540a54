"""The main job: a cohort in; honest numbers, a bundle, personal heads and a report out."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from distride.config import Recipe
from distride.data import Cohort, Fold, Windowing
from distride.data.progress import Progress, silent
from distride.fleet.cluster import crew_here, heard
from distride.learn.device import settled
from distride.learn.judged import yardstick_of
from distride.learn.teach import Teacher
from distride.report import write_report
from distride.runs.bundling import BUNDLE, created_now, versions
from distride.runs.fold import Work, fold_found
from distride.runs.folder import FOLDS, Found, claim, through_folds, write_json
from distride.runs.plan import plan_of, unit_of
from distride.runs.results import (
    detail_of,
    distillation_of,
    doubt_of,
    members_of,
    models_of,
    other_task_of,
    personalization_of,
    posture_of_folds,
    seconds_of,
    started_from,
)
from distride.runs.start import base_of, check_size
from distride.tables import changed, toml_of

RESULTS, RECIPE = "results.json", "recipe.toml"


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        folder: With `results.json`, `report.html`, `student.distride`; of one fold with `heads/`.
        results: What `results.json` holds.
    """

    folder: Path
    results: dict[str, Any]

    @property
    def bundle(self) -> Path:
        """The one file that leaves training."""
        return self.folder / BUNDLE

    @property
    def report(self) -> Path:
        """The page to read."""
        return self.folder / "report.html"


def train(
    cohort: Cohort | str | Path,
    out: str | Path,
    recipe: Recipe | None = None,
    folds: int | None = None,
    teacher: Teacher | None = None,
    progress: Progress = silent,
) -> Run:
    """Learn from a cohort and judge on athletes nobody learnt from.

    A run that was cut short goes on where it stopped, to the same numbers. Within
    `fleet.joined(crew)` its folds are shared out, to the same numbers too; or each net of its
    teachers is trained by several workers, whose number matters a little (`fleet.teachers`).

    Args:
        cohort: Or its folder.
        out: The run's folder.
        recipe: What and how; the defaults if not given.
        folds: How many folds to run; all if not given. Fewer are for speed, not for claims.
        teacher: Your own, from raw windows to scores by task: logits, or values in the task's
            unit (`learn.teach.Teacher`); it must not know the held out. A folder goes on with what
            its first teacher said: another one needs another folder.
        progress: Told the stage, the steps done and their number.

    Raises:
        DataError: The cohort cannot be used, or the recipe's base is none or knows the cohort.
        RecipeError: A student from the recipe's base would not fit.
        TrainingError: Too few athletes or classes, the folder holds another run, or the recipe's
            device is not there.
    """
    return _run(_Order(cohort, Path(out), recipe or Recipe(), folds), teacher, progress)


def measure(
    cohort: Cohort | str | Path,
    out: str | Path,
    recipe: Recipe,
    folds: int | None = None,
    progress: Progress = silent,
) -> Run:
    """As `train`, but for the numbers alone: no model learns from all athletes in the end."""
    return _run(_Order(cohort, Path(out), recipe, folds, deploy=False), None, progress)


@dataclass(frozen=True)
class _Order:
    """What to train on, where, how and how far."""

    cohort: Cohort | str | Path
    folder: Path
    recipe: Recipe
    folds: int | None
    deploy: bool = True


def _run(order: _Order, teacher: Teacher | None, progress: Progress) -> Run:
    started = time.perf_counter()
    cohort, folder, recipe = Cohort.open(order.cohort), order.folder, settled(order.recipe)
    plan = plan_of(cohort, recipe)
    base, signals = base_of(recipe, cohort), recipe.signals
    windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
    rest = (plan, teacher is not None, base and base.fingerprint)
    with claim(folder, windowing.fingerprint, recipe, rest):
        windows = windowing.into(folder / "windows", progress)
        if base:
            check_size(base, recipe.student.size, windows, plan)
    work = Work(cohort, windows, recipe, plan, teacher, heard(progress), base)
    do = partial(fold_found, work)
    found = through_folds(folder, windows, recipe, order.folds, do, order.deploy)
    _collect_heads(folder, [one.number for one in found.chosen])
    results = _results(work, found, changed(order.recipe))
    results["seconds"]["total"] = time.perf_counter() - started
    results["bundle"]["path"] = BUNDLE
    (folder / RECIPE).write_text(toml_of(results["recipe"]), encoding="utf-8")
    write_json(folder / RESULTS, results)
    write_report(folder / RESULTS, folder / "report.html")
    return Run(folder, results)


def _collect_heads(folder: Path, numbers: list[int]) -> None:
    """Heads fit one body only, so those of several folds stay beside their fold's bundle."""
    shutil.rmtree(folder / "heads", ignore_errors=True)  # of a start with other folds
    if len(numbers) == 1:
        heads = folder / FOLDS / str(numbers[0]) / "heads"
        shutil.copytree(heads, folder / "heads")


def _results(work: Work, found: Found, told: Mapping[str, Any]) -> dict[str, Any]:
    cohort, recipe, windows = work.cohort, work.recipe, work.windows
    models = models_of(found.each)
    labelled = recipe.distillation.labelled_athletes or "all"
    return {
        "schema": 1,
        "cohort": cohort.name,
        "citation": str(cohort.meta.get("citation", "")),
        "licence": str(cohort.meta.get("licence", "")),
        "command": f"distride train {cohort.path.name}{_recipe(told)}{_fewer(found)}{_teachers()}",
        "recipe": told,
        "created": created_now(),
        "protocol": protocol_of(work, found),
        "seed": recipe.seed,
        "versions": versions(),
        "seconds": seconds_of(found.each),
        "models": models,
        "teacher_members": members_of(found.each),
        "distillation": distillation_of(found.each, found.final) | {"labelled_athletes": labelled},
        "base": started_from(work.base, found.each),
        "posture": posture_of_folds(found.each),
        "personalization": personalization_of(found.each, recipe.personalization.shots),
        "bundle": found.final["bundle"],
        "detail": detail_of(found.each, windows.labels[recipe.signals.tasks[0]]),
        "doubt": doubt_of(found.each),
        "other_tasks": {
            name: other_task_of(name, found.each, windows.labels[name])
            for name in recipe.signals.tasks[1:]
        },
        "warnings": _warnings(work, found.chosen),
    }


def protocol_of(work: Work, found: Found) -> dict[str, Any]:
    """What was done, on whom: all that a reader needs to do it again."""
    recipe, windows = work.recipe, work.windows
    task = recipe.signals.tasks[0]
    return {
        "folds": found.available,
        "folds_run": len(found.chosen),
        "held_out": sorted(name for fold in found.chosen for name in fold.held_out),
        "athletes": len(windows.athletes),
        "window_s": windows.spec.window_s,
        "hop_s": windows.spec.hop_s,
        "rate_hz": windows.spec.rate_hz,
        "channels": list(work.plan.channels),
        "teacher_channels": list(work.plan.teacher_channels),
        "tasks": list(recipe.signals.tasks),
        "labels": {name: list(labels) for name, labels in windows.labels.items()},
        "units": {
            name: unit_of(name, recipe.signals)
            for name in recipe.signals.tasks
            if not windows.labels[name]
        },
        "windows": sum(int(windows.known(name, task).sum()) for name in windows.athletes),
        "device": recipe.device,
        "metric": yardstick_of(windows.labels[task]).name,
        "labelled_athletes": recipe.distillation.labelled_athletes or "all",
    }


def _recipe(told: Mapping[str, Any]) -> str:
    return f" --recipe {RECIPE}" if told else ""


def _fewer(found: Found) -> str:
    count = len(found.chosen)
    return f" --folds {count}" if count < found.available else ""


def _teachers() -> str:
    count = crew_here().teacher_workers
    return f" --teacher-workers {count}" if count > 1 else ""


def _warnings(work: Work, chosen: tuple[Fold, ...]) -> list[str]:
    task = work.recipe.signals.tasks[0]
    labels = work.windows.labels[task]
    told = []
    for athlete in (name for fold in chosen for name in fold.held_out if labels):
        classes = work.windows.of(athlete).y[task]
        held = len(set(classes[classes >= 0].tolist()))
        if held < len(labels):
            told.append(f"{athlete} has {held} of {len(labels)} classes.")
    silent_ones = len(work.cohort.athletes) - len(work.windows.athletes)
    if silent_ones:
        told.append(f"{silent_ones} athlete(s) gave no window: their recordings are too short.")
    return told
