"""An athlete's heart rate range and its zones, what was measured before what is estimated."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from distride.guidance.measure import Abstained, Answer, Measured
from distride.guidance.measures import MAX_HEART_RATE, RESERVE
from distride.guidance.profile import Day, Sex
from distride.guidance.pulse import HeartRate, plausible
from distride.guidance.safety import SURELY_ADULT, why_heart_is_unread

Formula = Literal["tanaka", "gellish", "gellish_linear", "nes", "gulati", "fox"]
MAX_FORMULAS: dict[Formula, tuple[float, float]] = {
    "tanaka": (208.0, 0.7),  # Tanaka 2001, J Am Coll Cardiol 37:153
    "gellish": (207.0, 0.7),  # Gellish 2007, Med Sci Sports Exerc 39:822
    "gellish_linear": (206.9, 0.67),  # the same study, unrounded
    "nes": (211.0, 0.64),  # Nes 2013, Scand J Med Sci Sports 23:697
    "gulati": (206.0, 0.88),  # Gulati 2010, Circulation 122:130, women
    "fox": (220.0, 1.0),  # no study behind it; Robergs & Landwehr 2002, JEPonline 5(2)
}
"""Maximal heart rate = first number, less the second for each year of age."""
MAX_ERROR_BPM = 11.0  # standard deviation of people around these formulas: 10 to 12
OLDEST = 100

SHARES_OF_MAX = (0.5, 0.6, 0.7, 0.8, 0.9)  # Edwards
SHARES_OF_RESERVE = (0.3, 0.4, 0.6, 0.9)  # ACSM: light, moderate, vigorous, near-maximal
SHARES_OF_THRESHOLD = (0.0, 0.68, 0.83, 0.94, 1.05)  # after Coggan

Method = Literal["threshold", "reserve", "max"]


@dataclass(frozen=True)
class HeartLimits:
    """What an athlete's heart rates are compared with; exists only where they may be judged.

    Attributes:
        max_bpm: The highest.
        max_error_bpm: Its standard deviation: 0 where measured, 11 where estimated.
        resting_bpm: None where unknown.
        threshold_bpm: None where unknown.
        sex: Which constants; None where unknown.
    """

    max_bpm: float
    max_error_bpm: float = 0.0
    resting_bpm: float | None = None
    threshold_bpm: float | None = None
    sex: Sex | None = None

    @property
    def span_bpm(self) -> float | Abstained:
        """The heart rate reserve, maximum less rest.

        Abstains where no resting heart rate is known ("not_in_profile") or an estimated maximum is
        not above it ("does_not_fit").
        """
        if self.resting_bpm is None:
            return Abstained("not_in_profile", what="resting_bpm")
        if self.resting_bpm >= self.max_bpm:
            return Abstained("does_not_fit", self.max_bpm, self.resting_bpm, "max_bpm")
        return self.max_bpm - self.resting_bpm

    def reserve(self, bpm: np.ndarray) -> np.ndarray | Abstained:
        """Share of the heart rate reserve, ``(bpm − rest) / (max − rest)`` (Karvonen 1957).

        Below 0 or above 1 it stays as it is; loads cut it there. Abstains as `span_bpm` does.
        """
        span = self.span_bpm
        if isinstance(span, Abstained):
            return span
        return np.asarray((np.asarray(bpm, np.float64) - (self.max_bpm - span)) / span)


@dataclass(frozen=True)
class Zones:
    """Heart rate zones, numbered from 1; below the first is 0.

    Attributes:
        method: What they are shares of.
        edges_bpm: Lower edge of each zone, rising.
        error_bpm: Standard deviation of the top edge, from that of the maximum.
    """

    method: Method
    edges_bpm: tuple[float, ...]
    error_bpm: float

    def of(self, bpm: float) -> int | Abstained:
        """The zone of a heart rate; abstains as `plausible` does."""
        known = plausible(bpm)
        if isinstance(known, Abstained):
            return known
        return int(np.searchsorted(self.edges_bpm, bpm, side="right"))

    def minutes(self, heart: HeartRate) -> np.ndarray:
        """``(zone,)`` minutes in each zone, that below the first in front."""
        known = np.isfinite(heart.bpm)
        which = np.searchsorted(self.edges_bpm, heart.bpm[known], side="right")
        return np.bincount(which, heart.minutes[known], minlength=len(self.edges_bpm) + 1)


def estimated_max(age: float, formula: Formula = "tanaka") -> Answer:
    """Maximal heart rate of an adult, bpm, give or take 11: 95 of 100 people lie within 22.

    Tanaka 2001 by default: ``208 − 0.7 age``. The others are in `MAX_FORMULAS`; "gulati" is for
    women. Abstains below 18 ("minor") and beyond 100 years ("outside_validity").

    >>> estimated_max(40).value
    180.0
    """
    if not math.isfinite(age):
        return Abstained("no_data", what="age, years")
    if age < SURELY_ADULT - 1:
        return Abstained("minor", have=age, need=SURELY_ADULT - 1, what="age, years")
    if age > OLDEST:
        return Abstained("outside_validity", have=age, need=OLDEST, what="age, years")
    base, slope = MAX_FORMULAS[formula]
    return MAX_HEART_RATE.of(base - slope * age, MAX_ERROR_BPM)


def max_heart_rate(day: Day, seen_bpm: float = math.nan) -> Answer:
    """The athlete's maximum, bpm: measured before estimated.

    It is never below what was seen, nor below their threshold. Abstains as `why_heart_is_unread`
    and `estimated_max` do.

    Args:
        day: Who, and how they are.
        seen_bpm: The highest believed heart rate of their recordings; NaN where there is none.
    """
    unread = why_heart_is_unread(day)
    if unread:
        return unread
    measured = day.profile.max_bpm
    known = estimated_max(day.age) if measured is None else MAX_HEART_RATE.of(measured)
    seen = np.fmax(seen_bpm, day.profile.threshold_bpm or math.nan)
    if isinstance(known, Measured) and seen > known.value:
        return MAX_HEART_RATE.of(float(seen), known.error)
    return known


def heart_limits(day: Day, seen_bpm: float = math.nan) -> HeartLimits | Abstained:
    """What this athlete's heart rates may be compared with; abstains as `max_heart_rate` does."""
    highest = max_heart_rate(day, seen_bpm)
    if isinstance(highest, Abstained):
        return highest
    return HeartLimits(
        highest.value,
        highest.error or 0.0,
        day.profile.resting_bpm,
        day.profile.threshold_bpm,
        day.profile.sex,
    )


