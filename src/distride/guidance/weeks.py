"""The load of an athlete's days up to a session, and what it says of their weeks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from distride.guidance.form import form
from distride.guidance.load import load_change, monotony, strain
from distride.guidance.measure import Abstained, Answer, Measured
from distride.guidance.summary import Summary

Loaded = Literal["session_rpe", "trimp"]


@dataclass(frozen=True)
class Weeks:
    """An athlete's load on the evening of a session; it describes, and calls nothing safe.

    Attributes:
        load: What is meant, AU: "session_rpe", or "trimp" where nobody was asked.
        change: The last seven days against the mean week of the 21 before, percent.
        monotony: Of the last seven days.
        strain: Of the last seven days, AU.
        fitness: Load a day over 42 days.
        fatigue: Load a day over 7 days.
        form: The morning after: fitness less fatigue.
    """

    load: Loaded
    change: Answer
    monotony: Answer
    strain: Answer
    fitness: Answer
    fatigue: Answer
    form: Answer


def weeks(summaries: Sequence[Summary]) -> Weeks | Abstained:
    """The weeks up to the last of these sessions; each measure answers, or says why not.

    Abstains where that session has neither an effort nor a TRIMP ("no_data").

    Args:
        summaries: Of one athlete, in the order of time; one at least.
    """
    load = load_of(summaries[-1])
    if isinstance(load, Abstained):
        return load
    daily = daily_loads(summaries, load)
    season = form(daily)
    averages = (
        (season, season, season)
        if isinstance(season, Abstained)
        else (season.fitness, season.fatigue, season.form)
    )
    return Weeks(load, load_change(daily), monotony(daily), strain(daily), *averages)


def load_of(summary: Summary) -> Loaded | Abstained:
    """Which load a session has: what the athlete said before what the heart did."""
    kinds: tuple[Loaded, ...] = ("session_rpe", "trimp")
    for load in kinds:
        if isinstance(answered(summary, load), Measured):
            return load
    return Abstained("no_data", what="effort")


def answered(summary: Summary, load: Loaded) -> Answer:
    """The load of a session, AU."""
    return summary.load.session_rpe if load == "session_rpe" else summary.load.trimp


def daily_loads(summaries: Sequence[Summary], load: Loaded) -> np.ndarray:
    """``(day,)`` AU from the first session on; NaN on a day with a session of unknown load."""
    of_day: dict[dt.date, float] = defaultdict(float)
    for one in summaries:
        answer = answered(one, load)
        of_day[one.began.date()] += answer.value if isinstance(answer, Measured) else np.nan
    first, last = min(of_day), max(of_day)
    days = (last - first).days + 1
    return np.array([of_day.get(first + dt.timedelta(days=one), 0.0) for one in range(days)])
