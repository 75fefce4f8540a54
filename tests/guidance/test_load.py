import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import Abstained, Measured, load_change, monotony, session_load, strain

WEEK = [300.0, 0, 450, 200, 0, 600, 350]
days = st.lists(st.floats(0, 2000) | st.floats(), max_size=40)


def test_published_session():
    """Foster 2001: CR10 times minutes."""
    assert session_load(7, 60).value == 420


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.floats())
def test_an_effort_of_another_scale_or_an_endless_session_has_no_load(effort, minutes):
    answer = session_load(effort, minutes)
    if isinstance(answer, Measured):
        assert answer.value == effort * minutes
    elif math.isfinite(effort) and math.isfinite(minutes):
        assert answer.reason == "outside_validity"
        assert not (0 <= effort <= 10 and 0 <= minutes <= 1440)
    else:
        assert answer.reason == "no_data"


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 10), st.floats(0, 1440), st.floats(0, 1440))
def test_longer_is_never_less(effort, one, other):
    short, long = sorted((one, other))
    assert session_load(effort, short).value <= session_load(effort, long).value


def test_a_week_of_one_load_has_no_monotony_rather_than_an_infinite_one():
    for load in (0.0, 100.0, 0.1):
        assert monotony([load] * 7).reason == "no_variation"
        assert strain([load] * 7).reason == "no_variation"


def test_monotony_and_strain_are_of_the_last_seven_days():
    assert monotony([9000.0, 1.0, *WEEK]).value == pytest.approx(1.31269, abs=1e-5)
    assert strain([9000.0, 1.0, *WEEK]).value == pytest.approx(2494.108, abs=1e-3)


def test_a_lost_day_is_no_rest_day():
    assert monotony([*WEEK[:3], math.nan, *WEEK[4:]]) == Abstained("no_data", what="daily loads")
    assert monotony([math.nan, *WEEK[1:]]) == Abstained("too_little_data", 6, 7, "days")


@settings(max_examples=50, deadline=None)
@given(days)
def test_whatever_days_come_something_is_answered(daily):
    for of, fewest in ((monotony, 7), (strain, 7), (load_change, 28)):
        answer = of(daily)
        assert isinstance(answer, Measured | Abstained)
        assert len(daily) >= fewest or isinstance(answer, Abstained)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1, 2000), min_size=28, max_size=28), st.floats(0.1, 10))
def test_the_unit_of_load_changes_no_change(daily, unit):
    ours, other = load_change(daily), load_change([unit * one for one in daily])
    assert ours.value == pytest.approx(other.value, abs=1e-6)


def test_change_is_against_the_three_weeks_before():
    assert load_change([200.0] * 21 + [280.0] * 7).value == pytest.approx(40)
    assert load_change([200.0] * 21 + [0.0] * 7).value == -100
    assert load_change([200.0] * 27) == Abstained("too_little_data", 27, 28, "days")
    assert load_change([0.0] * 21 + [100.0] * 7).reason == "no_variation"
    assert load_change(np.r_[np.nan, [200.0] * 27]).reason == "too_little_data"
