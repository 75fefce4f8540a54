import datetime as dt
from dataclasses import replace

import pytest

from distride.guidance import Abstained, Measured, summarize, weeks
from distride.guidance.weeks import daily_loads


@pytest.fixture(scope="module")
def summary(session, anna):
    return summarize(session, anna)


def test_weeks_are_told_as_far_as_there_are_days(summary, habits):
    found = weeks([*habits, summary])
    assert found.load == "session_rpe"
    one = summary.load.session_rpe.value
    assert found.change.value == pytest.approx(100 * ((4 / 7) / (10 / 21) - 1), abs=15)
    assert found.monotony.value == pytest.approx((4 / 7) / (12 / 49) ** 0.5, rel=0.2)
    assert found.strain.value == pytest.approx(4 * one * found.monotony.value, rel=0.3)
    assert found.fitness.value < one
    assert found.form.value == pytest.approx(found.fitness.value - found.fatigue.value)


def test_few_days_are_not_weeks(summary, habits):
    few = weeks([*habits[-4:], summary])
    assert few.change.reason == few.fitness.reason == few.form.reason == "too_little_data"
    assert isinstance(few.monotony, Measured)
    unknown = Abstained("no_data", what="effort")
    bare = replace(summary, load=replace(summary.load, session_rpe=unknown, trimp=unknown))
    assert weeks([*habits, bare]) == unknown


def test_days_without_a_session_are_zeros_and_two_sessions_of_a_day_add_up(summary):
    later = replace(summary, start=(summary.began + dt.timedelta(days=2)).isoformat())
    second = replace(later, start=(later.began + dt.timedelta(hours=2)).isoformat())
    daily = daily_loads([summary, later, second], "session_rpe")
    one = summary.load.session_rpe.value
    assert daily.tolist() == pytest.approx([one, 0.0, 2 * one])
