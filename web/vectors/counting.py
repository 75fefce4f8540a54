"""Sets and repetitions of simulated athletes, what Python counts of them, and what it learns."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from distride.data import Recording
from distride.data.simulate import simulate_cohort
from distride.guidance import SetCounter, Template, exercises
from distride.runtime import State, to_json
from distride.signals import measured_hz, sensor_of

Case = dict[str, Any]

LENGTH_S, PAUSE_AT_S, PAUSE_S = 150.0, 100.0, 8.0
SET_BACK_AT_S = 60.0
STATE_EVERY_S = 0.5
SHORT_REST_S = 5.0
MISCOUNTS = range(-3, 4)  # of the last set
NAMES = (
    *("walking_parking_lot", "walking_lunge", "lying_back", "squat", "running_8_kmh", "null", ""),
    *("Bankdrücken", "深蹲", "42", "climbing_stairs", "step_up", "turn", "rowing_fast", "a ² b"),
)


def counted() -> Iterator[Case]:
    """Whatever repeats, with rests and without long ones, and movements that states name."""
    recording = next(iter(simulate_cohort(1, 5)))
    yield _case("whatever repeats", recording, ())
    yield _case("sets soon after each other", _hurried(recording), ())
    yield _case("a clock that is set back", recording, (), back_s=40.0)
    named = next(one for one in recording.labels["label"].astype(str) if one)
    case = _case("one movement", recording, (named,))
    yield case
    learnt = [one["template"] for one in case["corrections"] if one["template"]]
    yield _case("with what a correction taught", recording, (named,), learnt[:1])
    known = tuple(sorted(set(recording.labels["label"].astype(str)) - {""}))
    yield _case("names that waver", _wavering(recording, known), known)


def exercised() -> Case:
    """Which movements are exercises, by their names."""
    return {"names": list(NAMES), "exercises": list(exercises(NAMES))}


def _case(
    name: str,
    recording: Recording,
    movements: tuple[str, ...],
    own: Sequence[Case] = (),
    back_s: float = 0.0,
) -> Case:
    channels = tuple(one for one in recording.channels if sensor_of(one) in ("acc", "gyr"))
    rows = recording.t < LENGTH_S
    t = recording.t[rows] + PAUSE_S * (recording.t[rows] > PAUSE_AT_S)
    t -= back_s * (recording.t[rows] > SET_BACK_AT_S)
    samples = recording.samples(channels)[rows].astype(np.float32).round(3)
    states = list(_states(t, recording.labels["label"][rows].astype(str))) if movements else []
    templates = {one["movement"]: Template(**one) for one in own}
    counter = SetCounter(channels, measured_hz(t), movements, templates)
    told = [*counter.push(t, samples, states), *counter.close()]
    return {
        "name": name,
        "channels": list(channels),
        "source_hz": measured_hz(t),
        "movements": list(movements),
        "t": t,
        "samples": samples,
        "cuts": np.linspace(0, len(t), 40).astype(int)[1:-1].tolist(),
        "states": [json.loads(to_json(state)) for state in states],
        "told": [json.loads(to_json(event)) for event in told],
        "own": list(own),
        "corrections": list(_corrections(counter, told[-1].repetitions)),
    }


def _corrections(counter: SetCounter, repetitions: int) -> Iterator[Case]:
    """What the athlete's own counts of the last set teach."""
    for miscount in MISCOUNTS:
        given = repetitions + miscount
        template = counter.corrected(given)
        yield {"repetitions": given, "template": template and asdict(template)}


def _hurried(recording: Recording) -> Recording:
    """The same with less of each rest."""
    is_rest = recording.labels["label"].astype(str) == ""
    begins = np.maximum.accumulate(np.where(is_rest, -np.inf, recording.t))
    rows = ~is_rest | (recording.t - begins <= SHORT_REST_S)
    t = np.arange(rows.sum()) / measured_hz(recording.t)
    columns, labels = (
        {name: values[rows] for name, values in some.items()}
        for some in (recording.channels, recording.labels)
    )
    return Recording(recording.athlete, recording.name, t, columns, labels)


def _wavering(recording: Recording, known: tuple[str, ...]) -> Recording:
    """The same with labels that are another's for one second in five, and then none for two."""
    labels, second = recording.labels["label"].astype(str), recording.t.astype(int) % 5
    others = np.array(known)[(recording.t // 5).astype(int) % len(known)]
    wavering = np.where(second == 0, others, np.where(second < 3, "", labels))
    said = {"label": np.where(labels == "", "", wavering)}
    return replace(recording, labels=said)


def _states(t: np.ndarray, labels: np.ndarray) -> Iterator[State]:
    for now_s in np.arange(t[0] + 3.0, t[-1], STATE_EVERY_S):
        movement = str(labels[np.searchsorted(t, now_s - 1.5)])
        yield State(float(now_s), "label", movement, 0.9, not movement)
