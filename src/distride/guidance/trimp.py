"""Training impulses: minutes of a session weighted by how hard the heart worked.

A sum over samples and the value at the mean heart rate differ, because the weight is convex. Here a
session is always the sum over its samples (`session_trimp`).
"""

from dataclasses import dataclass

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.inputs import aligned
from distride.guidance.load import LONGEST_MINUTES
from distride.guidance.measure import Abstained, Answer, Measure
from distride.guidance.measures import BANISTER, EDWARDS, ITRIMP, LUCIA, TRIMP100
from distride.guidance.profile import Sex
from distride.guidance.pulse import HeartRate
from distride.guidance.zones import HeartLimits

WEIGHTS: dict[Sex, tuple[float, float]] = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
"""``A`` and ``b``: both differ between the sexes, though well-known programs change only ``b``."""
FEWEST_STAGES = 4  # of a lab test: two numbers are fitted
LEAST_SPREAD = 0.2  # of its stages, share of the reserve
MOST_LACTATE, STEEPEST = 50.0, 50.0
NO_ZONES = Abstained("no_data", what="minutes in zones")


def banister_trimp(minutes: np.ndarray, reserve: np.ndarray, sex: Sex | None) -> Answer:
    """``Σ minutes · x · A · exp(b·x)``, AU, where ``x`` is the share of the heart rate reserve.

    Men A = 0.64, b = 1.92; women A = 0.86, b = 1.67 (Morton, Fitz-Clarke & Banister 1990, J Appl
    Physiol 69:1171). Abstains where the sex is unknown ("not_in_profile") or nothing was measured
    ("no_data").

    Args:
        minutes: ``(stretch,)`` how long each stretch was.
        reserve: ``(stretch,)`` its share of the reserve, cut to 0 and 1.
        sex: Whose constants.

    >>> round(banister_trimp([60.0], [9 / 13], "female").value, 4)
    113.5168
    """
    if sex is None:
        return Abstained("not_in_profile", what="sex")
    return _weighted(minutes, reserve, *WEIGHTS[sex], BANISTER)


def trimp100(trimp: Answer, limits: HeartLimits) -> Answer:
    """``100 · TRIMP / TRIMP of an hour at the threshold heart rate``, points.

    An open likeness of hrTSS (GoldenCheetah). Abstains as its parts do, and without a measured
    threshold ("not_in_profile").
    """
    if isinstance(trimp, Abstained):
        return trimp
    if limits.threshold_bpm is None:
        return Abstained("not_in_profile", what="threshold_bpm")
    reserve = limits.reserve(np.array([limits.threshold_bpm]))
    if isinstance(reserve, Abstained):
        return reserve
    hour = banister_trimp(np.array([60.0]), reserve, limits.sex)
    if isinstance(hour, Abstained):
        return hour
    if hour.value == 0:
        return Abstained("does_not_fit", what="threshold_bpm")
    return TRIMP100.of(100 * trimp.value / hour.value)


def session_trimp(heart: HeartRate, limits: HeartLimits) -> Answer:
    """Banister's TRIMP of a session, AU, summed over its samples.

    Time without a believed heart rate counts nothing. Abstains as `HeartLimits.span_bpm` and
    `banister_trimp` do.
    """
    reserve = limits.reserve(heart.bpm)
    if isinstance(reserve, Abstained):
        return reserve
    return banister_trimp(heart.minutes, reserve, limits.sex)


def edwards_trimp(minutes: np.ndarray) -> Answer:
    """``Σ zone · minutes``, AU, over the five zones from 50 to 100 % of the maximum (Edwards 1993).

    Below 50 % counts nothing. Abstains unless there are five zones of known minutes ("no_data").

    Args:
        minutes: ``(5,)`` in each zone.

    >>> edwards_trimp([10, 15, 20, 10, 5]).value
    165.0
    """
    known = _zones(minutes, 5)
    return EDWARDS.of(float(known @ np.arange(1, 6))) if known is not None else NO_ZONES


def lucia_trimp(minutes: np.ndarray) -> Answer:
    """``1, 2, 3 · minutes`` below, between and above the ventilatory thresholds, AU (Lucia 2003).

    Abstains unless there are three zones of known minutes ("no_data").

    Args:
        minutes: ``(3,)`` in each zone.

    >>> lucia_trimp([30, 20, 10]).value
    100.0
    """
    known = _zones(minutes, 3)
    return LUCIA.of(float(known @ np.arange(1, 4))) if known is not None else NO_ZONES


@dataclass(frozen=True)
class LactateCurve:
    """One athlete's lactate over the heart rate reserve, ``a·exp(b·x)`` mmol/l.

    Attributes:
        a: At rest.
        b: Growth.
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        if not (0 < self.a <= MOST_LACTATE and 0 < self.b <= STEEPEST):
            raise GuidanceError(
                f"The lactate curve is {self.a:g}·exp({self.b:g}·x): both numbers must be above 0 "
                f"and at most {MOST_LACTATE:g}."
            )

    def trimp(self, minutes: np.ndarray, reserve: np.ndarray) -> Answer:
        """Individual TRIMP, ``Σ minutes · x · a · exp(b·x)``, AU.

        Manzi 2009, Med Sci Sports Exerc 41:2090. Abstains where nothing was measured ("no_data").
        """
        return _weighted(minutes, reserve, self.a, self.b, ITRIMP)


def lactate_curve(reserve: np.ndarray, lactate_mmol_l: np.ndarray) -> LactateCurve | Abstained:
    """The curve of a lab test, by least squares on the logarithm of lactate.

    Abstains on fewer than four usable stages ("too_little_data"), on stages within 20 % of the
    reserve ("no_variation"), and if lactate does not rise ("does_not_fit"). Without a lab test
    there is no individual TRIMP.

    Args:
        reserve: ``(stage,)`` shares of the heart rate reserve.
        lactate_mmol_l: ``(stage,)`` blood lactate.
    """
    x, lactate = aligned(reserve, lactate_mmol_l)
    usable = (x >= 0) & (x <= 1.2) & (lactate > 0.1) & (lactate <= MOST_LACTATE)
    x, log_lactate = x[usable], np.log(lactate[usable])
    if len(x) < FEWEST_STAGES:
        return Abstained("too_little_data", len(x), FEWEST_STAGES, "stages")
    if np.ptp(x) < LEAST_SPREAD:
        return Abstained("no_variation", float(np.ptp(x)), LEAST_SPREAD, "share of the reserve")
    b, log_a = np.polyfit(x, log_lactate, 1)
    if not (0 < b <= STEEPEST and np.exp(log_a) <= MOST_LACTATE):
        return Abstained("does_not_fit", what="lactate")
    return LactateCurve(float(np.exp(log_a)), float(b))


def _zones(minutes: np.ndarray, count: int) -> np.ndarray | None:
    """Minutes of so many zones, or None where one is unknown or negative."""
    known = np.asarray(minutes, np.float64)
    usable = known.shape == (count,) and ((known >= 0) & (known <= LONGEST_MINUTES)).all()
    return known if usable else None


def _weighted(
    minutes: np.ndarray, reserve: np.ndarray, a: float, b: float, measure: Measure
) -> Answer:
    """``Σ minutes · x · a · exp(b·x)`` over what is known, ``x`` cut to 0 and 1."""
    lasting, x = aligned(minutes, reserve)
    known = (lasting >= 0) & (lasting <= LONGEST_MINUTES) & np.isfinite(x)
    if not known.any():
        return Abstained("no_data", what="heart_rate")
    x = np.clip(x[known], 0.0, 1.0)
    return measure.of(float(lasting[known] @ (x * a * np.exp(b * x))))
