"""Write the table of docs/base.md from the committed results; `--check` only compares.

python benchmarks/base_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pages import DOCS, committed, keep_page, markdown

SCRIPT, PAGE = "base_tables.py", DOCS / "base.md"
MODELS = {
    "scratch": "from nothing",
    "base": "from the base",
    "scratch_quarter": "from nothing, a quarter",
    "base_quarter": "from the base, a quarter",
    "scratch_widest": "widest from nothing",
    "base_frozen": "base as it is",
}


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, markdown(rows(committed("base"))))


def rows(results: Mapping[str, Any]) -> Iterator[list[str]]:
    """Cohort and labelled athletes, then macro-F1 and seconds of training by model."""
    yield ["cohort", "folds", "labelled athletes", *MODELS.values()]
    for cohort in results["cohorts"]:
        for labelled, one in cohort["labelled"].items():
            told = (score(one["models"][name]) for name in MODELS)
            yield [cohort["cohort"], cohort["folds"], labelled, *told]


def score(model: Mapping[str, Any]) -> str:
    """Macro-F1, and the seconds it took where it was trained.

    >>> score({"macro_f1": 0.5, "seconds": 18.3})
    '0.500 (18 s)'
    """
    return f"{model['macro_f1']:.3f} ({model['seconds']:.0f} s)"


if __name__ == "__main__":
    main()
