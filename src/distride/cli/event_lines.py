"""What is told in a session, a line each, in both languages."""

from collections.abc import Iterable

from distride.guidance.wording import Language, has_text, text
from distride.runtime import Advice, Comparison, Drift, Quality, Rep, SetEnded, State, Technique

Lasting = Quality | Drift | SetEnded | Advice
"""What stays in view once it was told."""


def lasting_line(event: Lasting, language: Language) -> tuple[str, str]:
    """The sign of its kind, and what stays in view."""
    if isinstance(event, Advice):
        return "»", advice_line(event, language)
    if isinstance(event, SetEnded):
        return "=", set_line(event, language)
    return "!", trouble_line(event, language)


def trouble_line(event: Quality | Drift, language: Language) -> str:
    """What is wrong with the signal, or no longer as it was."""
    if isinstance(event, Drift):
        return text("drift", event.cause, language, share=event.share, seconds=event.seconds)
    named = ", ".join(event.channels)
    return text("quality", event.kind, language, seconds=event.seconds, named=named)


def answer_line(state: State, language: Language) -> str:
    """A task's answer, or why there is none."""
    sure = "" if state.confidence is None else f" ({state.confidence:.0%})"
    if state.cause:
        return doubt_line(state.cause, language) + (sure if state.cause == "unsure" else "")
    if state.value is not None:
        return f"{state.value:.1f} {state.unit}".rstrip()
    return f"{state.movement}{sure}"


def doubt_line(cause: str, language: Language) -> str:
    """Why there is no answer; a log of another program may not say."""
    return text("doubt", cause or "unsure", language)


def task_name(task: str, language: Language) -> str:
    """A task by its name; that of the movements, which every cohort calls alike, in words."""
    return text("view", task, language) if has_text("view", task) else task


def advice_line(event: Advice, language: Language) -> str:
    """An advice in one line: what the other voice holds is never hidden."""
    line = text("view", "because", language, said=event.spoken, reason=event.reason)
    if not event.other_voice:
        return line
    other = "other_model" if event.spoke == "rules" else "other_rules"
    opposite = text("view", "opposite", language) if event.is_contradicted else ""
    return line + text("view", other, language, held=event.other_voice, opposite=opposite)


def rep_line(rep: Rep, language: Language) -> str:
    """Both phases of a repetition, and its range."""
    shown = {"out": rep.out_s, "back": rep.back_s, "range": rep.range_deg}
    return text("view", "phases", language, **shown)


def compared_line(technique: Technique, language: Language) -> str:
    """The last repetitions beside the athlete's own good ones; empty where too little is known."""
    today = _beside("of_own", technique.range, technique.tempo, language)
    usual = _beside("of_usual", technique.usual_range, technique.usual_tempo, language)
    return "; ".join(filter(None, (today, usual)))


def _beside(
    whose: str, width: Comparison | None, tempo: Comparison | None, language: Language
) -> str:
    parts = [
        text("view", key, language, value=one.value, error=one.error)
        for key, one in (("range_of", width), ("tempo_of", tempo))
        if one is not None
    ]
    return text("view", whose, language, parts=listed(parts, language)) if parts else ""


def listed(parts: Iterable[str], language: Language) -> str:
    """Several things in one line."""
    return (", " if language == "en" else "，").join(parts)


def technique_line(event: Technique, language: Language) -> str:
    """A verdict in one line."""
    sure = "" if event.confidence is None else f" ({event.confidence:.0%})"
    verdict = f"{event.verdict}{sure}"
    line = text("view", "since", language, verdict=verdict, since=event.since)
    beside = compared_line(event, language)
    return f"{line}; {beside}" if beside else line


def set_line(event: SetEnded, language: Language) -> str:
    """A set in one line."""
    done = f"{event.repetitions} {event.movement}".rstrip()
    shown = {"seconds": event.seconds_a_rep, "range": event.range_deg}
    return text("view", "set_over", language, number=event.number, done=done, **shown)
