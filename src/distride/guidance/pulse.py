"""A heart rate over time, and which of its samples may be believed."""

import math
from dataclasses import dataclass

import numpy as np

from distride.guidance.inputs import aligned
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import HEART_RATE
from distride.signals import GRAVITY_MS2, HOLD_S

LOWEST_BPM, HIGHEST_BPM = HEART_RATE.low, HEART_RATE.high
FASTEST_BPM_S = 25.0  # no heart changes faster
SHORTEST_STEP_S = 1.0  # devices round and hold: a step within a second is a second's
FLAT_S = 60.0  # unchanged for so long is a stuck sensor; straps and watches repeat for 36 s at most
BRIDGED_S = 15.0  # in sums: watches that write only changes leave such gaps
LATEST_S = 1e12  # of a clock
HARD_MS2, MOTION_S = 3.0, 2.0  # of motion in which an optical sensor is not believed
TRUSTED = 0.8  # share of the time that must be known


@dataclass(frozen=True)
class HeartRate:
    """A heart rate on a rising clock.

    Attributes:
        t_s: ``(time,)`` seconds, rising.
        bpm: ``(time,)``; NaN where it is unknown or not to be believed.
    """

    t_s: np.ndarray
    bpm: np.ndarray

    @property
    def lasting_s(self) -> np.ndarray:
        """``(time,)`` seconds for which each sample stands, 0 where it is unknown.

        It stands until the next that is known, at most 15 s; the last, as long as most others.
        """
        lasting = np.zeros(len(self.t_s))
        known = np.flatnonzero(np.isfinite(self.bpm))
        steps = np.minimum(np.diff(self.t_s[known]), BRIDGED_S)
        if len(steps):
            lasting[known] = np.append(steps, np.median(steps))
        return lasting

    @property
    def minutes(self) -> np.ndarray:
        """The same in minutes."""
        return self.lasting_s / 60.0

    def between(self, start_s: float, end_s: float) -> np.ndarray:
        """``(known,)`` what is known from one second to another, both ends in."""
        inside = (self.t_s >= start_s) & (self.t_s <= end_s) & np.isfinite(self.bpm)
        return np.asarray(self.bpm[inside])


def believed(t_s: np.ndarray, bpm: np.ndarray, moving: np.ndarray | None = None) -> HeartRate:
    """The heart rate with NaN for what no heart does.

    Not believed: below 25 or above 230 bpm, more than 25 bpm a second from the last believed one,
    unchanged for more than a minute, and what an optical sensor says in hard motion, where watches
    err by more than 10 % (Apple Watch 4 below 3 %, Garmin 735XT above 10 % while moving).

    Args:
        t_s: ``(time,)`` seconds, rising.
        bpm: ``(time,)``, NaN where unknown.
        moving: ``(time,)`` whether the wearer of an optical sensor moves hard; None of a strap.

    Raises:
        GuidanceError: The arrays differ in length.
    """
    t, heart = aligned(t_s, bpm)
    heart[~((heart >= LOWEST_BPM) & (heart <= HIGHEST_BPM))] = np.nan
    if moving is not None:
        heart[np.asarray(moving, bool)] = np.nan
    heart[_stuck(t, heart)] = np.nan
    heart[_jumped(t, heart)] = np.nan
    return HeartRate(t, heart)


def heart_rate(
    t_s: np.ndarray, bpm: np.ndarray, moving: np.ndarray | None = None
) -> HeartRate | Abstained:
    """The believed heart rate of a session, if enough of it is left to be judged as a whole.

    Abstains: "bad_clock" where time goes back or stands still, "no_data", and "heart_rate_gaps"
    where less than 80 % of the time is known.

    Args:
        t_s: ``(time,)`` seconds.
        bpm: ``(time,)``, NaN where unknown.
        moving: ``(time,)`` whether the wearer of an optical sensor moves hard; None of a strap.
    """
    if not rises(t_s):
        return Abstained("bad_clock", what="heart_rate")
    heart = believed(t_s, bpm, moving)
    if np.isfinite(heart.bpm).sum() < 2:
        return Abstained("no_data", what="heart_rate")
    lasting = heart.lasting_s
    if not lasting.any():
        return Abstained("bad_clock", what="heart_rate")
    share = float(lasting.sum() / (heart.t_s[-1] - heart.t_s[0] + lasting[-1]))
    if share < TRUSTED:
        return Abstained("heart_rate_gaps", 100 * share, 100 * TRUSTED, "heart_rate, % of the time")
    return heart