def reserve_share(bpm: float, limits: HeartLimits) -> Answer:
    """Percent of the heart rate reserve (Karvonen 1957), as it is to be shown.

    Abstains as `HeartLimits.span_bpm` and `plausible` do.
    """
    known = plausible(bpm)
    if isinstance(known, Abstained):
        return known
    share = limits.reserve(np.array(bpm))
    return share if isinstance(share, Abstained) else RESERVE.of(100 * float(share))


def zones_of_max(limits: HeartLimits) -> Zones:
    """Five zones from 50, 60, 70, 80 and 90 % of the maximum (Edwards)."""
    edges = tuple(share * limits.max_bpm for share in SHARES_OF_MAX)
    return Zones("max", edges, SHARES_OF_MAX[-1] * limits.max_error_bpm)


def zones_of_reserve(limits: HeartLimits) -> Zones | Abstained:
    """Four zones, light to near-maximal, from 30, 40, 60 and 90 % of the heart rate reserve.

    ``rest + share · (max − rest)`` (Karvonen 1957; bands of the ACSM). Abstains as
    `HeartLimits.span_bpm` does.
    """
    span = limits.span_bpm
    if isinstance(span, Abstained):
        return span
    edges = tuple(limits.max_bpm - (1 - share) * span for share in SHARES_OF_RESERVE)
    return Zones("reserve", edges, SHARES_OF_RESERVE[-1] * limits.max_error_bpm)


def zones_of_threshold(limits: HeartLimits) -> Zones | Abstained:
    """Five zones from 0, 68, 83, 94 and 105 % of the threshold heart rate (after Coggan).

    Abstains without a measured threshold ("not_in_profile").
    """
    if limits.threshold_bpm is None:
        return Abstained("not_in_profile", what="threshold_bpm")
    edges = tuple(share * limits.threshold_bpm for share in SHARES_OF_THRESHOLD)
    return Zones("threshold", edges, 0.0)


def best_zones(limits: HeartLimits) -> Zones:
    """The zones that rest on most that was measured: of threshold, of reserve, of maximum."""
    for zones in (zones_of_threshold(limits), zones_of_reserve(limits)):
        if isinstance(zones, Zones):
            return zones
    return zones_of_max(limits)
