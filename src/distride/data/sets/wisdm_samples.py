"""How both WISDM sets write a sample: `subject,activity,timestamp,x,y,z;`.

The timestamp counts nanoseconds since the device or the epoch began. Known of the files: several
samples in a line, a comma before the semicolon, numbers that are absent, timestamps of 0.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.errors import DataError

RATE_HZ = 20.0
NANOSECONDS = 1e9
CELLS = 6  # of a sample
LATEST_NS = 2**62  # later ones are damaged and would not fit
DAMAGED = "Left out {} sample(s) of this athlete's file that are damaged or have no timestamp."
REPEATED = "Left out {} sample(s) that repeat a timestamp."


@dataclass(frozen=True)
class Stream:
    """One sensor's samples.

    Attributes:
        label: ``(sample,)`` activities.
        ns: ``(sample,)`` int64 timestamps.
        xyz: ``(sample, 3)`` SI units.
    """

    label: np.ndarray
    ns: np.ndarray
    xyz: np.ndarray

    def of(self, rows: np.ndarray) -> "Stream":
        """Some of its samples."""
        return Stream(self.label[rows], self.ns[rows], self.xyz[rows])

    @property
    def t(self) -> np.ndarray:
        """Seconds from the first sample."""
        return np.asarray((self.ns - self.ns[0]) / NANOSECONDS)


def read_stream(
    lines: Iterable[str], subject: str, activities: Mapping[str, str], file: Path
) -> tuple[Stream, int]:
    """The samples of some lines in their order, and how many were damaged.

    Args:
        lines: Text.
        subject: Whose samples; another's are damaged ones.
        activities: Labels by what the file calls them.
        file: For the error.

    Raises:
        DataError: No sample can be read.
    """
    labels: list[str] = []
    ns, xyz, lost = array("q"), array("d"), 0
    for cells in _cells(lines):
        sample = _sample(cells, subject, activities)
        if sample:
            labels.append(sample[0])
            ns.append(sample[1])
            xyz.extend(sample[2])
        lost += not sample
    if not labels:
        raise DataError(f"'{file}' has no readable sample of subject {subject}: get it again.")
    table = np.frombuffer(xyz, np.float64).reshape(-1, 3)
    return Stream(np.array(labels, object), np.frombuffer(ns, np.int64), table), lost


def _cells(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        for sample in line.split(";"):
            text = sample.strip().rstrip(",")
            if text:
                yield [cell.strip() for cell in text.split(",")]


def _sample(
    cells: list[str], subject: str, activities: Mapping[str, str]
) -> tuple[str, int, list[float]] | None:
    """Activity, timestamp and values; None of a damaged sample."""
    if len(cells) != CELLS or cells[0] != subject or cells[1] not in activities:
        return None
    try:
        ns, xyz = int(cells[2]), [float(cell) for cell in cells[3:]]
    except ValueError:
        return None
    return (activities[cells[1]], ns, xyz) if 0 < ns < LATEST_NS else None
