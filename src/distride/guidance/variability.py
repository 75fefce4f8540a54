"""Heart rate variability at rest: rMSSD, its logarithm, and the athlete's own band."""

import math
from dataclasses import dataclass

import numpy as np

from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import LN_RMSSD, RMSSD, SDNN
from distride.guidance.profile import Day
from distride.guidance.safety import why_heart_is_unread

SHORTEST_MS, LONGEST_MS = 300.0, 2000.0  # a beat
NEIGHBOURS = 5  # beats, this one among them, whose median a beat is held against
STRANGE = 0.20  # further from that median than this share is an artefact
MOST_ARTEFACTS = 0.05
LEAST_S = 60.0  # of beats
WEEK_DAYS, MOST_DAYS = 7, 60
FEWEST_IN_WEEK = 3  # Plews 2014, Int J Sports Physiol Perform 9:783
BAND = 0.5  # standard deviations


@dataclass(frozen=True)
class Beats:
    """Intervals between beats, and which of them may be believed.

    Attributes:
        rr_ms: ``(beat,)`` in the order of the heart; NaN for artefacts.
    """

    rr_ms: np.ndarray

    def rmssd(self) -> Answer:
        """``sqrt(mean(ΔRR²))``, ms, over neighbours that are both believed.

        Task Force 1996, Circulation 93:1043. No difference spans an artefact. Abstains without any
        ("too_little_data").
        """
        steps = np.diff(self.rr_ms)
        steps = steps[np.isfinite(steps)]
        if not len(steps):
            return Abstained("too_little_data", 0, 1, "pairs of beats")
        return RMSSD.of(math.sqrt(float((steps**2).mean())))

    def sdnn(self) -> Answer:
        """Standard deviation of the believed intervals, ms, of the sample.

        It grows with the duration. Abstains on fewer than two beats ("too_little_data").
        """
        known = self.rr_ms[np.isfinite(self.rr_ms)]
        if len(known) < 2:
            return Abstained("too_little_data", len(known), 2, "beats")
        return SDNN.of(float(known.std(ddof=1)))

    def ln_rmssd(self) -> Answer:
        """Natural logarithm of `rmssd`.

        Abstains as it does, and where no beat differs ("no_variation").
        """
        plain = self.rmssd()
        if isinstance(plain, Abstained):
            return plain
        if plain.value == 0:
            return Abstained("no_variation", what="beats")
        return LN_RMSSD.of(math.log(plain.value))


def beats(rr_ms: np.ndarray, day: Day, least_s: float = LEAST_S) -> Beats | Abstained:
    """The intervals of a recording at rest, artefacts taken out.

    An artefact is shorter than 300 or longer than 2000 ms, or more than 20 % from the median of the
    five beats around it. Abstains as `why_heart_is_unread`, on less than a minute of believed beats
    ("too_little_data"), and where more than 5 % are artefacts ("artefacts"). Beats from the wrist
    in motion are of no use.

    Args:
        rr_ms: ``(beat,)`` intervals.
        day: Who, and how they are.
        least_s: How much is needed.
    """
    unread = why_heart_is_unread(day)
    if unread:
        return unread
    known = _believed(np.array(rr_ms, np.float64).ravel())
    seconds = float(np.nansum(known)) / 1000.0
    if not len(known) or seconds < least_s:
        return Abstained("too_little_data", seconds, least_s, "seconds of beats")
    share = float(np.isnan(known).mean())
    if share > MOST_ARTEFACTS:
        return Abstained("artefacts", 100 * share, 100 * MOST_ARTEFACTS, "beats, %")
    return Beats(known)


@dataclass(frozen=True)
class Band:
    """Where an athlete's ln rMSSD usually lies.

    Attributes:
        low: Mean less half a standard deviation.
        mean: Of the days.
        high: Mean and half a standard deviation.
        days: How many were known; 30 to 60 make it steady.
    """

    low: float
    mean: float
    high: float
    days: int


def usual_band(daily: np.ndarray) -> Band | Abstained:
    """Mean ± 0.5 SD (of the sample) of the last 60 mornings.

    Abstains on fewer than seven known days ("too_little_data").

    Args:
        daily: ``(day,)`` ln rMSSD, NaN where not taken, the latest last.
    """
    known = _known(daily, MOST_DAYS)
    if len(known) < WEEK_DAYS:
        return Abstained("too_little_data", len(known), WEEK_DAYS, "days")
    mean, half = float(known.mean()), BAND * float(known.std(ddof=1))
    return Band(mean - half, mean, mean + half, len(known))


def weekly_ln_rmssd(daily: np.ndarray) -> Answer:
    """Mean of the last seven mornings, to be held against `usual_band`.

    Abstains on fewer than three known of them ("too_little_data").

    Args:
        daily: ``(day,)`` ln rMSSD, NaN where not taken, the latest last.
    """
    known = _known(daily, WEEK_DAYS)
    if len(known) < FEWEST_IN_WEEK:
        return Abstained("too_little_data", len(known), FEWEST_IN_WEEK, "days")
    return LN_RMSSD.of(float(known.mean()))


def _believed(rr_ms: np.ndarray) -> np.ndarray:
    """The intervals with NaN for artefacts."""
    rr_ms[~((rr_ms >= SHORTEST_MS) & (rr_ms <= LONGEST_MS))] = np.nan
    known = np.flatnonzero(np.isfinite(rr_ms))
    if len(known) >= NEIGHBOURS:
        beat = rr_ms[known]
        padded = np.pad(beat, NEIGHBOURS // 2, mode="reflect")
        around = np.median(np.lib.stride_tricks.sliding_window_view(padded, NEIGHBOURS), axis=1)
        rr_ms[known[np.abs(beat - around) > STRANGE * around]] = np.nan
    return rr_ms


def _known(daily: np.ndarray, days: int) -> np.ndarray:
    values = np.asarray(daily, np.float64).ravel()[-days:]
    return values[(values >= LN_RMSSD.low) & (values <= LN_RMSSD.high)]
