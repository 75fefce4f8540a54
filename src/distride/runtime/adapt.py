"""An athlete's own heads from their labelled recordings, kept only where the guard allows it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from distride.bundle import PersonalHead
from distride.data import Recording, blocks_of
from distride.data.cutting import PURITY, commonest_in, mean_in, windows_in
from distride.errors import DataError
from distride.heads import Calibration, GuardVerdict, Head
from distride.heads.personal import WEIGHT
from distride.runtime.checks import usable
from distride.runtime.predictor import Predictor
from distride.signals import SignalSpec, heard_shares

VALUES = ""  # the name under which windows of a regression are counted
WORST = 0.05  # no labelled window is worth less


@dataclass(frozen=True)
class Labelled:
    """Windows of one label, or of a known value, each, in the order of time.

    Attributes:
        x: ``(window, channel, time)``, raw.
        labels: ``(window,)`` of str, or float64 in the task's unit.
        recording: ``(window,)`` number of the recording.
        start_s: ``(window,)`` on its recording's clock.
        quality: ``(window,)``, above 0 to 1: the share of its samples that bear the label, times
            the share of its time that was measured, times its channels that are there as a share
            of the most that any of these windows has.
    """

    x: np.ndarray
    labels: np.ndarray
    recording: np.ndarray
    start_s: np.ndarray
    quality: np.ndarray


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
        weight: Of a window of the athlete without fault, as in `heads.personalize`.

    Raises:
        DataError: No recordings, several athletes, no channel of the bundle, samples that are too
            slow, the same samples under other labels, or no labelled window in any of them.
    """
    athlete = _only_athlete(recordings)
    spec = predictor.bundle.manifest.spec
    recordings = usable(recordings, spec)
    shots: dict[str, dict[str, int]] = {}
    verdicts: dict[str, GuardVerdict] = {}
    for task, head in predictor.bundle.heads.items():
        windows = labelled(recordings, spec, head)
        if len(windows.labels):
            kinds = windows.labels if head.labels else np.full(len(windows.labels), VALUES)
            shots[task] = dict(Counter(kinds.tolist()))
            verdicts[task] = judged(predictor, head, windows, weight)
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


def fingerprint(predictor: Predictor, recordings: Sequence[Recording]) -> str:
    """SHA-256 of the windows and labels from which a calibration on these recordings learns."""
    digest = hashlib.sha256()
    for task, head in predictor.bundle.heads.items():
        windows = labelled(recordings, predictor.bundle.manifest.spec, head)
        digest.update(json.dumps([task, windows.labels.tolist()]).encode())
        digest.update(windows.x.tobytes())
    return digest.hexdigest()


def judged(predictor: Predictor, head: Head, windows: Labelled, weight: float) -> GuardVerdict:
    """An athlete's own head for one task, or the shared one where the guard says so."""
    kinds = windows.labels if head.labels else np.full(len(windows.labels), VALUES)
    window_s = predictor.bundle.manifest.spec.window_s
    blocks = blocks_of(kinds, windows.recording, windows.start_s, window_s)
    features, weights = predictor.features(windows.x), weight * windows.quality
    own = Calibration(features, windows.labels, blocks.groups, weights, blocks.near)
    return predictor.guards[head.task](own)


def labelled(recordings: Sequence[Recording], spec: SignalSpec, head: Head) -> Labelled:
    """Windows of which one label covers nearly all, or whose mean value is known."""
    windows: list[np.ndarray] = []
    truths: list[str | float] = []
    numbers: list[int] = []
    starts_s: list[float] = []
    shares: list[float] = []
    for number, recording in enumerate(recordings):
        for window in windows_in(recording, spec):
            span_s = (window.start_s, window.start_s + spec.window_s)
            truth, share = _truth(recording, head, span_s)
            if truth is not None:
                windows.append(window.samples)
                truths.append(truth)
                numbers.append(number)
                starts_s.append(window.start_s)
                shares.append(share)
    shape = (-1, len(spec.channels), spec.window_samples)
    x = np.array(windows, np.float32).reshape(shape)
    labels = np.array(truths, object if head.labels else np.float64)
    recording_of, start_s = np.array(numbers, int), np.array(starts_s)
    quality = np.array(shares) * _there(x) * _heard(recordings, recording_of, start_s, spec)
    return Labelled(x, labels, recording_of, start_s, np.maximum(quality, WORST))


def _truth(
    recording: Recording, head: Head, span_s: tuple[float, float]
) -> tuple[str | float | None, float]:
    """What a stretch of time shows, and the share of it that does."""
    if head.labels:
        name, share = commonest_in(recording, head.task, span_s)
        return (name or None) if share >= PURITY else None, share
    if head.task not in recording.channels:
        return None, 0.0
    value = mean_in(recording, head.task, span_s)
    return value if np.isfinite(value) else None, 1.0


def _there(x: np.ndarray) -> np.ndarray:
    """``(window,)``: channels with a signal, as a share of the most that any window has."""
    count = np.isfinite(x).any(axis=2).sum(axis=1)
    return np.asarray(count / max(1, count.max(initial=0)))


def _heard(
    recordings: Sequence[Recording], number: np.ndarray, start_s: np.ndarray, spec: SignalSpec
) -> np.ndarray:
    """``(window,)``: the share of its time that was measured."""
    shares = np.ones(len(number))
    for one in np.unique(number):
        samples = recordings[one].samples(spec.channels)
        rows = number == one
        shares[rows] = heard_shares(recordings[one].t, samples, start_s[rows], spec)
    return shares


def _only_athlete(recordings: Sequence[Recording]) -> str:
    athletes = sorted({recording.athlete for recording in recordings})
    if len(athletes) != 1:
        raise DataError(f"The recordings are of {athletes}: exactly one athlete is needed.")
    return athletes[0]
