"""What leaves a fold: the student's bundle, and a head for each athlete who was held out."""

import datetime
import platform
from collections.abc import Iterable
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import torch

from distride.bundle import (
    Body,
    Bundle,
    Distillation,
    Manifest,
    Scaling,
    Signals,
    TaskCard,
    Training,
    write_head,
)
from distride.bundle.export import ExportReport, write_bundle
from distride.bundle.manifest import VALIDATED
from distride.bundle.quantise import Compared
from distride.data import Cohort, digest_of
from distride.errors import DataError
from distride.learn.batches import Pool
from distride.learn.fold import Desk, Shipped
from distride.learn.judged import yardstick_of
from distride.models.net import parameter_count
from distride.models.saved import Origin, SavedStudent, save_student
from distride.runtime import Student
from distride.signals.spec import UNITS, sensor_of
from distride.version import __version__

CALIBRATING, COMPARED = 512, 1000  # windows for the quantiser, and to compare bodies on
BUNDLE, WEIGHTS = "student.distride", "weights.safetensors"
SOFTWARE = ("numpy", "torch", "onnx", "onnxruntime", "aeon", "scikit-learn")


def versions() -> dict[str, str]:
    """Of everything a number may depend on."""
    found = {"distride": __version__, "python": platform.python_version()}
    for name in SOFTWARE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def origin_of(cohort: Cohort) -> Origin:
    """What weights that learnt from a cohort say of it."""
    recordings = tuple(digest_of(cohort, athlete).hex() for athlete in cohort.athletes)
    licence, citation = (str(cohort.meta.get(key, "")) for key in ("licence", "citation"))
    return Origin(cohort.name, licence, citation, recordings)


def write_student(
    folder: Path, cohort: Cohort, desk: Desk, shipped: Shipped, source: SavedStudent | None = None
) -> ExportReport:
    """The bundle, compared with torch on real windows, and beside it the weights to go on from.

    Args:
        folder: Where they go.
        cohort: The last that the student learnt from.
        desk: The fold's.
        shipped: The student.
        source: Whose weights it started from, if it did.
    """
    path = folder / BUNDLE
    rng = np.random.default_rng(desk.ground.seed("bundle"))
    calibration_x, compared = drawn(desk.labelled, np.arange(len(desk.labelled)), rng)
    body = shipped.net.body.to(memory_format=torch.contiguous_format)
    origins = (*(source.origins if source else ()), origin_of(cohort))
    manifest = _manifest(cohort, desk, shipped, origins)
    report = write_bundle(path, manifest, body, shipped.heads, calibration_x, compared)
    shipped.net.body.to(memory_format=torch.channels_last)
    spec = replace(desk.windows.spec, channels=desk.channels)
    save_student(folder / WEIGHTS, SavedStudent(cohort.name, shipped.net, spec, origins))
    return report


def drawn(pool: Pool, rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, Compared]:
    """Raw windows to calibrate on, and others to compare on; the same where there are too few."""
    order = rng.permutation(rows)
    calibrating, comparing = order[:CALIBRATING], order[-COMPARED:]
    truth = {task: values[comparing] for task, values in pool.truth.items()}
    return pool.gather(calibrating), Compared(pool.gather(comparing), truth)


def write_heads(folder: Path, cohort: Cohort, desk: Desk) -> None:
    """Each held-out athlete's own head, from all they have labelled, where the guard agrees."""
    student = Student(Bundle.open(folder / BUNDLE))
    heads = folder / "heads"
    heads.mkdir(exist_ok=True)
    weight = desk.ground.recipe.personalization.weight
    for number, athlete in enumerate(desk.fold.held_out):
        try:
            head = student.personalize(cohort.read(athlete), weight)
        except DataError:  # nothing labelled: the shared head stays, as the results say
            continue
        write_head(heads / f"{athlete}.head.safetensors", head)
        desk.ground.progress("heads", number + 1, len(desk.fold.held_out))


def _manifest(
    cohort: Cohort, desk: Desk, shipped: Shipped, origins: tuple[Origin, ...]
) -> Manifest:
    spec = desk.windows.spec
    select = [spec.channels.index(name) for name in desk.channels]
    scaler = desk.ground.scaler
    units = tuple(UNITS.get(sensor_of(name), "") for name in desk.channels)
    features = next(iter(shipped.heads.values())).weight.shape[1]
    return Manifest(
        name=f"{cohort.name} student",
        signals=Signals(desk.channels, units, spec.rate_hz, spec.window_s, spec.hop_s),
        scaler=Scaling(
            tuple(float(scaler.mean[one]) for one in select),
            tuple(float(scaler.scale[one]) for one in select),
        ),
        body=Body(features, parameter_count(shipped.net.body)),
        tasks=tuple(
            TaskCard(
                task.name,
                "classification" if task.labels else "regression",
                task.labels,
                task.unit,
                **asdict(shipped.thresholds[task.name]),
            )
            for task in desk.ground.tasks
        ),
        distillation=Distillation(
            shipped.name, shipped.distilled.alpha, shipped.distilled.objective.temperature
        ),
        training=Training(
            cohort.name,
            once(origin.licence for origin in origins),
            once(origin.citation for origin in origins),
            len(desk.fold.training),
            {
                "held_out": list(desk.fold.held_out),
                "seed": desk.ground.recipe.seed,
                "learnt_before": [one.cohort for one in origins if one.cohort != cohort.name],
            },
            _scores(desk, shipped),
        ),
        versions=versions(),
    )


def once(texts: Iterable[str]) -> str:
    """All that are said, once."""
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _scores(desk: Desk, shipped: Shipped) -> dict[str, float]:
    """What the validating athletes said, as the first task's score is read."""
    if shipped.score is None:
        return {}
    scored = yardstick_of(desk.task.labels)
    return {VALIDATED[scored.name]: round(scored.sign * shipped.score, 4)}


def created_now() -> str:
    """The time of a run, UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
