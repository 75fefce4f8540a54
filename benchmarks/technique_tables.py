"""Write the table of technique of docs/rules.md from the committed results.

python benchmarks/technique_tables.py [--check]
"""

from collections.abc import Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "technique_tables.py", DOCS / "rules.md"


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    found = committed("technique")
    told = "\n\n".join(map(markdown, (beside(found), beside_sessions(found))))
    keep_page(SCRIPT, PAGE, told)


def beside(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: recordings, how repetitions were done, and what was told of them."""
    head = ["recordings", "athletes", "done", "comparisons"]
    rows = [[*head, "range, % of own", "duration, % of own", "`range_shrinks`", "`tempo_slows`"]]
    for name, one in found.items():
        today = {way: told for way, told in one["executions"].items() if "met" in told}
        for execution, told in today.items():
            who = [name, str(one["athletes"]), execution, str(told["comparisons"])]
            spans = [_span(told[what]) for what in ("range", "tempo")]
            rows.append([*who, *spans, *(f"{100 * share:.0f} %" for share in told["met"].values())])
    return rows


def beside_sessions(found: Mapping[str, Any]) -> list[list[str]]:
    """Rows: the same beside good ones of sessions before, and how often within 1.96 errors."""
    head = ["recordings", "athletes", "done", "comparisons", "range, % of usual"]
    rows = [[*head, "within its 95 %", "duration, % of usual", "within its 95 %"]]
    for name, one in found.items():
        usual = {way: told for way, told in one["executions"].items() if "range_within" in told}
        for execution, told in usual.items():
            cells = [name, str(one["athletes"]), execution, str(told["comparisons"])]
            for what in ("range", "tempo"):
                cells += [_span(told[what]), f"{100 * told[f'{what}_within']:.0f} %"]
            rows.append(cells)
    return rows


def _span(quartiles: list[float]) -> str:
    low, middle, high = quartiles
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"


if __name__ == "__main__":
    main()
