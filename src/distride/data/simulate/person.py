"""One simulated person: build, tempo, wrist, habits of movement, heart."""

from dataclasses import dataclass

import numpy as np

AXES = 3  # turns of the forearm about x, y and z


@dataclass(frozen=True)
class Movement:
    """What everybody's repetition has in common; angles of the forearm over one period.

    Attributes:
        name: Of the movement.
        seconds: Of one repetition.
        posture: Mean angles about x, y, z, radians.
        swing: ``(axis, harmonic)`` amplitudes, radians.
        lift_m: Height by which the wrist travels up and down.
        effort: Share of the heart-rate reserve it asks for.
    """

    name: str
    seconds: float
    posture: tuple[float, float, float]
    swing: tuple[tuple[float, float], ...]
    lift_m: float
    effort: float


# Some are alike on purpose: curl and row, press and jumping jack, squat and lunge.
MOVEMENTS = (
    Movement("curl", 2.4, (0.1, 0.2, 0.0), ((0.15, 0.0), (0.95, 0.1), (0.1, 0.0)), 0.15, 0.35),
    Movement("row", 2.1, (0.3, 0.3, 0.1), ((0.20, 0.0), (0.75, 0.15), (0.2, 0.0)), 0.18, 0.5),
    Movement("press", 2.5, (0.2, 1.1, 0.0), ((0.15, 0.0), (0.40, 0.1), (0.15, 0.0)), 0.35, 0.5),
    Movement("jumping_jack", 1.2, (0.2, 0.9, 0.2), ((0.5, 0.1), (0.6, 0.1), (0.4, 0.0)), 0.3, 0.8),
    Movement("squat", 2.8, (0.0, 0.7, 0.1), ((0.1, 0.0), (0.2, 0.05), (0.05, 0.0)), 0.30, 0.6),
    Movement("lunge", 2.9, (0.0, 0.6, 0.1), ((0.15, 0.05), (0.2, 0.1), (0.1, 0.0)), 0.24, 0.6),
)


@dataclass(frozen=True)
class Person:
    """What makes one athlete unlike another.

    Attributes:
        tempo: Factor on everybody's tempo.
        build: Factor on how far limbs travel.
        left: Worn on the left wrist: everything is mirrored.
        posture: ``(movement, axis)`` habit, radians added to the common posture.
        gain: ``(movement, axis)`` habit, factor on the common swing.
        phase: ``(movement, axis)`` habit, radians by which an axis comes late.
        resting_bpm: Heart rate at rest.
        reserve_bpm: From rest to maximum.
        rise_s: Time constant of the heart when effort begins.
        fall_s: The same when it ends.
        drift_bpm_min: Rise of the heart rate by heat and time.
    """

    tempo: float
    build: float
    left: bool
    posture: np.ndarray
    gain: np.ndarray
    phase: np.ndarray
    resting_bpm: float
    reserve_bpm: float
    rise_s: float
    fall_s: float
    drift_bpm_min: float


def draw_person(rng: np.random.Generator) -> Person:
    """Somebody new."""
    shape = (len(MOVEMENTS), AXES)
    resting = rng.uniform(48, 72)
    return Person(
        tempo=float(np.exp(rng.normal(0, 0.15))),
        build=float(np.exp(rng.normal(0, 0.15))),
        left=bool(rng.random() < 0.4),
        posture=rng.normal(0, 0.13, shape),
        gain=np.exp(rng.normal(0, 0.2, shape)),
        phase=rng.normal(0, 0.4, shape),
        resting_bpm=float(resting),
        reserve_bpm=float(rng.uniform(175, 200) - resting),
        rise_s=float(rng.uniform(20, 40)),
        fall_s=float(rng.uniform(40, 70)),
        drift_bpm_min=float(rng.uniform(0.2, 1.0)),
    )


def heart_rate(
    person: Person, effort: np.ndarray, step_s: float, start_bpm: float | None = None
) -> np.ndarray:
    """``(time,)`` bpm: first-order response to effort, with drift.

    ``dh/dt = (rest + effort · reserve − h) / τ``, faster up than down (Bunc et al. 1988; the same
    form as oxygen uptake kinetics).

    Args:
        person: Whose heart.
        effort: ``(time,)`` share of the reserve.
        step_s: Between two values.
        start_bpm: At the beginning; resting if not given.
    """
    target = person.resting_bpm + effort * person.reserve_bpm
    bpm = np.empty(len(effort))
    now = person.resting_bpm if start_bpm is None else start_bpm
    for index, aim in enumerate(target):
        tau = person.rise_s if aim > now else person.fall_s
        now = aim + (now - aim) * np.exp(-step_s / tau)
        bpm[index] = now
    return bpm + person.drift_bpm_min * np.arange(len(effort)) * step_s / 60
