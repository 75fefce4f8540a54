"""Jumps and cadence: flight, contact, and a small step from an athlete's own rhythm."""

import math

from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import (
    CADENCE,
    FLIGHT_CONTACT,
    JUMP_HEIGHT,
    REACTIVE_STRENGTH,
    TAKE_OFF,
)

FALL_MS2 = 9.81  # as in the published formulas
SHORTEST_FLIGHT_S, LONGEST_FLIGHT_S = 0.2, 0.8
SHORTEST_CONTACT_S, LONGEST_CONTACT_S = 0.05, 1.5
LEAST_HZ = 200.0  # at 100 Hz one sample is 1.2 cm
LARGEST_STEP = 10.0  # percent


def jump_height(flight_s: float, rate_hz: float) -> Answer:
    """``g·t²/8``, m, give or take one sample (Bosco 1983, Eur J Appl Physiol 50:273).

    Abstains under 200 Hz ("not_validated") and on a flight not of 0.2 to 0.8 s
    ("outside_validity").

    >>> round(jump_height(0.5, 200.0).value, 6)
    0.306563
    """
    refused = _refused_flight(flight_s)
    if refused:
        return refused
    if not LEAST_HZ <= rate_hz < math.inf:
        return Abstained("not_validated", rate_hz, LEAST_HZ, "rate_hz")
    return JUMP_HEIGHT.of(FALL_MS2 * flight_s**2 / 8, FALL_MS2 * flight_s / 4 / rate_hz)


def take_off_velocity(flight_s: float) -> Answer:
    """``g·t/2``, m/s; abstains on a flight not of 0.2 to 0.8 s ("outside_validity")."""
    return _refused_flight(flight_s) or TAKE_OFF.of(FALL_MS2 * flight_s / 2)


def reactive_strength(flight_s: float, contact_s: float) -> Answer:
    """Jump height over contact time, m/s.

    Abstains on a flight not of 0.2 to 0.8 s or a contact not of 0.05 to 1.5 s ("outside_validity").
    """
    refused = _refused_flight(flight_s) or _refused_contact(contact_s)
    return refused or REACTIVE_STRENGTH.of(FALL_MS2 * flight_s**2 / 8 / contact_s)


def flight_contact_ratio(flight_s: float, contact_s: float) -> Answer:
    """Flight over contact time, another number than `reactive_strength`; abstains as that does."""
    refused = _refused_flight(flight_s) or _refused_contact(contact_s)
    return refused or FLIGHT_CONTACT.of(flight_s / contact_s)


def changed_cadence(steps_min: float, percent: float) -> Answer:
    """The athlete's own cadence, so many percent higher or lower, steps/min.

    5 % more lowers what the knee absorbs, 10 % what knee and hip do (Heiderscheit 2011, Med Sci
    Sports Exerc 43:296); no cadence is right for all. Abstains on NaN ("no_data") and on steps of
    more than 10 % ("outside_validity").
    """
    if not (math.isfinite(steps_min) and math.isfinite(percent)):
        return Abstained("no_data", what="steps_min")
    if abs(percent) > LARGEST_STEP:
        return Abstained("outside_validity", percent, LARGEST_STEP, "percent")
    return CADENCE.of(steps_min * (1 + percent / 100))


def _refused_flight(flight_s: float) -> Abstained | None:
    if SHORTEST_FLIGHT_S <= flight_s <= LONGEST_FLIGHT_S:
        return None
    return Abstained("outside_validity", _number(flight_s), LONGEST_FLIGHT_S, "flight_s")


def _refused_contact(contact_s: float) -> Abstained | None:
    if SHORTEST_CONTACT_S <= contact_s <= LONGEST_CONTACT_S:
        return None
    return Abstained("outside_validity", _number(contact_s), LONGEST_CONTACT_S, "contact_s")


def _number(value: float) -> float | None:
    """The value, if it is one."""
    return value if math.isfinite(value) else None
