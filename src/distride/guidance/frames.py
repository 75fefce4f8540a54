"""The last frames of a session: where the limb was, and when."""

import numpy as np

from distride.guidance.posture import RATE_HZ, Postures


class Frames:
    """Postures by their number since the session began; early ones are forgotten when told to.

    Args:
        postures: Makes them of samples.

    Attributes:
        first: Number of the first that is kept.
    """

    def __init__(self, postures: Postures) -> None:
        self._postures = postures
        self._clock = np.empty(0)
        self._kept = np.empty((0, 3 * (postures.tilts + postures.turns)))
        self.first = 0

    @property
    def end(self) -> int:
        """The number that comes next."""
        return self.first + len(self._kept)

    @property
    def width(self) -> int:
        """How many numbers are a posture."""
        return int(self._kept.shape[1])

    def push(self, t: np.ndarray, samples: np.ndarray) -> None:
        """Take samples: ``(time,)`` rising seconds and ``(time, channel)``, NaN where unknown."""
        clock, postures = self._postures.push(t, samples)
        self._clock = np.concatenate([self._clock, clock])
        self._kept = np.concatenate([self._kept, postures])

    def between(self, first: int, end: int) -> np.ndarray:
        """``(frame, axis)``, rad, of frames that are kept."""
        return self._kept[first - self.first : end - self.first]

    def at_s(self, frame: int) -> float:
        """When a frame was, on the clock of the samples."""
        return float(self._clock[0] + (frame - self.first) / RATE_HZ)

    def range_deg(self, one: int, other: int) -> float:
        """How far the limb turned between two frames that are kept."""
        return self._postures.range_deg(
            self._kept[one - self.first], self._kept[other - self.first]
        )

    def forget(self, before: int) -> None:
        """Keep no frame before that number."""
        drop = max(before - self.first, 0)
        self._clock, self._kept = self._clock[drop:], self._kept[drop:]
        self.first += drop
