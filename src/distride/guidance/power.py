"""Power: what an athlete can hold, what they spend above it, and what a ride cost."""

import math
from dataclasses import dataclass

import numpy as np

from distride.errors import GuidanceError
from distride.guidance.inputs import aligned
from distride.guidance.measure import Abstained, Answer
from distride.guidance.measures import (
    CRITICAL_POWER,
    EXHAUSTION,
    NORMALIZED_POWER,
    TRAINING_STRESS,
    W_BALANCE,
    W_PRIME,
)

SHORTEST_S, LONGEST_S = EXHAUSTION.low, EXHAUSTION.high  # of efforts the model describes
FEWEST_EFFORTS = 3
AVERAGE_S = 30
LEAST_S = 600
HIGHEST_W = 2500.0
LEAST_SPREAD = 1.5  # the longest effort over the shortest
LONGEST_STEP_S = 10.0


@dataclass(frozen=True)
class CriticalPower:
    """``P = W'/t + CP`` of one athlete.

    Attributes:
        cp_w: What can be held, in theory, for ever.
        w_prime_j: Work above it until exhaustion.
        cp_error_w: By how much the other linear form of the model disagrees; None where it was not
            fitted here.
        w_prime_error_j: The same of W'.
    """

    cp_w: float
    w_prime_j: float
    cp_error_w: float | None = None
    w_prime_error_j: float | None = None

    def __post_init__(self) -> None:
        if not _is_human(self.cp_w, self.w_prime_j):
            raise GuidanceError(
                f"Critical power is {self.cp_w:g} W with {self.w_prime_j:g} J above it: it must be "
                f"{CRITICAL_POWER.low:g} to {CRITICAL_POWER.high:g} W with {W_PRIME.low:g} to "
                f"{W_PRIME.high:g} J."
            )

    @property
    def critical_power(self) -> Answer:
        """Critical power with its error, W."""
        return CRITICAL_POWER.of(self.cp_w, self.cp_error_w)

    @property
    def w_prime(self) -> Answer:
        """W' with its error, J."""
        return W_PRIME.of(self.w_prime_j, self.w_prime_error_j)


def critical_power(duration_s: np.ndarray, power_w: np.ndarray) -> CriticalPower | Abstained:
    """The model of all-out efforts: work is ``W' + CP·t``, by least squares.

    Hill 1925; Monod & Scherrer 1965, Ergonomics 8:329. ``P = CP + W'/t`` weighs the same efforts
    otherwise; how far its answer is off is the error. Abstains on fewer than three efforts of 2 to
    30 minutes ("too_little_data"), where the longest is not half as long again as the shortest
    ("no_variation"), and where either form gives no power that a person has ("does_not_fit").

    Raises:
        GuidanceError: The arrays differ in length.

    Args:
        duration_s: ``(effort,)``; what is not of 2 to 30 minutes is left out.
        power_w: ``(effort,)`` mean power.
    """
    t, power = aligned(duration_s, power_w)
    usable = (t >= SHORTEST_S) & (t <= LONGEST_S) & (power > 0) & (power <= HIGHEST_W)
    t, power = t[usable], power[usable]
    if len(np.unique(t)) < FEWEST_EFFORTS:
        return Abstained("too_little_data", len(np.unique(t)), FEWEST_EFFORTS, "efforts")
    if t.max() < LEAST_SPREAD * t.min():
        return Abstained("no_variation", t.max() / t.min(), LEAST_SPREAD, "longest over shortest")
    cp, w_prime = np.polyfit(t, power * t, 1)
    other_w_prime, other_cp = np.polyfit(1 / t, power, 1)
    if not (_is_human(cp, w_prime) and _is_human(other_cp, other_w_prime)):
        return Abstained("does_not_fit", what="efforts")
    return CriticalPower(
        float(cp), float(w_prime), abs(float(other_cp - cp)), abs(float(other_w_prime - w_prime))
    )


def time_to_exhaustion(power_w: float, model: CriticalPower) -> Answer:
    """``W' / (P − CP)``, s, at constant power (Hill 1925).

    Abstains on NaN ("no_data") and where that is not 2 to 30 minutes, as at and below critical
    power ("outside_validity").
    """
    if not math.isfinite(power_w):
        return Abstained("no_data", what="power_w")
    above = power_w - model.cp_w
    seconds = model.w_prime_j / above if above > 0 else math.inf
    if not SHORTEST_S <= seconds <= LONGEST_S:
        return Abstained("outside_validity", power_w, model.cp_w, "power_w")
    return EXHAUSTION.of(seconds)


