"""A session on a terminal: what was done, how well it was seen, how hard it was, what is next."""

import itertools
from collections.abc import Iterator, Mapping

from rich.console import Group, JustifyMethod
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from distride.cli.event_lines import doubt_line, listed
from distride.cli.replay import STYLES, clock
from distride.guidance.changes import Change
from distride.guidance.measure import Abstained, Answer, Measured
from distride.guidance.phrasing import abstained_text, spoken_text
from distride.guidance.review import Review
from distride.guidance.rules import Rules
from distride.guidance.summary import DataQuality, Load, Movement, Summary
from distride.guidance.weeks import Weeks
from distride.guidance.wording import Language, has_text, text
from distride.runtime import Advice

COLUMNS = ("movements", "time", "sets", "tempo", "range", "regularity", "bpm")
UNKNOWN = "–"
TABLE_FITS = 60  # columns of a terminal


def session_view(review: Review, rules: Rules, language: Language, width: int) -> Group:
    """All of a review, in one language, for a terminal of so many columns.

    Args:
        review: Of the session.
        rules: A coach's, in whose words it is told what was advised.
        language: Of all but the names of movements, channels and tasks.
        width: Columns.
    """
    summary = review.summary
    named = Text(f"{summary.athlete}  {summary.start[:16].replace('T', ' ')}  ", "bold")
    parts: list[Text | Padding | Table] = [named.append(clock(summary.seconds), "dim"), Text()]
    parts += [_movements(summary, language)] if width >= TABLE_FITS else _listed(summary, language)
    sections: Mapping[str, Iterator[Text]] = {
        "how": _judged(summary, language),
        "quality": _quality(summary.quality, language),
        "load": itertools.chain(_load(summary.load, language), _numbers(summary, language)),
        "advised": _advised(summary, rules, language),
        "changes": _changes(review.changes, language),
        "weeks": _weeks(review.weeks, language),
        "next": _next(review.next_session, language),
    }
    for name, lines in sections.items():
        told = list(lines)
        if told:
            parts += [Text(), Text(_word(name, language), "bold")]
            parts += [Padding(line, (0, 0, 0, 2)) for line in told]
    return Group(*parts)


def _word(key: str, language: Language) -> str:
    return text("session", key, language)


