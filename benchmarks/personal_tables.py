"""Write the tables of docs/personal.md from the committed results; `--check` only compares.

python benchmarks/personal_tables.py [--check]
"""

from collections.abc import Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "personal_tables.py", DOCS / "personal.md"
ARMS = {
    "closed_form": "closed form",
    "guarded": "with the guard",
    "placebo": "placebo",
    "full_finetune": "full fine-tuning",
    "prototype": "nearest prototype",
    "logistic_regression": "logistic regression",
}
COUNTED = ("closed_form", "guarded", "placebo", "full_finetune")  # in the table of harm

Results = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, tables(committed("personal")))


def tables(results: Results) -> str:
    """Curves, harm, time, and what new movements cost."""
    measured = {cohort: one for cohort, one in results.items() if one["athletes"]}
    return "\n\n".join(
        map(markdown, (curves(measured), harm(measured), costs(measured), new(measured)))
    )


def curves(results: Results) -> list[list[str]]:
    """Rows: cohort, athletes, arm, F1 by number of windows."""
    shots = next(iter(results.values()))["shots"]
    rows = [["cohort", "unseen athletes", "macro-F1 with", *(f"{k} windows" for k in shots)]]
    for cohort, one in results.items():
        for arm, name in ARMS.items():
            rows.append([*who(cohort, one), name, *(f"{f1:.3f}" for f1 in one["f1"][arm])])
    return rows


def harm(results: Results) -> list[list[str]]:
    """Rows: arm, athletes that lost more than half a point, by number of windows."""
    shots = next(iter(results.values()))["shots"][1:]
    everybody = sum(one["athletes"] for one in results.values())
    rows = [[f"harmed, of {everybody} athletes", *(f"{k} windows" for k in shots)]]
    for arm in COUNTED:
        counts = [one["harmed"][arm][1:] for one in results.values()]
        rows.append([ARMS[arm], *(str(sum(row)) for row in zip(*counts, strict=True))])
    return rows


def costs(results: Results) -> list[list[str]]:
    """Rows: cohort, milliseconds an athlete on one core at the most windows, by arm."""
    rows = [["milliseconds an athlete", *ARMS.values()]]
    for cohort, one in results.items():
        rows.append([cohort, *(f"{one['milliseconds'][arm][-1]:,.1f}" for arm in ARMS)])
    return rows


def new(results: Results) -> list[list[str]]:
    """Rows: cohort, cases, F1 of known movements before and after, and of the new one."""
    rows = [
        ["a movement added from 3 windows", "cases", "others before", "after", "points", "its F1"]
    ]
    for cohort, one in results.items():
        if found := one["new_movements"]:
            f1 = [f"{found[key]:.3f}" for key in ("old_before", "old_after")]
            lost = f"{-100 * found['forgotten']:+.1f}".replace("-", "−")
            rows.append([cohort, str(found["cases"]), *f1, lost, f"{found['new']:.3f}"])
    return rows


def who(cohort: str, one: Mapping[str, Any]) -> list[str]:
    """A cohort, and how many of its athletes were held out."""
    return [cohort, f"{one['athletes']} ({one['folds']} folds)"]


if __name__ == "__main__":
    main()
