"""A bundle on other recordings, exactly as a device would read them."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from distride.bundle import Bundle
from distride.data import Cohort
from distride.errors import DataError
from distride.learn.judged import judged
from distride.runtime.adapt import labelled
from distride.runtime.predictor import Predictor

Progress = Callable[[str, int, int], None]


def evaluate(bundle: str | Path, cohort: Cohort, progress: Progress) -> dict[str, Any]:
    """Scores of a bundle's first classification on each athlete of a cohort.

    Windows whose label the bundle does not know are left out and counted.

    Raises:
        DataError: No window of any athlete has a label that the bundle knows.
    """
    predictor = Predictor(Bundle.open(bundle))
    spec = predictor.bundle.manifest.spec
    task, head = next((name, head) for name, head in predictor.heads.items() if head.labels)
    where = {label: number for number, label in enumerate(head.labels)}
    per_athlete: dict[str, Any] = {}
    unknown = 0
    for number, athlete in enumerate(cohort.athletes):
        windows = labelled(cohort.read(athlete), spec, task)
        known = np.array([str(name) in where for name in windows.labels], bool)
        unknown += int((~known).sum())
        if known.any():
            truth = np.array([where[str(name)] for name in windows.labels[known]])
            p = predictor.predict(windows.x[known]).probabilities[task]
            per_athlete[athlete] = asdict(judged(truth, p.argmax(axis=1), len(where), p))
        progress("evaluate", number + 1, len(cohort.athletes))
    if not per_athlete:
        raise DataError(
            f"No window of '{cohort.name}' has a label that the bundle knows in '{task}': it knows "
            f"{', '.join(head.labels)}."
        )
    scores = [one["macro_f1"] for one in per_athlete.values()]
    return {
        "task": task,
        "macro_f1": float(np.mean(scores)),
        "per_athlete": per_athlete,
        "unknown_windows": unknown,
    }
