"""When guidance is silent: stop signs, and athletes for whom its formulas were not made.

Distride is no medical device. It names no disease, calls no load safe and gives no odds of injury;
where something is wrong it says stop, and that a doctor should be asked.

The signs and the need of clearance are those of the American College of Sports Medicine's
screening before participation.
"""

from typing import Literal

from distride.guidance.measure import Abstained
from distride.guidance.profile import Day

SURELY_ADULT = 19  # whoever turns 18 this year may still be 17
OTHER_HEARTS: tuple[Literal["beta_blocker", "pacemaker", "arrhythmia"], ...] = (
    "beta_blocker",
    "pacemaker",
    "arrhythmia",
)
"""Conditions in which a heart rate tells something else than effort."""


def why_silent(day: Day) -> Abstained | None:
    """Why nothing at all may be advised on this day; None where it may.

    The gravest cause comes first: a stop sign (the session ends and a doctor is asked), clearance
    (a known disease and no regular exercise: a doctor is asked before starting), illness,
    pregnancy, an age under 18.

    >>> import datetime as dt
    >>> from distride.guidance.profile import Profile
    >>> why_silent(Day(Profile(1990), dt.date(2026, 5, 1), is_ill=True)).reason
    'illness'
    """
    conditions = day.profile.conditions
    if day.symptoms:
        return Abstained("stop_sign", what=min(day.symptoms))
    if "known_disease" in conditions and not day.profile.is_active:
        return Abstained("clearance")
    if day.is_ill:
        return Abstained("illness")
    if "pregnancy" in conditions:
        return Abstained("pregnancy")
    if day.age < SURELY_ADULT:
        return Abstained("minor", have=day.age, need=SURELY_ADULT, what="age, years")
    return None


def why_heart_is_unread(day: Day) -> Abstained | None:
    """Why no heart rate may be judged on this day; None where it may.

    Beyond what silences everything: beta-blockers, pacemakers and arrhythmias, because no formula
    here was made for such hearts.
    """
    silent = why_silent(day)
    if silent:
        return silent
    found = [one for one in OTHER_HEARTS if one in day.profile.conditions]
    return Abstained(found[0]) if found else None
