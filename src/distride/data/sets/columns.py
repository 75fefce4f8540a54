"""A recording's columns from a table's numbers."""

import re
from collections.abc import Mapping
from functools import cache

import numpy as np


def channel(values: np.ndarray) -> np.ndarray:
    """Float32; what is no finite number becomes NaN."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32)
    return np.where(np.isfinite(narrow), narrow, np.float32(np.nan))


def triad(stem: str, values: np.ndarray, scale: float = 1.0) -> dict[str, np.ndarray]:
    """The channels x, y and z of one sensor.

    Args:
        stem: `<placement>_<sensor>`.
        values: ``(time, 3)`` in the unit of the file.
        scale: From there to SI.
    """
    return {f"{stem}_{axis}": channel(values[:, i] * scale) for i, axis in enumerate("xyz")}


def triads(
    values: np.ndarray, first: Mapping[str, int], scale: float = 1.0
) -> dict[str, np.ndarray]:
    """The channels of several sensors.

    Args:
        values: ``(time, column)`` in the unit of the file.
        first: The column of each sensor's x by `<placement>_<sensor>`; y and z come after it.
        scale: From the file's unit to SI.
    """
    stems = [triad(stem, values[:, x : x + 3], scale) for stem, x in first.items()]
    return {name: one for channels in stems for name, one in channels.items()}


def named(numbers: np.ndarray, names: Mapping[int, str]) -> tuple[np.ndarray, int]:
    """Labels ``(time,)`` of activity numbers, and how many samples have one without a name.

    >>> labels, unknown = named(np.array([1.0, 0.0, 7.0]), {0: "", 1: "walking"})
    >>> labels.tolist(), unknown
    (['walking', '', ''], 1)
    """
    labels = np.full(len(numbers), "", object)
    known = np.zeros(len(numbers), bool)
    for number, name in names.items():
        rows = numbers == number
        labels[rows] = name
        known |= rows
    return labels, int((~known).sum())


@cache
def snake_case(name: str) -> str:
    """A label as cohorts write it.

    >>> snake_case("RopeSkipping"), snake_case("WALKING_UPSTAIRS")
    ('rope_skipping', 'walking_upstairs')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip()).lower()


def rising(t: np.ndarray) -> np.ndarray:
    """Which samples ``(time,)`` come after all those before them.

    >>> rising(np.array([0.0, 0.1, 0.1, np.nan, 0.05, 0.2])).tolist()
    [True, True, False, False, False, True]
    """
    known = np.where(np.isfinite(t), t, -np.inf)
    highest = np.maximum.accumulate(np.concatenate([[-np.inf], known]))
    return np.asarray(known > highest[:-1])
