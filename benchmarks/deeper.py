"""When an athlete's own body is worth more than their own head in closed form.

python benchmarks/deeper.py [NAME=]COHORT… [--windows-seen 60000] [--folds 4]

Athletes are dealt into groups; for each a label-smoothed student learns from the others. Then the
earlier half of each held-out athlete's windows gives k windows of each movement that they show, and
the later half tests: the shared head, the athlete's own in closed form, and their own body in every
way (`distride.learn.finetune`), each with and without its guard. A k that the athlete cannot fill
is left out. It may be cut at any moment and goes on athlete by athlete; seconds are of one core.
"""

import shutil
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from trials import arguments, kept, opened, through_cohorts

from distride.config import Recipe
from distride.data import Fold, blocks_of, calibration_split, shots_of
from distride.data.progress import Progress, silent
from distride.data.split import training_groups
from distride.heads import Head, guarded
from distride.learn.distill import SMOOTHING, student
from distride.learn.finetune import WAYS, Evidence, Start, guarded_finetune, probabilities
from distride.learn.fold import Desk
from distride.learn.ground import features_of
from distride.learn.losses import Objective
from distride.learn.metrics import macro_f1
from distride.learn.shared import shared_head
from distride.learn.side_by_side import together
from distride.models.student import Student
from distride.runs.bench import Entry
from distride.runs.fold import desk_of
from distride.runs.plan import labelled_athletes

SHOTS = (3, 10, 30, 90)


@dataclass(frozen=True)
class Trial:
    """How it is measured.

    Attributes:
        work: Where windows, weights and what was found lie.
        windows_seen: By each shared student.
        folds: Groups of held-out athletes.
        deeper_windows: By each training of an athlete's own body.
    """

    work: Path
    windows_seen: int
    folds: int
    deeper_windows: int = Recipe().personalization.deeper_windows

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort, or what is left of it."""
        cohort = opened(entry, self.work / entry.name, self.windows_seen, progress)
        work, task = cohort.work, cohort.work.recipe.signals.tasks[0]
        own = replace(work.recipe.personalization, deeper_windows=self.deeper_windows)
        work = replace(work, recipe=replace(work.recipe, personalization=own))
        known = labelled_athletes(work.windows, task)
        found: dict[str, Any] = {}
        for number, group in enumerate(training_groups(known, self.folds, work.recipe.seed)):
            rest = tuple(name for name in known if name not in group)
            place = cohort.folder / f"{number} of {self.folds}, {self.deeper_windows}"
            found |= of_group(desk_of(work, Fold(number, rest, group), place))
        return {
            "windows_seen": self.windows_seen,
            "deeper_windows": self.deeper_windows,
            "athletes": found,
        }


def of_group(desk: Desk) -> dict[str, Any]:
    """By athlete who is held out, what each number of windows was worth."""
    folder = desk.ground.folder
    folder.mkdir(parents=True, exist_ok=True)
    smoothed = Objective(smoothing=SMOOTHING)
    net = student(desk.ground, f"student {desk.fold.number}", smoothed, desk.labelled)
    assert isinstance(net.body, Student)
    start = Start(net.body, shared_head(desk.ground, net, desk.labelled, desk.task))

    def of_one(athlete: str) -> dict[str, Any]:
        found = kept(folder / f"{athlete}.json", partial(tried, desk, start, athlete))
        done = sum((folder / f"{name}.json").exists() for name in desk.fold.held_out)
        name = f"athletes of group {desk.fold.number}"
        desk.ground.progress(name, done, len(desk.fold.held_out))
        return found

    return together({name: partial(of_one, name) for name in desk.fold.held_out})


def tried(desk: Desk, start: Start, athlete: str) -> dict[str, Any]:
    """An athlete's scores; one who was cut short starts anew."""
    folder = desk.ground.folder / athlete
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    own = replace(desk, ground=replace(desk.ground, folder=folder, progress=silent))
    found = by_shots(own, start, athlete)
    shutil.rmtree(folder)
    return found


def by_shots(desk: Desk, start: Start, athlete: str) -> dict[str, Any]:
    """By number of windows a movement, what an athlete's later half says; without one, nothing."""
    pool, known = desk.held_out(athlete, desk.channels)
    part, classes = desk.windows.of(athlete), pool.truth[desk.task.name]
    window_s = desk.windows.spec.window_s
    split = calibration_split(classes[known], part.recording[known], part.start_s[known], window_s)
    early, late = known[split.calibration], known[split.test]
    if len(early) == 0 or len(np.unique(classes[late])) < 2:
        return {}
    most = int(np.unique(classes[early], return_counts=True)[1].min())
    every = features_of(start.body, desk.ground.batches(pool, "judge", 64), np.arange(len(pool)))
    found: dict[str, Any] = {}
    for shots in (one for one in SHOTS if one <= most):
        rows = np.sort(shots_of(classes, early, shots, desk.ground.seed(f"shots/{athlete}")))
        blocks = blocks_of(classes[rows], part.recording[rows], part.start_s[rows], window_s)
        own = Evidence(pool, rows, classes[rows], every[rows], blocks)
        found[str(shots)] = compared(desk, start, own, (late, every[late]))
    return found


def compared(
    desk: Desk, start: Start, own: Evidence, test: tuple[np.ndarray, np.ndarray]
) -> dict[str, Any]:
    """F1 of each model on the rows and features that test, whether it is live, and its seconds."""
    ground, (rows, features) = desk.ground, test
    truth, outputs = own.pool.truth[desk.task.name][rows], desk.task.outputs
    weight = ground.recipe.personalization.weight

    def f1(scores: np.ndarray) -> float:
        return round(macro_f1(truth, scores.argmax(axis=1), outputs), 4)

    def of_head(head: Head) -> float:
        return f1(head.scores(features))

    names = np.array(start.head.labels, object)[own.classes]
    started = time.thread_time()
    verdict = guarded(
        start.head, own.features, names, own.blocks.groups, weight, near=own.blocks.near
    )
    seconds = {"head": time.thread_time() - started}
    scores = {
        "shared": of_head(start.head),
        "head": of_head(own.head(start, weight)),
        "head_guarded": of_head(verdict.head),
    }
    live = {"head": verdict.live}
    for way in WAYS:
        started = time.thread_time()
        deeper = guarded_finetune(ground, start, way, f"{way}-{len(own.rows)}", own)
        seconds[way] = time.thread_time() - started
        scores[way] = f1(probabilities(ground, deeper.net, own.pool, rows))
        live[way] = deeper.live
        scores[f"{way}_guarded"] = scores[way] if deeper.live else scores["head_guarded"]
    return {
        "f1": scores,
        "live": live,
        "seconds": {name: round(spent, 4) for name, spent in seconds.items()},
    }


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    given = arguments(__doc__, "deeper", windows_seen=60_000, folds=4).parse_args()
    through_cohorts(given, Trial(given.work, given.windows_seen, given.folds))


if __name__ == "__main__":
    main()
