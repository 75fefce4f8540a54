"""Write the table of tasks into docs/protocol.md; `--check` only compares.

python benchmarks/task_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pages import DOCS, RESULTS, committed, keep_page, markdown
from tables import Results, folds_of

SCRIPT, PAGE = "task_tables.py", DOCS / "protocol.md"
MODELS = {
    "as_shipped": "ships",
    "teacher": "teacher",
    "student": "distilled",
    "student_alone": "no teacher",
    "student_one_task": "no other task",
    "minirocket_ridge": "MiniRocket + ridge",
    "extra_trees": "extra trees",
    "training_mean": "training mean",
    "pulse_peak": "pulse peak",
}
SCORES = {"macro_f1": "F1", "mae": "MAE"}

Models = Mapping[str, Any]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    found = [committed(f"tasks/{file.stem}") for file in sorted((RESULTS / "tasks").glob("*"))]
    told = [row for results in found for row in rows(results)]
    head = ["cohort", "folds", "task", "score", *MODELS.values()]
    keep_page(SCRIPT, PAGE, markdown([head, *told]))


def rows(results: Results) -> Iterator[list[str]]:
    """One a task."""
    protocol = results["protocol"]
    folds = folds_of(results)
    first, *_ = protocol["tasks"]
    yield [results["cohort"], folds, *cells(protocol, first, results["models"])]
    for task, other in results["other_tasks"].items():
        yield [results["cohort"], folds, *cells(protocol, task, other["models"])]


def cells(protocol: Results, task: str, models: Models) -> Iterator[str]:
    """The task, its score, and each model's."""
    score = next(name for name in SCORES if name in models["student"])
    unit = protocol["units"].get(task, "")
    yield f"`{task}`"
    yield f"{SCORES[score]} {unit}".strip()
    yield from (told(models.get(name), score) for name in MODELS)


def told(model: Results | None, score: str) -> str:
    """A score; a dash where there is none."""
    if not model:
        return "–"
    return f"{model[score]:.3f}" if score == "macro_f1" else f"{model[score]:.2f}"


if __name__ == "__main__":
    main()
