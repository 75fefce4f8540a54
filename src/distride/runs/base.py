"""A general base of several cohorts, from which other trainings may start."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from distride.config import Recipe
from distride.data import Cohort, Windowing, Windows
from distride.data.progress import Progress, silent
from distride.errors import DataError
from distride.learn.device import settled
from distride.learn.ground import Ground
from distride.learn.pretrain import UNIT, Unit, pretrained, units_in
from distride.models.net import Net
from distride.models.saved import SavedStudent, save_student
from distride.runs.bundling import WEIGHTS, origin_of
from distride.runs.fold import scaler_of
from distride.runs.folder import claim
from distride.runs.plan import FASTEST_HZ, plan_of, tasks_of
from distride.signals import SignalSpec


@dataclass(frozen=True)
class Base:
    """A finished base.

    Attributes:
        weights: The one file that trainings start from.
        saved: What it holds.
        units: Names of the body units that it learnt from.
    """

    weights: Path
    saved: SavedStudent
    units: tuple[str, ...]


def base(
    cohorts: Sequence[Cohort | str | Path],
    out: str | Path,
    recipe: Recipe | None = None,
    progress: Progress = silent,
) -> Base:
    """Pretrain one student's body on every body unit of several cohorts.

    Args:
        cohorts: Or their folders; labelled, of any placements, rates and labels.
        out: The base's folder; one that was cut short goes on where it stopped.
        recipe: `[student]` says how large and how long.
        progress: Told the stage, the steps done and their number.

    Raises:
        DataError: A cohort cannot be used, or is given twice.
        TrainingError: A cohort has too few classes, the folder holds another base, or the
            recipe's device is not there.
    """
    recipe, folder = settled(recipe or Recipe()), Path(out)
    opened = [Cohort.open(one) for one in cohorts]
    _check_names([cohort.name for cohort in opened])
    rate_hz = min([FASTEST_HZ, *(cohort.sampling_hz for cohort in opened)])
    signals = recipe.signals if recipe.signals.rate_hz else replace(recipe.signals, rate_hz=rate_hz)
    recipe = replace(recipe, signals=signals)
    specs = [_spec(cohort, recipe) for cohort in opened]
    tasks, purity = signals.tasks, signals.purity
    windowings = [
        Windowing(cohort, spec, tasks, purity) for cohort, spec in zip(opened, specs, strict=True)
    ]
    prints = tuple(windowing.fingerprint for windowing in windowings)
    with claim(folder, prints[0], recipe, prints):
        cut = [
            windowing.into(folder / "windows" / windowing.cohort.name, progress)
            for windowing in windowings
        ]
    units = [
        unit
        for cohort, windows in zip(opened, cut, strict=True)
        for unit in _units(cohort, windows, recipe, folder, progress)
    ]
    body = pretrained(units, "base")
    spec = replace(cut[0].spec, channels=UNIT)
    origins = tuple(map(origin_of, opened))
    name = "+".join(cohort.name for cohort in opened)
    saved = SavedStudent(name, Net(body, body.feature_count, ()).eval(), spec, origins)
    save_student(folder / WEIGHTS, saved)
    return Base(folder / WEIGHTS, saved, tuple(unit.name for unit in units))


def _check_names(names: list[str]) -> None:
    if not names:
        raise DataError("A base learns from cohorts: name at least one.")
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise DataError(f"A base learns from each cohort once: {', '.join(twice)} is given twice.")


def _spec(cohort: Cohort, recipe: Recipe) -> SignalSpec:
    plan = plan_of(cohort, recipe)
    return replace(plan.spec, channels=plan.channels)


def _units(
    cohort: Cohort, windows: Windows, recipe: Recipe, folder: Path, progress: Progress
) -> list[Unit]:
    athletes = windows.athletes
    tasks = tasks_of(windows, recipe.signals, athletes)
    ground = Ground(windows, tasks, recipe, scaler_of(windows, athletes), folder, progress)
    return units_in(cohort.name, ground)
