"""What was done, day by day and week by week, against the athlete's own past.

Everything here describes load. None of it says how much is safe, or what will happen.
"""

import numpy as np

from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import LOAD_CHANGE, MONOTONY, SESSION_LOAD, STRAIN

WEEK = 7
MONTH = 28
LONGEST_MINUTES = 1440
MOST_LOAD = 1e6  # a day, in any unit; beyond it something else was meant


def session_load(cr10: float, minutes: float) -> Answer:
    """Session RPE: effort on Borg's CR10 scale times minutes, AU.

    Foster 2001, J Strength Cond Res 15:109. Abstains where either is NaN ("no_data"), or the effort
    is not within 0 to 10 or the session not within 0 to 1440 minutes ("outside_validity"): a 6 to
    20 scale is never mixed in.

    >>> session_load(7, 60).value
    420.0
    """
    if not np.isfinite([cr10, minutes]).all():
        return Abstained("no_data", what="effort and minutes")
    if not 0 <= cr10 <= 10:
        return Abstained("outside_validity", cr10, 10, "effort, CR10")
    if not 0 <= minutes <= LONGEST_MINUTES:
        return Abstained("outside_validity", minutes, LONGEST_MINUTES, "minutes")
    return SESSION_LOAD.of(cr10 * minutes)


def monotony(daily: np.ndarray) -> Answer:
    """``mean / SD`` of the last seven daily loads, rest days as zeros.

    Foster 1998, Med Sci Sports Exerc 30:1164. The SD is that of the population, because the week is
    whole; with the sample's SD the value is 0.926 of it. Abstains on fewer than seven known days
    ("too_little_data") and where all are alike ("no_variation").

    Args:
        daily: ``(day,)`` loads of one kind, the latest last.
    """
    week = _latest(daily, WEEK)
    if isinstance(week, Abstained):
        return week
    spread = float(week.std())
    if spread <= 1e-9 * float(week.max()):
        return Abstained("no_variation", what="daily loads")
    return MONOTONY.of(float(week.mean()) / spread)


def strain(daily: np.ndarray) -> Answer:
    """The week's load times its monotony, AU (Foster 1998); abstains as `monotony` does."""
    sameness = monotony(daily)
    if isinstance(sameness, Abstained):
        return sameness
    return STRAIN.of(float(np.asarray(daily, np.float64)[-WEEK:].sum()) * sameness.value)


def load_change(daily: np.ndarray) -> Answer:
    """The last seven days against the mean week of the 21 days before, percent.

    ``100 · (u − 1)``, where ``u`` is the uncoupled ratio of acute to chronic load. It describes
    load: that ratio does not predict injury (Impellizzeri 2020). Abstains on fewer than 28 known
    days ("too_little_data") and where the three weeks before are empty ("no_variation").

    Args:
        daily: ``(day,)`` loads of one kind, rest days as zeros, the latest last.

    >>> load_change([200.0] * 21 + [400.0] * 7).value
    100.0
    """
    month = _latest(daily, MONTH)
    if isinstance(month, Abstained):
        return month
    before, now = float(month[:-WEEK].mean()), float(month[-WEEK:].mean())
    if before == 0:
        return Abstained("no_variation", what="weeks before")
    return LOAD_CHANGE.of(100 * (now / before - 1))


def known_days(daily: np.ndarray) -> np.ndarray | Abstained:
    """Loads as numbers from the first known day on.

    Abstains where a later one is unknown, negative or beyond a million ("no_data"): a rest day is a
    zero, a lost day is no rest.
    """
    loads = np.asarray(daily, np.float64).ravel()
    known = np.flatnonzero(~np.isnan(loads))
    loads = loads[known[0] :] if len(known) else loads[:0]
    if not ((loads >= 0) & (loads <= MOST_LOAD)).all():
        return Abstained("no_data", what="daily loads")
    return loads


def _latest(daily: np.ndarray, days: int) -> np.ndarray | Abstained:
    loads = known_days(np.asarray(daily, np.float64).ravel()[-days:])
    if not isinstance(loads, Abstained) and len(loads) < days:
        return Abstained("too_little_data", len(loads), days, "days")
    return loads
