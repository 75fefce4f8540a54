"""Who an athlete is, as far as formulas ask, and how they are on one day."""

import datetime as dt
import itertools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from distride.errors import GuidanceError
from distride.tables import built, read_table

Sex = Literal["female", "male"]
Condition = Literal["beta_blocker", "pacemaker", "arrhythmia", "pregnancy", "known_disease"]
"""What makes formulas wrong, or asks for a doctor first. A known disease is one of heart, vessels,
metabolism or kidneys."""

Symptom = Literal[
    "pain_in_chest_neck_jaw_or_arm",
    "dizziness_or_fainting",
    "short_of_breath_at_rest_or_mild_effort",
    "palpitations",
    "short_of_breath_lying_down",
    "swollen_ankles",
    "leg_pain_when_walking",
]
"""Signs on which exercise stops and a doctor is asked (American College of Sports Medicine)."""

RANGES: dict[str, tuple[float, float, str]] = {
    "max_bpm": (100, 230, "bpm"),
    "resting_bpm": (25, 110, "bpm"),
    "threshold_bpm": (80, 220, "bpm"),
}
BIRTH_YEARS = (1900, 2100)


@dataclass(frozen=True)
class Profile:
    """What is known of an athlete; None is unknown, and what needs it abstains.

    Attributes:
        birth_year: Calendar year.
        sex: Which group's constants a formula takes, where it has two.
        max_bpm: The highest heart rate ever measured in an all-out effort; never an estimate.
        resting_bpm: Lying, awake, in the morning.
        threshold_bpm: At the lactate threshold, as of a field test of half an hour.
        conditions: What makes formulas wrong.
        is_active: Whether they exercise regularly; unknown counts as no.
    """

    birth_year: int
    sex: Sex | None = None
    max_bpm: float | None = None
    resting_bpm: float | None = None
    threshold_bpm: float | None = None
    conditions: frozenset[Condition] = frozenset()
    is_active: bool = False

    def __post_init__(self) -> None:
        _check_one_of("sex", [] if self.sex is None else [self.sex], get_args(Sex))
        _check_one_of("conditions", self.conditions, get_args(Condition))
        _check_range("birth_year", self.birth_year, *BIRTH_YEARS, "a year")
        for name, (low, high, unit) in RANGES.items():
            if getattr(self, name) is not None:
                _check_range(name, getattr(self, name), low, high, unit)
        _check_order(self, "resting_bpm", "threshold_bpm", "max_bpm")


@dataclass(frozen=True)
class Day:
    """An athlete on one day: what they are asked before guidance speaks.

    Attributes:
        profile: Who.
        date: When.
        symptoms: Which stop signs they report.
        is_ill: Fever, infection or the like.
    """

    profile: Profile
    date: dt.date
    symptoms: frozenset[Symptom] = frozenset()
    is_ill: bool = False

    def __post_init__(self) -> None:
        _check_one_of("symptoms", self.symptoms, get_args(Symptom))
        if self.age < 0:
            raise GuidanceError(
                f"The profile's birth_year is {self.profile.birth_year} and the day is in "
                f"{self.date.year}: correct one of them."
            )

    @property
    def age(self) -> int:
        """Years at the end of this calendar year: known without a birthday."""
        return self.date.year - self.profile.birth_year


def read_profile(path: str | Path) -> Profile:
    """An athlete's profile from TOML: the fields of `Profile`, those not known left out.

    Raises:
        GuidanceError: No such file, not TOML, an unknown key, or a value that is not allowed.
    """
    table = read_table(path, "profile", GuidanceError)
    profile: Profile = built(
        Profile, table, refuse=lambda where, said: GuidanceError(f"In the profile: {said}", where)
    )
    return profile


def _check_range(name: str, value: Any, low: float, high: float, unit: str) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not (math.isfinite(value) and low <= value <= high):
        raise GuidanceError(
            f"The profile's {name} is {value!r}: it must be {low:g} to {high:g} ({unit}), or be "
            "left out where it is not known."
        )


def _check_one_of(name: str, values: Any, allowed: tuple[str, ...]) -> None:
    for value in sorted(set(values) - set(allowed), key=repr):
        raise GuidanceError(
            f"The athlete's {name} holds {value!r}: allowed are {', '.join(allowed)}."
        )


def _check_order(profile: Profile, *names: str) -> None:
    """Those that are known must rise."""
    known = [(name, getattr(profile, name)) for name in names if getattr(profile, name) is not None]
    for (low, below), (high, above) in itertools.pairwise(known):
        if below >= above:
            raise GuidanceError(
                f"The profile's {low} is {below:g} and its {high} {above:g}: the first must be "
                "lower; measure again, or leave out the one that is in doubt."
            )
