"""Train students with and without augmentation, and judge them on devices worn otherwise.

python benchmarks/shifts.py [NAME=]COHORT… [--windows-seen N] [--folds N] [--each]

For each cohort and fold: one student with the recipe's augmentation, one with none, with `--each`
one with each of its parts alone, and the classic peers on the training windows as they are; no
teacher. All are judged on the held-out athletes' windows under each shift. It may be cut at any
moment and goes on, student by student.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from distride.cli.progress import watched
from distride.config import AugmentationRecipe, Recipe
from distride.data import Cohort, athlete_folds, build_windows
from distride.learn.baselines import BASELINES, Predict, undisturbed
from distride.learn.batches import Batches, Pool
from distride.learn.distill import ALONE, student
from distride.learn.fold import Desk
from distride.learn.ground import INFERENCE_BATCH, Progress
from distride.learn.judging import baselines_seed, baselines_windows
from distride.learn.loop import denormals_flushed
from distride.learn.metrics import macro_f1
from distride.learn.shifts import shifts_for
from distride.learn.side_by_side import together
from distride.models.net import Net
from distride.runs.bench import Bench, Entry
from distride.runs.fold import Work, desk_of
from distride.runs.folder import claim, write_json
from distride.runs.plan import labelled_athletes, plan_of

HERE = Path(__file__).parent
NOTHING = AugmentationRecipe(0.0, "off", 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Trial:
    """How the shifts are measured.

    Attributes:
        work: Where windows, weights and what was found lie.
        windows_seen: By each student.
        folds: How many of each cohort.
        each: Whether each part of the augmentation is also tried alone.
    """

    work: Path
    windows_seen: int
    folds: int
    each: bool

    def __call__(self, entry: Entry, progress: Progress) -> dict[str, Any]:
        """One cohort's folds, or what is left of them."""
        recipe, folder = self.recipe(entry), self.work / entry.name
        cohort, signals = Cohort.open(entry.cohort), recipe.signals
        plan = plan_of(cohort, recipe)
        cut = folder / "windows"
        windows = build_windows(cohort, plan.spec, signals.tasks, cut, signals.purity, progress)
        claim(folder, windows, recipe, plan)
        work = Work(cohort, windows, recipe, plan, None, progress)
        every = athlete_folds(labelled_athletes(windows, signals.tasks[0]), recipe.seed)
        desks = [desk_of(work, one, folder / str(one.number)) for one in every[: self.folds]]
        return {
            "windows_seen": recipe.student.windows_seen,
            "size": recipe.student.size,
            "seed": recipe.seed,
            "folds": len(every),
            "found": [self.found(desk) for desk in desks],
        }

    def recipe(self, entry: Entry) -> Recipe:
        """The benchmark's own for a cohort, with this budget."""
        recipe = Bench(HERE, self.work, HERE / "recipes").recipe(entry)
        return replace(recipe, student=replace(recipe.student, windows_seen=self.windows_seen))

    def found(self, desk: Desk) -> dict[str, Any]:
        """Macro-F1 of each model under each shift, on one fold's held-out athletes."""
        whole = desk.ground.recipe.augmentation
        arms = {"augmented": whole, "plain": NOTHING}
        if self.each:
            parts = [part.name for part in fields(whole)]
            alone = {name: replace(NOTHING, **{name: getattr(whole, name)}) for name in parts}
            arms |= {f"{name}_alone": arm for name, arm in alone.items()}
        jobs = {name: partial(kept, desk, name, partial(taught, arm)) for name, arm in arms.items()}
        f1 = together(jobs)
        with undisturbed():
            f1 |= {name: kept(desk, name, partial(fitted, name)) for name in BASELINES}
        _, truth = judged(desk)
        return {"held_out": list(desk.fold.held_out), "windows": len(truth), "f1": f1}


def kept(desk: Desk, name: str, make: Callable[[Desk, str], Predict]) -> dict[str, float]:
    """A model's F1 by shift, from its file if it was found before."""
    file = desk.ground.folder / f"{name}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_json(file, under_shifts(desk, make(desk, name)))
    return dict(json.loads(file.read_text(encoding="utf-8")))


def taught(augmentation: AugmentationRecipe, desk: Desk, name: str) -> Predict:
    """A student on labels alone, from the same first weights whatever the augmentation."""
    recipe = replace(desk.ground.recipe, augmentation=augmentation)
    folder = desk.ground.folder / name
    folder.mkdir(exist_ok=True)

    def told(stage: str, done: int, total: int) -> None:
        desk.ground.progress(f"{name} {desk.fold.number}", done, total)

    ground = replace(desk.ground, recipe=recipe, folder=folder, progress=told)
    net = student(ground, "student_alone", ALONE, desk.labelled)
    return partial(answers, net, ground.batches(desk.labelled, "judge", INFERENCE_BATCH))


def answers(net: Net, batches: Batches, x: np.ndarray) -> np.ndarray:
    """``(window,)`` class numbers of raw windows."""
    with denormals_flushed(), torch.inference_mode():
        parts = torch.from_numpy(x).split(INFERENCE_BATCH)
        return torch.cat([net(batches.scaled(one))[0].argmax(dim=1) for one in parts]).numpy()


def fitted(name: str, desk: Desk, _: str) -> Predict:
    """A classic peer."""
    return BASELINES[name](baselines_windows(desk), baselines_seed(desk))


def judged(desk: Desk) -> tuple[torch.Tensor, np.ndarray]:
    """Raw windows of the held-out athletes and their class numbers."""
    pool = Pool(desk.windows, desk.fold.held_out, desk.channels)
    known = np.flatnonzero(pool.known(desk.task))
    return torch.from_numpy(pool.gather(known)), pool.truth[desk.task.name][known]


def under_shifts(desk: Desk, predict: Predict) -> dict[str, float]:
    """Macro-F1 over all windows of the held-out athletes, by shift."""
    x, truth = judged(desk)
    outputs = desk.task.outputs
    return {
        name: round(macro_f1(truth, predict(shift(x, desk.channels).numpy()), outputs), 4)
        for name, shift in shifts_for(x, desk.channels).items()
    }


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cohorts", nargs="+", help="folders; NAME=FOLDER gives one another name")
    parser.add_argument("--windows-seen", type=int, default=60_000, help="by each student")
    parser.add_argument("--folds", type=int, default=1, help="of each cohort")
    parser.add_argument("--each", action="store_true", help="each part of the augmentation alone")
    parser.add_argument("--work", type=Path, default=Path("runs/shifts"))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "shifts.json")
    given = parser.parse_args()
    trial = Trial(given.work, given.windows_seen, given.folds, given.each)
    for entry in map(Entry.of, given.cohorts):
        with watched() as progress:
            one = trial(entry, progress)
        held = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
        given.out.parent.mkdir(parents=True, exist_ok=True)
        write_json(given.out, {**held, entry.name: one})


if __name__ == "__main__":
    main()
