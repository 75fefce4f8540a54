"""The main job: a cohort in; honest numbers, a bundle, personal heads and a report out."""

import hashlib
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from distride.config import Recipe
from distride.data import Cohort, Fold, Windows, athlete_folds, build_windows
from distride.errors import TrainingError
from distride.learn.ground import Progress
from distride.learn.teach import Teacher
from distride.report import write_report
from distride.runs.bundling import created_now, versions
from distride.runs.fold import Work, fold_found
from distride.runs.plan import Plan, labelled_athletes, plan_of
from distride.runs.results import (
    detail_of,
    distillation_of,
    models_of,
    personalization_of,
    seconds_of,
)

MARK = "run.json"


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        folder: With `results.json`, `report.html`, `student.distride` and `heads/`.
        results: What `results.json` holds.
    """

    folder: Path
    results: dict[str, Any]

    @property
    def bundle(self) -> Path:
        """The one file that leaves training."""
        return self.folder / "student.distride"

    @property
    def report(self) -> Path:
        """The page to read."""
        return self.folder / "report.html"


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def train(
    cohort: Cohort | str | Path,
    out: str | Path,
    recipe: Recipe | None = None,
    folds: int | None = None,
    teacher: Teacher | None = None,
    progress: Progress = silent,
) -> Run:
    """Learn from a cohort and judge on athletes nobody learnt from.

    A run that was cut short goes on where it stopped, to the same numbers.

    Args:
        cohort: Or its folder.
        out: The run's folder.
        recipe: What and how; the defaults if not given.
        folds: How many folds to run; all if not given. Fewer are for speed, not for claims.
        teacher: Your own, from raw windows to scores by task; it must not know the held out.
        progress: Told the stage, the steps done and their number.

    Raises:
        DataError: The cohort cannot be used.
        RecipeError: The folder holds a run of another recipe or other data.
        TrainingError: Too few athletes or classes.
    """
    started = time.perf_counter()
    cohort = cohort if isinstance(cohort, Cohort) else Cohort.open(cohort)
    recipe, folder = recipe or Recipe(), Path(out)
    plan = plan_of(cohort, recipe)
    signals = recipe.signals
    windows = build_windows(
        cohort, plan.spec, signals.tasks, folder / "windows", signals.purity, progress
    )
    _claim(folder, windows, recipe, plan)
    every = athlete_folds(labelled_athletes(windows, signals.tasks[0]), recipe.seed)
    chosen = every[: _count(folds, len(every))]
    work = Work(cohort, windows, recipe, plan, teacher, progress)
    found = [fold_found(work, one, folder / "folds" / str(one.number)) for one in chosen]
    final, source = found[0], folder / "folds" / str(chosen[0].number)
    if len(chosen) > 1:
        source = folder / "folds" / "all"
        final = fold_found(work, Fold(-1, tuple(sorted(windows.athletes)), ()), source)
    shutil.copyfile(source / "student.distride", folder / "student.distride")
    _collect_heads(folder, [one.number for one in chosen])
    results = _results(work, chosen, len(every), found, final)
    results["seconds"]["total"] = time.perf_counter() - started
    results["bundle"]["path"] = "student.distride"
    _write(folder / "results.json", results)
    write_report(folder / "results.json", folder / "report.html")
    return Run(folder, results)


def _count(asked: int | None, available: int) -> int:
    if asked is None:
        return available
    if not 1 <= asked <= available:
        raise TrainingError(f"{asked} folds were asked for: this cohort has 1 to {available}.")
    return asked


def _claim(folder: Path, windows: Windows, recipe: Recipe, plan: Plan) -> None:
    """Refuse to mix two runs in one folder."""
    key = hashlib.sha256(repr((windows.fingerprint, recipe, plan)).encode()).hexdigest()
    mark = folder / MARK
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["key"] != key:
        raise TrainingError(
            f"'{folder}' holds a run of another recipe or other data: choose another --out, or "
            "remove that folder."
        )
    _write(mark, {"key": key, "recipe": asdict(recipe)})


def _collect_heads(folder: Path, numbers: list[int]) -> None:
    """Heads fit one body only, so those of several folds stay beside their fold's bundle."""
    if len(numbers) == 1:
        shutil.copytree(
            folder / "folds" / str(numbers[0]) / "heads", folder / "heads", dirs_exist_ok=True
        )


def _results(
    work: Work,
    chosen: tuple[Fold, ...],
    folds: int,
    found: list[dict[str, Any]],
    final: dict[str, Any],
) -> dict[str, Any]:
    cohort, recipe, windows = work.cohort, work.recipe, work.windows
    models = models_of(found)
    labelled = recipe.distillation.labelled_athletes or "all"
    return {
        "schema": 1,
        "cohort": cohort.name,
        "citation": str(cohort.meta.get("citation", "")),
        "licence": str(cohort.meta.get("licence", "")),
        "command": f"distride train {cohort.path.name}"
        + (f" --folds {len(chosen)}" if len(chosen) < folds else ""),
        "created": created_now(),
        "protocol": {
            "folds": folds,
            "folds_run": len(chosen),
            "held_out": sorted(name for fold in chosen for name in fold.held_out),
            "athletes": len(windows.athletes),
            "window_s": windows.spec.window_s,
            "hop_s": windows.spec.hop_s,
            "rate_hz": windows.spec.rate_hz,
            "channels": list(work.plan.channels),
            "teacher_channels": list(work.plan.teacher_channels),
            "tasks": list(recipe.signals.tasks),
            "labels": {task: list(names) for task, names in windows.labels.items()},
            "windows": sum(
                int((windows.of(name).y[recipe.signals.tasks[0]] >= 0).sum())
                for name in windows.athletes
            ),
            "metric": "macro_f1",
            "labelled_athletes": labelled,
        },
        "seed": recipe.seed,
        "versions": versions(),
        "seconds": seconds_of(found),
        "models": models,
        "distillation": distillation_of(found, final, models) | {"labelled_athletes": labelled},
        "personalization": personalization_of(found, recipe.personalization.shots),
        "bundle": final["bundle"],
        "detail": detail_of(found, windows.labels[recipe.signals.tasks[0]]),
        "warnings": _warnings(work, chosen),
    }


def _warnings(work: Work, chosen: tuple[Fold, ...]) -> list[str]:
    task = work.recipe.signals.tasks[0]
    told = []
    for athlete in (name for fold in chosen for name in fold.held_out):
        classes = work.windows.of(athlete).y[task]
        held = len(set(classes[classes >= 0].tolist()))
        if held < len(work.windows.labels[task]):
            told.append(f"{athlete} has {held} of {len(work.windows.labels[task])} classes.")
    silent_ones = len(work.cohort.athletes) - len(work.windows.athletes)
    if silent_ones:
        told.append(f"{silent_ones} athlete(s) gave no window: their recordings are too short.")
    return told


def _write(path: Path, value: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
