"""Does a device still see what it was calibrated for? It asks for a calibration, and never adapts.

Three things are watched in every window: that it is like a taught movement (familiarity), that the
answer is sure (confidence), and that accelerometers weigh as much as gravity, where training's did.
One window tells little. So each is counted by a Bernoulli CUSUM (Page 1954, "Continuous inspection
schemes", Biometrika 41:100; Reynolds and Stoumbos 1999, Journal of Quality Technology 31:87), the
fastest test between two shares of strange windows, ``p₀`` of people as they come and ``p₁`` of a
device worn otherwise:

    S ← max(0, S + o · log(p₁ / p₀))  of a strange window,  S + o · log((1 − p₁) / (1 − p₀))  else

where the overlap of windows makes each count for the part ``o`` of it that is new. Drift is told
when ``S`` reaches ``log n``: of independent windows of which at most ``p₀`` are strange, a false
alarm takes ``n`` of them or more on average (Lorden 1971, Annals of Mathematical Statistics
42:1897). Windows of one person are not independent, so `benchmarks/drift.py` counts alarms on
people as they are. It is told once, and may be told again after ``S`` has come back to 0.
"""

import math
from collections.abc import Mapping

import numpy as np

from distride.bundle import Manifest, TaskCard
from distride.runtime.events import Drift, DriftCause
from distride.signals import GRAVITY_MS2, sensor_of, triads

USUAL = (
    0.15  # p₀: thresholds leave 0.05 of validating athletes' windows below, of some of them more
)
STRANGE = 0.4  # p₁
HOURS_A_FALSE_ALARM = 8.0
LIGHT = 0.75  # of gravity; the mean length of what a worn accelerometer feels does not fall below
FEELS_GRAVITY = 0.9  # of gravity; the root mean square of training's accelerometers that do

TEXTS: Mapping[DriftCause, str] = {
    "inputs": "look like none of the movements: check how the device is worn",
    "confidence": "are answered without confidence: check how the device is worn",
    "gravity": "weigh less than gravity: check the accelerometer's range and unit",
}


class Cusum:
    """Counts strange windows; `push` one at a time.

    Args:
        limit: ``log n``.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._up = math.log(STRANGE / USUAL)
        self._down = math.log((1 - STRANGE) / (1 - USUAL))
        self._reset()
        self._told = False

    def _reset(self) -> None:
        self._sum, self.windows, self.strange = 0.0, 0, 0

    def push(self, strange: bool, part: float) -> bool:
        """Whether drift begins with this window.

        Args:
            strange: What the window is.
            part: How much of it is new, 0 to 1.
        """
        self.windows += 1
        self.strange += strange
        self._sum += part * (self._up if strange else self._down)
        if self._sum <= 0:
            self._reset()
            self._told = False
        begins = self._sum >= self._limit and not self._told
        self._told |= begins
        self._sum = min(self._sum, self._limit)  # so that the end of it is noticed as fast
        return begins


class Gravity:
    """What accelerometers weigh, where those of training weighed as much as gravity.

    Args:
        manifest: Of the bundle.
    """

    def __init__(self, manifest: Manifest) -> None:
        channels, scaler = manifest.spec.channels, manifest.scaler
        square = np.square(scaler.mean) + np.square(scaler.scale)
        self._heavy = [
            slice(x, z + 1, y - x) if z - y == y - x > 0 else [x, y, z]
            for x, y, z in triads(channels)
            if sensor_of(channels[x]) == "acc"
            and math.sqrt(square[[x, y, z]].sum()) >= FEELS_GRAVITY * GRAVITY_MS2
        ]

    def __call__(self, windows: np.ndarray) -> np.ndarray:
        """``(window,)``: the least mean length of their vectors, m/s²; NaN where none is known.

        Args:
            windows: ``(window, channel, time)`` in SI units, NaN where absent.
        """
        least = np.full(len(windows), np.nan)
        for axes in self._heavy:
            least = np.fmin(least, _length(windows[:, axes]))
        return least


class DriftWatch:
    """Watches one stream.

    Args:
        manifest: Of the bundle.
        task: The classification whose familiarity and confidence are watched.
    """

    def __init__(self, manifest: Manifest, task: TaskCard) -> None:
        spec = manifest.spec
        self._task = task
        self._part = min(1.0, spec.hop_s / spec.window_s)
        self._hop_s = spec.hop_s
        limit = math.log(HOURS_A_FALSE_ALARM * 3600 / spec.window_s)
        self._counts: dict[DriftCause, Cusum] = {cause: Cusum(limit) for cause in TEXTS}

    def push(
        self, end_s: float, familiarity: float | None, confidence: float, weight: float
    ) -> list[Drift]:
        """What begins with this window.

        Args:
            end_s: Its end, on the clock of the samples.
            familiarity: Of this window alone; None where it lacks a sensor: then it is not asked.
            confidence: Of this window alone.
            weight: See `Gravity`.
        """
        told = [*self._count(end_s, "confidence", confidence < self._task.abstain_below)]
        if familiarity is not None:
            told += self._count(end_s, "inputs", familiarity < self._task.unknown_below)
        if weight > 0:
            told += self._count(end_s, "gravity", weight < LIGHT * GRAVITY_MS2)
        return told

    def _count(self, end_s: float, cause: DriftCause, is_strange: bool) -> list[Drift]:
        begins = self._counts[cause].push(is_strange, self._part)
        return [self._told(end_s, cause)] if begins else []

    def _told(self, end_s: float, cause: DriftCause) -> Drift:
        count = self._counts[cause]
        seconds = count.windows * self._hop_s
        text = (
            f"{count.strange} of {count.windows} windows in {seconds:.1f} s {TEXTS[cause]}, or "
            "record a calibration."
        )
        return Drift(end_s, cause, self._task.name, count.strange / count.windows, seconds, text)


def _length(samples: np.ndarray) -> np.ndarray:
    """Mean length of a sensor's vectors ``(window, 3, time)``; NaN where it gives none."""
    lengths = np.sqrt(np.square(samples).sum(axis=1))
    there = np.isfinite(lengths)
    count = there.sum(axis=1)
    total = np.where(there, lengths, 0.0).sum(axis=1, dtype=np.float64)
    return np.asarray(np.where(total > 0, total / np.maximum(count, 1), np.nan))
