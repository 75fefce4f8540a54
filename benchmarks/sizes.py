"""Train students of every size, and weigh what they know against what they cost on a device.

python benchmarks/sizes.py [NAME=]COHORT… [--windows-seen N] [--folds N]

For each cohort and fold: a student of each size on smoothed labels, without a teacher, and the
classic peers on the same windows. All are judged on the held-out athletes' windows. A student is
judged as it was trained and as its bundle's quantised body answers; its time is that of one window
on one thread in ONNX Runtime. It may be cut at any moment and goes on, student by student.
"""

import pickle
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, get_args

import numpy as np
from trials import arguments, asked, fitted, judged, kept, opened, placed, through_cohorts

from distride.bundle import Bundle
from distride.bundle.export import latency_us
from distride.config import Size
from distride.data import Cohort
from distride.data.progress import Progress
from distride.learn.baselines import BASELINES, Predict, undisturbed
from distride.learn.distill import SMOOTHED, SMOOTHING, Way, student
from distride.learn.fold import Desk, Shipped, Thresholds
from distride.learn.judging import net_cost
from distride.learn.losses import Objective
from distride.learn.metrics import macro_f1
from distride.learn.shared import shared_head
from distride.learn.side_by_side import together
from distride.models.net import Net
from distride.runs.bench import Entry
from distride.runs.bundling import write_student
from distride.runtime.predictor import Predictor

SIZES: tuple[Size, ...] = get_args(Size)
SMOOTH = Objective(smoothing=SMOOTHING)
TIMED_ANSWERS = 50  # of a classic peer, after one that does not count


@dataclass(frozen=True)
class Trial:
    """How sizes are measured.

    Attributes:
        work: Where windows, weights and what was found lie.
        windows_seen: By each student.
        folds: How many of each cohort.
    """

    work: Path
    windows_seen: int
    folds: int

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort's folds, or what is left of them."""
        found = opened(entry, self.work / entry.name, self.windows_seen, progress)
        work = found.work
        return {
            "windows_seen": work.recipe.student.windows_seen,
            "seed": work.recipe.seed,
            "folds": len(found.folds),
            "channels": len(work.plan.channels),
            "samples": work.windows.spec.window_samples,
            "classes": len(work.windows.labels[work.recipe.signals.tasks[0]]),
            "found": [of_fold(work.cohort, desk) for desk in found.desks(self.folds)],
        }


def of_fold(cohort: Cohort, desk: Desk) -> dict[str, Any]:
    """Students of all sizes, trained at once and measured one after the other, and the peers."""
    desks = {size: sized(desk, size) for size in SIZES}
    nets = together({size: partial(taught, one) for size, one in desks.items()})
    students = {
        size: kept(one.ground.folder / "found.json", partial(weighed, cohort, one, nets[size]))
        for size, one in desks.items()
    }
    with undisturbed():
        peers = {
            name: kept(desk.ground.folder / f"{name}.json", partial(peer, desk, name))
            for name in BASELINES
        }
    _, truth = judged(desk)
    held_out = list(desk.fold.held_out)
    return {"held_out": held_out, "windows": len(truth), "students": students, "peers": peers}


def sized(desk: Desk, size: Size) -> Desk:
    """The fold's desk for a student of that size."""
    own = placed(desk, size)
    recipe = own.ground.recipe
    recipe = replace(recipe, student=replace(recipe.student, size=size))
    return replace(own, ground=replace(own.ground, recipe=recipe))


def taught(desk: Desk) -> Net:
    """A student on smoothed labels; all sizes see the same views in the same order."""
    return student(desk.ground, SMOOTHED, SMOOTH, desk.labelled)


def weighed(cohort: Cohort, desk: Desk, net: Net) -> dict[str, Any]:
    """What a student knows of the held-out athletes, and what its bundle costs."""
    heads = {
        task.name: shared_head(desk.ground, net, desk.labelled, task) for task in desk.ground.tasks
    }
    silent = {name: Thresholds() for name in heads}
    shipped = Shipped(net, heads, silent, Way(SMOOTHED, SMOOTH), SMOOTHED, None)
    report = write_student(desk.ground.folder, cohort, desk, shipped)
    bundle = Bundle.open(report.path)
    quantised = Predictor(bundle, precision="int8")
    x, _ = judged(desk)
    window = bundle.manifest.scaling(x[:1])

    def answers(raw: np.ndarray) -> np.ndarray:
        return np.asarray(quantised.predict(raw).probabilities[desk.task.name].argmax(axis=1))

    return {
        "f1": f1_of(desk, asked(desk, net)),
        "f1_int8": f1_of(desk, answers),
        **net_cost(net, len(desk.channels), desk.windows),
        "bytes": report.bytes,
        "bytes_int8": report.bytes_int8,
        "latency_us": round(latency_us(bundle.body_onnx, window)[0], 1),
        "latency_us_int8": round(latency_us(bundle.body_int8, window)[0], 1),
    }


def peer(desk: Desk, name: str) -> dict[str, Any]:
    """What a classic peer knows of them, and what it costs: its size as pickled, one thread."""
    predict = fitted(desk, name)
    f1, x = f1_of(desk, predict), judged(desk)[0][:1]
    held = predict.model.get_params()
    predict.model.set_params(**{key: 1 for key in held if key.endswith("n_jobs")})
    seconds = [clocked(predict, x) for _ in range(TIMED_ANSWERS + 1)][1:]
    size = len(pickle.dumps(predict.model))
    return {"f1": f1, "bytes": size, "latency_us": round(1e6 * median(seconds), 1)}


def f1_of(desk: Desk, predict: Predict) -> float:
    """Macro-F1 over all windows of the held-out athletes."""
    x, truth = judged(desk)
    return round(macro_f1(truth, predict(x), desk.task.outputs), 4)


def clocked(predict: Predict, x: np.ndarray) -> float:
    """Seconds of an answer."""
    started = time.perf_counter()
    predict(x)
    return time.perf_counter() - started


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    given = arguments(__doc__, "sizes", windows_seen=120_000, folds=1).parse_args()
    through_cohorts(given, Trial(given.work, given.windows_seen, given.folds))


if __name__ == "__main__":
    main()
