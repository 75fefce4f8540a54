"""Write tables and plot of docs/students.md from the committed results; `--check` only compares.

python benchmarks/size_tables.py [--check]
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import Any

from pages import DOCS, committed, filled, keep_up_to_date, markdown
from size_plot import SIZES, Costs, plot

SCRIPT, PAGE, PLOT = "size_tables.py", DOCS / "students.md", DOCS / "sizes.svg"
PEERS = {"minirocket_ridge": "MiniRocket + ridge", "extra_trees": "extra trees"}
COSTS = {
    "params": ("parameters", 1.0),
    "bytes": ("kB", 1e3),
    "bytes_int8": ("kB int8", 1e3),
    "latency_us": ("µs a window", 1.0),
    "latency_us_int8": ("µs a window int8", 1.0),
    "flops_per_window": ("MFLOPs a window", 1e6),
}

Results = Mapping[str, Any]


def main() -> None:
    """Bring page and plot up to date, or say that they are not."""
    results = committed("sizes")
    page = filled(PAGE.read_text(encoding="utf-8"), SCRIPT, tables(results))
    keep_up_to_date(SCRIPT, {PAGE: page, PLOT: plot(costs_of(results))})


def tables(results: Results) -> str:
    """The plot, what was measured on whom, F1 by cohort, and costs over the cohorts."""
    cohorts = costs_of(results)
    parts = (measured(results), scores(cohorts), costs(cohorts))
    return "\n\n".join([f"![F1 against size and time]({PLOT.name})", *map(markdown, parts)])


def costs_of(results: Results) -> dict[str, Costs]:
    """By cohort and model, the mean over folds of all that was measured."""
    return {cohort: mean_of(one["found"]) for cohort, one in results.items()}


def mean_of(found: Iterable[Mapping[str, Any]]) -> Costs:
    """By model, the mean over folds."""
    folds = [{**fold["students"], **fold["peers"]} for fold in found]
    return {
        model: {key: fmean(fold[model][key] for fold in folds) for key in folds[0][model]}
        for model in folds[0]
    }


def measured(results: Results) -> Iterator[list[str]]:
    """Rows: cohort, who was held out, what a window is."""
    yield ["cohort", "folds", "unseen athletes", "windows judged", "classes",
           "channels × samples", "windows a student saw"]  # fmt: skip
    for cohort, one in results.items():
        found = one["found"]
        yield [
            cohort,
            f"{len(found)} of {one['folds']}",
            str(sum(len(fold["held_out"]) for fold in found)),
            f"{sum(fold['windows'] for fold in found):,}",
            str(one["classes"]),
            f"{one['channels']} × {one['samples']}",
            f"{one['windows_seen']:,}",
        ]


def scores(cohorts: Mapping[str, Costs]) -> Iterator[list[str]]:
    """Rows: cohort, F1 of each size as trained / as quantised, and of the peers; then means."""
    yield ["macro-F1", *(f"{size}, fp32 / int8" for size in SIZES), *PEERS.values()]
    for cohort, one in cohorts.items():
        yield [cohort, *scored([one])]
    yield ["mean", *scored(cohorts.values())]


def scored(several: Iterable[Costs]) -> list[str]:
    """Means over cohorts, model by model."""
    every = list(several)
    pairs = dict.fromkeys(SIZES, ("f1", "f1_int8")) | dict.fromkeys(PEERS, ("f1",))
    return [
        " / ".join(f"{fmean(one[model][key] for one in every):.3f}" for key in keys)
        for model, keys in pairs.items()
    ]


def costs(cohorts: Mapping[str, Costs]) -> Iterator[list[str]]:
    """Rows: model, least to most over the cohorts of each cost."""
    yield ["cost, least to most", *(title for title, _ in COSTS.values())]
    for model in (*SIZES, *PEERS):
        every = [one[model] for one in cohorts.values()]
        yield [PEERS.get(model, model), *(span(every, key) for key in COSTS)]


def span(every: list[Mapping[str, float]], key: str) -> str:
    """Least and most of a cost; a dash where the model has none."""
    if key not in every[0]:
        return "–"
    values = [one[key] / COSTS[key][1] for one in every]
    return " … ".join(dict.fromkeys(rounded(one) for one in (min(values), max(values))))


def rounded(value: float) -> str:
    """Whole from ten on, else one digit after the point.

    >>> rounded(12345.6), rounded(1.2345)
    ('12,346', '1.2')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


if __name__ == "__main__":
    main()
