"""Leave movements out of training, and ask whether unseen athletes' windows of them are told apart.

python benchmarks/unknown.py [NAME=]COHORT… [--windows-seen N] [--movements N] [--folds N]

Movements are dealt into groups of a quarter of them at most. For each group a student on labels
alone learns from a fold's training athletes without the windows of that group, and its bundle's
threshold is fitted as `train` does. The held-out athletes judge: how well does a score tell windows
of taught movements from those of each movement that was left out (area under the ROC curve; 0.5 is
chance)? Beside familiarity, which ships, stands the largest probability of the softmax. It may be
cut at any moment and goes on, student by student.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from trials import arguments, kept, opened, through_cohorts

from distride.data import UNKNOWN, Fold, Windows
from distride.data.progress import Progress
from distride.data.windows import AthleteWindows
from distride.heads import Familiarity
from distride.learn.batches import Pool
from distride.learn.distill import ALONE, student
from distride.learn.fold import shipped_heads
from distride.learn.ground import features_of
from distride.learn.side_by_side import together
from distride.runs.bench import Entry
from distride.runs.fold import Work, desk_of

LEFT_OUT = 4  # one movement in so many is left out of a training at most
SCORES = ("familiarity", "max_softmax")


@dataclass(frozen=True)
class Untaught(Windows):
    """The same windows, in which some movements of a task have no label.

    Attributes:
        task: Whose labels.
        taught: Numbers of the movements that keep theirs; they are numbered anew.
    """

    task: str
    taught: tuple[int, ...]

    @classmethod
    def of_windows(cls, windows: Windows, task: str, taught: tuple[int, ...]) -> "Untaught":
        """Leave all but the taught movements out."""
        labels = {**windows.labels, task: tuple(windows.labels[task][one] for one in taught)}
        fingerprint = f"{windows.fingerprint}/{taught}"
        return cls(
            windows.folder, windows.spec, labels, windows.athletes, fingerprint, task, taught
        )

    def of(self, athlete: str) -> AthleteWindows:
        """One athlete's windows."""
        part = super().of(athlete)
        truth = part.y[self.task]
        numbers = np.full(max(truth.max(), *self.taught) + 2, UNKNOWN)  # the last is for UNKNOWN
        numbers[list(self.taught)] = np.arange(len(self.taught))
        return replace(part, y={**part.y, self.task: numbers[truth]})


@dataclass(frozen=True)
class Trial:
    """How what was never taught is measured.

    Attributes:
        work: Where windows, weights and what was found lie.
        windows_seen: By each student.
        movements: How many of a cohort are left out, drawn by the seed; all if None.
        folds: How many of each cohort.
    """

    work: Path
    windows_seen: int
    movements: int | None
    folds: int

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort's folds, or what is left of them."""
        cohort = opened(entry, self.work / entry.name, self.windows_seen, progress)
        recipe, folds = cohort.work.recipe, cohort.folds[: self.folds]
        labels = cohort.work.windows.labels[recipe.signals.tasks[0]]
        found = [
            group_of(cohort.folder, cohort.work, fold, group)
            for fold in folds
            for group in groups_of(labels, self.movements, recipe.seed)
        ]
        return {
            "windows_seen": recipe.student.windows_seen,
            "seed": recipe.seed,
            "folds": f"{len(folds)} of {len(cohort.folds)}",
            "movements": len(labels),
            **summary(found),
            "found": found,
        }


