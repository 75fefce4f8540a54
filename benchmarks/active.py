"""Macro-F1 against the number of own labelled windows: asked for by need, in turn, or at random.

python benchmarks/active.py [NAME=]COHORT… [--runs RUNS] [--shots N] [--draws N]

RUNS is the work of `distride bench`: each fold's bundle is personalised for the athletes whom it
never saw, a window more at a time, and tested on their later windows. "asked" records what
`next_movement` asks for; "in_turn", the fixed protocol, goes round the movements in the order of
the labels; "random" draws them. All three take the same windows of a movement in the same order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import finished
import numpy as np
from finished import Unseen
from trials import through_cohorts

from distride.data import Blocks, calibration_split, shots_of
from distride.data.progress import Progress
from distride.heads import Head, next_movement, personalize
from distride.learn.metrics import macro_f1
from distride.runs.bench import Entry
from distride.runtime import Predictor

POLICIES = ("asked", "in_turn", "random")


@dataclass(frozen=True)
class Drill:
    """What one athlete could record, and what tests it.

    Attributes:
        head: The shared one.
        features: ``(window, feature)``.
        classes: ``(window,)`` numbers.
        queues: By class, numbers of windows in the order in which they would be recorded.
        test: Numbers of windows.
    """

    head: Head
    features: np.ndarray
    classes: np.ndarray
    queues: list[list[int]]
    test: np.ndarray

    def names(self, rows: list[int]) -> list[str]:
        """Of the movements in some windows."""
        return [self.head.labels[self.classes[row]] for row in rows]

    def f1(self, rows: list[int]) -> float:
        """After these windows were recorded."""
        head = self.head
        if rows:
            head = personalize(head, self.features[rows], self.names(rows))
        told = head.scores(self.features[self.test]).argmax(axis=1)
        return round(macro_f1(self.classes[self.test], told, len(head.labels)), 4)


Policy = Callable[[Drill, list[int], list[int]], tuple[int, bool]]
"""A drill, the windows so far and the classes that have more, to a class and whether to stop."""


def asked(drill: Drill, rows: list[int], left: list[int]) -> tuple[int, bool]:
    """The movement that is needed most."""
    labels = drill.head.labels
    apart = Blocks(np.arange(len(rows)), np.eye(len(rows), dtype=bool))  # as they were drawn
    told = next_movement(
        drill.head,
        drill.features[rows],
        drill.names(rows),
        apart,
        among=[labels[one] for one in left],
    )
    return labels.index(told.movement), told.enough


def in_turn(drill: Drill, rows: list[int], left: list[int]) -> tuple[int, bool]:
    """The movement with the fewest windows."""
    counts = np.bincount(drill.classes[rows], minlength=len(drill.head.labels))
    return min(left, key=lambda one: (counts[one], one)), False


def drawn(seed: int) -> Policy:
    """A movement at random."""
    rng = np.random.default_rng(seed)
    return lambda drill, rows, left: (int(rng.choice(left)), False)


def curve(drill: Drill, policy: Policy) -> dict[str, Any]:
    """F1 after 0, 1, 2 … windows, and after how many the policy would have stopped."""
    queues = [list(queue) for queue in drill.queues]
    rows: list[int] = []
    stop: int | None = None
    f1 = [drill.f1(rows)]
    while left := [one for one, queue in enumerate(queues) if queue]:
        chosen, enough = policy(drill, rows, left)
        if enough and stop is None:
            stop = len(rows)
        rows.append(queues[chosen].pop(0))
        f1.append(drill.f1(rows))
    return {"f1": f1, "stop": len(rows) if stop is None else stop}


@dataclass(frozen=True)
class Trial:
    """How asking is measured.

    Attributes:
        runs: Where the runs lie, by name.
        shots: Windows of a movement that may be recorded at most.
        draws: How many orders of each athlete's windows.
    """

    runs: Path
    shots: int
    draws: int

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort's folds."""
        found = finished.found(
            entry, self.runs, f"active-{self.shots}-{self.draws}", self.person, progress
        )
        people = {name: one for name, one in found.items() if one}
        folds = len(finished.bundles_of(self.runs / entry.name))
        return {"folds": folds, "shots": self.shots, **summary(people), "people": people}

    def person(self, one: Unseen) -> dict[str, Any]:
        """Curves by policy, one a draw; nothing where too little is labelled."""
        head, classes = one.bundle.heads[one.task.name], one.own.y[one.task.name]
        window_s = one.bundle.manifest.signals.window_s
        split = calibration_split(classes, one.own.recording, one.own.start_s, window_s)
        if not (len(split.calibration) and len(split.test)):
            return {}
        features = Predictor(one.bundle).features(one.own.x)
        curves: dict[str, Any] = {name: [] for name in POLICIES}
        for draw in range(self.draws):
            rows = shots_of(classes, split.calibration, self.shots, draw)
            queues = [rows[classes[rows] == one].tolist() for one in range(len(head.labels))]
            drill = Drill(head, features, classes, queues, split.test)
            for name, policy in zip(POLICIES, (asked, in_turn, drawn(draw)), strict=True):
                curves[name].append(curve(drill, policy))
        return {"movements": sum(map(bool, queues)), **curves}


