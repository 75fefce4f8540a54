"""The counter's constants as training athletes choose them, and how the one left out is counted.

python benchmarks/rep_constants.py DATA [--out FILE] [--only COHORT…]

Each athlete of `pt_exercises`, `wle_weightlifting` and ten simulated ones is left out in turn. Of
the candidates below, that one is taken with which most sets of all others were counted exactly, in
equal parts by cohort. Simulated athletes of another seed help to choose and are never scored, and
those that are scored help nobody. What is measured is kept in FILE, so that it may be cut at any
moment and goes on.
"""

import argparse
import json
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from reps import Case, fifties, scored, set_counts, simulated, thirties, told

from distride.data import Cohort
from distride.guidance.repeating import Counting
from distride.runs.folder import write_json

HERE = Path(__file__).parent
BY_HAND = replace(Counting(), patience_reps=2.5)  # as it was before anybody chose
CANDIDATES = {
    "by hand": BY_HAND,
    "reversal 0.25": replace(BY_HAND, reversal=0.25),
    "reversal 0.45": replace(BY_HAND, reversal=0.45),
    "alike 0.6": replace(BY_HAND, alike=0.6),
    "factor_in_set 2.5": replace(BY_HAND, factor_in_set=2.5),
    "pause 2 s": replace(BY_HAND, pause_s=2.0),
    "patience 1.5": replace(BY_HAND, patience_reps=1.5),
    "odd 4": replace(BY_HAND, odd=4.0),
    "odd 10": replace(BY_HAND, odd=10.0),
}
HELPS = "simulated, to choose by"  # never scored
ByAthlete = dict[str, list[list[int]]]  # [counted, done] of each set


def main() -> None:
    """Measure what is not there yet, choose, and write all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the cohorts' folders")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "rep_constants.json")
    parser.add_argument("--only", nargs="*", help="of these cohorts")
    given = parser.parse_args()
    kept = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
    counts: dict[str, dict[str, ByAthlete]] = kept.get("counts", {})
    for cohort, cases in cases_of(given.data).items():
        for name, counting in CANDIDATES.items():
            of_cohort = counts.setdefault(cohort, {})
            if name not in of_cohort and cohort in (given.only or (cohort,)):
                of_cohort[name] = counted(cases(), counting)
                write_json(given.out, {"counts": counts})
    whole = {cohort: some for cohort, some in counts.items() if len(some) == len(CANDIDATES)}
    found = {"counts": counts, "nested": nested(whole)}
    write_json(given.out, found)
    print(json.dumps(found["nested"], indent=1))  # noqa: T201


def cases_of(data: Path) -> Mapping[str, Callable[[], Iterator[Case]]]:
    """By cohort, where its cases come from."""
    return {
        HELPS: partial(simulated, seed=2),
        "simulated": simulated,
        "pt_exercises": lambda: thirties(Cohort.open(data / "pt_exercises")),
        "wle_weightlifting": lambda: fifties(Cohort.open(data / "wle_weightlifting")),
    }


def counted(cases: Iterable[Case], counting: Counting) -> ByAthlete:
    """What was counted and done in each set."""
    found: ByAthlete = {}
    for case in cases:
        counts = set_counts(case, told(case.recording, counting=counting))
        done = [[count, one.count] for count, one in zip(counts, case.sets, strict=True)]
        found.setdefault(case.recording.athlete, []).extend(done)
    return found


def nested(counts: Mapping[str, Mapping[str, ByAthlete]]) -> dict[str, Any]:
    """Of each cohort: scores with the constants that the others chose, and which these were."""
    told: dict[str, Any] = {}
    for cohort in counts:
        if cohort == HELPS:
            continue
        athletes = next(iter(counts[cohort].values()))
        chosen = {one: best(counts, cohort, one) for one in athletes}
        pairs = [pair for one in athletes for pair in counts[cohort][chosen[one]][one]]
        usual = [pair for one in athletes for pair in counts[cohort]["by hand"][one]]
        told[cohort] = {
            "athletes": len(athletes),
            "sets": len(pairs),
            "chosen": scored(*np.array(pairs).T),
            "by hand": scored(*np.array(usual).T),
            "choices": dict(Tally(chosen.values())),
        }
    return told


def best(counts: Mapping[str, Mapping[str, ByAthlete]], cohort: str, left_out: str) -> str:
    """The candidate that all other athletes' sets speak for; of equal ones the first."""
    return max(CANDIDATES, key=lambda name: _exact(counts, name, cohort, left_out))


def _exact(
    counts: Mapping[str, Mapping[str, ByAthlete]], name: str, cohort: str, left_out: str
) -> float:
    shares = []
    for other, candidates in counts.items():
        pairs = [
            pair
            for athlete, some in candidates[name].items()
            if (other, athlete) != (cohort, left_out) and other != "simulated"
            for pair in some
        ]
        if pairs:
            shares.append(float(np.mean([count == done for count, done in pairs])))
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
