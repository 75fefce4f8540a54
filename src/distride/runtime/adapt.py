"""An athlete's own heads from their labelled recordings, kept only where the guard allows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from distride.bundle import PersonalHead
from distride.data import Recording
from distride.errors import DataError
from distride.heads import GuardVerdict, guarded
from distride.heads.personal import WEIGHT
from distride.runtime.predictor import Predictor
from distride.signals import SignalSpec, Windower

PURITY = 0.9  # share of a window's samples that one label must have
BLOCKS = 5  # a label's windows are left out by the guard in so many stretches of time


@dataclass(frozen=True)
class Labelled:
    """Windows of one label each, in the order of time.

    Attributes:
        x: ``(window, channel, time)``, raw.
        labels: ``(window,)`` of str.
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
        windows = labelled(recordings, spec, task)
        if head.labels and len(windows.labels):
            features, groups = predictor.features(windows.x), blocks(windows.labels)
            shots[task] = dict(Counter(windows.labels.tolist()))
            verdicts[task] = guarded(head, features, windows.labels, groups, weight)
    if not verdicts:
        raise DataError(
            f"The recordings of '{athlete}' hold no window of one label of "
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


def labelled(recordings: Sequence[Recording], spec: SignalSpec, task: str) -> Labelled:
    """Windows of which one label covers nearly all."""
    windows: list[np.ndarray] = []
    names: list[str] = []
    for recording in recordings:
        windower = Windower(spec, typical_hz(recording.t))
        for window in windower.push(recording.t, recording.samples(spec.channels)):
            name = _label(recording, task, window.start_s, window.start_s + spec.window_s)
            if name:
                windows.append(window.samples)
                names.append(name)
    shape = (-1, len(spec.channels), spec.window_samples)
    return Labelled(np.array(windows, np.float32).reshape(shape), np.array(names, dtype=object))


def typical_hz(t: np.ndarray) -> float:
    """Rate of a clock that may have gaps.

    >>> typical_hz(np.array([0.0, 0.1, 0.2, 9.0]))
    10.0
    """
    steps = np.diff(t)
    return float(1 / np.median(steps[steps > 0])) if (steps > 0).any() else 1.0


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


def _label(recording: Recording, task: str, start_s: float, end_s: float) -> str:
    """The label of nearly all samples of a stretch of time; empty if there is none."""
    if task not in recording.labels:
        return ""
    inside = slice(*np.searchsorted(recording.t, [start_s, end_s]))
    names = recording.labels[task][inside].tolist()
    name, count = Counter(names).most_common(1)[0] if names else ("", 0)
    return str(name) if count >= PURITY * len(names) else ""


def _only_athlete(recordings: Sequence[Recording]) -> str:
    athletes = sorted({recording.athlete for recording in recordings})
    if len(athletes) != 1:
        raise DataError(f"The recordings are of {athletes}: exactly one athlete is needed.")
    return athletes[0]
