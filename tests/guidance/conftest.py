import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from distride.guidance import Day, Profile, Session, summarize
from distride.runtime import Advice, Drift, Heart, Quality, SetEnded, SetStarted, State

START = dt.datetime(2026, 5, 1, 18, tzinfo=dt.UTC)
ADVICE = Advice(
    *(200.0, "high", "Ease off now.", "Ease off", "warning", "97, above 90"),
    *({"heart_share": 97.0}, 0.9, "over below 86", "rules"),
)


def told(seconds_a_rep=3.0, bpm=130.0):
    """Ten minutes: squats for two of every three, three sets, a heart that rises and falls."""
    events = [
        event
        for t in range(600)
        for is_done in (t % 200 < 120,)
        for event in (
            State(float(t), "label", "squat", 0.9)
            if is_done
            else State(float(t), "label", "", 0.3, True, "unsure", "not sure"),
            State(float(t), "execution", "correct" if t % 200 < 80 else "half_range", 0.8),
            State(float(t), "rpe", "", None, value=6.0),
            Heart(float(t), bpm + 9 * np.sin(t / 20)),
        )
    ]
    for number in range(3):
        began = 200.0 * number + 2
        events += [
            SetStarted(began + 7, began, number + 1, "squat"),
            SetEnded(
                *(began + 112, began, began + 108, number + 1, "squat", 9),
                *(seconds_a_rep, 64.0, 0.93, 0.9),
            ),
        ]
    events += [
        Quality(300.0, "gap", ("a",), "Nothing for 4 s.", 4.0),
        Quality(350.0, "missing", ("b", "a"), "The strap is silent."),
        Drift(400.0, "gravity", "label", 0.5, 60.0, "Calibrate."),
        ADVICE,
        replace(ADVICE, t_s=300.0, is_contradicted=True),
    ]
    return tuple(sorted(events, key=lambda event: event.t_s))


@pytest.fixture(scope="session")
def anna():
    """Who did it, on that day."""
    profile = Profile(1994, "female", max_bpm=190, resting_bpm=55)
    return Day(profile, START.date())


@pytest.fixture(scope="session")
def session():
    """What was told in one session; an effort of 6."""
    return Session("anna", START, told(), rpe=6.0)


@pytest.fixture(scope="session")
def habits(anna):
    """Six weeks of like sessions, every other day, up to the day before the session."""
    rng = np.random.default_rng(0)
    days = range(43, 0, -2)
    return tuple(
        summarize(
            Session(
                "anna",
                START - dt.timedelta(days=ago),
                told(3.0 * np.exp(rng.normal(0, 0.05)), 130 + rng.normal(0, 3)),
                rpe=6.0,
            ),
            anna,
        )
        for ago in days
    )
