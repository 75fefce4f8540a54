"""Audit every cohort of a folder and write what was found, a row a kind of finding.

python benchmarks/audit.py FOLDER [--out benchmarks/results/audit.json]
"""

import argparse
import json
import resource
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from distride.data import Cohort
from distride.data.audit import Finding, audit, invalidates

OUT = Path(__file__).parent / "results" / "audit.json"


def main() -> None:
    """One cohort after the other, so that the seconds are those of one process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds cohorts")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    cohorts = [Cohort.open(file.parent) for file in sorted(given.folder.glob("*/meta.json"))]
    found = {"cohorts": [audited(cohort) for cohort in cohorts], "peak_megabytes": peak_megabytes()}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    given.out.write_text(text + "\n", encoding="utf-8")


def audited(cohort: Cohort) -> dict[str, Any]:
    """A cohort's verdict, its kinds of findings and the seconds they took."""
    started = time.perf_counter()
    findings = audit(cohort)
    seconds = time.perf_counter() - started
    kinds = groupby(findings, key=lambda finding: (finding.severity, finding.check))
    return {
        "cohort": cohort.name,
        "athletes": len(cohort.athletes),
        "valid": not invalidates(findings),
        "seconds": round(seconds, 1),
        "findings": [kind(list(alike)) for _, alike in kinds],
    }


def kind(alike: list[Finding]) -> dict[str, Any]:
    """How many findings of one kind, in how many athletes, and the first as an example."""
    first = alike[0]
    return {
        "check": first.check,
        "severity": first.severity,
        "findings": len(alike),
        "athletes": len({name for finding in alike for name in finding.where.athletes}),
        "example": first.to_dict(),
    }


def peak_megabytes() -> int:
    """Most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
