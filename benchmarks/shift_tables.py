"""Write the tables of docs/shifts.md from the committed results; `--check` only compares.

python benchmarks/shift_tables.py [--check]
"""

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "shift_tables.py", DOCS / "shifts.md"
MODELS = {
    "augmented": "student",
    "plain": "student without augmentation",
    "minirocket_ridge": "MiniRocket + ridge",
    "extra_trees": "extra trees",
}
UNIT = "without unit "
ANY_UNIT = "without one of several units, mean"

Table = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Macro-F1 by cohort, model and shift."""


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, tables(committed("shifts")))


def tables(results: Mapping[str, Any]) -> str:
    """What was measured on whom, the means over cohorts, and each cohort's own numbers."""
    scores = {cohort: mean_f1(one["found"]) for cohort, one in results.items()}
    parts = (measured(results), costs(scores), each(scores))
    return "\n\n".join(map(markdown, parts))


def mean_f1(found: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """By model and shift, the mean over folds; of the units that are lost one at a time, too."""
    folds = [fold["f1"] for fold in found]
    f1: dict[str, dict[str, float]] = {}
    for model in MODELS:
        each_shift = dict.fromkeys(shift for fold in folds for shift in fold[model])
        means = {
            shift: fmean(fold[model][shift] for fold in folds if shift in fold[model])
            for shift in each_shift
        }
        units = [value for shift, value in means.items() if shift.startswith(UNIT)]
        f1[model] = {shift: value for shift, value in means.items() if not shift.startswith(UNIT)}
        f1[model] |= {ANY_UNIT: fmean(units)} if units else {}
    return f1


def measured(results: Mapping[str, Any]) -> list[list[str]]:
    """Rows: cohort, who was held out, windows."""
    rows = [["cohort", "folds", "unseen athletes", "windows judged", "windows a student saw"]]
    for cohort, one in results.items():
        found = one["found"]
        athletes = sum(len(fold["held_out"]) for fold in found)
        windows = sum(fold["windows"] for fold in found)
        folds = f"{len(found)} of {one['folds']}"
        rows.append([cohort, folds, str(athletes), f"{windows:,}", f"{one['windows_seen']:,}"])
    return rows


def costs(scores: Table) -> list[list[str]]:
    """Rows: shift, points that each model loses or wins, mean over the cohorts that may meet it."""
    rows = [["shift", "cohorts", *MODELS.values()]]
    for shift in shifts_of(scores):
        met = [one for one in scores.values() if shift in one["augmented"]]
        lost = [fmean(one[model][shift] - one[model]["none"] for one in met) for model in MODELS]
        f1 = [fmean(one[model]["none"] for one in met) for model in MODELS]
        told = [f"{value:.3f}" for value in f1] if shift == "none" else map(points, lost)
        rows.append([shift, str(len(met)), *told])
    return rows


def each(scores: Table) -> list[list[str]]:
    """Rows: shift, F1 with / without augmentation on each cohort."""
    rows = [["shift", *scores]]
    for shift in shifts_of(scores):
        rows.append([shift, *(both(one, shift) for one in scores.values())])
    return rows


def both(one: Mapping[str, Mapping[str, float]], shift: str) -> str:
    """With / without; the better one bold."""
    if shift not in one["augmented"]:
        return "–"
    values = [one[model][shift] for model in ("augmented", "plain")]
    told = [f"**{v:.3f}**" if v == max(values) else f"{v:.3f}" for v in values]
    return " / ".join(told)


def shifts_of(scores: Table) -> list[str]:
    """Every shift once, in the order in which they are measured."""
    found = (shift for one in scores.values() for shift in one["augmented"])
    return sorted(dict.fromkeys(found), key=lambda shift: ("without" in shift, shift == ANY_UNIT))


def points(share: float) -> str:
    """A difference in points of F1.

    >>> points(-0.0123)
    '−1.2'
    """
    return f"{100 * share:+.1f}".replace("-", "−")


if __name__ == "__main__":
    main()