def groups_of(labels: tuple[str, ...], count: int | None, seed: int) -> list[tuple[int, ...]]:
    """Numbers of the movements that are left out together.

    >>> groups_of(("run", "walk", "jump"), None, 0)
    [(0,), (2,), (1,)]
    """
    drawn = np.random.default_rng(seed).permutation(len(labels))[:count]
    size = max(1, len(labels) // LEFT_OUT)
    return [
        tuple(sorted(map(int, drawn[start : start + size]))) for start in range(0, len(drawn), size)
    ]


def group_of(folder: Path, work: Work, fold: Fold, left_out: tuple[int, ...]) -> dict[str, Any]:
    """What is found of a group."""
    own = folder / f"{fold.number}-{'-'.join(map(str, left_out))}"
    own.mkdir(parents=True, exist_ok=True)
    return kept(own / "found.json", partial(found_of, own, work, fold, left_out))


def found_of(folder: Path, work: Work, fold: Fold, left_out: tuple[int, ...]) -> dict[str, Any]:
    """Teach all but a group of movements, and ask the held-out athletes' windows."""
    task, whole = work.recipe.signals.tasks[0], work.windows
    labels = whole.labels[task]
    taught = tuple(one for one in range(len(labels)) if one not in left_out)
    windows = Untaught.of_windows(whole, task, taught)
    desk = desk_of(replace(work, windows=windows), fold, folder)
    fit = Pool(windows, desk.squad.fit, desk.channels)
    pools = {"student_alone": desk.labelled, "trial-student_alone": fit}
    nets = together({n: partial(student, desk.ground, n, ALONE, one) for n, one in pools.items()})
    net, stand_in = nets.values()
    heads, thresholds = shipped_heads(desk, net, stand_in)

    pool = Pool(whole, fold.held_out, desk.channels)
    known = np.flatnonzero(pool.truth[task] != UNKNOWN)
    truth = pool.truth[task][known]
    features = features_of(net.body, desk.ground.batches(pool, "judge", 64), known)
    scores = {
        "familiarity": Familiarity.of(heads[task])(features),
        "max_softmax": heads[task].probabilities(features).max(axis=1),
    }
    silent = scores["familiarity"] < thresholds[task].unknown_below
    is_taught = ~np.isin(truth, left_out)
    told = np.array(taught)[heads[task].scores(features).argmax(axis=1)]
    return {
        "held_out": list(fold.held_out),
        "left_out": [labels[one] for one in left_out],
        "windows": len(truth),
        "accuracy": share(told[is_taught] == truth[is_taught]),
        "taught_called_unknown": share(silent[is_taught]),
        "by_movement": {
            labels[one]: {
                "windows": int((truth == one).sum()),
                "called_unknown": share(silent[truth == one]),
                "read_as": labels[np.bincount(told[truth == one]).argmax()],
                **{name: auroc(scores[name], is_taught, truth == one) for name in SCORES},
            }
            for one in left_out
            if (truth == one).any()
        },
    }


def auroc(score: np.ndarray, taught: np.ndarray, untaught: np.ndarray) -> float:
    """How often a window of a taught movement scores above one of a movement never taught."""
    rows = taught | untaught
    return round(float(roc_auc_score(taught[rows], score[rows])), 4)


def share(these: np.ndarray) -> float:
    """Of windows for which something is so."""
    return round(float(these.mean()), 4)


def summary(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean over movements and the worst of them, by score; and what the threshold does."""
    by_movement = {name: list(of_movement(found, name)) for name in (*SCORES, "called_unknown")}
    return {
        **{name: tails(by_movement[name]) for name in SCORES},
        "untaught_called_unknown": round(fmean(v for _, v in by_movement["called_unknown"]), 4),
        "taught_called_unknown": round(fmean(one["taught_called_unknown"] for one in found), 4),
    }


def of_movement(found: Sequence[Mapping[str, Any]], key: str) -> Iterator[tuple[str, float]]:
    """Each movement's mean over folds."""
    each = [(name, one[key]) for row in found for name, one in row["by_movement"].items()]
    for name in dict.fromkeys(name for name, _ in each):
        yield name, fmean(value for other, value in each if other == name)


def tails(values: list[tuple[str, float]]) -> dict[str, Any]:
    """Mean and worst over movements."""
    worst, least = min(values, key=lambda one: one[1])
    return {
        "mean": round(fmean(value for _, value in values), 4),
        "worst": [worst, round(least, 4)],
        "movements": len(values),
    }


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = arguments(__doc__, "unknown", windows_seen=30_000, folds=2)
    parser.add_argument("--movements", type=int, help="left out of a cohort; all by default")
    given = parser.parse_args()
    through_cohorts(given, Trial(given.work, given.windows_seen, given.movements, given.folds))


if __name__ == "__main__":
    main()
