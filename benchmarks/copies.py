"""Put changed copies of real recordings into other athletes, and count how many the audit finds.

python benchmarks/copies.py FOLDER [--out benchmarks/results/copies.json]
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from distride.data import Cohort, Recording
from distride.data.audit.shared import SHARED

OUT = Path(__file__).parent / "results" / "copies.json"
ATHLETES = 6  # of each set: enough to be told apart, few enough to be quick
TRIALS = 12
LATER_S = 99.0
SHARES = {"almost all": 0.95, "half": 0.5, "a sixth": 1 / 6}


@dataclass(frozen=True)
class Held(Cohort):
    """A cohort with its recordings in memory."""

    recordings: Mapping[str, list[Recording]]

    @classmethod
    def of(cls, cohort: Cohort, recordings: Mapping[str, list[Recording]]) -> "Held":
        """The cohort with these in place of its own."""
        return cls(cohort.path, cohort.meta, tuple(recordings), recordings)

    def read(self, athlete: str) -> list[Recording]:
        """One athlete's."""
        return self.recordings[athlete]


def main() -> None:
    """Every cohort of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds cohorts")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    cohorts = [Cohort.open(file.parent) for file in sorted(given.folder.glob("*/meta.json"))]
    rows = [counted(cohort) for cohort in cohorts]
    text = json.dumps({"trials": TRIALS, "cohorts": rows}, indent=1)
    given.out.write_text(text + "\n", encoding="utf-8")


def counted(cohort: Cohort) -> dict[str, Any]:
    """Copies found of each kind, out of `TRIALS`."""
    own_by_athlete = {athlete: cohort.read(athlete) for athlete in cohort.athletes[:ATHLETES]}
    held = Held.of(cohort, own_by_athlete)
    sketches = {name: SHARED.summarise(held, own) for name, own in held.recordings.items()}
    rows = [len(one.t) for own in held.recordings.values() for one in own]
    found = {}
    for kind, share in SHARES.items():
        for rounded in (False, True):
            rng = np.random.default_rng(0)
            hits = sum(is_found(held, sketches, share, rounded, rng) for _ in range(TRIALS))
            found[f"{kind}, {'rounded' if rounded else 'scaled'}"] = hits
    return {"cohort": cohort.name, "median_rows": int(np.median(rows)), "found": found}


def is_found(
    held: Held, sketches: Mapping[str, Any], share: float, rounded: bool, rng: np.random.Generator
) -> bool:
    """One recording goes to another athlete: is exactly that told?"""
    owner, thief = rng.choice(held.athletes, 2, replace=False)
    own = held.read(owner)
    source = own[rng.integers(len(own))]
    theirs = [*held.read(thief), copied(source, thief, share, rounded, rng)]
    richer = Held.of(held, {**held.recordings, thief: theirs})
    findings = SHARED.judge(richer, {**sketches, thief: SHARED.summarise(richer, theirs)})
    wanted = {f"{owner}/{source.name}", f"{thief}/copy"}
    return any(wanted <= set(finding.where.recordings) for finding in findings)


def copied(
    source: Recording, thief: str, share: float, rounded: bool, rng: np.random.Generator
) -> Recording:
    """A part, later; to two decimals, or with another scale, offset and perhaps sign."""
    count = int(share * len(source.t))
    start = rng.integers(len(source.t) - count + 1)
    rows = slice(start, start + count)
    scale, offset = rng.uniform(0.2, 3.0) * rng.choice([-1, 1]), rng.normal(0, 5)
    channels = {
        name: (np.round(values[rows], 2) if rounded else values[rows] * scale + offset).astype(
            np.float32
        )
        for name, values in source.channels.items()
    }
    return Recording(thief, "copy", source.t[rows] + LATER_S, channels)


if __name__ == "__main__":
    main()
