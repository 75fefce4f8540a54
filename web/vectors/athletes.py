"""Simulated athletes with a class and a number to tell, and what goes wrong with their devices."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from distride.data import Recording
from distride.data.simulate import simulate_athlete
from distride.signals import SignalSpec

AXES = [f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"]
SPEC = SignalSpec((*AXES, "heart_rate"), rate_hz=25.0, window_s=3.0, hop_s=1.5)
LABEL, INTENSITY = "label", "intensity"

Samples = tuple[np.ndarray, np.ndarray]
"""Times ``(time,)`` and samples ``(time, channel)``."""


def recorded(name: str) -> Recording:
    """One session at about 50 Hz; the intensity is how fast the wrist turns, rad/s."""
    one = simulate_athlete(name, 0, sessions=1)[0]
    turning = np.linalg.norm([one.channels[f"wrist_gyr_{axis}"] for axis in "xyz"], axis=0)
    channels = {**one.channels, INTENSITY: turning.astype(np.float32)}
    return replace(one, channels=channels, labels={LABEL: one.labels[LABEL]})


def stretch(recording: Recording, seconds: tuple[float, float]) -> Samples:
    """What a device gives from one time to another."""
    rows = slice(*np.searchsorted(recording.t, seconds))
    return recording.t[rows].copy(), recording.samples(SPEC.channels, rows)


def faulty(recording: Recording) -> Samples:
    """A gap, lost and flat sensors, lost axes, silence, and clocks that repeat or step back."""
    t, samples = stretch(recording, (0.0, 80.0))
    between = [(t >= start) & (t < end) for start, end in ((8, 12), (16, 22), (26, 34), (40, 46))]
    samples[between[0], 3:6] = np.nan  # no gyroscope
    samples[between[1], 1] = np.nan  # one axis
    samples[between[2], :6] = np.nan  # no motion at all
    samples[between[3], :3] = samples[0, :3]  # an accelerometer that hangs
    samples[(t > 50) & (t < 62), 6] = np.nan  # no heart rate
    t[t > 66] += 2.5  # nothing is sent
    t[100:103] = t[100]
    t[200] = t[150]
    return t, samples


def strange(recording: Recording) -> Samples:
    """Movement that nobody was taught."""
    t, samples = stretch(recording, (0.0, 45.0))
    noise = np.random.default_rng(0).normal(scale=25.0, size=samples[:, :6].shape)
    samples[:, :6] += noise.astype(np.float32)
    return t, samples


def leaping(recording: Recording) -> Samples:
    """A clock that leaps, repeats itself and has no time, another rate, impossible values."""
    t, samples = stretch(recording, (0.0, 120.0))
    samples[(t > 100) & (t < 110), 1] = 0.5
    t = t.copy()
    t[t > 100] += 90.0
    t[1500:] -= 20.0
    t[[0, 1000, 1001]] = np.nan
    t[1002] = 1e15
    t[600] = t[599] + 1e-9
    t[700:720] += np.random.default_rng(5).uniform(-0.009, 0.009, 20)
    samples[700:800, 3] = 3e38
    rows = np.flatnonzero((np.arange(len(t)) < 2000) | (np.arange(len(t)) % 5 == 0))  # slower
    return t[rows], samples[rows]


def light(recording: Recording) -> Samples:
    """An accelerometer that measures less than there is."""
    t, samples = stretch(recording, (0.0, 45.0))
    samples[:, :3] *= 0.4
    return t, samples


def write_csv(path: Path, recording: Recording) -> None:
    """As `distride stream` and the browser read it."""
    columns = {"t": recording.t, **recording.channels, **recording.labels}
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        for cells in zip(*(values.tolist() for values in columns.values()), strict=True):
            rows.writerow("" if cell != cell else cell for cell in cells)  # NaN is an empty cell
