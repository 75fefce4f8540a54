"""Write the tables of docs/transfer.md from the committed results; `--check` only compares.

python benchmarks/transfer_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Any

from pages import DOCS, committed, keep_page, markdown
from tables import points

SCRIPT, PAGE = "transfer_tables.py", DOCS / "transfer.md"
SCRATCH = "scratch"
ARMS = {
    SCRATCH: "scratch",
    "scratch_longer": "scratch, 3 × the windows",
    "frozen": "frozen",
    "gradual": "gradual",
    "continued": "gradual, then continued",
    "full": "full",
}
WAYS = ("frozen", "gradual", "continued", "full")

Found = Mapping[str, Any]


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, told(committed("transfer")))


def told(found: Found) -> str:
    """What was measured on whom, the means over pairs, each pair, and where transfer hurt."""
    about = (
        f"Students of {found['taught']:,} windows of the source; each training in the target saw "
        f"{found['windows_seen']:,}."
    )
    tables = (markdown(rows(found["pairs"])) for rows in (measured, means, each))
    return "\n\n".join([about, *tables, hurt(found["pairs"])])


def measured(pairs: Found) -> Iterator[list[str]]:
    """Rows: what each pair is."""
    yield ["source", "target", "classes", "unseen athletes", "rate", "window"]
    for one in pairs.values():
        yield [one["source"], one["target"], str(one["classes"]), str(one["athletes"]),
               f"{one['rate_hz']:g} Hz", f"{one['window_s']:g} s"]  # fmt: skip


def means(pairs: Found) -> Iterator[list[str]]:
    """Rows: by number of the target's athletes, points over scratch and seconds of one core."""
    yield ["athletes", "scratch", *(f"{ARMS[arm]}: points" for arm in ARMS if arm != SCRATCH)]
    for count in next(iter(pairs.values()))["labelled"]:
        every = [one["labelled"][count]["models"] for one in pairs.values()]
        cells = [
            f"{points(fmean(one[arm]['gain'] for one in every), None)} in "
            f"{fmean(one[arm]['seconds'] for one in every):.1f} s"
            for arm in ARMS
            if arm != SCRATCH
        ]
        scratch = fmean(one[SCRATCH]["macro_f1"] for one in every)
        seconds = fmean(one[SCRATCH]["seconds"] for one in every)
        yield [count, f"{scratch:.3f} in {seconds:.1f} s", *cells]


def each(pairs: Found) -> Iterator[list[str]]:
    """Rows: macro-F1 of each pair and number of athletes; the best bold."""
    yield ["source", "target", "athletes", *ARMS.values()]
    for one in pairs.values():
        for labelled in one["labelled"].values():
            scores = [labelled["models"][arm]["macro_f1"] for arm in ARMS]
            cells = [f"**{f1:.3f}**" if f1 == max(scores) else f"{f1:.3f}" for f1 in scores]
            yield [one["source"], one["target"], people(labelled["athletes"]), *cells]


def people(folds: list[list[str]]) -> str:
    """How many athletes taught: fewer in folds that have no more.

    >>> people([["ann", "bo"], ["cy"]])
    '1–2'
    """
    low, high = min(map(len, folds)), max(map(len, folds))
    return str(low) if low == high else f"{low}–{high}"


def hurt(pairs: Found) -> str:
    """Every way that was worse than scratch beyond chance, and how many athletes lost by it."""
    lines = [
        f"- {one['source']} to {one['target']}, {people(labelled['athletes'])} athlete(s), "
        f"{ARMS[way]}: {points(model['gain'], model['gain_interval'])} points, "
        f"{model['worse']} of {len(model['per_athlete'])} athletes worse"
        for one in pairs.values()
        for labelled in one["labelled"].values()
        for way, model in labelled["models"].items()
        if way in WAYS and model["gain_interval"] and model["gain_interval"][1] < 0
    ]
    if not lines:
        return "No way was worse than scratch beyond chance in any pair."
    return "\n".join(["Where transfer hurt beyond chance:", "", *lines])


if __name__ == "__main__":
    main()
