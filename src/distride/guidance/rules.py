"""A coach's rules: what may be advised, and when."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from distride.errors import GuidanceError
from distride.guidance.measures import FAULTY, LIVE
from distride.guidance.rule import Direction, Rule, check_words
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
        asks_for_more: Labels, spoken or not, that ask for more.
        asks_for_less: Labels, spoken or not, that ask for less.
        for_s: Held for so long before it is spoken.
        cool_down_s: Silence after the same label.
        priority: Among the rules.
        sure: The least confidence of the model.
    """

    task: str = "advice"
    says: tuple[str, ...] = ()
    asks_for_more: tuple[str, ...] = ()
    asks_for_less: tuple[str, ...] = ()
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
        both = set(self.asks_for_more) & set(self.asks_for_less)
        if both:
            raise GuidanceError(
                f"'model.asks_for_less' holds {min(both)!r}, which 'model.asks_for_more' does too.",
                "model.asks_for_less",
            )

    def direction(self, label: str) -> Direction:
        """What a label asks for."""
        if label in self.asks_for_more:
            return "more"
        return "less" if label in self.asks_for_less else "same"


@dataclass(frozen=True)
class TechniqueTask:
    """Where the model judges how a repetition is done.

    Attributes:
        task: Which task.
        good: Its answers that are good; none unless named here, then nothing is called a fault.
    """

    task: str = "execution"
    good: tuple[str, ...] = ()


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
        technique: Where the model judges technique.
        next_session: What may be suggested afterwards.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    every_s: float = 20.0
    athlete_agreed_to_more: bool = False
    model: ModelVoice = field(default_factory=ModelVoice)
    technique: TechniqueTask = field(default_factory=TechniqueTask)
    next_session: NextSession = field(default_factory=NextSession)

    def __post_init__(self) -> None:
        _check("every_s", self.every_s, 0, 3600)
        for name, rule in self.rules.items():
            check_rule(name, rule)
        if self.athlete_agreed_to_more:
            return
        asking = [f"{RULES}.{name}.asks" for name, one in self.rules.items() if one.asks == "more"]
        asking += ["model.says"] * bool(set(self.model.says) & set(self.model.asks_for_more))
        asking += ["next_session.more_by"] * bool(self.next_session.more_by)
        for where in asking:
            raise GuidanceError(
                f"'{where}' asks for more: only less is advised unasked; set "
                "athlete_agreed_to_more = true once the athlete has agreed.",
                where,
            )

    @property
    def asks_model(self) -> bool:
        """Whether any of it rests on what the model holds."""
        asked = [one for one in self.rules.values() if rests_on_model(one.measure)]
        return bool(asked or self.model.says)


def rests_on_model(measure: str) -> bool:
    """Whether a measure is what the model holds, so that it waits for a calibration."""
    return measure.startswith(TASK) or measure == FAULTY.key


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


def check_labels(rules: Rules, labels: Mapping[str, Sequence[str]]) -> None:
    """Whether a model knows what rules name, so that none of them waits in vain.

    Args:
        rules: A coach's.
        labels: Of each task of the model; none of a task that is a number.

    Raises:
        GuidanceError: A task or label that the model does not have.
    """
    movements = {label for known in labels.values() for label in known}
    numbers = {f"{TASK}{task}" for task, known in labels.items() if not known}
    for name, rule in rules.rules.items():
        for movement in rule.movements:
            _check_known(f"{RULES}.{name}.movements", movement, movements)
        if rule.measure.startswith(TASK):
            _check_known(f"{RULES}.{name}.measure", rule.measure, numbers)
    model = rules.model
    for field_name in ("says", "asks_for_more", "asks_for_less"):
        for label in getattr(model, field_name):
            _check_known(f"model.{field_name}", label, labels.get(model.task, ()))
    for label in rules.technique.good:
        _check_known("technique.good", label, labels.get(rules.technique.task, ()))


def _check_known(where: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        held = ", ".join(sorted(known)[:12]) or "nothing of the kind"
        raise GuidanceError(
            f"'{where}' names {name!r}, which this model does not know: it knows {held}.", where
        )


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also false for NaN
        raise GuidanceError(f"'{name}' is {value}: it must be {low:g} to {high:g}.", name)
