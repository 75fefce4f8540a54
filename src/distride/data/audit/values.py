"""Values that cannot be."""

from collections.abc import Iterator

import numpy as np

from distride.data.audit.check import athlete_check
from distride.data.audit.finding import Finding, Where, number_of
from distride.data.cohort import Cohort
from distride.data.recording import Recording
from distride.signals import GRAVITY_MS2, HEART_RATE, sensor_of
from distride.signals.spec import UNITS

LIMITS = {
    "acc": (-16.5 * GRAVITY_MS2, 16.5 * GRAVITY_MS2),  # ±16 g is the usual widest range
    "gyr": (-36.0, 36.0),  # ±2000 °/s is 34.9
    HEART_RATE: (25.0, 250.0),
}
REMEDY = {
    "acc": "Check the unit: m/s² is expected, and beyond 16 g few sensors can be believed",
    "gyr": "Check the unit: rad/s is expected, and degrees a second are 57 times as large",
    HEART_RATE: "Set them to NaN: a sensor that has lost its contact says such numbers",
}

Column = tuple[Recording, str, np.ndarray]


def _find(cohort: Cohort, recordings: list[Recording]) -> Iterator[Finding]:
    for sensor, (low, high) in LIMITS.items():
        columns = [
            (recording, name, values)
            for recording in recordings
            for name, values in recording.channels.items()
            if sensor_of(name) == sensor
        ]
        hit = [
            (recording, name, outside)
            for recording, name, values in columns
            if len(outside := values[(values < low) | (values > high)])
        ]
        if hit:
            known = sum(int((~np.isnan(values)).sum()) for _, _, values in columns)
            yield _finding(sensor, hit, known)


IMPOSSIBLE = athlete_check(_find)


def _finding(sensor: str, hit: list[Column], known: int) -> Finding:
    low, high = LIMITS[sensor]
    outside = np.concatenate([values for _, _, values in hit])
    names = dict.fromkeys(f"{recording.athlete}/{recording.name}" for recording, _, _ in hit)
    columns = dict.fromkeys(name for _, name, _ in hit)
    return Finding(
        "impossible-value",
        "warning",
        f"{number_of(len(outside), 'value')} of {sensor} ({len(outside) / known:.2%}) beyond "
        f"{low:.0f} to {high:.0f} {UNITS[sensor]}, from {outside.min():.4g} to {outside.max():.4g}",
        REMEDY[sensor],
        Where((hit[0][0].athlete,), tuple(names), tuple(columns)),
    )
