"""Write the table of how sure students may be into docs/protocol.md; `--check` only compares.

python benchmarks/doubt_tables.py [--check]
"""

from collections.abc import Iterator

from pages import DOCS, RESULTS, keep_page, markdown
from tables import folds_of, measured

SCRIPT, PAGE = "doubt_tables.py", DOCS / "protocol.md"
HEAD = [
    "cohort",
    "folds",
    "ECE, all windows: before the temperature",
    "after",
    "ECE, mean over athletes",
    "unsure",
    "none of the movements",
    "answered",
    "macro-F1",
    "of what is answered",
]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, markdown([HEAD, *rows()]))


def rows() -> Iterator[list[str]]:
    """One a cohort of which all athletes are labelled."""
    for cohort, results in measured(RESULTS):
        doubt, ships = results["doubt"], results["models"]["as_shipped"]
        yield [
            cohort,
            folds_of(results),
            *(f"{doubt[key]:.3f}" for key in ("ece_before", "ece")),
            f"{ships['ece']:.3f}",
            *(f"{100 * doubt[key]:.1f} %" for key in ("unsure", "unknown", "coverage")),
            *(f"{one:.3f}" for one in (ships["macro_f1"], doubt["macro_f1_answered"])),
        ]


if __name__ == "__main__":
    main()
