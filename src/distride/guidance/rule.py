"""One rule: a threshold of one measure, relative to the athlete, that does not flicker."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from distride.errors import GuidanceError
from distride.guidance.measure import Abstained, Answer
from distride.guidance.wording import SPOKEN_LIMIT, Language, too_long, unfit
from distride.runtime import Severity

Direction = Literal["less", "same", "more"]
RULE_SEVERITIES: tuple[Severity, ...] = ("warning", "hint")


@dataclass(frozen=True)
class Words:
    """What an ear-piece says, in both languages."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        check_words(self.en, "en", "words.en")
        check_words(self.zh, "zh", "words.zh")


def check_words(said: str, language: Language, where: str) -> None:
    """Whether somebody may hear this.

    Raises:
        GuidanceError: It is too long for an ear-piece, or says what guidance never says.
    """
    if too_long(language, said):
        raise GuidanceError(
            f"{said!r} cannot be said into an ear: 1 to {SPOKEN_LIMIT[language]}.", where
        )
    wrong = unfit(said)
    if wrong:
        raise GuidanceError(
            f"{said!r} holds {wrong!r}: guidance names no disease, calls no load safe and gives no "
            "odds of injury.",
            where,
        )


@dataclass(frozen=True)
class Rule:
    """Speaks while a measure is beyond its threshold; calling it leaves no state.

    Attributes:
        measure: Which measure it looks at.
        above: Met above it, in the measure's unit; either this or `below`.
        below: Met below it.
        margin: Once met, it stays so until the measure is back by as much.
        for_s: Met for so long before it speaks.
        cool_down_s: It is silent for so long after it spoke.
        priority: Of several that are met, the highest speaks; warnings before hints.
        severity: "warning" or "hint".
        sure: The least confidence, 0 to 1: withheld below it.
        movements: Only in these; empty: in all.
        asks: Whether it asks the athlete for less, more, or neither.
        words: Its own; without them a text under its name is used.
    """

    measure: str
    above: float | None = None
    below: float | None = None
    margin: float = 0.0
    for_s: float = 0.0
    cool_down_s: float = 120.0
    priority: int = 50
    severity: Severity = "hint"
    sure: float = 0.6
    movements: tuple[str, ...] = ()
    asks: Direction = "less"
    words: Words | None = None

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            given = "neither" if self.above is None else "both"
            raise GuidanceError(f"It has {given} of 'above' and 'below': give one.", "above")
        if not math.isfinite(self.threshold):
            raise GuidanceError(f"Its threshold is {self.threshold}: give a number.", "above")
        for name, high in (("margin", 1e6), ("for_s", 3600), ("cool_down_s", 86_400), ("sure", 1)):
            self._check(name, 0, high)
        self._check("priority", 0, 100)
        if self.severity not in RULE_SEVERITIES:
            raise GuidanceError(
                f"Its severity is {self.severity!r}: allowed are {', '.join(RULE_SEVERITIES)}; "
                "'stop' and 'silence' are for safety alone.",
                "severity",
            )
        if self.asks not in get_args(Direction):
            raise GuidanceError(f"It asks {self.asks!r}: allowed are less, same, more.", "asks")

    @property
    def threshold(self) -> float:
        """The number that is crossed."""
        return self.below if self.above is None else self.above  # type: ignore[return-value]

    @property
    def over_at(self) -> float:
        """Where it ends, once met."""
        return self.threshold + (self.margin if self.above is None else -self.margin)

    def __call__(self, answer: Answer, is_met: bool = False) -> bool:
        """Whether it is met; never on a measure that abstains.

        Args:
            answer: Of its measure, now.
            is_met: Whether it was met before.
        """
        if isinstance(answer, Abstained):
            return False
        edge = self.over_at if is_met else self.threshold
        return answer.value < edge if self.above is None else answer.value > edge

    def confidence(self, answer: Answer) -> float | None:
        """Chance that the threshold is crossed, of a normal error; None where none is known."""
        if isinstance(answer, Abstained) or answer.error is None:
            return None
        beyond = answer.value - self.threshold
        beyond = -beyond if self.above is None else beyond
        if answer.error == 0:
            return 1.0 if beyond > 0 else 0.0
        return 0.5 * (1 + math.erf(beyond / answer.error / math.sqrt(2)))

    def _check(self, name: str, low: float, high: float) -> None:
        value = getattr(self, name)
        if not low <= value <= high:  # also false for NaN
            raise GuidanceError(f"Its {name} is {value}: it must be {low:g} to {high:g}.", name)
