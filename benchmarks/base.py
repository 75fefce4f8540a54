"""What a general base is worth on cohorts it never saw: F1 and training time, with and without.

python benchmarks/base.py FOLDER [--folds 4] [--windows-seen 100000]

Students alone, on plain labels, of 1, 3 and all training athletes: from nothing and from the
base, in full and on a quarter of the windows; beside them the base as it is with a head in closed
form, and the widest student from nothing. It may be cut at any moment and goes on training by
training. Seconds are of one core.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from trials import most_telling

from distride import base
from distride.cli.progress import watched
from distride.config import Recipe, read_recipe
from distride.data import Cohort, Fold, Windowing, athlete_folds
from distride.data.progress import Progress
from distride.learn.distill import ALONE, student, without_base
from distride.learn.fold import Clock, Desk
from distride.learn.graft import every_unit
from distride.learn.ground import Ground
from distride.learn.judging import judge_nets, net_cost
from distride.learn.side_by_side import side_by_side
from distride.learn.squad import Squad
from distride.learn.transfer import transferred
from distride.models.net import Net
from distride.runs.bundling import versions
from distride.runs.fold import Work, by_athlete, scaler_of
from distride.runs.folder import write_json
from distride.runs.plan import labelled_athletes, plan_of, tasks_of
from distride.runs.scoring import gain_of, model_of
from distride.runs.start import base_of

ROOT = Path(__file__).parent
SOURCES = ("dsads", "mex_thigh", "pt_exercises")  # those that allow it: CC BY
TARGETS = ("utd_mhad", "swimming_watch", "wle_weightlifting")
LABELLED = {"1": 1, "3": 3, "all": None}
RECIPE = ROOT / "recipes" / "base.toml"
QUARTER = 4
COMPARED = {
    "base": ("base", "scratch"),
    "base_quarter": ("base_quarter", "scratch_quarter"),
    "base_quarter_against_full": ("base_quarter", "scratch"),
    "base_against_widest": ("base", "scratch_widest"),
    "base_frozen_against_full": ("base_frozen", "scratch"),
}


def main() -> None:
    """The base first, then cohort by cohort; the results appear at once at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds cohorts")
    parser.add_argument("--sources", nargs="+", default=SOURCES)
    parser.add_argument("--targets", nargs="+", default=TARGETS)
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="of the base")
    parser.add_argument("--folds", type=int, default=4, help="of each cohort")
    parser.add_argument("--windows-seen", type=int, default=100_000, help="by a training in full")
    parser.add_argument("--work", type=Path, default=Path("runs/benchmark-base"))
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "base.json")
    given = parser.parse_args()
    with watched() as progress:
        sources = [given.folder / name for name in given.sources]
        made = base(sources, given.work / "base", read_recipe(given.recipe), progress)
        bench = Bench(made.weights, given.work, given.folds, given.windows_seen, progress)
        cohorts = [bench(given.folder / name) for name in given.targets]
    found = {
        "base": {
            "name": made.saved.name,
            "bytes": made.weights.stat().st_size,
            "params": sum(one.numel() for one in made.saved.body.parameters()),
            "units": list(made.units),
            "recipe": asdict(read_recipe(given.recipe).student),
        },
        "windows_seen": given.windows_seen,
        "quarter": given.windows_seen // QUARTER,
        "versions": versions(),
        "cohorts": cohorts,
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(given.out, found)


@dataclass(frozen=True)
class Bench:
    """A base against none."""

    weights: Path
    work: Path
    folds: int
    windows_seen: int
    progress: Progress

    def __call__(self, folder: Path) -> dict[str, Any]:
        """One cohort."""
        cohort = Cohort.open(folder)
        recipe = self.recipe(cohort.name)
        plan = plan_of(cohort, recipe)
        place, signals = self.work / cohort.name, recipe.signals
        windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
        windows = windowing.into(place / "windows", self.progress)
        known = labelled_athletes(windows, signals.tasks[0])
        folds = athlete_folds(known, recipe.seed)[: self.folds]
        start = base_of(recipe, cohort)
        assert start is not None
        work = Work(cohort, windows, recipe, plan, None, self.progress, start)
        key = f"{windows.fingerprint[:8]}-{start.fingerprint[:8]}-{self.windows_seen}"
        found = {
            name: summary([of_fold(work, fold, count, place / key / name) for fold in folds])
            for name, count in LABELLED.items()
        }
        return {
            "cohort": cohort.name,
            "folds": f"{len(folds)} of {len(athlete_folds(known, recipe.seed))}",
            "labelled": found,
        }

    def recipe(self, name: str) -> Recipe:
        """The cohort's own, with this base."""
        file = ROOT / "recipes" / f"{name}.toml"
        recipe = read_recipe(file) if file.exists() else Recipe()
        own = replace(recipe.student, base=str(self.weights), windows_seen=self.windows_seen)
        return replace(recipe, student=own)


def of_fold(work: Work, fold: Fold, count: int | None, folder: Path) -> dict[str, Any]:
    """All trainings of a fold, judged on its held-out athletes."""
    place = folder / str(fold.number)
    place.mkdir(parents=True, exist_ok=True)
    labelled = most_telling(work, fold, count)
    tasks = tasks_of(work.windows, work.recipe.signals, labelled)
    scaler = scaler_of(work.windows, fold.training)
    ground = Ground(work.windows, tasks, work.recipe, scaler, place, work.progress, work.base)
    channels = work.plan.channels
    desk = Desk(ground, fold, Squad(labelled, (), ()), channels, channels, Clock())
    jobs = [partial(kept, desk, name, job) for name, job in trainings(desk).items()]
    found = dict(zip(trainings(desk), side_by_side(jobs), strict=True))
    return {
        "labelled": list(labelled),
        **{
            kind: {name: one[kind] for name, one in found.items()}
            for kind in ("models", "costs", "seconds")
        },
    }


def trainings(desk: Desk) -> dict[str, Callable[[], Net]]:
    """By name what is compared."""
    ground, pool, base = desk.ground, desk.labelled, desk.ground.base
    assert base is not None
    jobs: dict[str, Callable[[], Net]] = {}
    for name, of in (("", 1), ("_quarter", QUARTER)):
        budget = replace(
            ground.recipe.student, windows_seen=ground.recipe.student.windows_seen // of
        )
        own = replace(ground, recipe=replace(ground.recipe, student=budget))
        jobs[f"scratch{name}"] = partial(without_base, own, f"scratch{name}", ALONE, pool)
        jobs[f"base{name}"] = partial(student, own, f"base{name}", ALONE, pool)
    widest = replace(ground, base=None)
    jobs["scratch_widest"] = partial(student, widest, "scratch_widest", ALONE, pool)
    graft = every_unit(base, desk.channels)
    jobs["base_frozen"] = partial(transferred, ground, graft, "frozen", "base_frozen", pool)
    return jobs


def kept(desk: Desk, name: str, job: Callable[[], Net]) -> dict[str, Any]:
    """A training's score and its seconds, done once; a net that was not judged is trained anew."""
    folder = desk.ground.folder
    file = folder / f"{name}.json"
    if not file.exists():
        (folder / f"{name}.safetensors").unlink(missing_ok=True)
        (folder / f"{name}.checkpoint").unlink(missing_ok=True)
        started = time.thread_time()
        net = job()
        seconds = time.thread_time() - started
        judged = by_athlete(judge_nets(desk, {name: net}))[name]
        cost = net_cost(net, len(desk.channels), desk.windows)
        write_json(file, {"models": judged, "costs": cost, "seconds": round(seconds, 2)})
    return dict(json.loads(file.read_text(encoding="utf-8")))


def summary(folds: list[dict[str, Any]]) -> dict[str, Any]:
    """Scores and seconds over the folds, and what the base gained, paired by athlete."""
    models = {}
    for name in folds[0]["models"]:
        scores = model_of(name, folds) or {}
        seconds = float(np.mean([fold["seconds"][name] for fold in folds]))
        kept = {key: scores[key] for key in ("macro_f1", "interval", "per_athlete", "params")}
        models[name] = kept | {"seconds": round(seconds, 1)}
    gains = {name: gain_of(*pair, folds) for name, pair in COMPARED.items()}
    return {
        "athletes": [fold["labelled"] for fold in folds],
        "models": models,
        "gains": {name: {"gain": gain, "interval": ends} for name, (gain, ends) in gains.items()},
    }


if __name__ == "__main__":
    main()
