"""Write the table of "none of these" into docs/protocol.md; `--check` only compares.

python benchmarks/unknown_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "unknown_tables.py", DOCS / "protocol.md"
HEAD = [
    "cohort",
    "folds",
    "movements",
    "area under ROC: familiarity",
    "worst movement",
    "largest probability",
    "left out, called unknown",
    "taught, called unknown",
]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, markdown([HEAD, *rows(committed("unknown"))]))


def rows(results: Mapping[str, Any]) -> Iterator[list[str]]:
    """One a cohort."""
    for cohort, one in results.items():
        movement, least = one["familiarity"]["worst"]
        yield [
            cohort,
            one["folds"],
            str(one["movements"]),
            f"{one['familiarity']['mean']:.3f}",
            f"{movement} {least:.3f}",
            f"{one['max_softmax']['mean']:.3f}",
            f"{100 * one['untaught_called_unknown']:.0f} %",
            f"{100 * one['taught_called_unknown']:.1f} %",
        ]


if __name__ == "__main__":
    main()
