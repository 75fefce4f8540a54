"""What a trained student is worth in another domain: sport, placement, rate and set of labels.

python benchmarks/transfer.py FOLDER [--windows-seen 15000] [--folds 4]

For each pair of cohorts a student of the source, taught once and kept, becomes one of 1, 3 and 10
of the target's athletes (or of all that are not held out, where they are fewer) in every way of
`distride transfer`, beside training from scratch on as many windows and on three times as many.
Nobody else of the target is used, for the scaler neither. All are judged on athletes held out: each
athlete once, in so many groups. It may be cut at any moment and goes on arm by arm; seconds are of
one core.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from trials import HERE, kept, most_telling

from distride.cli.progress import watched
from distride.config import Recipe
from distride.data import Cohort, Fold, Windowing, Windows
from distride.data.progress import Progress, silent
from distride.data.recording import MOTION_SENSORS
from distride.data.split import training_groups
from distride.learn.distill import ALONE, SMOOTHING, student
from distride.learn.fold import Desk
from distride.learn.graft import every_unit
from distride.learn.judging import judge_nets, net_cost
from distride.learn.losses import Objective
from distride.learn.side_by_side import together
from distride.learn.transfer import Mode, transferred
from distride.models.net import Net
from distride.models.saved import SavedStudent, load_student, save_student
from distride.report.comparisons import HARM
from distride.runs.bundling import WEIGHTS, origin_of, versions
from distride.runs.fold import Work, by_athlete, desk_of
from distride.runs.folder import ALL, claim, write_json
from distride.runs.plan import Plan, labelled_athletes, plan_of
from distride.runs.scoring import gain_of, model_of
from distride.runs.transfer import target_plan
from distride.signals import placement_of, sensor_of

COUNTS = (1, 3, 10)
SCRATCH, LONGER = "scratch", 3
TAUGHT = 60_000  # windows that a source's student sees
CONTINUED_SHARE = 4  # of the budget, one part is left for the whole net at a tenth of the rate


@dataclass(frozen=True)
class Domain:
    """Some of a cohort's body units, in windows of a length."""

    cohort: str
    units: tuple[str, ...]
    window_s: float = 3.0

    @property
    def name(self) -> str:
        """Of its folder and in the results."""
        return f"{self.cohort} {'+'.join(self.units)}"

    def recipe(self, cohort: Cohort, windows_seen: int) -> Recipe:
        """Motion channels of these units; each training sees so many windows."""
        channels = tuple(
            name
            for name in cohort.columns()
            if placement_of(name) in self.units and sensor_of(name) in MOTION_SENSORS
        )
        recipe = Recipe()
        return replace(
            recipe,
            signals=replace(recipe.signals, channels=channels, window_s=self.window_s),
            student=replace(recipe.student, windows_seen=windows_seen),
            transfer=replace(recipe.transfer, windows_seen=windows_seen),
        )


@dataclass(frozen=True)
class Pair:
    """From where to where."""

    source: Domain
    target: Domain

    @property
    def name(self) -> str:
        """Of its folder and in the results."""
        return f"{self.source.name} to {self.target.name}"


ARM, LEG = Domain("dsads", ("right_arm",)), Domain("dsads", ("right_leg",))
WATCH, THIGH = Domain("swimming_watch", ("wrist",)), Domain("mex_thigh", ("thigh",))
PAIRS = (
    Pair(replace(ARM, window_s=1.5), Domain("utd_mhad", ("wrist", "thigh"), 1.5)),
    Pair(ARM, WATCH),
    Pair(WATCH, Domain("wle_weightlifting", ("forearm",))),
    Pair(LEG, THIGH),
    Pair(Domain("pt_exercises", ("u1",)), THIGH),
    Pair(THIGH, LEG),
)