def _movements(summary: Summary, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for number, column in enumerate(COLUMNS):
        side: JustifyMethod = "right" if number else "left"
        table.add_column(_word(column, language), justify=side, no_wrap=number > 0)
    for one in summary.movements:
        table.add_row(_name(one, language), *_cells(one, summary))
    return table


def _listed(summary: Summary, language: Language) -> Iterator[Text | Padding]:
    """The same where a table would be cut off: a movement, and below it what is known of it."""
    for one in summary.movements:
        yield Text(_name(one, language), "bold")
        for column, cell in zip(COLUMNS[1:], _cells(one, summary), strict=True):
            if cell != UNKNOWN:
                yield Padding(Text(f"{_word(column, language)}: {cell}"), (0, 0, 0, 2))


def _cells(movement: Movement, summary: Summary) -> tuple[str, ...]:
    counts = [f"{one.repetitions}" for one in summary.sets if one.movement == movement.name]
    return (
        clock(movement.seconds),
        " + ".join(counts) or UNKNOWN,
        _number(movement.seconds_a_rep, "{:.1f}"),
        _number(movement.range_deg, "{:.0f}°"),
        _number(movement.regularity, "{:.2f}"),
        _number(movement.mean_bpm, "{:.0f}"),
    )


def _name(movement: Movement, language: Language) -> str:
    return movement.name or _word("unnamed", language)


def _judged(summary: Summary, language: Language) -> Iterator[Text]:
    for one in summary.movements:
        for task, answers in one.judged.items():
            whole = sum(answers.values()) or 1.0
            told = listed([f"{key} {part / whole:.0%}" for key, part in answers.items()], language)
            shown = {"movement": _name(one, language), "task": task, "answers": told}
            yield Text(text("session", "judged", language, **shown))


def _number(value: float | None, form: str) -> str:
    return UNKNOWN if value is None else form.format(value)


def _quality(quality: DataQuality, language: Language) -> Iterator[Text]:
    lost = sum(quality.abstained_s.values())
    doubts = [
        f"{doubt_line(cause, language)} {clock(seconds)}"
        for cause, seconds in quality.abstained_s.items()
    ]
    causes = listed(doubts, language)
    shown = {"answered": clock(quality.answered_s), "abstained": clock(lost)}
    yield Text(text("session", "seen", language, **shown) + (f" ({causes})" if causes else ""))
    yield Text(text("session", "heart_share", language, share=quality.heart_share))
    if quality.troubles:
        kinds = [
            f"{text('trouble', kind, language)} × {times}"
            for kind, times in quality.troubles.items()
        ]
        named = listed(kinds, language)
        told = text("session", "troubles", language, kinds=named, seconds=quality.gap_s)
        yield Text(told, "yellow")
    if quality.missing:
        named = listed(quality.missing, language)
        yield Text(text("session", "missing", language, channels=named), "yellow")
    if quality.drifts:
        causes = listed([text("drifted", one, language) for one in quality.drifts], language)
        yield Text(text("session", "drifted", language, causes=causes), "yellow")


def _load(load: Load, language: Language) -> Iterator[Text]:
    answers = {
        "mean_bpm": load.mean_bpm,
        "highest_bpm": load.highest_bpm,
        "trimp": load.trimp,
        "edwards": load.edwards,
        "session_rpe": load.session_rpe,
        "recovery": load.recovery,
    }
    for key, answer in answers.items():
        if isinstance(answer, Measured):
            yield Text(f"{_word(key, language)}: {_told(answer, language)}")
    yield from _untold(answers, language)
    if load.zone_minutes:
        minutes = "  ".join(f"{zone}: {one:.1f}" for zone, one in enumerate(load.zone_minutes))
        zones = text("session", "zones", language, zones=text("view", load.zones, language))
        yield Text(f"{zones}: {minutes}")


def _numbers(summary: Summary, language: Language) -> Iterator[Text]:
    for task, mean in summary.numbers.items():
        yield Text(f"{text('model', 'number', language, task=task)}: {mean:.3g}")


def _told(answer: Measured, language: Language, form: str = "{:.0f}") -> str:
    error = "" if answer.error is None else f" ± {answer.error:.0f}"
    unit = answer.measure.unit
    unit = text("unit", unit, language) if has_text("unit", unit) else unit
    return f"{form.format(answer.value)}{error} {unit}".rstrip()


def _untold(answers: Mapping[str, Answer], language: Language) -> Iterator[Text]:
    """What there is no number for, a reason a line."""
    why: dict[str, list[str]] = {}
    for key, answer in answers.items():
        if isinstance(answer, Abstained):
            why.setdefault(abstained_text(answer, language), []).append(_word(key, language))
    for reason, names in why.items():
        yield Text(f"{'; '.join(names)}: {UNKNOWN} ({reason})", "dim")


def _advised(summary: Summary, rules: Rules, language: Language) -> Iterator[Text]:
    for key, times in summary.advised.items():
        yield Text(f"{times} × {spoken_text(key, rules, language)}")
    if summary.contradicted:
        told = text("session", "contradicted", language, times=summary.contradicted)
        yield Text(told, "yellow")


def _changes(found: tuple[Change, ...] | Abstained, language: Language) -> Iterator[Text]:
    """Only what is unusual: a session like the others needs no words."""
    if isinstance(found, Abstained):
        yield Text(f"– ({abstained_text(found, language)})", "dim")
        return
    unusual = [one for one in found if one.is_unusual]
    for one in unusual:
        what = f"{one.movement} {_word(one.quantity, language)}".strip()
        shown = {"now": one.now, "usual": one.usual, "spread": one.spread}
        line = text("session", "change", language, what=what, sessions=one.sessions, **shown)
        yield Text(line, "yellow")
    if not unusual:
        sessions = max((one.sessions for one in found), default=0)
        shown = {"sessions": sessions, "count": len(found)}
        yield Text(text("session", "nothing_unusual", language, **shown), "dim")


def _weeks(found: Weeks | Abstained, language: Language) -> Iterator[Text]:
    if isinstance(found, Abstained):
        yield Text(f"– ({abstained_text(found, language)})", "dim")
        return
    answers = {
        "change": found.change,
        "monotony": found.monotony,
        "strain": found.strain,
        "fitness": found.fitness,
        "fatigue": found.fatigue,
        "form": found.form,
    }
    for key, answer in answers.items():
        if isinstance(answer, Measured):
            yield Text(f"{text('weeks', key, language)}: {_told(answer, language, '{:.3g}')}")
    first = next((one for one in answers.values() if isinstance(one, Abstained)), None)
    if first is not None:
        yield Text(f"– ({abstained_text(first, language)})", "dim")


def _next(found: Advice | Abstained, language: Language) -> Iterator[Text]:
    if isinstance(found, Abstained):
        yield Text(f"– ({abstained_text(found, language)})", "dim")
        return
    yield Text(found.text, STYLES[found.severity])
    if found.reason != found.text:
        yield Text(found.reason)
    change = text("session", "would_change", language, what=found.what_would_change)
    yield Text(change, "dim")
