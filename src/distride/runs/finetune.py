"""A body of an athlete's own, from a trained student and many labelled windows of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from distride.bundle import Bundle
from distride.bundle.export import write_bundle
from distride.config import Recipe
from distride.data import UNKNOWN, Cohort, Windowing, Windows, blocks_of
from distride.data.progress import Progress, silent
from distride.errors import DataError
from distride.heads import Head
from distride.heads.personal import extended
from distride.learn.batches import Pool
from distride.learn.device import settled
from distride.learn.finetune import Deeper, Evidence, Start, Way, guarded_finetune
from distride.learn.ground import Ground, features_of
from distride.learn.posture import Posture
from distride.learn.shared import shared_head
from distride.models.saved import SavedStudent, load_student, save_student
from distride.runs.bundling import BUNDLE, WEIGHTS, created_now, drawn, once, origin_of, versions
from distride.runs.folder import claim, write_json
from distride.runs.start import weights_in

RESULTS = "finetune.json"
HELD_OUT = "the athlete's own windows, held out, accuracy"
TAUGHT = (
    " The shared model had learnt from this athlete before, so both are better here than on "
    "another day."
)
WAY: Way = "full"  # worth more than "gradual" at every number of windows (docs/deeper.md)


@dataclass(frozen=True)
class Finetuned:
    """What became of an athlete's windows.

    Attributes:
        folder: With `finetune.json`; if live with `student.distride` and `weights.safetensors`.
        live: Whether the athlete's own body is better than a head alone.
        reason: One sentence.
    """

    folder: Path
    live: bool
    reason: str

    @property
    def bundle(self) -> Path:
        """The athlete's own, if live."""
        return self.folder / BUNDLE


def finetune(
    source: str | Path,
    cohort: Cohort | str | Path,
    athlete: str,
    out: str | Path,
    recipe: Recipe | None = None,
    progress: Progress = silent,
) -> Finetuned:
    """Move a student's body by one athlete's windows, and keep it if it is better than a head.

    Only the first task moves, a classification: the bundle that is written has no other.

    Args:
        source: A run's folder.
        cohort: Where the athlete's labelled recordings lie, or its folder.
        athlete: Whose.
        out: A folder; a training that was cut short there goes on where it stopped.
        recipe: `[personalization]` and `[transfer]` say from how many windows and how.
        progress: Told the stage, the steps done and their number.

    Raises:
        DataError: There is no such athlete, no label, or no run, or its first task is a number.
        TrainingError: The folder holds another run, or the recipe's device is not there.
    """
    cohort = Cohort.open(cohort)
    if athlete not in cohort.athletes:
        raise DataError(
            f"No athlete '{athlete}' in '{cohort.name}': it has {', '.join(cohort.athletes)}."
        )
    recipe, folder = settled(recipe or Recipe()), Path(out)
    saved, bundle = load_student(weights_in(source)), Bundle.open(Path(source) / BUNDLE)
    task, head = saved.net.tasks[0], _movements(bundle, saved.net.tasks[0].name)
    alone = replace(cohort, athletes=(athlete,))
    windowing = Windowing(alone, saved.spec, (task.name,), recipe.signals.purity)
    with claim(folder, windowing.fingerprint, recipe, saved.fingerprint):
        write_json(folder / RESULTS, {"athlete": athlete})  # so that it can be forgotten
        windows = windowing.into(folder / "windows", progress)
    scaler, posture = bundle.manifest.scaling, Posture(saved.body.config.posture)
    ground = Ground(windows, (task,), recipe, scaler, folder, progress, None, posture)
    start = Start(saved.body, extended(head, windows.labels[task.name]))
    own = _evidence(ground, start, athlete)
    known = bundle.manifest.training.knows(cohort.name, athlete)
    short = _short(own, start.head, recipe.personalization.deeper_from) or _crowded(own)
    found = Finetuned(folder, False, short)
    if not short:
        deeper = guarded_finetune(ground, start, WAY, WAY, own)
        found = Finetuned(folder, deeper.live, deeper.reason + (TAUGHT if known else ""))
        if deeper.live:
            scores = {} if known else {HELD_OUT: round(deeper.net_score, 4)}
            saved = replace(saved, origins=(*saved.origins, origin_of(cohort)))
            _write(ground, own, deeper, bundle, saved, scores)
    write_json(folder / RESULTS, {"athlete": athlete, "created": created_now(), "way": WAY,
                                  "live": found.live, "reason": found.reason})  # fmt: skip
    return found