@dataclass(frozen=True)
class Bench:
    """How pairs are measured.

    Attributes:
        cohorts: The folder that holds them.
        work: Where windows, weights and what was found lie.
        windows_seen: By each training in the target.
        folds: Groups of held-out athletes.
        progress: Told how many arms are done.
        counts: Athletes of the target that teach.
        taught: Windows that a source's student sees.
    """

    cohorts: Path
    work: Path
    windows_seen: int
    folds: int
    progress: Progress
    counts: tuple[int, ...] = COUNTS
    taught: int = TAUGHT

    def __call__(self, pair: Pair) -> dict[str, Any]:
        """One pair, or what is left of it."""
        source = self.source(pair.source)
        cohort = Cohort.open(self.cohorts / pair.target.cohort)
        recipe = pair.target.recipe(cohort, self.windows_seen)
        plan, folder = target_plan(cohort, recipe, source), self.work / pair.name
        rest = (plan, source.fingerprint, self.folds)
        windows = self.windows(cohort, plan, recipe, folder, rest)
        work = Work(cohort, windows, recipe, plan, None, self.progress)
        known = labelled_athletes(windows, recipe.signals.tasks[0])
        groups = training_groups(known, self.folds, recipe.seed)
        folds = [
            self.fold(work, source, Fold(number, others(known, group), group), folder)
            for number, group in enumerate(groups)
        ]
        return {
            "source": pair.source.name,
            "target": pair.target.name,
            "rate_hz": plan.spec.rate_hz,
            "window_s": plan.spec.window_s,
            "athletes": len(known),
            "classes": len(windows.labels[recipe.signals.tasks[0]]),
            "labelled": {
                str(count): summary([fold[count] for fold in folds]) for count in self.counts
            },
        }

    def source(self, domain: Domain) -> SavedStudent:
        """A label-smoothed student of all athletes of a source, taught once."""
        cohort = Cohort.open(self.cohorts / domain.cohort)
        recipe = domain.recipe(cohort, self.taught)
        plan = plan_of(cohort, recipe)
        folder = self.work / "sources" / f"{domain.name} {domain.window_s:g} s"
        windows = self.windows(cohort, plan, recipe, folder, plan)
        if not (folder / WEIGHTS).exists():
            work = Work(cohort, windows, recipe, plan, None, self.progress)
            everybody = Fold(ALL, labelled_athletes(windows, recipe.signals.tasks[0]), ())
            desk = desk_of(work, everybody, folder)
            net = student(desk.ground, domain.name, Objective(smoothing=SMOOTHING), desk.labelled)
            spec = replace(plan.spec, channels=plan.channels)
            saved = SavedStudent(domain.name, net, spec, (origin_of(cohort),))
            save_student(folder / WEIGHTS, saved)
        return load_student(folder / WEIGHTS)

    def windows(
        self, cohort: Cohort, plan: Plan, recipe: Recipe, folder: Path, rest: object
    ) -> Windows:
        """Cut once, into a folder that is claimed for these and the rest."""
        signals = recipe.signals
        windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
        with claim(folder, windowing.fingerprint, recipe, rest):
            return windowing.into(folder / "windows", self.progress)

    def fold(
        self, work: Work, source: SavedStudent, fold: Fold, folder: Path
    ) -> dict[int, dict[str, Any]]:
        """By number of athletes, every arm judged on those who are held out."""
        desks = {
            count: desk_of(
                work,
                replace(fold, training=most_telling(work, fold, count)),
                folder / f"{fold.number}" / f"{count}",
            )
            for count in self.counts
        }
        every = arms(source, work.plan.channels, self.windows_seen)

        def arm(desk: Desk, name: str) -> dict[str, Any]:
            file = desk.ground.folder / f"{name}.json"
            one = kept(file, partial(tried, desk, name, every[name]))
            done = sum(1 for _ in folder.glob("*/*/*.json"))
            self.progress(folder.name, done, self.folds * len(self.counts) * len(every))
            return one

        jobs = {
            (count, name): partial(arm, desk, name)
            for count, desk in desks.items()
            for name in every
        }
        found = together(jobs)
        return {
            count: {
                "labelled": list(desk.squad.labelled),
                **{
                    kind: {name: one[kind] for (of, name), one in found.items() if of == count}
                    for kind in ("models", "costs", "seconds")
                },
            }
            for count, desk in desks.items()
        }