def plausible(bpm: float) -> Answer:
    """One heart rate, bpm; abstains on NaN ("no_data") and on no heart's ("implausible")."""
    return Abstained("no_data", what="heart_rate") if math.isnan(bpm) else HEART_RATE.of(bpm)


def hard_motion(t_s: np.ndarray, acceleration: np.ndarray) -> np.ndarray:
    """``(time,)`` whether a wearer moves so hard that an optical heart rate is not believed.

    Where the root mean square of ``‖a‖ − g`` over the two seconds before is above 3 m/s², or
    nothing is known of them. The bound is ours; on the right arms of two athletes of DSADS it held
    for 84 and 100 % of running, 99 and 100 % of jumping, and for none of walking, sitting and lying
    within 1 %.

    Args:
        t_s: ``(time,)`` seconds, rising.
        acceleration: ``(time, 3)`` m/s² where the sensor is worn, NaN where unknown.
    """
    t = np.asarray(t_s, np.float64)
    beyond = np.linalg.norm(np.asarray(acceleration, np.float64), axis=1) - GRAVITY_MS2
    known = np.isfinite(beyond)
    sums = np.append(0.0, np.cumsum(np.where(known, beyond, 0.0) ** 2))
    counts = np.append(0, np.cumsum(known))
    first, last = np.searchsorted(t, t - MOTION_S), np.arange(1, len(t) + 1)
    count = counts[last] - counts[first]
    squares = np.divide(sums[last] - sums[first], count, np.full(len(t), np.inf), where=count > 0)
    return np.asarray(squares > HARD_MS2**2)


def current_bpm(heart: HeartRate, now_s: float) -> Answer:
    """The last believed heart rate, bpm, unless it is older than 5 s ("no_data")."""
    latest = heart.between(now_s - HOLD_S, now_s)
    return plausible(latest[-1] if len(latest) else math.nan)


def rises(t_s: np.ndarray) -> bool:
    """Whether this clock can be used: finite, and never backwards."""
    t = np.asarray(t_s, np.float64)
    return bool((np.abs(t) <= LATEST_S).all() and (np.diff(t) >= 0).all())


def _stuck(t: np.ndarray, heart: np.ndarray) -> np.ndarray:
    """``(time,)`` whether a sample is of a run that stays the same for too long, gaps apart."""
    known = np.flatnonzero(np.isfinite(heart))
    stuck = np.zeros(len(t), bool)
    if len(known) < 2:
        return stuck
    steps = np.diff(t[known])
    is_new = (np.diff(heart[known]) != 0) | (steps > HOLD_S)
    run = np.append(0, np.cumsum(is_new))
    lasted_s = np.bincount(run[1:], weights=np.where(is_new, 0.0, steps), minlength=run[-1] + 1)
    stuck[known] = lasted_s[run] > FLAT_S
    return stuck


def _jumped(t: np.ndarray, heart: np.ndarray) -> np.ndarray:
    """``(time,)`` whether a sample is further from the last believed one than a heart can go."""
    jumped = np.zeros(len(t), bool)
    last = -1
    for at in np.flatnonzero(np.isfinite(heart)):
        step_s = max(t[at] - t[last], SHORTEST_STEP_S)
        jumped[at] = last >= 0 and abs(heart[at] - heart[last]) > FASTEST_BPM_S * step_s
        if not jumped[at]:
            last = int(at)
    return jumped
