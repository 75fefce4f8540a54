"""Live advice: safety first, few words, each with its reason."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from distride.guidance.measure import Abstained, Answer
from distride.guidance.phrasing import Seen, model_advice, rule_advice, silence_advice
from distride.guidance.profile import Day
from distride.guidance.rule import Direction, Rule
from distride.guidance.rules import TASK, Rules, rests_on_model
from distride.guidance.safety import why_silent
from distride.guidance.situation import Situation
from distride.guidance.wording import Language
from distride.runtime import Advice, Event, Severity

GRAVITY: tuple[Severity, ...] = ("hint", "warning")


@dataclass(frozen=True)
class Cue:
    """What could be said now; of several the highest rank is, and less before more."""

    rank: tuple[int, int]
    cool_down_s: float
    advice: Advice
    asks: Direction
    is_aloud: bool = True

    def opposes(self, other: "Cue") -> bool:
        """Whether of the two one asks for less and the other for more."""
        return {self.asks, other.asks} == {"less", "more"}


class Coach:
    """Advice in one session; silent where why_silent says so, whatever the rules hold.

    Args:
        rules: A coach's, or the defaults.
        day: Who, and how they are.
        language: "en" or "zh".
        is_calibrated: Whether the model was calibrated for this athlete; else nothing is said of
            what it holds.
    """

    def __init__(
        self, rules: Rules, day: Day, language: Language = "en", is_calibrated: bool = False
    ) -> None:
        self.rules = rules
        self.language = language
        self.is_calibrated = is_calibrated
        self._since: dict[str, float] = {}  # of what is met
        self._held = ("", -math.inf)  # of the model's advice: label, since when
        self._spoke_s: dict[str, float] = {}
        self._last_s = -math.inf
        self._told_silence: Abstained | None = None
        self.take(day)

    def take(self, day: Day) -> None:
        """Go on with another day, as when the athlete reports a symptom in the session."""
        self._silence = why_silent(day)
        self._situation = Situation(day)

    def push(self, events: Iterable[Event]) -> list[Advice]:
        """What is advised after these events, in the order of time.

        Args:
            events: In the order of time; also from one push to the next. Those of a clock that goes
                back are noted and never spoken upon.
        """
        told = []
        for event in events:
            self._situation.push(event)
            if math.isfinite(event.t_s):
                told += self._advise(event.t_s)
        return told

    def _advise(self, now_s: float) -> list[Advice]:
        if self._silence:
            return self._tell_silence(now_s, self._silence)
        cues = [*self._rule_cues(now_s), *self._model_cues(now_s)]
        ready = [one for one in cues if self._may_speak(one, now_s)]
        if any(one.asks == "less" for one in cues):
            ready = [one for one in ready if one.asks != "more"]
        if not ready:
            return []
        first = max(ready, key=lambda cue: cue.rank)
        self._last_s = self._spoke_s[first.advice.key] = now_s
        others = [one for one in cues if one.advice.spoke != first.advice.spoke]
        other_voice = ", ".join(one.advice.key for one in others)
        is_contradicted = any(map(first.opposes, others))
        return [replace(first.advice, other_voice=other_voice, is_contradicted=is_contradicted)]

    def _may_speak(self, cue: Cue, now_s: float) -> bool:
        own_s = self._spoke_s.get(cue.advice.key, -math.inf)
        is_rested = now_s - own_s >= cue.cool_down_s
        return cue.is_aloud and is_rested and now_s - self._last_s >= self.rules.every_s

    def _tell_silence(self, now_s: float, why: Abstained) -> list[Advice]:
        """Once: why nothing will be advised."""
        if why == self._told_silence:
            return []
        self._told_silence = why
        return [silence_advice(now_s, why, self.language)]

    def _rule_cues(self, now_s: float) -> Iterable[Cue]:
        for name, rule in self.rules.rules.items():
            answer = self._answer(rule, now_s)
            since_s = self._met_since(name, rule(answer, name in self._since), now_s)
            if since_s is None or isinstance(answer, Abstained):
                continue
            sure = rule.confidence(answer)
            is_sure = rule.sure == 0 or (sure or 0.0) >= rule.sure
            if is_sure and now_s - since_s >= rule.for_s:
                rank = (GRAVITY.index(rule.severity), rule.priority)
                seen = Seen(now_s, answer, now_s - since_s, sure)
                advice = rule_advice(name, rule, seen, self.language)
                yield Cue(rank, rule.cool_down_s, advice, rule.asks)

    def _answer(self, rule: Rule, now_s: float) -> Answer:
        if rule.movements and not self._situation.is_in(rule.movements, now_s):
            return Abstained("no_data", what="movement")
        if rests_on_model(rule.measure) and not self.is_calibrated:
            return Abstained("not_calibrated", what=rule.measure)
        if rule.measure.startswith(TASK):
            return self._situation.number(rule.measure.removeprefix(TASK), now_s)
        return self._situation.live(rule.measure, now_s)

    def _model_cues(self, now_s: float) -> Iterable[Cue]:
        """What the model holds, aloud only where the coach named it."""
        model = self.rules.model
        state = self._situation.state(model.task, now_s) if self.is_calibrated else None
        sure = 0.0 if state is None else state.confidence or 0.0
        label = state.movement if state and sure > 0 else ""
        if label != self._held[0]:
            self._held = (label, now_s)
        if label and now_s - self._held[1] >= model.for_s and sure >= model.sure:
            advice = model_advice(now_s, f"{model.task}.{label}", sure, self.language)
            rank, is_aloud = (0, model.priority), label in model.says
            yield Cue(rank, model.cool_down_s, advice, model.direction(label), is_aloud)

    def _met_since(self, key: str, is_met: bool, now_s: float) -> float | None:
        if not is_met:
            self._since.pop(key, None)
            return None
        return self._since.setdefault(key, now_s)
