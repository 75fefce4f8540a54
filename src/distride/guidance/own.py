"""An athlete's own good repetitions of one movement, a session each: what is usual of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distride.runtime import Comparison, Rep

FEWEST = 4  # of which anything is usual: repetitions of a session, or sessions
LATEST = 20  # sessions; older ones are another athlete
LEAST_SPREAD = 0.05  # of the usual value: nobody repeats themselves more closely
MEDIAN_ERROR = 1.25  # times that of a mean, of normal values: √(π/2)


@dataclass(frozen=True)
class Own:
    """The good repetitions of one movement in one session.

    Attributes:
        repetitions: How many.
        range_deg: Median.
        range_spread: Standard deviation, in shares of the median.
        duration_s: Median.
        duration_spread: Standard deviation, in shares of the median.
    """

    repetitions: int
    range_deg: float
    range_spread: float
    duration_s: float
    duration_spread: float


def own_of(reps: Sequence[Rep]) -> Own | None:
    """What a session's good repetitions were like; None of fewer than four."""
    if len(reps) < FEWEST:
        return None
    ranges = _middle([one.range_deg for one in reps])
    return Own(len(reps), *ranges, *_middle([one.duration_s for one in reps]))


def spread(values: Sequence[float]) -> float:
    """Standard deviation in shares of the median; 5 % at least."""
    usual = float(np.median(values))
    return max(float(np.std(values, ddof=1)) / usual, LEAST_SPREAD) if usual else LEAST_SPREAD


def few(count: int) -> float:
    """By how much Student's t of so many values is wider than the normal distribution."""
    return math.sqrt((count - 1) / (count - 3))


def beside_sessions(
    recent: Sequence[float], usual: Sequence[float], spreads: Sequence[float]
) -> Comparison | None:
    """The median of the last repetitions, in percent of what sessions before were like.

    Its error is that of one more session, as Student's t spreads the sessions' medians, and of the
    few repetitions within this one. None with fewer than four sessions.

    Args:
        recent: Of the last repetitions.
        usual: ``(session,)`` medians of the good ones.
        spreads: ``(session,)`` their spreads, in shares.
    """
    level = float(np.mean(usual)) if len(usual) >= FEWEST else 0.0
    if not level:
        return None
    sessions = spread(usual) * few(len(usual)) * math.sqrt(1 + 1 / len(usual))
    chance = MEDIAN_ERROR * float(np.mean(spreads)) / math.sqrt(len(recent))
    error = 100 * math.hypot(sessions, chance)
    return Comparison(100 * float(np.median(recent)) / level, error, len(usual))


def _middle(values: Sequence[float]) -> tuple[float, float]:
    return float(np.median(values)), spread(values)
