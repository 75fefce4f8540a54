"""Where a limb is: how gravity lies in its sensors, and how far they turned.

A repetition goes out and comes back in these, whatever its speed. Gravity's direction is the
low-passed acceleration over its own size, so that a device whose units are unknown serves too. What
gravity cannot see, a turn about the vertical, is the leaky integral of the gyroscope. Both are
radians.
"""

import math

import numpy as np

from distride.signals import Resampler, sensor_of, triads

RATE_HZ = 25.0  # of postures; faster than limbs go out and back
SMOOTH_HZ = 2.0  # cut-off of each of two first-order low-passes in a row
SIZE_S = 20.0  # over which gravity's size is averaged
LEAK_S = 1.5  # a turn is forgotten with it, because a gyroscope's offset must be
TURN_WEIGHT = 0.5  # of turns beside tilts


class Postures:
    """Samples in, postures on an even clock out. How the samples are cut changes nothing.

    Args:
        channels: Names of the samples' columns; sensors with all three axes are used.
        source_hz: Typical rate of the samples.

    Attributes:
        tilts: How many accelerometers there are; they come first in a posture.
        turns: How many gyroscopes.
    """

    def __init__(self, channels: tuple[str, ...], source_hz: float) -> None:
        found = {"acc": [0] * 0, "gyr": [0] * 0}
        for triad in triads(channels):
            found.get(sensor_of(channels[triad[0]]), []).extend(triad)
        self._acc, self._gyr = found["acc"], found["gyr"]
        self.tilts, self.turns = len(self._acc) // 3, len(self._gyr) // 3
        self._resampler = Resampler(channels, source_hz, RATE_HZ)
        self._share = 1 - math.exp(-2 * math.pi * SMOOTH_HZ / RATE_HZ)
        self._made = 0
        self._slow: np.ndarray | None = None  # (2, acc): after one low-pass and after both
        self._size = np.ones(self.tilts)
        self._turn = np.zeros((2, len(self._gyr)))

    def push(self, t: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Clock ``(frame,)``, s, and postures ``(frame, axis)``, rad, that the samples complete.

        Where a sensor is silent, the limb is taken to be where it was.

        Args:
            t: ``(time,)`` seconds, rising; also from one push to the next.
            samples: ``(time, channel)``, NaN where unknown.
        """
        frames = self._resampler.push(t, samples).astype(np.float64)
        origin_s = self._resampler.origin_s or 0.0
        clock = origin_s + (self._made + np.arange(len(frames))) / RATE_HZ
        postures = np.empty((len(frames), 3 * (self.tilts + self.turns)))
        for number, frame in enumerate(frames):
            self._made += 1
            postures[number, : 3 * self.tilts] = self._tilted(frame[self._acc])
            postures[number, 3 * self.tilts :] = self._turned(frame[self._gyr])
        return clock, postures

    def range_deg(self, one: np.ndarray, other: np.ndarray) -> float:
        """How far the sensor that turned most turned from one posture ``(axis,)`` to the other."""
        first, second = (pose[: 3 * self.tilts].reshape(-1, 3) for pose in (one, other))
        sizes = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
        cosines = (first * second).sum(axis=1) / np.maximum(sizes, 1e-9)
        turns = (other - one)[3 * self.tilts :].reshape(-1, 3) / TURN_WEIGHT
        angles = [*np.arccos(np.clip(cosines, -1, 1)), *np.linalg.norm(turns, axis=1), 0.0]
        return math.degrees(max(angles))

    def _tilted(self, acc: np.ndarray) -> np.ndarray:
        if self._slow is None:
            if not np.isfinite(acc).all():
                return np.zeros(len(acc))
            self._slow = np.stack([acc, acc])
        known = np.where(np.isfinite(acc), acc, self._slow[0])
        self._slow[0] += self._share * (known - self._slow[0])
        self._slow[1] += self._share * (self._slow[0] - self._slow[1])
        sizes = np.linalg.norm(self._slow[1].reshape(-1, 3), axis=1)
        self._size += (sizes - self._size) / min(self._made, SIZE_S * RATE_HZ)
        return np.asarray(self._slow[1] / np.repeat(np.maximum(self._size, 1e-6), 3))

    def _turned(self, gyr: np.ndarray) -> np.ndarray:
        self._turn[0] += np.nan_to_num(gyr) / RATE_HZ - self._turn[0] / (LEAK_S * RATE_HZ)
        self._turn[1] += self._share * (self._turn[0] - self._turn[1])
        return np.asarray(TURN_WEIGHT * self._turn[1])
