"""Columns that count rows, windows or seconds: they name the recording, and with it the class."""

from collections.abc import Iterator, Mapping

import numpy as np

from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Where
from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.signals import HEART_RATE, sensor_of

FEWEST_VALUES = 20  # fewer are a class, a level or a rating
OFTEN = 0.9  # of the athletes
SENSORS = ("acc", "gyr", "mag", HEART_RATE)

Kinds = dict[str, str]


def _summarise(cohort: Cohort, recordings: list[Recording]) -> Kinds:
    """By column: `name` (each value in one stretch only), `clock` (never turns), or nothing."""
    columns = dict.fromkeys(name for one in recordings for name in one.channels)
    return {
        name: _kind([one.channels[name] for one in recordings if name in one.channels])
        for name in columns
        if sensor_of(name) not in SENSORS
    }


def _judge(cohort: Cohort, kinds: Mapping[str, Kinds]) -> Iterator[Finding]:
    for column in dict.fromkeys(name for own in kinds.values() for name in own):
        held = [own[column] for own in kinds.values() if own.get(column)]
        named, counts = (sum(kind in wanted for kind in held) for wanted in ("name", "clock name"))
        if held and named >= OFTEN * len(held):
            yield _finding(column, named, len(held), names=True)
        elif held and counts >= OFTEN * len(held):
            yield _finding(column, counts, len(held), names=False)


COUNTERS = Check(_summarise, _judge)


def _kind(parts: list[np.ndarray]) -> str:
    """What a column is in one athlete; `sensor` where it goes up and down."""
    parts = [values[np.isfinite(values)] for values in parts]
    values = np.concatenate([*parts, np.empty(0, np.float32)])
    distinct = len(np.unique(values))
    if distinct == 0:
        return ""
    steps = [np.diff(part) for part in parts]
    one_way = all((step >= 0).all() for step in steps) or all((step <= 0).all() for step in steps)
    runs = sum(
        1 + int((step != 0).sum()) for step, part in zip(steps, parts, strict=True) if len(part)
    )
    whole = bool((values == np.round(values)).all())
    if distinct < FEWEST_VALUES:
        return "sensor"
    if whole and runs == distinct and (len(parts) > 1 or not one_way):
        return "name"
    return "clock" if one_way else "sensor"


def _finding(column: str, athletes: int, held: int, names: bool) -> Finding:
    told = (
        "each of its whole numbers comes in one stretch of one recording only"
        if names
        else "it never turns within a recording"
    )
    meaning = "counts rows or windows, and names the recording" if names else "is a clock"
    return Finding(
        "counter-column",
        "invalidates" if names else "warning",
        f"'{column}' {meaning}: {told}",
        f"Keep '{column}' out of the channels, or remove the column",
        Where(columns=(column,)),
        round(athletes / held, 2),
        f"so in {athletes} of {held} athletes who have it",
    )
