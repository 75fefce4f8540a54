"""What an athlete's own windows bring, by how many there are, beside controls and peers.

OMP_NUM_THREADS=1 python benchmarks/personal.py [NAME=]COHORT… [--windows-seen N] [--folds N]

For each cohort and fold: one student with smoothed labels, no teacher. Each held-out athlete's
earlier windows calibrate, their later ones test (docs/protocol.md). And one student that was never
taught some movements: each is added to it from three windows, and asked for what it forgot. It may
be cut at any moment and goes on, student by student.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits
from trials import arguments, kept, opened, through_cohorts
from unknown import Untaught, groups_of

from distride.config import PersonalizationRecipe
from distride.data import Windows, shots_of
from distride.data.progress import Progress
from distride.heads import Familiarity, Head, personalize
from distride.learn.batches import Pool
from distride.learn.distill import SMOOTHED, SMOOTHING, student
from distride.learn.fold import Desk, shipped_heads
from distride.learn.judging import own_windows
from distride.learn.losses import Objective
from distride.learn.personal import Own, f1_of_answers, finetuned, personal, verdict
from distride.learn.shared import shared_head
from distride.learn.side_by_side import together
from distride.models.net import Net
from distride.report.comparisons import HARM
from distride.runs.bench import Entry
from distride.runs.fold import Work, desk_of

LESSON = Objective(smoothing=SMOOTHING)
TRIAL = f"trial-{SMOOTHED}"
NEW_SHOTS = 3

Answers = Callable[[], np.ndarray]
"""Class numbers of the athlete's later windows."""

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One athlete and one number of windows.

    Attributes:
        head: The shared one.
        net: Its body.
        own: The athlete's windows.
        rows: Which of them are shown.
        other: Somebody else's.
        others: Which of those are shown as a placebo.
        recipe: Weight and steps.
    """

    head: Head
    net: Net
    own: Own
    rows: np.ndarray
    other: Own
    others: np.ndarray
    recipe: PersonalizationRecipe


@dataclass(frozen=True)
class Trial:
    """How personal data are measured.

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
        cohort = opened(entry, self.work / entry.name, self.windows_seen, progress)
        recipe = cohort.work.recipe
        desks = cohort.desks(self.folds)
        found = [
            kept(desk.ground.folder / "curves.json", partial(curves_of, desk)) for desk in desks
        ]
        new = [new_movements(cohort.work, desk) for desk in desks]
        return {
            "windows_seen": recipe.student.windows_seen,
            "seed": recipe.seed,
            "folds": f"{len(found)} of {len(cohort.folds)}",
            "shots": list(recipe.personalization.shots),
            **summary(found),
            "new_movements": forgotten([one for fold in new for one in fold["found"]]),
            "found": found,
        }


def curves_of(desk: Desk) -> dict[str, Any]:
    """Macro-F1 and milliseconds of each arm, by held-out athlete and number of windows."""
    fit = Pool(desk.windows, desk.squad.fit, desk.channels)
    pools = {SMOOTHED: desk.labelled, TRIAL: fit}
    desk.ground.folder.mkdir(parents=True, exist_ok=True)
    nets = together({n: partial(student, desk.ground, n, LESSON, one) for n, one in pools.items()})
    head = shipped_heads(desk, nets[SMOOTHED], nets[TRIAL])[0][desk.task.name]
    givers = (*desk.fold.held_out, desk.squad.validate[0])
    body, recipe = nets[SMOOTHED].body, desk.ground.recipe.personalization
    owns = {name: own for name in givers if (own := own_windows(desk, body, name))}
    found: dict[str, Any] = {}
    for name, other in zip(owns, [*list(owns)[1:], next(iter(owns))], strict=True):
        if name in desk.fold.held_out and len(owns) > 1:
            seed = desk.ground.seed(f"shots/{name}")
            found[name] = [
                arms_of(Case(head, nets[SMOOTHED], owns[name], mine, owns[other], theirs, recipe))
                for mine, theirs in (
                    (drawn(owns[name], shots, seed), drawn(owns[other], shots, seed))
                    for shots in recipe.shots
                )
            ]
    return {"by_athlete": found}


