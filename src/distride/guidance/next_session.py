"""What to do next time, within a coach's limits: less where the week was more, else as usual."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from distride.guidance.load import MONTH, WEEK, load_change
from distride.guidance.measure import Abstained, Measured
from distride.guidance.profile import Day
from distride.guidance.rule import Direction
from distride.guidance.rules import NextSession
from distride.guidance.safety import why_silent
from distride.guidance.summary import Summary
from distride.guidance.weeks import Loaded, answered, daily_loads, load_of

FEWEST = 4  # sessions of three weeks, of which one is usual


@dataclass(frozen=True)
class Suggestion:
    """For the next session.

    Attributes:
        asks: For less than usual, the same, or more.
        load: What is meant: "session_rpe" or "trimp", AU.
        change: The last seven days against the mean week of the 21 days before, percent.
        usual: Median session of those 21 days, AU.
        target: What the next session should not exceed, AU.
        sessions: Of how many that median is.
    """

    asks: Direction
    load: Loaded
    change: float
    usual: float
    target: float
    sessions: int


def suggest(
    summary: Summary, before: Sequence[Summary], day: Day, limits: NextSession
) -> Suggestion | Abstained:
    """What to do next time.

    Less, where the last seven days are above the athlete's own weeks by more than `less_above`
    percent: `less_by` percent below their usual session. More only where `more_by` is above 0, to
    which the athlete agreed, and only where the week is no more than their own weeks and no more
    than `less_by` percent below them. It describes load: no load is called safe.

    Abstains as `why_silent`; without an effort or TRIMP of this session ("no_data"); with a session
    in 28 days that has none, because a lost load is no rest ("no_data"); on fewer than 28 days or
    four sessions in the three weeks before ("too_little_data").

    Args:
        summary: Of this session.
        before: Of the same athlete's, in the order of time.
        day: Who, and how they are.
        limits: A coach's.
    """
    silent = why_silent(day)
    if silent:
        return silent
    load = load_of(summary)
    if isinstance(load, Abstained):
        return load
    change = load_change(daily_loads([*before, summary], load))
    if isinstance(change, Abstained):
        return change
    usual = _usual(summary, before, load)
    if len(usual) < FEWEST:
        return Abstained("too_little_data", len(usual), FEWEST, "sessions")
    asks, percent = _asked(change.value, limits)
    middle = float(np.median(usual))
    return Suggestion(
        asks, load, change.value, middle, middle * (1 + percent / 100), sessions=len(usual)
    )


def _asked(change: float, limits: NextSession) -> tuple[Direction, float]:
    """What is asked for, and by how many percent of the usual session."""
    if change > limits.less_above:
        return "less", -limits.less_by
    if limits.more_by > 0 and -limits.less_by <= change <= 0:
        return "more", limits.more_by
    return "same", 0.0


def _usual(summary: Summary, before: Sequence[Summary], load: Loaded) -> list[float]:
    """Loads of the sessions of the 21 days before the last seven."""
    today = summary.began.date()
    answers = [
        answered(one, load) for one in before if WEEK <= (today - one.began.date()).days < MONTH
    ]
    return [one.value for one in answers if isinstance(one, Measured)]
