"""What benchmarks of finished runs share: each fold's bundle, and the athletes whom it never saw.

No net is trained. Fold by fold what was found is kept beside the bundle, so they may be cut at any
moment and go on.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from trials import HERE, kept

from distride.bundle import Bundle, TaskCard
from distride.data import Cohort, Windowing, Windows
from distride.data.progress import Progress
from distride.data.windows import AthleteWindows
from distride.runs.bench import Bench, Entry
from distride.runs.bundling import BUNDLE
from distride.runs.folder import FOLDS
from distride.runs.plan import plan_of


@dataclass(frozen=True)
class Unseen:
    """An athlete whom a bundle never saw.

    Attributes:
        bundle: Of the fold that held the athlete out.
        own: The athlete's windows, in the channels that the bundle reads.
    """

    bundle: Bundle
    own: AthleteWindows

    @property
    def task(self) -> TaskCard:
        """The first classification."""
        return next(task for task in self.bundle.manifest.tasks if task.labels)


Find = Callable[[Unseen], dict[str, Any]]


def found(entry: Entry, runs: Path, name: str, find: Find, progress: Progress) -> dict[str, Any]:
    """By athlete what is to be found, of every fold of a cohort's run that holds anybody out.

    Args:
        entry: The cohort.
        runs: The work of `distride bench`: a run's folder for each cohort.
        name: Of the finding.
        find: Looks for it.
        progress: Told of it.
    """
    run = runs / entry.name
    recipe = Bench(HERE, runs, HERE / "recipes").recipe(entry)
    cohort, signals = Cohort.open(entry.cohort), recipe.signals
    windowing = Windowing(cohort, plan_of(cohort, recipe).spec, signals.tasks, signals.purity)
    windows = windowing.into(run / "windows", progress)
    people: dict[str, Any] = {}
    for path in bundles_of(run):
        file = path.with_name(f"{name}.json")

        def of_fold(path: Path = path) -> dict[str, Any]:
            return {who: find(one) for who, one in unseen(path, windows, name, progress)}

        people |= kept(file, of_fold)
    return people


def bundles_of(run: Path) -> list[Path]:
    """Of the folds that hold anybody out."""
    return sorted((run / FOLDS).glob(f"[0-9]*/{BUNDLE}"))


def unseen(
    path: Path, windows: Windows, name: str, progress: Progress
) -> Iterator[tuple[str, Unseen]]:
    """The athletes whom a fold's bundle never saw."""
    bundle = Bundle.open(path)
    channels = bundle.manifest.signals.channels
    select = [windows.spec.channels.index(channel) for channel in channels]
    held_out = bundle.manifest.training.protocol["held_out"]
    for number, athlete in enumerate(held_out):
        own = windows.of(athlete)
        yield athlete, Unseen(bundle, replace(own, x=np.asarray(own.x[:, select])))
        progress(f"{name} {path.parent.name}", number + 1, len(held_out))


def arguments(about: str | None, name: str) -> argparse.ArgumentParser:
    """What every such benchmark is asked with."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("cohorts", nargs="+", help="folders; NAME=FOLDER gives one another name")
    parser.add_argument("--runs", type=Path, default=Path("runs/bench"), help="work of the bench")
    parser.add_argument("--out", type=Path, default=HERE / "results" / f"{name}.json")
    return parser