def drawn(own: Own, shots: int, seed: int) -> np.ndarray:
    """So many windows a class of those that may calibrate, in the order of time."""
    return np.sort(shots_of(own.classes, own.split.calibration, shots, seed))


def arms_of(case: Case) -> dict[str, list[float]]:
    """Of each arm F1, and the milliseconds of one core until it is ready to answer."""
    found, outputs = {}, len(case.head.labels)
    with threadpool_limits(1):
        for name, arm in ARMS.items():
            started = time.process_time()  # whatever else the machine does
            answers = arm(case) if len(case.rows) else by_head(case, case.head)
            milliseconds = 1e3 * (time.process_time() - started)
            f1 = f1_of_answers(answers(), case.own, outputs)
            found[name] = [round(f1, 4), round(milliseconds, 2)]
    return found


def by_head(case: Case, head: Head) -> Answers:
    """What a head says."""
    return lambda: head.scores(case.own.features[case.own.split.test]).argmax(axis=1)


def closed_form(case: Case) -> Answers:
    """The personal head, whatever the guard would say."""
    return by_head(case, personal(case.head, case.own, case.rows, case.recipe.weight))


def guarded(case: Case) -> Answers:
    """The personal head if the guard lets it through."""
    judged = verdict(case.head, case.own, case.rows, case.recipe.weight)
    return by_head(case, judged.head if judged else case.head)


def placebo(case: Case) -> Answers:
    """The personal head of another athlete."""
    return by_head(case, personal(case.head, case.other, case.others, case.recipe.weight))


def full_finetune(case: Case) -> Answers:
    """Every weight of the net trained on the athlete's windows."""
    steps, own = case.recipe.finetune_steps, case.own
    tuned = finetuned(case.head, case.net.body, own, case.rows, steps)
    return lambda: tuned(own.x[own.split.test])


def prototype(case: Case) -> Answers:
    """The nearest class mean, of the athlete's windows where there are some, else of training."""
    familiarity, own = Familiarity.of(case.head), case.own
    taught = np.flatnonzero(case.head.sums[:, -1] > 0)
    centres = np.full((len(case.head.labels), own.features.shape[1]), np.inf)
    centres[taught] = familiarity.centres
    shown, classes = in_units(familiarity, own.features[case.rows]), own.classes[case.rows]
    for one in np.unique(classes):
        centres[one] = shown[classes == one].mean(axis=0)

    def answers() -> np.ndarray:
        test = in_units(familiarity, own.features[own.split.test])
        return np.asarray(
            np.stack([((test - one) ** 2).sum(axis=1) for one in centres]).argmin(axis=0)
        )

    return answers


def logistic_regression(case: Case) -> Answers:
    """Fitted to the athlete's windows alone."""
    familiarity, own = Familiarity.of(case.head), case.own
    known = own.classes[case.rows]
    if len(np.unique(known)) == 1:
        return lambda: np.full(len(own.split.test), known[0])
    shown = in_units(familiarity, own.features[case.rows])
    fitted = LogisticRegression(max_iter=1000).fit(shown, known)
    return lambda: np.asarray(fitted.predict(in_units(familiarity, own.features[own.split.test])))


def in_units(familiarity: Familiarity, features: np.ndarray) -> np.ndarray:
    """Features less their mean over training, in their deviations over training."""
    return np.asarray((features - familiarity.mean) / familiarity.deviation)


ARMS: dict[str, Callable[[Case], Answers]] = {
    "closed_form": closed_form,
    "guarded": guarded,
    "placebo": placebo,
    "full_finetune": full_finetune,
    "prototype": prototype,
    "logistic_regression": logistic_regression,
}


def new_movements(work: Work, desk: Desk) -> dict[str, Any]:
    """Teach all but some movements, then add each of those from an athlete's three windows."""
    folder = desk.ground.folder / "untaught"
    folder.mkdir(parents=True, exist_ok=True)
    return kept(folder / "found.json", lambda: {"found": list(added(work, desk, folder))})


