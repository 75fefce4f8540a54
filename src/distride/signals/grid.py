"""The fine even grid of the resampler (see there), its filter, and what is held of the past."""

import math
from dataclasses import dataclass

import numpy as np

CUTOFF = 0.45  # of the output's rate
REACH = 6  # output samples on either side that the filter looks at
KAISER_BETA = 5.0  # about 53 dB below in the stop band
FASTER = 1.05  # a source this much faster than the output needs the filter
TOLERANCE = 1e-6  # of a grid step: rounding of clocks


@dataclass(frozen=True)
class Grid:
    """The fine even grid between samples and frames.

    Attributes:
        hz: Its rate.
        factor: Points a frame.
        taps: Weights of the filter; a single one where none is needed.
    """

    hz: float
    factor: int
    taps: np.ndarray

    @classmethod
    def between(cls, source_hz: float, rate_hz: float) -> "Grid":
        """The grid for a source of one rate and frames of another."""
        filtered = source_hz > FASTER * rate_hz
        factor = math.ceil(source_hz / rate_hz) if filtered else 1
        return cls(rate_hz * factor, factor, low_pass(factor) if filtered else np.ones(1))


@dataclass(frozen=True, slots=True)
class Held:
    """What a resampler needs of the past where nothing of it is unknown.

    Attributes:
        origin_s: Time of frame 0.
        t_s: Time of the last sample.
        sample: ``(channel,)``, that one.
        made: Points of the fine grid so far.
        points: ``(point, channel)``, the last of them, which frames to come need.
    """

    origin_s: float
    t_s: float
    sample: np.ndarray
    made: int
    points: np.ndarray


def low_pass(factor: int) -> np.ndarray:
    """Weights of the filter on the fine grid; an odd number of them, summing to 1.

    >>> taps = low_pass(2)
    >>> len(taps), round(float(taps.sum()), 6)
    (25, 1.0)
    """
    reach = REACH * factor
    offsets = np.arange(-reach, reach + 1)
    taps = np.sinc(2 * CUTOFF / factor * offsets) * np.kaiser(2 * reach + 1, KAISER_BETA)
    weights: np.ndarray = (taps / taps.sum()).astype(np.float32)
    return weights
