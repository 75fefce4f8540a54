"""Sessions of simulated athletes, as recordings and as a cohort."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.data.simulate.device import draw_device, sensed
from distride.data.simulate.person import MOVEMENTS, Person, draw_person, heart_rate

RATE_HZ = 50.0
REPS = 9  # of a set; the first five are correct
CORRECT = 5
REST_S = 9.0
SMOOTHED = 13  # samples over which a posture changes
FAULTS = {"correct": (1.0, 1.0), "too_fast": (0.6, 0.9), "half_range": (0.85, 0.5)}
SIMULATED_META = {
    "name": "simulated",
    "sampling_hz": RATE_HZ,
    "licence": "CC0-1.0",
    "citation": "Simulated by Distride; no real person was recorded.",
}


@dataclass
class Track:
    """A session while it is written: one row a sample."""

    angles: list[np.ndarray]
    height_m: list[np.ndarray]
    effort: list[np.ndarray]
    label: list[np.ndarray]
    execution: list[np.ndarray]
    rep: list[np.ndarray]

    def add(
        self, angles: np.ndarray, height_m: np.ndarray, told: tuple[float, str, str, str]
    ) -> None:
        """Append a stretch under one effort, label, execution and number of the repetition."""
        count = len(height_m)
        self.angles.append(angles)
        self.height_m.append(height_m)
        for column, value in zip(
            (self.effort, self.label, self.execution, self.rep), told, strict=True
        ):
            column.append(np.full(count, value, object))


def simulate_athlete(name: str, seed: int, sessions: int = 3) -> list[Recording]:
    """All sessions of one athlete; the same name and seed give the same bytes.

    Columns: `wrist_acc_*` (m/s²), `wrist_gyr_*` (rad/s) at 50 Hz, `heart_rate` (bpm) once a second,
    `label` (the movement), `execution` (correct, too_fast, half_range) and `rep` (its number in the
    set), which tells the exact borders of each repetition.

    >>> [recording.name for recording in simulate_athlete("ann", 0, sessions=2)]
    ['session_1', 'session_2']
    """
    rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
    person = draw_person(rng)
    habit = rng.normal(0, 0.2, 3)
    return [
        _session(name, f"session_{number + 1}", person, habit, rng) for number in range(sessions)
    ]


def simulate_cohort(athletes: int, seed: int) -> Iterator[Recording]:
    """Recordings of athlete_01, athlete_02 …, lazily; each is the same in a larger cohort."""
    for number in range(athletes):
        yield from simulate_athlete(f"athlete_{number + 1:02d}", seed)


def write_simulated(path: str | Path, athletes: int = 12, seed: int = 0) -> Cohort:
    """Write a cohort of simulated athletes."""
    return Cohort.write(path, SIMULATED_META, simulate_cohort(athletes, seed))


def _session(
    athlete: str, name: str, person: Person, habit: np.ndarray, rng: np.random.Generator
) -> Recording:
    track = Track([], [], [], [], [], [])
    _rest(track, rng)
    for number in rng.permutation(len(MOVEMENTS)):
        _set(track, person, int(number), rng)
        _rest(track, rng)
    angles = _smooth(np.concatenate(track.angles))
    height_m = _smooth(np.concatenate(track.height_m)[:, None])[:, 0]
    acc, gyr = sensed(person, draw_device(rng, habit), (angles, height_m), RATE_HZ, rng)
    count = len(angles)
    t = np.arange(count) / RATE_HZ + rng.uniform(-0.002, 0.002, count)
    columns = {
        f"wrist_{sensor}_{axis}": values[:, index].astype(np.float32)
        for sensor, values in (("acc", acc), ("gyr", gyr))
        for index, axis in enumerate("xyz")
    }
    effort = np.concatenate(track.effort).astype(float)
    columns["heart_rate"] = _heard(heart_rate(person, effort, 1 / RATE_HZ), rng)
    labels = {
        "label": np.concatenate(track.label),
        "execution": np.concatenate(track.execution),
        "rep": np.concatenate(track.rep),
    }
    return Recording(athlete, name, t - t[0], columns, labels)


def _rest(track: Track, rng: np.random.Generator) -> None:
    """Standing about: the arm hangs and fidgets; nobody labelled it."""
    count = round(REST_S * RATE_HZ)
    slow = np.cumsum(rng.normal(0, 0.012, (count, 3)), axis=0)
    track.add(slow + np.array([0.0, 1.2, 0.0]), np.zeros(count), (0.0, "", "", ""))


def _set(track: Track, person: Person, number: int, rng: np.random.Generator) -> None:
    """Repetitions of one movement: correct ones, then ones with a fault."""
    movement = MOVEMENTS[number]
    fault = str(rng.choice(["too_fast", "half_range"]))
    today = np.exp(rng.normal(0, 0.05))
    for rep in range(REPS):
        execution = "correct" if rep < CORRECT else fault
        slower, wider = FAULTS[execution]
        seconds = movement.seconds * slower * today / person.tempo * np.exp(rng.normal(0, 0.06))
        phase = 2 * np.pi * np.arange(round(seconds * RATE_HZ)) / round(seconds * RATE_HZ)
        size = wider * person.build * np.exp(rng.normal(0, 0.05))
        angles = np.tile(np.array(movement.posture) + person.posture[number], (len(phase), 1))
        for axis, swing in enumerate(movement.swing):
            late = phase - person.phase[number, axis]
            for harmonic, amplitude in enumerate(swing):
                wave = amplitude * np.cos((harmonic + 1) * late)
                angles[:, axis] -= size * person.gain[number, axis] * wave
        height_m = size * movement.lift_m * (1 - np.cos(phase)) / 2
        track.add(angles, height_m, (movement.effort, movement.name, execution, str(rep + 1)))


def _smooth(values: np.ndarray) -> np.ndarray:
    """A limb cannot jump from one posture to the next."""
    window = np.hanning(SMOOTHED + 2)[1:-1]
    padded = np.pad(values, ((SMOOTHED // 2, SMOOTHED // 2), (0, 0)), "edge")
    columns = [np.convolve(column, window / window.sum(), "valid") for column in padded.T]
    return np.stack(columns, axis=1)


def _heard(bpm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a strap tells: whole beats a minute, once a second."""
    told = np.full(len(bpm), np.nan, np.float32)
    every = slice(None, None, round(RATE_HZ))
    told[every] = np.round(bpm[every] + rng.normal(0, 1, len(bpm[every])))
    return told
