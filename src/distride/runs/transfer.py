"""From a trained student to another domain: every way of transfer, beside starting from nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from distride.config import Recipe
from distride.data import Cohort, Fold, Windowing
from distride.data.progress import Progress, silent
from distride.fleet.cluster import heard
from distride.learn.batches import Pool
from distride.learn.device import settled
from distride.learn.distill import ALONE, UNTAUGHT, Way, validated
from distride.learn.fold import Desk, Shipped, shipped_heads
from distride.learn.graft import Graft, graft_of
from distride.learn.judging import judge_nets, net_cost
from distride.learn.side_by_side import together
from distride.learn.transfer import MODES, Mode, transferred
from distride.models.net import Net
from distride.models.saved import SavedStudent, load_student
from distride.runs.bundling import BUNDLE, created_now, versions, write_student
from distride.runs.fold import Work, by_athlete, desk_of
from distride.runs.folder import Found, claim, through_folds, write_json
from distride.runs.plan import Plan, plan_of
from distride.runs.scoring import gain_of, model_of
from distride.runs.start import check_strange, weights_in
from distride.runs.train import protocol_of
from distride.signals import SignalSpec

RESULTS = "transfer.json"
FRUGAL: Mode = "frozen"  # what ships where nobody can choose: the way that can spoil the least


@dataclass(frozen=True)
class Transfer:
    """A finished transfer.

    Attributes:
        folder: With `transfer.json`, `student.distride` and `weights.safetensors`.
        results: What `transfer.json` holds.
    """

    folder: Path
    results: dict[str, Any]

    @property
    def bundle(self) -> Path:
        """The one file that leaves training."""
        return self.folder / BUNDLE


def transfer(
    source: str | Path,
    cohort: Cohort | str | Path,
    out: str | Path,
    recipe: Recipe | None = None,
    folds: int | None = None,
    progress: Progress = silent,
) -> Transfer:
    """Adapt a trained student to another cohort, in every way, and judge on unseen athletes.

    What ships is what validating athletes of the target say is best, which may be to start from
    scratch: transfer can hurt.

    Args:
        source: A run's folder, or its `weights.safetensors`.
        cohort: The target, or its folder; other labels, channels and placements are welcome.
        out: The transfer's folder; one that was cut short goes on where it stopped.
        recipe: `[transfer]` says how; `distillation.labelled_athletes` bounds how many athletes of
            the target are labelled; rate and window are the source's.
        folds: How many to run; all if not given.
        progress: Told the stage, the steps done and their number.

    Raises:
        DataError: The source or the cohort cannot be used, or the source learnt from the cohort.
        RecipeError: Source and target have no sensor in common.
        TrainingError: Too few athletes or classes, or the recipe's device is not there.
    """
    cohort = Cohort.open(cohort)
    recipe, folder = settled(recipe or Recipe()), Path(out)
    saved = load_student(weights_in(source))
    check_strange(saved, cohort)
    plan = target_plan(cohort, recipe, saved)
    graft = graft_of(saved, plan.channels, recipe.transfer.placements)
    signals = recipe.signals
    windowing = Windowing(cohort, plan.spec, signals.tasks, signals.purity)
    with claim(folder, windowing.fingerprint, recipe, (plan, graft.places, saved.fingerprint)):
        windows = windowing.into(folder / "windows", progress)
    work = Work(cohort, windows, recipe, plan, None, heard(progress))
    found = through_folds(folder, windows, recipe, folds, partial(_fold_found, work, graft))
    results = _results(work, graft, found)
    write_json(folder / RESULTS, results)
    return Transfer(folder, results)


def target_plan(cohort: Cohort, recipe: Recipe, source: SavedStudent) -> Plan:
    """The target's channels at the source's rate and window: its filters know no other."""
    plan, spec = plan_of(cohort, recipe), source.spec
    hop_s = recipe.signals.hop_s or spec.hop_s
    return Plan(
        SignalSpec(plan.channels, spec.rate_hz, spec.window_s, hop_s), plan.channels, plan.channels
    )


def _fold_found(work: Work, graft: Graft, fold: Fold, folder: Path) -> dict[str, Any]:
    desk = desk_of(work, fold, folder)
    nets: dict[str, Net] = together(
        {
            mode: partial(transferred, desk.ground, graft, mode, mode, desk.labelled)
            for mode in MODES
        }
    )
    best, stand_in, trials = _choose(desk, graft, nets)
    heads, thresholds = shipped_heads(desk, nets[best], stand_in)
    shipped = Shipped(
        nets[best], heads, thresholds, Way(UNTAUGHT, ALONE), UNTAUGHT, trials.get(best)
    )
    source = None if best == "scratch" else graft.source
    report = write_student(folder, work.cohort, desk, shipped, source)
    found: dict[str, Any] = {"ships": best, "trials": trials, "bundle": asdict(report)}
    if fold.held_out:
        judged = judge_nets(desk, nets, heads[desk.task.name].temperature)
        cost = {name: net_cost(net, len(desk.channels), desk.windows) for name, net in nets.items()}
        found |= {"models": by_athlete(judged), "costs": cost}
    return found


def _choose(
    desk: Desk, graft: Graft, nets: Mapping[str, Net]
) -> tuple[Mode, Net, dict[str, float]]:
    """The way that validating athletes say is best, the net that shows it, and all their scores."""
    if not (desk.squad.fit and desk.squad.validate):
        return FRUGAL, nets[FRUGAL], {}
    fit = Pool(desk.windows, desk.squad.fit, desk.channels)
    judge = Pool(desk.windows, desk.squad.validate, desk.channels)
    tried = together(
        {mode: partial(transferred, desk.ground, graft, mode, f"fit-{mode}", fit) for mode in MODES}
    )
    trials: dict[str, float] = {
        mode: validated(desk.ground, net, judge) for mode, net in tried.items()
    }
    best = max(MODES, key=lambda mode: trials[mode])
    return best, tried[best], trials


def _results(work: Work, graft: Graft, found: Found) -> dict[str, Any]:
    models = {mode: model_of(mode, found.each) for mode in MODES}
    gains = {mode: gain_of(mode, "scratch", found.each) for mode in MODES[:-1]}
    source = graft.source
    return {
        "schema": 1,
        "source": source.name,
        "cohort": work.cohort.name,
        "citation": str(work.cohort.meta.get("citation", "")),
        "created": created_now(),
        "protocol": protocol_of(work, found),
        "channels": {
            name: source.spec.channels[place] if place >= 0 else None
            for name, place in zip(work.plan.channels, graft.places, strict=True)
        },
        "seed": work.recipe.seed,
        "versions": versions(),
        "models": models,
        "gain_over_scratch": {
            mode: {"gain": gain, "interval": interval} for mode, (gain, interval) in gains.items()
        },
        "trials": found.final["trials"],
        "shipped": found.final["ships"],
        "bundle": found.final["bundle"] | {"path": BUNDLE},
    }