def summary(people: Mapping[str, Any]) -> dict[str, Any]:
    """Means over athletes: areas, windows to the fixed protocol's F1, and where asking stops."""
    each = list(people.values())
    length = min(len(one["f1"]) for person in each for one in person["in_turn"])
    curves = {
        name: np.mean([one["f1"][:length] for person in each for one in person[name]], axis=0)
        for name in POLICIES
    }
    movements = round(fmean(person["movements"] for person in each))
    return {
        "athletes": len(each),
        "movements": movements,
        "area": {name: round(float(f1.mean()), 4) for name, f1 in curves.items()},
        "windows_to": {
            f"{shots} in turn": windows_to(curves, shots * movements)
            for shots in (1, 2, 3)
            if shots * movements < length
        },
        "stop": stops(each),
        "curves": {name: np.round(f1, 4).tolist() for name, f1 in curves.items()},
    }


def windows_to(curves: Mapping[str, np.ndarray], at: int) -> dict[str, Any]:
    """The F1 that the fixed protocol has after so many windows, and who reaches it when."""
    goal = float(curves["in_turn"][at])
    return {"f1": round(goal, 4), **{name: reached(f1, goal) for name, f1 in curves.items()}}


def reached(f1: np.ndarray, goal: float) -> int | None:
    """The fewest windows after which a curve stays at the goal or above it; None if it never does.

    >>> reached(np.array([0.5, 0.8, 0.6, 0.7, 0.9]), 0.7)
    3
    """
    below = np.flatnonzero(f1 < goal - 1e-9)
    first = int(below[-1]) + 1 if len(below) else 0
    return first if first < len(f1) else None


def stops(each: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Where asking says that it is enough, beside the fixed protocol after as many windows."""
    pairs = [
        (ours, theirs)
        for person in each
        for ours, theirs in zip(person["asked"], person["in_turn"], strict=True)
    ]
    return {
        "windows": mean(ours["stop"] for ours, _ in pairs),
        "f1": mean(ours["f1"][ours["stop"]] for ours, _ in pairs),
        "f1_in_turn": mean(theirs["f1"][ours["stop"]] for ours, theirs in pairs),
        "windows_of_all": mean(len(ours["f1"]) - 1 for ours, _ in pairs),
        "f1_of_all": mean(ours["f1"][-1] for ours, _ in pairs),
    }


def mean(values: Iterable[float]) -> float:
    """Rounded."""
    return round(fmean(values), 4)


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = finished.arguments(__doc__, "active")
    parser.add_argument("--shots", type=int, default=5, help="of a movement at most")
    parser.add_argument("--draws", type=int, default=3, help="orders of each athlete's windows")
    given = parser.parse_args()
    through_cohorts(given, Trial(given.runs, given.shots, given.draws))


if __name__ == "__main__":
    main()