Train = Callable[[Desk], Net]


def arms(source: SavedStudent, channels: tuple[str, ...], windows_seen: int) -> dict[str, Train]:
    """By name what is compared."""
    graft = every_unit(source, channels)
    modes: tuple[Mode, ...] = ("frozen", "gradual", "full")

    def moved(mode: Mode, desk: Desk) -> Net:
        return transferred(desk.ground, graft, mode, mode, desk.labelled)

    def continued(desk: Desk) -> Net:
        """As much, a quarter of it on the whole net after it thawed layer by layer."""
        last = windows_seen // CONTINUED_SHARE
        transfer = replace(
            desk.ground.recipe.transfer, windows_seen=windows_seen - last, continued_windows=last
        )
        ground = replace(desk.ground, recipe=replace(desk.ground.recipe, transfer=transfer))
        return transferred(ground, graft, "gradual", "continued", desk.labelled)

    def scratch(times: int, desk: Desk) -> Net:
        budget = replace(desk.ground.recipe.student, windows_seen=times * windows_seen)
        ground = replace(desk.ground, recipe=replace(desk.ground.recipe, student=budget))
        return student(ground, SCRATCH, ALONE, desk.labelled)

    return {
        SCRATCH: partial(scratch, 1),
        f"{SCRATCH}_longer": partial(scratch, LONGER),
        **{mode: partial(moved, mode) for mode in modes},
        "continued": continued,
    }


def tried(desk: Desk, name: str, train: Train) -> dict[str, Any]:
    """An arm's scores and seconds; one that was cut short starts anew."""
    folder = desk.ground.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    own = replace(desk.ground, folder=folder, progress=silent)
    started = time.thread_time()
    net = train(replace(desk, ground=own))
    seconds = round(time.thread_time() - started, 2)
    judged = by_athlete(judge_nets(desk, {name: net}))[name]
    shutil.rmtree(folder)
    cost = net_cost(net, len(desk.channels), desk.windows)
    return {"models": judged, "costs": cost, "seconds": seconds}


def others(athletes: tuple[str, ...], group: tuple[str, ...]) -> tuple[str, ...]:
    """All but those of a group."""
    return tuple(name for name in athletes if name not in group)


def summary(folds: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Scores and seconds over the folds, and what each way gained, paired by athlete."""
    models: dict[str, Any] = {}
    scratch = (model_of(SCRATCH, folds) or {})["per_athlete"]
    for name in folds[0]["models"]:
        scores = model_of(name, folds) or {}
        gain, ends = gain_of(name, SCRATCH, folds)
        models[name] = {
            **{key: scores[key] for key in ("macro_f1", "interval", "per_athlete", "params")},
            "gain": gain,
            "gain_interval": ends,
            "worse": sum(f1 < scratch[who] - HARM for who, f1 in scores["per_athlete"].items()),
            "seconds": round(float(np.mean([fold["seconds"][name] for fold in folds])), 2),
        }
    return {"athletes": [fold["labelled"] for fold in folds], "models": models}


def main() -> None:
    """Pair by pair; the results are kept after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the cohorts")
    parser.add_argument("--windows-seen", type=int, default=15_000, help="by each training")
    parser.add_argument("--folds", type=int, default=4, help="groups of held-out athletes")
    parser.add_argument("--work", type=Path, default=Path("runs/benchmark-transfer"))
    parser.add_argument("--out", type=Path, default=HERE / "results" / "transfer.json")
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with watched() as progress:
        bench = Bench(given.folder, given.work, given.windows_seen, given.folds, progress)
        pairs: dict[str, Any] = {}
        for pair in PAIRS:
            pairs[pair.name] = bench(pair)
            found = {"windows_seen": given.windows_seen, "taught": TAUGHT, "folds": given.folds}
            write_json(given.out, found | {"versions": versions(), "pairs": pairs})


if __name__ == "__main__":
    main()