def w_balance(power_w: np.ndarray, model: CriticalPower, step_s: float = 1.0) -> Answer:
    """What is left of W' at the end, J, by the differential model (Froncioni, Skiba & Clarke).

    Above critical power ``ΔW = −(P − CP)·Δt``, below it ``(CP − P)·(W' − W)/W'·Δt``. Below zero it
    says that the model's W' or critical power is wrong for this day, not that the athlete cannot
    go on. Abstains where a power is unknown or no person has it ("no_data"), and on steps of more
    than 10 s ("outside_validity").

    Args:
        power_w: ``(time,)``.
        model: The athlete's.
        step_s: From sample to sample.
    """
    power = _known(power_w, step_s)
    if isinstance(power, Abstained):
        return power
    left = model.w_prime_j
    for above in power - model.cp_w:
        share = 1.0 if above >= 0 else (model.w_prime_j - left) / model.w_prime_j
        left = min(left - float(above) * share * step_s, model.w_prime_j)
    return W_BALANCE.of(left)


def w_balance_integral(
    power_w: np.ndarray, model: CriticalPower, step_s: float = 1.0, tau_s: float | None = None
) -> Answer:
    """The same by the integral model (Skiba 2012, Med Sci Sports Exerc 44:1526), J.

    ``W' − Σ W_exp·exp(−(t−u)/τ)``, ``τ = 546·exp(−0.01·D) + 316`` s, ``D`` critical power less the
    mean power below it. It recovers while the athlete works, so it disagrees with `w_balance` by
    design: shown together they tell how little is known. Abstains as `w_balance` does.

    Args:
        power_w: ``(time,)``.
        model: The athlete's.
        step_s: From sample to sample.
        tau_s: The athlete's own, which predicts better; None takes the formula's.
    """
    power = _known(power_w, step_s)
    if isinstance(power, Abstained):
        return power
    below = power[power < model.cp_w]
    if tau_s is None:
        tau_s = recovery_constant_s(model.cp_w - float(below.mean())) if len(below) else math.inf
    if not tau_s > 0:
        return Abstained("outside_validity", need=0.0, what="tau_s")
    spent = np.maximum(power - model.cp_w, 0.0) * step_s
    ago = np.arange(len(power) - 1, -1, -1) * step_s
    return W_BALANCE.of(model.w_prime_j - float(spent @ np.exp(-ago / tau_s)))


def recovery_constant_s(below_w: float) -> float:
    """``τ = 546·exp(−0.01·D) + 316`` s of the integral model; seven people stand behind it.

    >>> round(recovery_constant_s(125.0), 4)
    472.4316
    """
    return 546.0 * math.exp(-0.01 * below_w) + 316.0


def normalized_power(power_w: np.ndarray) -> Answer:
    """``(mean of (30 s mean)⁴)^¼``, W, of power second by second (Coggan).

    At the start the mean is over what there is. Abstains where a power is unknown or no person has
    it ("no_data"), and under 10 minutes ("too_little_data").

    Args:
        power_w: ``(second,)``.
    """
    power = _known(power_w)
    if isinstance(power, Abstained):
        return power
    if len(power) < LEAST_S:
        return Abstained("too_little_data", len(power) / 60, LEAST_S / 60, "minutes")
    total = np.cumsum(power)
    before = np.concatenate([np.zeros(AVERAGE_S), total[:-AVERAGE_S]])
    smooth = (total - before) / np.minimum(np.arange(1, len(power) + 1), AVERAGE_S)
    return NORMALIZED_POWER.of(float((smooth**4).mean() ** 0.25))


def training_stress(seconds: float, normalized: Answer, threshold_w: float | None) -> Answer:
    """``100 · s·NP·IF / (FTP·3600)``, points, where ``IF = NP/FTP`` (Coggan).

    Abstains as the power does, without a threshold power ("not_in_profile"), and where the time is
    not known ("no_data").
    """
    if isinstance(normalized, Abstained):
        return normalized
    if threshold_w is None or not threshold_w >= CRITICAL_POWER.low:
        return Abstained("not_in_profile", what="functional_threshold_w")
    if not (math.isfinite(seconds) and seconds >= 0):
        return Abstained("no_data", what="seconds")
    return TRAINING_STRESS.of(100 * seconds * (normalized.value / threshold_w) ** 2 / 3600)


def _known(power_w: np.ndarray, step_s: float = 1.0) -> np.ndarray | Abstained:
    if not 0 < step_s <= LONGEST_STEP_S:
        return Abstained("outside_validity", need=LONGEST_STEP_S, what="step_s")
    power = np.asarray(power_w, np.float64).ravel()
    if not len(power) or not ((power >= 0) & (power <= HIGHEST_W)).all():
        return Abstained("no_data", what="power_w")
    return power


def _is_human(cp_w: float, w_prime_j: float) -> bool:
    return (
        CRITICAL_POWER.low <= cp_w <= CRITICAL_POWER.high
        and W_PRIME.low <= w_prime_j <= W_PRIME.high
    )
