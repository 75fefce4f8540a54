"""Write the tables of docs/deeper.md from the committed results; `--check` only compares.

python benchmarks/deeper_tables.py [--check]
"""

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Any

import numpy as np
from pages import DOCS, committed, keep_page, markdown
from tables import points

from distride.learn.metrics import interval
from distride.report.comparisons import HARM

SCRIPT, PAGE = "deeper_tables.py", DOCS / "deeper.md"
ARMS = {
    "shared": "shared head",
    "head": "own head",
    "head_guarded": "own head, guarded",
    "gradual": "gradual",
    "gradual_guarded": "gradual, guarded",
    "full": "full",
    "full_guarded": "full, guarded",
}
WAYS = ("gradual", "full")

Measured = Mapping[str, Any]
"""Of one athlete at one number of windows: `f1`, `live` and `seconds`."""


def main() -> None:
    """Bring the page up to date, or say that it is not."""
    keep_page(SCRIPT, PAGE, told(committed("deeper")))


def told(cohorts: Mapping[str, Any]) -> str:
    """All cohorts together, each cohort, and what follows for the default."""
    return "\n\n".join([*map(markdown, (pooled(cohorts), each(cohorts))), verdict(cohorts)])


def by_shots(cohorts: Mapping[str, Any]) -> dict[int, list[Measured]]:
    """Of all athletes who could fill it, by number of windows a movement."""
    found: dict[int, list[Measured]] = {}
    for cohort in cohorts.values():
        for athlete in cohort["athletes"].values():
            for shots, one in athlete.items():
                found.setdefault(int(shots), []).append(one)
    return dict(sorted(found.items()))


def pooled(cohorts: Mapping[str, Any]) -> Iterator[list[str]]:
    """Rows: by number of windows and way, what the own body adds to the guarded head."""
    yield ["k", "athletes", "way", "points over the guarded head", "guarded: points",
           "guarded: live", "guarded: worse", "seconds an athlete"]  # fmt: skip
    for shots, every in by_shots(cohorts).items():
        for way in WAYS:
            free, guarded = gains(every, way), gains(every, f"{way}_guarded")
            live = sum(one["live"][way] for one in every)
            seconds = fmean(one["seconds"][way] for one in every)
            yield [str(shots), str(len(every)), way,
                   points(float(free.mean()), interval(free)),
                   points(float(guarded.mean()), interval(guarded)),
                   str(live), str(int((guarded < -HARM).sum())), f"{seconds:.1f}"]  # fmt: skip


def each(cohorts: Mapping[str, Any]) -> Iterator[list[str]]:
    """Rows: macro-F1 of each cohort and number of windows; the best bold."""
    yield ["cohort", "k", "athletes", *ARMS.values()]
    for name, cohort in cohorts.items():
        for shots, every in by_shots({name: cohort}).items():
            f1 = [fmean(one["f1"][arm] for one in every) for arm in ARMS]
            cells = [f"**{one:.3f}**" if one == max(f1) else f"{one:.3f}" for one in f1]
            yield [name, str(shots), str(len(every)), *cells]


def gains(every: list[Measured], arm: str) -> np.ndarray:
    """``(athlete,)`` F1 above that of the guarded head."""
    return np.array([one["f1"][arm] - one["f1"]["head_guarded"] for one in every])


def pays_from(cohorts: Mapping[str, Any], way: str) -> int | None:
    """The fewest windows from which on the guarded body is better beyond chance; None if none."""
    first = None
    for shots, every in by_shots(cohorts).items():
        gained = gains(every, f"{way}_guarded")
        ends = interval(gained)
        if ends is None or ends[0] <= 0:
            first = None
        elif first is None:
            first = shots
    return first


def verdict(cohorts: Mapping[str, Any]) -> str:
    """What follows for `personalization.deeper_from`."""
    lines = []
    for way in WAYS:
        first = pays_from(cohorts, way)
        told = "no k" if first is None else f"from k = {first}"
        lines.append(f"{way} {told}")
    return f"Better than a guarded head beyond chance, at k and every larger k: {'; '.join(lines)}."


if __name__ == "__main__":
    main()
