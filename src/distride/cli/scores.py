"""How the verbs write a score."""

from collections.abc import Iterator, Mapping
from typing import Any

NAMES = {"macro_f1": "macro-F1", "mae": "mean absolute error"}


def scored(metric: str, value: float, unit: str = "") -> str:
    """A score with its name and unit.

    >>> scored("macro_f1", 0.8), scored("mae", 5.25, "bpm")
    ('macro-F1 0.800', 'mean absolute error 5.250 bpm')
    """
    return f"{NAMES[metric]} {value:.3f} {unit}".rstrip()


def scores_of(results: Mapping[str, Any]) -> Iterator[str]:
    """A line for each model of each task of a run's results."""
    protocol = results["protocol"]
    tasks = {protocol["tasks"][0]: results, **results.get("other_tasks", {})}
    for task, found in tasks.items():
        metric = "macro_f1" if protocol["labels"][task] else "mae"
        unit = protocol["units"].get(task, "")
        if len(tasks) > 1:
            yield f"{task}:"
        for name, model in found["models"].items():
            if model:
                worst, value = model["worst"]
                told = scored(metric, model[metric], unit)
                yield f"{name:24} {told}   worst {worst} {value:.3f}"
