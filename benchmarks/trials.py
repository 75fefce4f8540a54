"""What benchmarks of single students share: a cohort's folds, unseen windows, findings kept.

They may be cut at any moment and go on with what was not found yet.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from distride.cli.progress import watched
from distride.data import Cohort, Fold, Windowing, athlete_folds
from distride.data.progress import Progress
from distride.learn.baselines import BASELINES, Fitted, Predict
from distride.learn.batches import Pool
from distride.learn.fold import Desk
from distride.learn.ground import INFERENCE_BATCH, seed_of
from distride.learn.judging import baselines_seed, baselines_windows
from distride.learn.loop import denormals_flushed
from distride.models.net import Net
from distride.runs.bench import Bench, Entry
from distride.runs.fold import Work, desk_of
from distride.runs.folder import claim, write_json
from distride.runs.plan import labelled_athletes, plan_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Opened:
    """A cohort cut into windows, and its folds.

    Attributes:
        work: What the folds share.
        folds: All there are.
        folder: Where windows, weights and what was found lie.
    """

    work: Work
    folds: tuple[Fold, ...]
    folder: Path

    def desks(self, count: int) -> list[Desk]:
        """Of the first folds, a folder each."""
        return [
            desk_of(self.work, one, self.folder / str(one.number)) for one in self.folds[:count]
        ]


def opened(entry: Entry, folder: Path, windows_seen: int, progress: Progress) -> Opened:
    """Open a cohort under the benchmark's own recipe for it, with this budget for each student."""
    recipe = Bench(HERE, folder, HERE / "recipes").recipe(entry)
    recipe = replace(recipe, student=replace(recipe.student, windows_seen=windows_seen))
    cohort, signals = Cohort.open(entry.cohort), recipe.signals
    plan = plan_of(cohort, recipe)
    windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
    with claim(folder, windowing.fingerprint, recipe, plan):
        windows = windowing.into(folder / "windows", progress)
    folds = athlete_folds(labelled_athletes(windows, signals.tasks[0]), recipe.seed)
    return Opened(Work(cohort, windows, recipe, plan, None, progress), tuple(folds), folder)


def placed(desk: Desk, name: str) -> Desk:
    """A fold's desk for one of several students: its own folder, its name in the progress."""
    folder = desk.ground.folder / name
    folder.mkdir(parents=True, exist_ok=True)

    def told(stage: str, done: int, total: int) -> None:
        desk.ground.progress(f"{name} {desk.fold.number}", done, total)

    return replace(desk, ground=replace(desk.ground, folder=folder, progress=told))


def kept(file: Path, find: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What is to be found, from its file if it was found before."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_json(file, find())
    return dict(json.loads(file.read_text(encoding="utf-8")))


def most_telling(work: Work, fold: Fold, count: int | None) -> tuple[str, ...]:
    """So many training athletes at random (None: all), but first those who show most classes.

    One swimmer may know one stroke. Fewer athletes are a part of more.
    """
    task = work.recipe.signals.tasks[0]
    rng = np.random.default_rng(seed_of(work.recipe, f"athletes {fold.number}"))
    order = rng.permutation(np.array(fold.training)).tolist()
    shown = {name: len(set(work.windows.of(name).y[task].tolist()) - {-1}) for name in order}
    return tuple(sorted(sorted(order, key=lambda name: -shown[name])[:count]))


def judged(desk: Desk) -> tuple[np.ndarray, np.ndarray]:
    """Raw windows of the held-out athletes and their class numbers."""
    pool = Pool(desk.windows, desk.fold.held_out, desk.channels)
    known = np.flatnonzero(pool.known(desk.task))
    return pool.gather(known), pool.truth[desk.task.name][known]


def asked(desk: Desk, net: Net) -> Predict:
    """A net that gives ``(window,)`` class numbers of raw windows."""
    batches = desk.ground.batches(desk.labelled, "judge", INFERENCE_BATCH)

    def predict(x: np.ndarray) -> np.ndarray:
        parts = torch.from_numpy(x).split(INFERENCE_BATCH)  # type: ignore[no-untyped-call]
        with denormals_flushed(), torch.inference_mode():
            return torch.cat([net(batches.scaled(one))[0].argmax(dim=1) for one in parts]).numpy()

    return predict


def fitted(desk: Desk, name: str) -> Fitted:
    """A classic peer on the labelled windows; it answers raw ones."""
    peer = BASELINES[name](baselines_windows(desk), baselines_seed(desk))
    shown = desk.ground.posture.shown
    return replace(peer, represent=lambda x: peer.represent(shown(x)))


def arguments(
    about: str | None, name: str, windows_seen: int, folds: int
) -> argparse.ArgumentParser:
    """What every trial is asked with, and its defaults."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("cohorts", nargs="+", help="folders; NAME=FOLDER gives one another name")
    parser.add_argument("--windows-seen", type=int, default=windows_seen, help="by each student")
    parser.add_argument("--folds", type=int, default=folds, help="of each cohort")
    parser.add_argument("--work", type=Path, default=Path("runs") / name)
    parser.add_argument("--out", type=Path, default=HERE / "results" / f"{name}.json")
    return parser


def through_cohorts(
    given: argparse.Namespace, trial: Callable[[Entry, Progress], dict[str, Any]]
) -> None:
    """Cohort by cohort; the results are kept after each."""
    for entry in map(Entry.of, given.cohorts):
        with watched() as progress:
            one = trial(entry, progress)
        held = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
        given.out.parent.mkdir(parents=True, exist_ok=True)
        write_json(given.out, {**held, entry.name: one})
