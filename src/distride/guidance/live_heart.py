"""The heart rate of a stream: what is believed now, and its zone where zones may be told."""

import math
from collections.abc import Iterator

import numpy as np

from distride.guidance.inputs import aligned
from distride.guidance.measure import Abstained
from distride.guidance.profile import Day
from distride.guidance.pulse import FLAT_S, believed, current_bpm
from distride.guidance.zones import Zones, best_zones, heart_limits
from distride.runtime import Heart
from distride.runtime.clock import Clock
from distride.signals import HEART_RATE, HOLD_S

PAUSE_S = 10  # of the clock; beyond it nobody waits for an answer
KEPT_S = FLAT_S + 2 * HOLD_S  # enough to see that a sensor is stuck


class HeartWatch:
    """Tells the heart rate once a second. How the samples are cut into pushes changes nothing.

    What is late is left out, and where the clock leaps all starts anew, as in a stream.

    Args:
        day: Whose heart it is; None: no zones.
    """

    def __init__(self, day: Day | None = None) -> None:
        self._zones = _zones(day)
        self._clock = Clock(1.0, (HEART_RATE,))
        self._reset()

    def _reset(self) -> None:
        self._t, self._bpm = np.zeros(0), np.zeros(0)
        self._last: int | None = None  # whole second

    def push(self, t: np.ndarray, bpm: np.ndarray, moving: np.ndarray | None = None) -> list[Heart]:
        """What is believed at each whole second that the samples reach.

        Args:
            t: ``(time,)`` seconds, as the device says.
            bpm: ``(time,)``, NaN where unknown.
            moving: ``(time,)`` whether the wearer of an optical sensor moves hard, as `hard_motion`
                says; None of a strap.

        Raises:
            GuidanceError: The arrays differ in length.
        """
        clock, heart = aligned(t, bpm)
        if moving is not None:
            heart[np.asarray(moving, bool)] = np.nan
        told = []
        for stretch in self._clock.push(clock):
            if stretch.is_new:
                self._reset()
            told += self._heard(clock[stretch.rows], heart[stretch.rows])
        return told

    def _heard(self, clock: np.ndarray, heart: np.ndarray) -> list[Heart]:
        if not len(clock):
            return []
        known = np.isfinite(heart)
        self._t = np.append(self._t, clock[known])
        self._bpm = np.append(self._bpm, heart[known])
        told = [self._at(float(second)) for second in self._seconds(clock)]
        keep = self._t > clock[-1] - KEPT_S
        self._t, self._bpm = self._t[keep], self._bpm[keep]
        return told

    def _seconds(self, clock: np.ndarray) -> Iterator[int]:
        """Whole seconds that are reached; of a pause of the clock only its beginning."""
        for reached in np.floor(clock).astype(np.int64):
            last = math.ceil(clock[0]) - 1 if self._last is None else self._last
            yield from range(last + 1, min(int(reached), last + PAUSE_S) + 1)
            self._last = max(last, int(reached))

    def _at(self, now_s: float) -> Heart:
        recent = (self._t > now_s - KEPT_S) & (self._t <= now_s)
        answer = current_bpm(believed(self._t[recent], self._bpm[recent]), now_s)
        if isinstance(answer, Abstained):
            return Heart(now_s, None, reason=answer.reason)
        if isinstance(self._zones, Abstained):
            return Heart(now_s, answer.value, reason=self._zones.reason)
        zone = self._zones.of(answer.value)
        if isinstance(zone, Abstained):
            return Heart(now_s, answer.value, reason=zone.reason)
        return Heart(now_s, answer.value, zone, self._zones.method)


def _zones(day: Day | None) -> Zones | Abstained:
    if day is None:
        return Abstained("not_in_profile", what="birth_year")
    limits = heart_limits(day)
    return limits if isinstance(limits, Abstained) else best_zones(limits)
