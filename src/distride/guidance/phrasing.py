"""Advice in words: what, why, how sure, and what would change it."""

from dataclasses import dataclass

from distride.guidance.measure import Abstained, Measured
from distride.guidance.measures import LIVE
from distride.guidance.next_session import Suggestion
from distride.guidance.rule import Rule
from distride.guidance.rules import TASK, NextSession, Rules
from distride.guidance.wording import Language, has_text, text
from distride.runtime import Advice, Severity

NEXT = "next_session"
STOPS = ("stop_sign", "clearance")  # a doctor is asked; other reasons only silence


@dataclass(frozen=True)
class Seen:
    """What a rule saw when it spoke.

    Attributes:
        t_s: When.
        answer: Its measure.
        lasted_s: For how long it had been met.
        confidence: Chance that its threshold is crossed; None where nobody knows.
    """

    t_s: float
    answer: Measured
    lasted_s: float
    confidence: float | None


def rule_advice(name: str, rule: Rule, seen: Seen, language: Language) -> Advice:
    """What a rule says."""
    numbers = {
        rule.measure: seen.answer.value,
        "threshold": rule.threshold,
        "seconds": seen.lasted_s,
    }
    if seen.answer.error is not None:
        numbers["error"] = seen.answer.error
    noun = _noun(rule.measure, language)
    side = "above" if rule.above is not None else "below"
    way_back = text("change", f"not_{side}", language, noun=noun, over_at=rule.over_at)
    if has_text("surer", rule.measure):
        way_back = text("change", "and", language, one=way_back) + text(
            "surer", rule.measure, language
        )
    key = side if seen.lasted_s < 1 else f"{side}_for"
    shown = {"value": seen.answer.value, "threshold": rule.threshold, "seconds": seen.lasted_s}
    reason = text("reason", key, language, noun=noun, **shown)
    said, spoken = _words(name, rule, language)
    return Advice(
        *(seen.t_s, name, said, spoken, rule.severity),
        *(reason, numbers, seen.confidence, way_back, "rules"),
    )


def model_advice(t_s: float, key: str, confidence: float, language: Language) -> Advice:
    """What the model says, in the coach's own label.

    Args:
        t_s: When.
        key: Task and label, with a dot between.
        confidence: Of the model, smoothed.
        language: Of all but the label.
    """
    label = key.partition(".")[2]
    reason = text("model", "reason", language, label=label, confidence=100 * confidence)
    said = text("model", "says", language, label=label)
    change = text("model", "change", language)
    numbers = {"confidence": confidence}
    return Advice(t_s, key, said, label, "hint", reason, numbers, confidence, change, "model")


def silence_advice(t_s: float, why: Abstained, language: Language) -> Advice:
    """Why nothing will be advised: on a stop sign, that the session ends and a doctor is asked."""
    said = text("silence", why.reason, language)
    spoken = text("silence", why.reason, f"{language}_spoken")
    reason = text("symptom", why.what, language) if why.reason == "stop_sign" else said
    numbers = {
        name: value for name in ("have", "need") if (value := getattr(why, name)) is not None
    }
    change = text("silence_over", why.reason, language)
    severity: Severity = "stop" if why.reason in STOPS else "silence"
    return Advice(t_s, why.reason, said, spoken, severity, reason, numbers, None, change, "rules")


def next_advice(
    t_s: float, suggestion: Suggestion, limits: NextSession, language: Language
) -> Advice:
    """What to do next time; nobody knows the error of a load, so no confidence is told.

    Args:
        t_s: When the session ended.
        suggestion: What is asked for.
        limits: A coach's.
        language: Of the words.
    """
    numbers = {
        "change": suggestion.change,
        "usual": suggestion.usual,
        "target": suggestion.target,
        "sessions": float(suggestion.sessions),
    }
    asks, noun = suggestion.asks, text("load", suggestion.load, language)
    side = "more" if suggestion.change >= 0 else "less"
    shown = numbers | {"change": abs(suggestion.change)}
    return Advice(
        t_s=t_s,
        key=f"{NEXT}.{asks}",
        text=text("next", asks, language, noun=noun, **numbers),
        spoken=text("next", asks, f"{language}_spoken"),
        severity="hint",
        reason=text("next_reason", side, language, **shown),
        numbers=numbers,
        confidence=None,
        what_would_change=text("next_change", asks, language, less_above=limits.less_above),
        spoke="rules",
    )


def abstained_text(why: Abstained, language: Language) -> str:
    """Why there is no number, as a sentence."""
    have, need = why.have or 0.0, why.need or 0.0
    what = text("what", why.what, language) if has_text("what", why.what) else why.what
    return text("abstained", why.reason, language, have=have, need=need, what=what)


def spoken_text(key: str, rules: Rules, language: Language) -> str:
    """What an ear-piece says under the key of an advice; the key where no rule explains it."""
    if key in rules.rules:
        return _words(key, rules.rules[key], language)[1]
    for kind in ("rule", "silence"):
        if has_text(kind, key):
            return text(kind, key, f"{language}_spoken")
    return key.partition(".")[2] or key  # the model's: its own label


def _words(name: str, rule: Rule, language: Language) -> tuple[str, str]:
    """For the screen, and for the ear-piece."""
    if rule.words is not None:
        own = rule.words.en if language == "en" else rule.words.zh
        return own, own
    return text("rule", name, language), text("rule", name, f"{language}_spoken")


def _noun(measure: str, language: Language) -> str:
    if measure in LIVE:
        return text("measure", measure, language)
    return text("model", "number", language, task=measure.removeprefix(TASK))
