"""Write the tables of docs/life.md from the committed results; `--check` only compares.

python benchmarks/life_tables.py [--check]
"""

from collections.abc import Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "life_tables.py", DOCS / "life.md"
POLICIES = {"asked": "asked for", "in_turn": "in turn", "random": "at random"}

Results = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    drift, active = committed("drift"), committed("active")
    tables = (alarms(drift), noticed(drift), windows(active), stops(active))
    keep_page(SCRIPT, PAGE, "\n\n".join(map(markdown, tables)))


def alarms(drift: Results) -> list[list[str]]:
    """Rows: cohort, athletes as they are, false alarms."""
    rows = [["as they are", "unseen athletes", "hours", "false alarms", "of which, by cause"]]
    for cohort, one in drift.items():
        causes = ", ".join(f"{count} {cause}" for cause, count in one["false_by_cause"].items())
        counts = str(one["athletes"]), f"{one['hours']:.2f}", str(one["false_alarms"])
        rows.append([cohort, *counts, causes or "–"])
    return rows


def noticed(drift: Results) -> list[list[str]]:
    """Rows: shift, share of starts noticed within a minute / five, by cohort."""
    rows = [["told within a minute / five", *drift]]
    shifts = dict.fromkeys(shift for one in drift.values() for shift in one["noticed"])
    for shift in shifts:
        rows.append([shift, *(in_time(one["noticed"].get(shift)) for one in drift.values())])
    return rows


def in_time(one: Mapping[str, Any] | None) -> str:
    """Shares of starts.

    >>> in_time({"starts": 8, "within_a_minute": 0.5, "within_five": 1.0})
    '50 % / 100 %'
    """
    if not one or not one["starts"]:
        return "–"
    return f"{one['within_a_minute']:.0%} / {one['within_five']:.0%}".replace("%", " %")


def windows(active: Results) -> list[list[str]]:
    """Rows: cohort, mean F1 over the curve, windows to the F1 of three in turn of each movement."""
    head = ["cohort", "unseen athletes", "movements", "windows to the F1 of"]
    rows = [[*head, *POLICIES.values(), *(f"mean F1, {name}" for name in POLICIES.values())]]
    for cohort, one in active.items():
        areas = [f"{one['area'][name]:.3f}" for name in POLICIES]
        for goal, found in one["windows_to"].items():
            counts = ["–" if found[name] is None else str(found[name]) for name in POLICIES]
            told = f"{goal} ({found['f1']:.3f})"
            who = [cohort, str(one["athletes"]), str(one["movements"])]
            rows.append([*who, told, *counts, *areas])
    return rows


def stops(active: Results) -> list[list[str]]:
    """Rows: cohort, where asking says that it is enough."""
    rows = [
        ["cohort", "stops after", "F1 there", "F1 of as many in turn", "windows there are", "F1"]
    ]
    for cohort, one in active.items():
        stop = one["stop"]
        counts = f"{stop['windows']:.0f}", f"{stop['f1']:.3f}", f"{stop['f1_in_turn']:.3f}"
        rows.append([cohort, *counts, f"{stop['windows_of_all']:.0f}", f"{stop['f1_of_all']:.3f}"])
    return rows


if __name__ == "__main__":
    main()
