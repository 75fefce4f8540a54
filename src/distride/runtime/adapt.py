"""An athlete's own heads from their labelled recordings, kept only where the guard allows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from distride.bundle import PersonalHead
from distride.data import Recording
from distride.data.cutting import class_in, mean_in, windows_in
from distride.errors import DataError
from distride.heads import GuardVerdict, Head, guarded
from distride.heads.personal import WEIGHT
from distride.runtime.predictor import Predictor
from distride.signals import SignalSpec

VALUES = ""  # the name under which windows of a regression are counted
BLOCKS = 5  # a label's windows are left out by the guard in so many stretches of time


@dataclass(frozen=True)
class Labelled:
    """Windows of one label, or of a known value, each, in the order of time.

    Attributes:
        x: ``(window, channel, time)``, raw.
        labels: ``(window,)`` of str, or float64 in the task's unit.
    """

    x: np.ndarray
    labels: np.ndarray


def personal_head(
    predictor: Predictor,
    recordings: Sequence[Recording],
    created: datetime,
    weight: float = WEIGHT,
) -> PersonalHead:
    """Learn an athlete's heads; a task without labels keeps the shared one.

    Args:
        predictor: The bundle with its shared heads.
        recordings: Of one athlete, labelled under the bundle's names of tasks.
        created: When; goes to the file.
        weight: One window of the athlete counts as so many of training.

    Raises:
        DataError: No recordings, several athletes, or no labelled window in any of them.
    """
    athlete = _only_athlete(recordings)
    spec = predictor.bundle.manifest.spec
    shots: dict[str, dict[str, int]] = {}
    verdicts: dict[str, GuardVerdict] = {}
    for task, head in predictor.bundle.heads.items():
        windows = labelled(recordings, spec, head)
        if len(windows.labels):
            kinds = windows.labels if head.labels else np.full(len(windows.labels), VALUES)
            features, groups = predictor.features(windows.x), blocks(kinds)
            shots[task] = dict(Counter(kinds.tolist()))
            verdicts[task] = guarded(head, features, windows.labels, groups, weight)
    if not verdicts:
        raise DataError(
            f"The recordings of '{athlete}' hold no window of one label, or of a known value, of "
            f"{list(predictor.bundle.heads)}: label at least {spec.window_s:g} s of each movement."
        )
    return PersonalHead(
        athlete=athlete,
        body_sha256=predictor.bundle.body_sha256,
        created=created.isoformat(timespec="seconds"),
        heads={task: verdict.head for task, verdict in verdicts.items() if verdict.live},
        shots=shots,
        scores={
            task: {"shared_score": one.shared_score, "personal_score": one.personal_score}
            for task, one in verdicts.items()
        },
        reasons={task: verdict.reason for task, verdict in verdicts.items()},
    )


def labelled(recordings: Sequence[Recording], spec: SignalSpec, head: Head) -> Labelled:
    """Windows of which one label covers nearly all, or whose mean value is known."""
    windows: list[np.ndarray] = []
    truths: list[str | float] = []
    for recording in recordings:
        for window in windows_in(recording, spec):
            span_s = (window.start_s, window.start_s + spec.window_s)
            truth = _truth(recording, head, span_s)
            if truth is not None:
                windows.append(window.samples)
                truths.append(truth)
    shape = (-1, len(spec.channels), spec.window_samples)
    labels = np.array(truths, object if head.labels else np.float64)
    return Labelled(np.array(windows, np.float32).reshape(shape), labels)


def _truth(recording: Recording, head: Head, span_s: tuple[float, float]) -> str | float | None:
    if head.labels:
        return class_in(recording, head.task, span_s) or None
    if head.task not in recording.channels:
        return None
    value = mean_in(recording, head.task, span_s)
    return value if np.isfinite(value) else None


def blocks(labels: np.ndarray) -> np.ndarray:
    """Numbers ``(window,)`` of stretches of time within each label.

    Neighbouring windows overlap, so to judge one by a head that saw its neighbour would flatter.

    >>> blocks(np.array(["a", "a", "b", "a"])).tolist()
    [0, 1, 3, 2]
    """
    numbers = np.empty(len(labels), int)
    first = 0
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        count = min(len(rows), BLOCKS)
        numbers[rows] = first + np.arange(len(rows)) * count // len(rows)
        first += count
    return numbers


def _only_athlete(recordings: Sequence[Recording]) -> str:
    athletes = sorted({recording.athlete for recording in recordings})
    if len(athletes) != 1:
        raise DataError(f"The recordings are of {athletes}: exactly one athlete is needed.")
    return athletes[0]