def _movements(bundle: Bundle, task: str) -> Head:
    head = bundle.heads[task]
    if not head.labels:
        raise DataError(
            f"The first task of '{bundle.manifest.name}' is the number '{task}': only movements "
            "can move a body; 'distride personalize' gives the athlete a head."
        )
    return head


def _evidence(ground: Ground, start: Start, athlete: str) -> Evidence:
    """All labelled windows of the athlete, classes numbered as the head has them."""
    windows, task = ground.windows, ground.tasks[0].name
    pool, part = Pool(windows, (athlete,), windows.spec.channels), windows.of(athlete)
    pool.truth = {task: _as_head(pool.truth[task], windows, start.head)}
    rows = np.flatnonzero(pool.truth[task] != UNKNOWN)
    features = features_of(start.body, ground.batches(pool, "judge", 64), rows)
    classes = pool.truth[task][rows]
    window_s = windows.spec.window_s
    blocks = blocks_of(classes, part.recording[rows], part.start_s[rows], window_s)
    return Evidence(pool, rows, classes, features, blocks)


def _as_head(numbers: np.ndarray, windows: Windows, head: Head) -> np.ndarray:
    """Class numbers of the windows, in the order of the head's labels."""
    order = [head.labels.index(name) for name in windows.labels[head.task]]
    return np.asarray(np.append(order, UNKNOWN)[numbers])  # no class is -1: the last place


def _short(own: Evidence, head: Head, fewest: int) -> str:
    """Which movements have too few windows for a body to move; empty if none has."""
    counts = np.bincount(own.classes, minlength=len(head.labels))
    few = [f"{name} ({count})" for name, count in zip(head.labels, counts, strict=True)
           if count < fewest]  # fmt: skip
    if not few:
        return ""
    return (
        f"A body moves from {fewest} windows of every movement on, and there are fewer of "
        f"{', '.join(few)}: 'distride personalize' gives a head from what there is."
    )


def _crowded(own: Evidence) -> str:
    """Whether some block has no window far enough from it to learn from; empty if none has."""
    for block in np.unique(own.blocks.groups):
        judged = own.blocks.groups == block
        if (judged | own.blocks.near[judged].any(axis=0)).all():
            return (
                "The windows lie too near each other for some to judge what others teach: record "
                "the movements again later, or on another day."
            )
    return ""


def _write(
    ground: Ground,
    own: Evidence,
    deeper: Deeper,
    shared: Bundle,
    saved: SavedStudent,
    scores: Mapping[str, float],
) -> None:
    """The athlete's bundle and, to go on from, the weights."""
    net, task = deeper.net, deeper.net.tasks[0]
    head = shared_head(replace(ground, tasks=(task,)), net, own.pool.only(own.rows), task)
    card = replace(shared.manifest.task(task.name), labels=task.labels, unknown_below=0.0)
    athlete = own.pool.athletes[0]
    training = replace(
        shared.manifest.training,
        licence=once(origin.licence for origin in saved.origins),
        citation=once(origin.citation for origin in saved.origins),
        protocol={
            **shared.manifest.training.protocol,
            "finetuned_for": athlete,
            "finetuned_on": saved.origins[-1].cohort,
        },
        scores=scores,
    )
    manifest = replace(
        shared.manifest,
        name=f"{shared.manifest.name} of {athlete}",
        tasks=(card,),
        training=training,
        versions=versions(),
    )
    body = net.body.to(memory_format=torch.contiguous_format)  # as the exporter needs it
    rng = np.random.default_rng(ground.seed("bundle"))
    windows = drawn(own.pool, own.rows, rng)
    write_bundle(ground.folder / BUNDLE, manifest, body, {task.name: head}, *windows)
    save_student(ground.folder / WEIGHTS, replace(saved, net=net))