def added(work: Work, whole: Desk, folder: Path) -> list[Found]:
    """By athlete and movement, F1 before and after."""
    windows: Windows = work.windows
    labels, name = whole.task.labels, whole.task.name
    left_out = groups_of(labels, None, work.recipe.seed)[0]
    taught = tuple(one for one in range(len(labels)) if one not in left_out)
    windows = Untaught.of_windows(windows, name, taught)
    desk = desk_of(replace(work, windows=windows), whole.fold, folder)
    net = student(desk.ground, SMOOTHED, LESSON, desk.labelled)
    head = shared_head(desk.ground, net, desk.labelled, desk.task)
    found: list[Found] = []
    for athlete in whole.fold.held_out:
        own = own_windows(whole, net.body, athlete)
        for one in left_out if own else ():
            assert own is not None
            rows = drawn(own, NEW_SHOTS, work.recipe.seed)
            rows = rows[own.classes[rows] == one]
            if len(rows) and (own.classes[own.split.test] == one).any():
                found.append({"athlete": athlete, **before_and_after(head, own, labels, one, rows)})
    return found


def before_and_after(
    head: Head, own: Own, labels: tuple[str, ...], one: int, rows: np.ndarray
) -> dict[str, Any]:
    """F1 of the movements that were taught, and of the one that is added."""
    names = np.array(labels, object)[own.classes]
    grown = personalize(head, own.features[rows], names[rows])
    old = own.split.test[np.isin(names[own.split.test], head.labels)]
    both = np.union1d(old, own.split.test[own.classes[own.split.test] == one])
    known = sorted(set(names[old]))
    return {
        "movement": labels[one],
        "old_before": f1_by_name(head, own.features[old], names[old], known),
        "old_after": f1_by_name(grown, own.features[old], names[old], known),
        "new": f1_by_name(grown, own.features[both], names[both], [labels[one]]),
    }


def f1_by_name(head: Head, features: np.ndarray, truth: np.ndarray, of: list[str]) -> float:
    """Mean F1 of some movements."""
    answers = np.array(head.labels, object)[head.scores(features).argmax(axis=1)]
    f1 = f1_score(
        truth.astype(str), answers.astype(str), labels=of, average="macro", zero_division=0
    )
    return round(float(f1), 4)


def forgotten(found: list[Found]) -> dict[str, float] | None:
    """Means over athletes and movements; None where nothing could be added."""
    if not found:
        return None
    means = {key: fmean(one[key] for one in found) for key in ("old_before", "old_after", "new")}
    means["forgotten"] = means["old_before"] - means["old_after"]
    return {"cases": len(found), **{key: round(value, 4) for key, value in means.items()}}


def summary(found: Sequence[Found]) -> dict[str, Any]:
    """Means over athletes of each arm, whom it harmed, and the time an athlete takes."""
    athletes = [curve for fold in found for curve in fold["by_athlete"].values()]
    if not athletes:
        return {"athletes": 0}
    per_shot = list(zip(*athletes, strict=True))
    return {
        "athletes": len(athletes),
        "f1": {
            arm: [round(fmean(one[arm][0] for one in row), 4) for row in per_shot] for arm in ARMS
        },
        "harmed": {
            arm: [
                sum(
                    one[arm][0] < curve[0][arm][0] - HARM
                    for one, curve in zip(row, athletes, strict=True)
                )
                for row in per_shot
            ]
            for arm in ARMS
        },
        "milliseconds": {
            arm: [round(median(one[arm][1] for one in row), 2) for row in per_shot] for arm in ARMS
        },
    }


def main() -> None:
    """Cohort by cohort; the results are kept after each."""
    parser = arguments(__doc__, "personal", windows_seen=60_000, folds=1)
    given = parser.parse_args()
    through_cohorts(given, Trial(given.work, given.windows_seen, given.folds))


if __name__ == "__main__":
    main()
