"""A coach's rules: what may be advised, and when."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from distride.errors import GuidanceError
from distride.guidance.measures import LIVE
from distride.guidance.rule import Rule, check_words
from distride.guidance.wording import has_text

TASK = "task."  # and the name of a task that is a number
RULES = "rules"
LARGEST_INCREASE = 10.0  # percent; a custom, no evidence


@dataclass(frozen=True)
class ModelVoice:
    """What the model may say: labels of a task on which it learnt a coach's advice.

    Attributes:
        task: Which task.
        says: Labels that are spoken, each short enough for an ear-piece; none unless named here.
        asks_for_more: Those of them that ask for more.
        for_s: Held for so long before it is spoken.
        cool_down_s: Silence after the same label.
        priority: Among the rules.
        sure: The least confidence of the model.
    """

    task: str = "advice"
    says: tuple[str, ...] = ()
    asks_for_more: tuple[str, ...] = ()
    for_s: float = 3.0
    cool_down_s: float = 120.0
    priority: int = 30
    sure: float = 0.7

    def __post_init__(self) -> None:
        for name, high in (("for_s", 3600), ("cool_down_s", 86_400), ("sure", 1)):
            _check(f"model.{name}", getattr(self, name), 0, high)
        _check("model.priority", self.priority, 0, 100)
        for label in self.says:
            check_words(label, "en" if label.isascii() else "zh", "model.says")
        foreign = set(self.asks_for_more) - set(self.says)
        if foreign:
            raise GuidanceError(
                f"'model.asks_for_more' holds {min(foreign)!r}, which 'model.says' does not.",
                "model.asks_for_more",
            )


@dataclass(frozen=True)
class NextSession:
    """What may be suggested for the next session.

    Attributes:
        less_above: A week that is above the athlete's own weeks by more percent asks for less.
        less_by: By how many percent below the usual session.
        more_by: At most so many percent more, and only where the athlete agreed; 0: never.
    """

    less_above: float = 30.0
    less_by: float = 20.0
    more_by: float = 0.0

    def __post_init__(self) -> None:
        _check("next_session.less_above", self.less_above, 0, 1000)
        _check("next_session.less_by", self.less_by, 0, 100)
        _check("next_session.more_by", self.more_by, 0, LARGEST_INCREASE)


@dataclass(frozen=True)
class Rules:
    """All of a coach's rules.

    Attributes:
        rules: By name.
        every_s: At most one cue in so many seconds.
        athlete_agreed_to_more: Whether anything may ask for more than is done.
        model: What the model may say.
        next_session: What may be suggested afterwards.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    every_s: float = 20.0
    athlete_agreed_to_more: bool = False
    model: ModelVoice = field(default_factory=ModelVoice)
    next_session: NextSession = field(default_factory=NextSession)

    def __post_init__(self) -> None:
        _check("every_s", self.every_s, 0, 3600)
        for name, rule in self.rules.items():
            check_rule(name, rule)
        if self.athlete_agreed_to_more:
            return
        asking = [f"{RULES}.{name}.asks" for name, one in self.rules.items() if one.asks == "more"]
        asking += ["model.asks_for_more"] * bool(self.model.asks_for_more)
        asking += ["next_session.more_by"] * bool(self.next_session.more_by)
        for where in asking:
            raise GuidanceError(
                f"'{where}' asks for more: only less is advised unasked; set "
                "athlete_agreed_to_more = true once the athlete has agreed.",
                where,
            )


def check_rule(name: str, rule: Rule) -> None:
    """Whether a rule of this name can be asked and can speak.

    Raises:
        GuidanceError: No such measure, or no text.
    """
    where = f"{RULES}.{name}"
    if rule.measure not in LIVE and not rule.measure.startswith(TASK):
        near = difflib.get_close_matches(rule.measure, LIVE, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(LIVE)}."
        raise GuidanceError(
            f"'{where}.measure' is {rule.measure!r}, which is not measured live: {hint} The "
            f"model's number of a task is '{TASK}NAME'.",
            f"{where}.measure",
        )
    if rule.words is None and not has_text("rule", name):
        raise GuidanceError(
            f"There is no text for a rule named '{name}': give it words, such as "
            'words = { en = "Ease off", zh = "放慢一点" }.',
            where,
        )


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also false for NaN
        raise GuidanceError(f"'{name}' is {value}: it must be {low:g} to {high:g}.", name)
