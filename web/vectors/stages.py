"""What each stage answers."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from athletes import INTENSITY, LABEL, SPEC, Samples, faulty, leaping, light, strange, stretch

from distride.bundle import PersonalHead
from distride.data import Recording, blocks_of
from distride.data.cutting import windows_in
from distride.heads import Head, guarded
from distride.heads.personal import WEIGHT
from distride.runtime import Predictor, Smoother, Smoothing, Student, to_json
from distride.runtime.adapt import labelled
from distride.signals import Resampler, measured_hz

RATES_HZ = ((50.0, 25.0), (25.0, 25.0), (18.0, 25.0), (100.0, 30.0), (1.0, 10.0))
SMOOTHINGS = (Smoothing(), Smoothing(0.0), Smoothing(2.0, 3.0), Smoothing(0.0, 1.5))

Case = dict[str, Any]


def resampled() -> Iterator[Case]:
    """Jittered clocks at several rates, with gaps, lost samples and a clock that steps back."""
    rng = np.random.default_rng(0)
    for source_hz, rate_hz in RATES_HZ:
        count = int(20 * source_hz) + 20
        t = np.arange(count) / source_hz + rng.uniform(-0.3, 0.3, count) / source_hz
        t[count // 2 :] += 3.0
        t[count // 4] = t[count // 4 - 2]
        x = rng.normal(size=(count, len(SPEC.channels))).astype(np.float32)
        x[rng.random(x.shape) < 0.1] = np.nan
        x[count // 3 : count // 2, 2] = np.nan
        resampler = Resampler(SPEC.channels, source_hz, rate_hz)
        frames = [resampler.push(t, x), resampler.flush()]
        yield {
            "source_hz": source_hz,
            "rate_hz": rate_hz,
            **pushes((t, x), rng),
            "frames": np.concatenate(frames),
        }


def of_windows(student: Student, recording: Recording) -> Case:
    """From an athlete's windows to scores: scaled, features, and answers of both bodies."""
    windows = list(windows_in(recording, SPEC))
    x = np.stack([window.samples for window in windows])
    predictor = student.predictor
    prediction = predictor.predict(x)
    features = predictor.features(x)
    return {
        "source_hz": measured_hz(recording.t),
        "start_s": [window.start_s for window in windows],
        "samples": x,
        "scaled": student.bundle.manifest.scaling(x[:4]),
        "features": features,
        "features_int8": Predictor(student.bundle, precision="int8").features(x),
        "scores": {task: head.scores(features) for task, head in predictor.heads.items()},
        "probabilities": dict(prediction.probabilities),
        "familiarity": dict(prediction.familiarity),
        "values": dict(prediction.values),
    }


def smoothed() -> Iterator[Case]:
    """Opinions that waver, made steady."""
    opinions = np.random.default_rng(1).dirichlet(np.ones(4), 40)
    for smoothing in SMOOTHINGS:
        smoother = Smoother(smoothing, SPEC.hop_s)
        told = [smoother.push(one) for one in opinions]
        yield {
            "memory_s": smoothing.memory_s,
            "hold_s": smoothing.hold_s,
            "opinions": opinions,
            "held": [held for held, _ in told],
            "averages": np.stack([average for _, average in told]),
        }


def streamed(student: Student, recording: Recording, own: PersonalHead) -> Iterator[Case]:
    """Events of good and bad signals, with the shared head and the athlete's own."""
    rng = np.random.default_rng(2)
    sessions = {
        "clean": (stretch(recording, (0.0, 60.0)), None),
        "own head": (stretch(recording, (0.0, 60.0)), own),
        "faulty": (faulty(recording), None),
        "strange": (strange(recording), None),
        "leaping": (leaping(recording), None),
        "light": (light(recording), None),
    }
    for name, (samples, head) in sessions.items():
        live = student.stream(head, source_hz=50.0)
        events = [*live.push(*samples), *live.flush()]
        yield {
            "name": name,
            "source_hz": 50.0,
            "own": head is not None,
            **pushes(samples, rng),
            "events": [json.loads(to_json(event)) for event in events],
        }


def pushes(samples: Samples, rng: np.random.Generator) -> Case:
    """Samples, and where to cut them: the answers were found without a cut."""
    t, x = samples
    return {"t": t, "samples": x, "cuts": np.sort(rng.integers(0, len(t), 40)).tolist()}


def told_of(own: PersonalHead) -> Case:
    """All of an athlete's heads."""
    return {
        "athlete": own.athlete,
        "created": own.created,
        "heads": {task: numbers_of(head) for task, head in own.heads.items()},
        "shots": {task: dict(shots) for task, shots in own.shots.items()},
        "scores": {task: dict(scores) for task, scores in own.scores.items()},
        "reasons": dict(own.reasons),
    }


def numbers_of(head: Head) -> Case:
    """What of a head goes to its file."""
    return {
        "labels": head.labels,
        "weight": head.weight,
        "bias": head.bias,
        "temperature": head.temperature,
        "sums": head.sums,
    }


def judged(student: Student, recording: Recording) -> Iterator[Case]:
    """An athlete's windows as they are, exchanged, named anew, by chance, and too few."""
    rng = np.random.default_rng(3)
    known = labelled([recording], SPEC, student.bundle.heads[LABEL])
    features, labels = student.predictor.features(known.x), known.labels
    names = np.unique(labels)
    after = dict(zip(names, np.roll(names, 1), strict=True))
    exchanged = np.array([after[label] for label in labels], object)
    renamed = np.where(labels == names[0], "a move of her own", labels)
    by_chance = labels[rng.permutation(len(labels))]
    some = labels != names[1]
    numbers = labelled([recording], SPEC, student.bundle.heads[INTENSITY])
    values = student.predictor.features(numbers.x)
    cases = [
        (LABEL, features, labels, known.start_s),
        (LABEL, features, exchanged, known.start_s),
        (LABEL, features, renamed, known.start_s),
        (LABEL, features, by_chance, known.start_s),
        (LABEL, features[some], exchanged[some], known.start_s[some]),
        (LABEL, features[:2], labels[:2], known.start_s[:2]),
        (INTENSITY, values, numbers.labels, numbers.start_s),
    ]
    for task, x, truth, start_s in cases:
        recording_of = np.arange(len(truth)) * 2 // len(truth)
        kinds = truth if task == LABEL else np.full(len(truth), "")
        blocks = blocks_of(kinds, recording_of, start_s, SPEC.window_s)
        weights = WEIGHT * rng.uniform(0.1, 1.0, len(truth))
        shared = student.bundle.heads[task]
        verdict = guarded(shared, x, truth, blocks.groups, weights, blocks.near)
        yield {
            "task": task,
            "features": x,
            "labels": truth.tolist(),
            "recording": recording_of.tolist(),
            "start_s": start_s.tolist(),
            "weights": weights.tolist(),
            "groups": blocks.groups.tolist(),
            "live": verdict.live,
            "step": verdict.step,
            "reason": verdict.reason,
            "scores": [verdict.shared_score, verdict.personal_score],
            "head": numbers_of(verdict.head),
        }
