"""Columns and clocks that name the class: a model would read them instead of the movement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from distride.data.athlete_file import CLOCK
from distride.data.audit.check import Check
from distride.data.audit.finding import Finding, Severity, Where, listed
from distride.data.audit.samples import BLOCK_S, STEP, Samples, gathered, samples_of
from distride.data.audit.telling import told_classes
from distride.data.cohort import Cohort
from distride.data.recording import MOTION_SENSORS, Recording
from distride.signals import HEART_RATE, sensor_of

NAMES = 0.9  # F1 of one class on unseen athletes that one number reaches only if it is a name
AHEAD = 0.1  # of the best acc or gyr column, which may tell a posture all by itself, unless it is
CERTAIN = 0.99
ORDER = 0.75  # the same of the clock: the classes come in the same order, or last as long
TOO_GOOD = 0.95  # of one acceleration or turning rate, for the worst of three classes or more
ALWAYS = 0.98  # of a class's blocks
CONSTANT = 1e-5  # of a column's range: rounding
EFFORT = (HEART_RATE, "speed", "cadence", "power", "altitude")  # they go with what is done


@dataclass(frozen=True)
class Told:
    """What one column tells of one task.

    Attributes:
        column: Its name.
        f1: ``(class,)`` on unseen athletes, by means or by deviations.
        mean_f1: The same by means alone.
        there: ``(class,)`` share of blocks in which the column is known.
        constant: Whether each class has one value, the same in all athletes, and not all the same.
    """

    column: str
    f1: np.ndarray
    mean_f1: np.ndarray
    there: np.ndarray
    constant: bool


def _judge(cohort: Cohort, samples: Mapping[str, Samples]) -> Iterator[Finding]:
    every = gathered(samples)
    for task, texts in every.labels.items():
        names = _common(texts, every.athlete)
        if len(names) >= 2:
            rows = np.isin(texts, names)
            classes = np.searchsorted(names, texts[rows])
            told = [
                _told(every, column, rows, classes)
                for column in range(len(every.columns))
                if np.isfinite(every.mean[rows, column]).any()
            ]
            yield from _values(task, names, told)
            yield from _absences(task, names, told)


def _summarise(cohort: Cohort, recordings: list[Recording]) -> Samples:
    return samples_of(recordings)


NAMING = Check(_summarise, _judge)


def _common(texts: np.ndarray, athlete: np.ndarray) -> np.ndarray:
    """Classes of at least two athletes: of others no unseen athlete has any."""
    names = np.unique(texts[texts != ""])
    kept = [name for name in names if len(np.unique(athlete[texts == name])) > 1]
    return np.array(kept, dtype=texts.dtype)


def _told(every: Samples, column: int, rows: np.ndarray, classes: np.ndarray) -> Told:
    mean, deviation = every.mean[rows, column], every.deviation[rows, column]
    athlete = every.athlete[rows]
    count, by_mean = np.bincount(classes), told_classes(mean, classes, athlete)
    return Told(
        every.columns[column],
        np.maximum(by_mean, told_classes(deviation, classes, athlete)),
        by_mean,
        np.bincount(classes, np.isfinite(mean)) / count,
        _constant(mean, deviation, classes),
    )


def _constant(mean: np.ndarray, deviation: np.ndarray, classes: np.ndarray) -> bool:
    low = np.array([mean[classes == one].min() for one in np.unique(classes)])
    high = np.array([mean[classes == one].max() for one in np.unique(classes)])
    apart = CONSTANT * (high.max() - low.min())
    return bool(apart > 0 and (high - low <= apart).all() and deviation.max() <= apart)


def _values(task: str, names: np.ndarray, told: list[Told]) -> Iterator[Finding]:
    moving = [one for one in told if sensor_of(one.column) in MOTION_SENSORS]
    best = np.max([one.f1 for one in moving], axis=0) if moving else np.zeros(len(names))
    for one in told:
        named = (one.f1 >= NAMES) & (one.f1 >= np.minimum(best + AHEAD, CERTAIN))
        if one.constant:
            yield _named(task, names, one, "invalidates", "one value a class, the same in everyone")
        elif one.column in (CLOCK, STEP):
            if one.f1.max() >= (ORDER if one.column == CLOCK else NAMES):
                yield _clock(task, names, one)
        elif one in moving:
            if len(names) > 2 and one.mean_f1.min() >= TOO_GOOD:
                yield _named(task, names, one, "warning", "too good for one axis")
        elif named.any():
            severity: Severity = "warning" if one.column.startswith(EFFORT) else "invalidates"
            basis = f"the best acc or gyr column reaches {best[named].max():.2f} there"
            yield _named(task, names[named], one, severity, basis)


def _named(task: str, names: np.ndarray, one: Told, severity: Severity, basis: str) -> Finding:
    return Finding(
        "column-names-class",
        severity,
        f"'{one.column}' alone tells {listed(tuple(names))} of '{task}' in athletes it was not "
        f"learnt from (F1 up to {one.f1.max():.2f})",
        f"Keep '{one.column}' out of the channels when you learn '{task}', or remove the column",
        Where(columns=(one.column,)),
        1.0 if one.constant else round(float(one.f1.max()), 2),
        f"means and deviations over {BLOCK_S:g} s, athletes held out in turn; {basis}",
    )


def _clock(task: str, names: np.ndarray, one: Told) -> Finding:
    best = str(names[one.f1.argmax()])
    if one.column == CLOCK:
        seen = (
            f"the time since the recording's start alone tells '{best}' of '{task}': classes come "
            "in the same order, or their recordings are longer or shorter than others"
        )
        todo = "Never feed the time; warming up, fatigue and drift go with the class: say so"
    else:
        seen = f"the sampling rate alone tells '{best}' of '{task}'"
        todo = "Resample all recordings to the lowest of the rates before you compare models"
    return Finding(
        "clock-names-class",
        "warning",
        f"{seen} (F1 {one.f1.max():.2f})",
        todo,
        Where(columns=(CLOCK,)),
        round(float(one.f1.max()), 2),
        f"means over {BLOCK_S:g} s, athletes held out in turn",
    )


def _absences(task: str, names: np.ndarray, told: list[Told]) -> Iterator[Finding]:
    """Columns that are always there in some classes and never in the others, alike ones at once."""
    groups: dict[bytes, list[Told]] = {}
    for one in told:
        clear = (one.there >= ALWAYS) | (one.there <= 1 - ALWAYS)
        both = (one.there >= ALWAYS).any() and (one.there <= 1 - ALWAYS).any()
        if clear.all() and both and one.column not in (CLOCK, STEP) and one.f1.max() < NAMES:
            groups.setdefault((one.there >= ALWAYS).tobytes(), []).append(one)
    for alike in groups.values():
        columns = tuple(one.column for one in alike)
        missing = names[alike[0].there <= 1 - ALWAYS]
        yield Finding(
            "absence-names-class",
            "warning",
            f"{listed(columns)} of the columns are never there in {listed(tuple(missing))} of "
            f"'{task}', and always in the other classes",
            "Learn the two groups of classes apart, or from the columns that both have",
            Where(columns=columns),
        )
