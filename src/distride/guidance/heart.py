"""How an athlete's heart answers to work: how fast it calms down, and whether it drifts."""

import math

import numpy as np

from distride.guidance.inputs import aligned
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import DECOUPLING, HEART_RECOVERY
from distride.guidance.power import HIGHEST_W
from distride.guidance.profile import Day
from distride.guidance.pulse import HeartRate
from distride.guidance.safety import why_heart_is_unread
from distride.signals import HOLD_S

RECOVERY_S = 60.0
WARM_UP_S = 600.0
STEADY_S = 1200.0  # of steady work, after the warm-up
UNEVEN = 0.10  # coefficient of variation of the minutes' output beyond which work is not steady


def heart_recovery(heart: HeartRate, end_s: float, day: Day) -> Answer:
    """Beats by which the heart rate fell in the 60 s after the work, ``HR_end − HR_60s``, bpm.

    Each is the median of what is believed within 5 s before. It depends on the effort, the posture
    and the cool-down: compare it only with the same athlete's after the same work. It is no
    diagnosis. Abstains as `why_heart_is_unread`, on no heart rate at either end ("no_data"), and
    where the heart rate rose ("not_recovering": the work went on).

    Args:
        heart: Believed heart rate.
        end_s: When the work ended.
        day: Who, and how they are.
    """
    unread = why_heart_is_unread(day)
    if unread:
        return unread
    first = heart.between(end_s - HOLD_S, end_s)
    last = heart.between(end_s + RECOVERY_S - HOLD_S, end_s + RECOVERY_S)
    if not (len(first) and len(last)):
        return Abstained("no_data", what="heart_rate")
    fall = float(np.median(first) - np.median(last))
    if fall < 0:
        return Abstained("not_recovering", have=fall, need=0.0, what="bpm")
    return HEART_RECOVERY.of(fall)


def decoupling(
    heart: HeartRate, output: np.ndarray, day: Day, warm_up_s: float = WARM_UP_S
) -> Answer:
    """By how much output per heart beat fell from the first half to the second, percent.

    ``100 · ((P/HR)₁ − (P/HR)₂) / (P/HR)₁``, halves by samples with a heart rate (Friel;
    GoldenCheetah). More than 5 % is flagged. Heat alone raises it. Abstains as
    `why_heart_is_unread`, under 20 minutes of both after the warm-up ("too_little_data"), and where
    the output of single minutes varies by more than 10 % ("not_steady").

    Args:
        heart: Believed heart rate.
        output: ``(time,)`` power, W, or speed, m/s, at the same times; NaN where unknown.
        day: Who, and how they are.
        warm_up_s: What is left out at the start.

    Raises:
        GuidanceError: Output and heart rate differ in length.
    """
    unread = why_heart_is_unread(day)
    if unread:
        return unread
    t, power = aligned(heart.t_s, output)
    used = np.isfinite(heart.bpm) & np.isfinite(power) & (power >= 0)
    used &= power <= HIGHEST_W
    used &= t >= (t[0] + warm_up_s if len(t) else math.inf)
    seconds = float(heart.lasting_s[used].sum())
    if seconds < STEADY_S:
        return Abstained("too_little_data", seconds / 60, STEADY_S / 60, "minutes")
    uneven = _unevenness(t[used], power[used])
    if uneven > UNEVEN:
        return Abstained("not_steady", 100 * uneven, 100 * UNEVEN, "output, %")
    half = int(used.sum()) // 2
    first, second = (
        power[used][part].mean() / heart.bpm[used][part].mean()
        for part in (slice(half), slice(half, None))
    )
    return DECOUPLING.of(100 * float((first - second) / first))


def _unevenness(t: np.ndarray, output: np.ndarray) -> float:
    """Coefficient of variation of the mean output of each minute; infinite where there is none."""
    minute = np.unique((t // 60).astype(np.int64), return_inverse=True)[1]
    means = np.bincount(minute, output) / np.bincount(minute)
    middle = float(means.mean())
    return float(means.std()) / middle if middle > 0 else math.inf
