"""A bundle on other recordings, exactly as a device would read them."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from distride.bundle import Bundle
from distride.data import Cohort
from distride.data.progress import Progress, silent
from distride.errors import DataError
from distride.heads import Head
from distride.learn.judged import Judged, JudgedValues, judged, judged_values, yardstick_of
from distride.runtime.adapt import Labelled, labelled
from distride.runtime.checks import check_channels, check_rate
from distride.runtime.predictor import Predictor


def evaluate(
    bundle: str | Path, cohort: Cohort | str | Path, progress: Progress = silent
) -> dict[str, Any]:
    """Scores of each of a bundle's tasks on each athlete of a cohort.

    Windows whose label the bundle does not know are left out and counted, by label. Nothing keeps a
    bundle from being asked about those it learnt from, so they are named.

    Returns:
        By task: `metric` ("macro_f1" or "mae"), its mean over athletes under that name, `unit`,
        `per_athlete`, `learnt_from` (who of them taught the model), `unknown_windows`,
        `unknown_labels`, `missing_channels` (that the bundle reads and nobody has). A task that the
        cohort says nothing of is left out.

    Raises:
        BundleError: It is no bundle.
        DataError: No channel is the bundle's, samples are too slow for it, or no window of any
            athlete has a truth that it knows.
    """
    cohort = Cohort.open(cohort)
    predictor = Predictor(Bundle.open(bundle))
    spec, columns = predictor.bundle.manifest.spec, cohort.columns()
    check_channels(columns, spec)
    per_task, unknown = _each(predictor, cohort, progress)
    if not any(per_task.values()):
        raise DataError(
            f"No window of '{cohort.name}' has a label that the bundle knows; it knows "
            f"{_knowledge(predictor)}."
        )
    training = predictor.bundle.manifest.training
    known_people = [name for name in cohort.athletes if training.knows(cohort.name, name)]
    return {
        task: {
            **_summed(predictor, task, judgements),
            "learnt_from": [name for name in known_people if name in judgements],
            "unknown_windows": unknown[task].total(),
            "unknown_labels": sorted(unknown[task]),
            "missing_channels": [name for name in spec.channels if name not in columns],
        }
        for task, judgements in per_task.items()
        if judgements
    }


def _each(
    predictor: Predictor, cohort: Cohort, progress: Progress
) -> tuple[dict[str, dict[str, Judged | JudgedValues]], dict[str, Counter[str]]]:
    """By task, each athlete's scores, and the windows of each label that nobody taught."""
    spec = predictor.bundle.manifest.spec
    per_task: dict[str, dict[str, Judged | JudgedValues]] = {task: {} for task in predictor.heads}
    unknown = {task: Counter[str]() for task in predictor.heads}
    for number, athlete in enumerate(cohort.athletes):
        recordings = cohort.read(athlete)
        check_rate(recordings, spec)
        for task, head in predictor.heads.items():
            windows = labelled(recordings, spec, head)
            known = _known(head, windows)
            unknown[task].update(windows.labels[~known].tolist())
            if known.any():
                truth = windows.labels[known]
                per_task[task][athlete] = _judged(predictor, head, windows.x[known], truth)
        progress("evaluate", number + 1, len(cohort.athletes))
    return per_task, unknown


def _knowledge(predictor: Predictor) -> str:
    heads = predictor.heads.items()
    return "; ".join(f"{task}: {', '.join(head.labels) or 'a number'}" for task, head in heads)


def _known(head: Head, windows: Labelled) -> np.ndarray:
    if not head.labels:
        return np.ones(len(windows.labels), bool)
    return np.array([str(name) in head.labels for name in windows.labels], bool)


def _judged(
    predictor: Predictor, head: Head, x: np.ndarray, truth: np.ndarray
) -> Judged | JudgedValues:
    told = predictor.predict(x)
    if not head.labels:
        return judged_values(truth, told.values[head.task])
    where = {label: number for number, label in enumerate(head.labels)}
    numbers = np.array([where[str(name)] for name in truth])
    p = told.probabilities[head.task]
    return judged(numbers, p.argmax(axis=1), len(where), p)


def _summed(
    predictor: Predictor, task: str, judgements: dict[str, Judged | JudgedValues]
) -> dict[str, Any]:
    metric = yardstick_of(predictor.heads[task].labels).name
    per_athlete = {athlete: asdict(one) for athlete, one in judgements.items()}
    return {
        "metric": metric,
        metric: float(np.mean([one[metric] for one in per_athlete.values()])),
        "unit": predictor.bundle.manifest.task(task).unit,
        "per_athlete": per_athlete,
    }
