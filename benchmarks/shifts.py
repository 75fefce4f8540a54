"""Train students with and without augmentation, and judge them on devices worn otherwise.

python benchmarks/shifts.py [NAME=]COHORT… [--windows-seen N] [--folds N] [--each]

For each cohort and fold: one student with the recipe's augmentation, one with none, with `--each`
one with each of its parts alone, and the classic peers on the training windows as they are; no
teacher. All are judged on the held-out athletes' windows under each shift. It may be cut at any
moment and goes on, student by student.
"""

from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from trials import arguments, asked, fitted, judged, kept, opened, placed, through_cohorts

from distride.config import AugmentationRecipe
from distride.data.progress import Progress
from distride.learn.baselines import BASELINES, Predict, undisturbed
from distride.learn.distill import ALONE, student
from distride.learn.fold import Desk
from distride.learn.metrics import macro_f1
from distride.learn.shifts import shifts_for
from distride.learn.side_by_side import together
from distride.runs.bench import Entry

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
        cohort = opened(entry, self.work / entry.name, self.windows_seen, progress)
        recipe = cohort.work.recipe
        return {
            "windows_seen": recipe.student.windows_seen,
            "size": recipe.student.size,
            "seed": recipe.seed,
            "folds": len(cohort.folds),
            "found": [self.found(desk) for desk in cohort.desks(self.folds)],
        }

    def found(self, desk: Desk) -> dict[str, Any]:
        """Macro-F1 of each model under each shift, on one fold's held-out athletes."""
        whole = desk.ground.recipe.augmentation
        arms = {"augmented": whole, "plain": NOTHING}
        if self.each:
            parts = [part.name for part in fields(whole)]
            alone = {name: replace(NOTHING, **{name: getattr(whole, name)}) for name in parts}
            arms |= {f"{name}_alone": arm for name, arm in alone.items()}
        jobs = {name: partial(augmented, desk, name, arm) for name, arm in arms.items()}
        f1 = together(jobs)
        with undisturbed():
            f1 |= {name: peer(desk, name) for name in BASELINES}
        _, truth = judged(desk)
        return {"held_out": list(desk.fold.held_out), "windows": len(truth), "f1": f1}


def augmented(desk: Desk, name: str, augmentation: AugmentationRecipe) -> dict[str, float]:
    """A student's F1 by shift; from the same first weights whatever the augmentation."""

    def found() -> dict[str, float]:
        own = placed(desk, name)
        recipe = replace(own.ground.recipe, augmentation=augmentation)
        net = student(replace(own.ground, recipe=recipe), "student_alone", ALONE, own.labelled)
        return under_shifts(desk, asked(desk, net))

    return kept(desk.ground.folder / f"{name}.json", found)


def peer(desk: Desk, name: str) -> dict[str, float]:
    """A classic peer's F1 by shift."""
    file = desk.ground.folder / f"{name}.json"
    return kept(file, lambda: under_shifts(desk, fitted(desk, name)))


def under_shifts(desk: Desk, predict: Predict) -> dict[str, float]:
    """Macro-F1 over all windows of the held-out athletes, by shift."""
    raw, truth = judged(desk)
    x, outputs = torch.from_numpy(raw), desk.task.outputs
    return {
        name: round(macro_f1(truth, predict(shift(x, desk.channels).numpy()), outputs), 4)
        for name, shift in shifts_for(x, desk.channels).items()
    }


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = arguments(__doc__, "shifts", windows_seen=60_000, folds=1)
    parser.add_argument("--each", action="store_true", help="each part of the augmentation alone")
    given = parser.parse_args()
    through_cohorts(given, Trial(given.work, given.windows_seen, given.folds, given.each))


if __name__ == "__main__":
    main()
