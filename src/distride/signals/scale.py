"""Scaling by what the training athletes' channels are like, the same everywhere.

The axes of a sensor share one scale and keep their zero: so a turned device stays a turned vector,
and its length stays its length. Any other channel gets mean 0 and deviation 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

CLIP = 20.0  # in deviations; a broken sample must not outweigh a window
SMALLEST_SCALE = 1e-6  # a channel that never moves stays 0 instead of becoming noise


@dataclass(frozen=True)
class Scaler:
    """What is taken from each channel, and by what the rest is divided.

    Attributes:
        mean: ``(channel,)`` float32, SI units.
        scale: ``(channel,)`` float32, SI units, positive.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(
        cls, blocks: Iterable[np.ndarray], triads: Iterable[tuple[int, int, int]] = ()
    ) -> "Scaler":
        """From blocks of windows, one after the other, so that they need not fit into memory.

        A channel that is never there gets mean 0 and scale 1.

        Args:
            blocks: Each ``(window, channel, time)``, NaN where unknown.
            triads: Positions of each sensor's x, y and z.

        >>> Scaler.fit([np.array([[[1.0, 3.0, np.nan]]])]).mean.tolist()
        [2.0]
        """
        count, total, squares = np.zeros(1), np.zeros(1), np.zeros(1)
        for block in blocks:
            x = np.asarray(block, np.float64)
            count = count + np.isfinite(x).sum(axis=(0, 2))
            total = total + np.nansum(x, axis=(0, 2))
            squares = squares + np.nansum(x**2, axis=(0, 2))
        known = np.maximum(count, 1)
        mean = total / known
        spread = np.sqrt(np.maximum(squares / known - mean**2, 0.0))
        scale = np.where(count == 0, 1.0, np.maximum(spread, SMALLEST_SCALE))
        for axes in map(list, triads):
            mean[axes] = 0.0
            length = np.sqrt(squares[axes].sum() / max(count[axes].sum(), 1))
            scale[axes] = max(length, SMALLEST_SCALE) if count[axes].any() else 1.0
        return cls(mean.astype(np.float32), scale.astype(np.float32))

    def __call__(self, windows: np.ndarray) -> np.ndarray:
        """Scaled windows; what is unknown becomes 0, the mean.

        Args:
            windows: ``(window, channel, time)``, SI units.
        """
        scaled = (windows - self.mean[:, None]) / self.scale[:, None]
        clipped = np.clip(scaled, -CLIP, CLIP)
        return np.asarray(np.nan_to_num(clipped, nan=0.0), np.float32)
