import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from distride.guidance import Abstained, changes, summarize
from distride.guidance.changes import chance_beyond


def test_a_session_like_those_before_is_not_unusual(session, anna, habits):
    found = changes(summarize(session, anna), habits)
    assert {(one.quantity, one.movement) for one in found} == {
        *((name, "") for name in ("minutes", "repetitions", "trimp", "session_rpe")),
        *((name, "squat") for name in ("tempo", "range", "regularity", "bpm")),
    }
    assert {one.sessions for one in found} == {20}
    assert not any(one.is_unusual for one in found)


def test_what_is_unlike_the_athlete_is_told_first_with_what_is_usual(session, anna, habits):
    events = [
        replace(one, seconds_a_rep=5.0) if hasattr(one, "seconds_a_rep") else one
        for one in session.events
    ]
    slow = summarize(replace(session, events=tuple(events)), anna)
    first, second, *_ = changes(slow, habits)
    assert (first.quantity, first.movement, first.now) == ("tempo", "squat", 5.0)
    assert first.is_unusual
    assert not second.is_unusual
    assert first.usual == pytest.approx(3.0, abs=0.15)
    assert first.chance < 1e-6


def test_another_athletes_usual_changes_nothing(session, anna, habits):
    """The same session is usual for one and unusual for who always does half of it."""
    halves = [
        replace(one, sets=tuple(replace(each, repetitions=4) for each in one.sets))
        for one in habits
    ]
    summary = summarize(session, anna)
    (told,) = [one for one in changes(summary, halves) if one.is_unusual]
    assert (told.quantity, told.now, told.usual) == ("repetitions", 27.0, 12.0)


def test_few_sessions_say_nothing(session, anna, habits):
    summary = summarize(session, anna)
    assert changes(summary, habits[:5]) == Abstained("too_little_data", 5, 6, "sessions")
    new = [replace(one, name="row") for one in summary.movements]
    found = changes(replace(summary, movements=tuple(new)), habits)
    assert {one.movement for one in found} == {""}


def test_usual_sessions_are_called_unusual_in_one_of_twenty_at_most(anna, session):
    rng = np.random.default_rng(3)
    base = summarize(session, anna)

    def drawn(day):
        squat = replace(
            base.movements[0],
            seconds_a_rep=float(rng.normal(3, 0.5)),
            range_deg=float(rng.normal(64, 9)),
            regularity=float(rng.normal(0.8, 0.1)),
            mean_bpm=float(rng.normal(130, 15)),
        )
        start = (base.began + dt.timedelta(days=day)).isoformat()
        return replace(base, start=start, seconds=float(rng.normal(3000, 500)), movements=(squat,))

    misled = [
        any(one.is_unusual for one in changes(drawn(9), [drawn(day) for day in range(8)]))
        for _ in range(200)
    ]
    assert np.mean(misled) <= 0.08  # 0.05 and two standard errors


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 8, 13, 19, 40])
@pytest.mark.parametrize("t", [0.0, 0.3, -1.0, 2.5, 6.0])
def test_the_chance_is_that_of_students_distribution(degrees, t):
    stats = pytest.importorskip("scipy.stats")
    assert chance_beyond(t, degrees) == pytest.approx(2 * stats.t.sf(abs(t), degrees), abs=1e-12)
