"""What every measure answers: a number with its unit and error, or why there is none.

Nothing here is None, NaN or infinite: whoever reads an answer must look which of the two it is.
"""

import math
from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "stop_sign",
    "clearance",
    "minor",
    "pregnancy",
    "illness",
    "beta_blocker",
    "pacemaker",
    "arrhythmia",
    "not_in_profile",
    "no_data",
    "too_little_data",
    "bad_clock",
    "heart_rate_gaps",
    "artefacts",
    "not_steady",
    "not_recovering",
    "no_variation",
    "outside_validity",
    "not_validated",
    "not_calibrated",
    "does_not_fit",
    "implausible",
]
"""Why there is no number; the key under which a language says it as a sentence."""


@dataclass(frozen=True)
class Abstained:
    """No number, and why.

    Attributes:
        reason: The key of the sentence.
        have: What there was, such as 5 days; None where nothing is counted.
        need: What is needed for an answer, such as 28 days.
        what: Whose trouble it is: a field of the profile, or an input with its unit.
    """

    reason: Reason
    have: float | None = None
    need: float | None = None
    what: str = ""


@dataclass(frozen=True)
class Measured:
    """A number that may be shown: never without its unit, its error and where it holds.

    Attributes:
        value: In the measure's unit, within its range.
        measure: What it is.
        error: One standard deviation for one person, in the same unit; None where nobody has
            published one, which does not mean that there is none.
    """

    value: float
    measure: "Measure"
    error: float | None = None


Answer = Measured | Abstained


@dataclass(frozen=True)
class Measure:
    """What a number means.

    Attributes:
        key: Its name, also in rules and in the texts of each language.
        unit: Empty where it has none.
        low: The least value that can be right.
        high: The greatest.
        protocol: The conditions under which it was validated, or what it may be compared with.
    """

    key: str
    unit: str
    low: float
    high: float
    protocol: str

    def of(self, value: float, error: float | None = None) -> Answer:
        """The value, unless it cannot be right.

        >>> steps = Measure("cadence", "steps/min", 0.0, 300.0, "counted")
        >>> steps.of(172.0).value
        172.0
        >>> steps.of(float("nan")).reason
        'implausible'
        """
        if not (math.isfinite(value) and self.low <= value <= self.high):
            return Abstained("implausible", what=self.key)
        return Measured(float(value), self, error)
