import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import Abstained, Form, ImpulseResponse, exponential, form, inverse
from distride.guidance.form import exponential_load

RESPONSE = ImpulseResponse(500.0, 1.0, 2.0, 45.0, 15.0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 2000) | st.floats(), max_size=60))
def test_whatever_days_come_something_is_answered(daily):
    answer = form(daily)
    if isinstance(answer, Form):
        assert answer.form.value == pytest.approx(answer.fitness.value - answer.fatigue.value)
        assert 0 <= answer.fitness.value <= np.nanmax(daily)
    assert isinstance(RESPONSE.performance(daily), Abstained) or len(daily) >= 28


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 2000), min_size=42, max_size=60), st.integers(0, 41), st.floats(0, 99))
def test_more_load_is_never_less_fitness_or_fatigue(daily, day, more):
    raised = [*daily]
    raised[day] += more
    before, after = form(daily), form(raised)
    assert after.fitness.value >= before.fitness.value
    assert after.fatigue.value >= before.fatigue.value


@pytest.mark.parametrize("constant", [exponential, inverse])
def test_a_steady_load_becomes_itself(constant):
    steady = form(np.full(1000, 80.0), constant)
    assert steady.fitness.value == pytest.approx(80)
    assert steady.form.value == pytest.approx(0, abs=1e-6)


def test_six_weeks_are_needed_and_no_day_may_be_lost():
    assert form([100.0] * 41) == Abstained("too_little_data", 41, 42, "days")
    assert form([100.0] * 41 + [math.nan]).reason == "no_data"
    assert isinstance(form([math.nan] * 9 + [100.0] * 42), Form)


def test_an_average_starts_where_it_is_told():
    assert exponential_load([200.0], 0.25, 200.0).tolist() == [200.0]
    assert exponential_load([], 0.25).tolist() == []


@pytest.mark.parametrize("wrong", [(1, 1, 45, 15), (1, 2, 15, 45), (0, 2, 45, 15), (1, 2, 45, 0.5)])
def test_responses_that_never_lift_are_refused(wrong):
    with pytest.raises(GuidanceError, match="the drop must be the greater and the shorter"):
        ImpulseResponse(500.0, *wrong)


def test_one_load_lowers_first_and_lifts_later():
    at = [RESPONSE.performance([100.0] + [0.0] * (days - 1)).value for days in range(28, 80)]
    assert max(at) == at[40 - 28]  # `best_days` is 40.3
    assert min(at) > 500
