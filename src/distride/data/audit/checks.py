"""The audit: every check sees every athlete once, one after the other."""

from pathlib import Path
from typing import Any

from distride.data.audit.check import Check
from distride.data.audit.classes import CLASSES
from distride.data.audit.clock import CLOCKS
from distride.data.audit.counters import COUNTERS
from distride.data.audit.emptiness import EMPTINESS
from distride.data.audit.finding import KINDS, SEVERITIES, Finding, Where
from distride.data.audit.frozen import FROZEN
from distride.data.audit.gravity import GRAVITY
from distride.data.audit.naming import NAMING
from distride.data.audit.repeats import REPEATS
from distride.data.audit.saturation import SATURATION
from distride.data.audit.shared import SHARED
from distride.data.audit.values import IMPOSSIBLE
from distride.data.cohort import Cohort
from distride.data.progress import Progress, silent
from distride.data.recording import Recording
from distride.errors import DataError

CHECKS: tuple[Check[Any], ...] = (
    SHARED,
    REPEATS,
    NAMING,
    COUNTERS,
    CLASSES,
    EMPTINESS,
    IMPOSSIBLE,
    GRAVITY,
    SATURATION,
    FROZEN,
    CLOCKS,
)


def audit(cohort: Cohort | str | Path, told: Progress = silent) -> tuple[Finding, ...]:
    """What a reader of results on this cohort must know, the gravest first.

    One athlete is in memory at a time, beside summaries that do not grow with the recordings.

    Args:
        cohort: Its recordings are read once, and those of likely copies once more.
        told: Hears of the progress, an athlete at a time.

    Raises:
        DataError: There is no such cohort.
    """
    cohort = Cohort.open(cohort)
    summaries: list[dict[str, Any]] = [{} for _ in CHECKS]
    findings: list[Finding] = []
    for number, athlete in enumerate(cohort.athletes):
        try:
            recordings = _read(cohort, athlete)
        except DataError as error:
            findings.append(_unreadable(athlete, error))
        else:
            for check, summary in zip(CHECKS, summaries, strict=True):
                summary[athlete] = check.summarise(cohort, recordings)
        told("audit", number + 1, len(cohort.athletes))
    for check, summary in zip(CHECKS, summaries, strict=True):
        if summary:
            findings += check.judge(cohort, summary)
    return tuple(sorted(findings, key=_rank))


def invalidates(findings: tuple[Finding, ...]) -> bool:
    """Whether an evaluation on the cohort would be wrong."""
    return any(finding.severity == "invalidates" for finding in findings)


def _rank(finding: Finding) -> tuple[int, int]:
    return SEVERITIES.index(finding.severity), KINDS.index(finding.check)


def _read(cohort: Cohort, athlete: str) -> list[Recording]:
    recordings = cohort.read(athlete)
    if not any(len(recording.t) for recording in recordings):
        raise DataError("The file has no row.")
    return recordings


def _unreadable(athlete: str, error: DataError) -> Finding:
    return Finding(
        "unreadable",
        "invalidates",
        f"cannot be read: {error}",
        "Import the athlete anew, or remove the file: training stops at it",
        Where((athlete,)),
        basis="tried",
    )
