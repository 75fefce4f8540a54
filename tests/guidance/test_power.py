import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    CriticalPower,
    Measured,
    critical_power,
    normalized_power,
    time_to_exhaustion,
    training_stress,
    w_balance,
    w_balance_integral,
)

RIDER = CriticalPower(275.0, 20_000.0)
T = np.array([150.0, 360.0, 720.0])
watts = st.floats() | st.floats(0, 1000)


@settings(max_examples=50, deadline=None)
@given(st.floats(100, 400), st.floats(5000, 40_000))
def test_efforts_of_the_model_give_it_back(cp, w_prime):
    found = critical_power(T, cp + w_prime / T)
    assert found.cp_w == pytest.approx(cp)
    assert found.w_prime_j == pytest.approx(w_prime)
    assert found.critical_power.error == pytest.approx(0, abs=1e-6)


def test_efforts_that_do_not_suffice():
    power = np.array([400.0, 330.0, 300.0])
    assert critical_power(T[:2], power[:2]) == Abstained("too_little_data", 2, 3, "efforts")
    assert critical_power(T * [1, 1, 3], power).reason == "too_little_data"  # one of 36 min
    assert critical_power(300 + T / 10, power).reason == "no_variation"
    assert critical_power(T, power[::-1]).reason == "does_not_fit"
    with pytest.raises(GuidanceError, match="3 values of one kind and 2 of the other"):
        critical_power(T, power[:2])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats() | st.floats(100, 2000), watts), max_size=8))
def test_whatever_efforts_come_something_is_answered(pairs):
    t, power = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    assert isinstance(critical_power(t, power), CriticalPower | Abstained)


@pytest.mark.parametrize("numbers", [(math.nan, 2e4), (275.0, -1.0), (5.0, 2e4)])
def test_a_model_no_person_has_is_refused(numbers):
    with pytest.raises(GuidanceError, match="it must be 20 to 700 W with 500 to 100000 J"):
        CriticalPower(*numbers)


def test_below_critical_power_no_exhaustion_is_foretold():
    for power in (200.0, 275.0, 276.0, 2000.0):
        assert time_to_exhaustion(power, RIDER).reason == "outside_validity"
    assert time_to_exhaustion(math.nan, RIDER).reason == "no_data"


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.floats())
def test_more_power_never_lasts_longer(one, other):
    answers = [time_to_exhaustion(power, RIDER) for power in (one, other)]
    if all(isinstance(answer, Measured) for answer in answers) and one < other:
        assert answers[0].value >= answers[1].value


@settings(max_examples=60, deadline=None)
@given(st.lists(watts, max_size=60), st.floats() | st.floats(0.1, 10))
def test_whatever_powers_come_something_is_answered(power, step_s):
    for of in (w_balance, w_balance_integral):
        answer = of(power, RIDER, step_s)
        if isinstance(answer, Measured):
            assert answer.value <= 20_000.0 + 1e-6
        else:
            assert not (power and all(0 <= one <= 2500 for one in power) and 0 < step_s <= 10)
    assert isinstance(normalized_power(np.resize(power or [np.nan], 700)), Measured | Abstained)


def test_rest_fills_up_again_but_never_beyond():
    spent = w_balance(np.full(100, 375.0), RIDER).value
    assert spent == pytest.approx(10_000)
    rested = w_balance(np.r_[np.full(100, 375.0), np.full(3600, 0.0)], RIDER).value
    assert spent < rested <= 20_000
    assert rested == pytest.approx(20_000, rel=1e-3)


def test_an_own_recovery_constant_must_be_one():
    assert w_balance_integral([300.0], RIDER, tau_s=0.0).reason == "outside_validity"
    assert w_balance_integral([300.0], RIDER, tau_s=math.nan).reason == "outside_validity"


def test_normalized_power_weighs_the_hard_parts():
    """Ten minutes each of 200, 300 and 100 W, as sweatpy has it."""
    power = np.repeat([200.0, 300.0, 100.0], 600)
    assert normalized_power(power).value == pytest.approx(238.5866, abs=1e-4)
    assert normalized_power(np.full(600, 200.0)).value == pytest.approx(200)
    assert normalized_power(power[:599]).reason == "too_little_data"
    assert normalized_power(np.r_[power, np.nan]).reason == "no_data"
    assert normalized_power([]).reason == "no_data"


def test_an_hour_at_the_threshold_costs_a_hundred():
    power = normalized_power(np.full(3600, 250.0))
    assert training_stress(3600, power, 250.0).value == pytest.approx(100)
    missing = Abstained("not_in_profile", what="functional_threshold_w")
    assert training_stress(3600, power, None) == missing
    assert training_stress(3600, power, 0.0) == missing
    assert training_stress(math.nan, power, 250.0).reason == "no_data"
    assert training_stress(1e300, power, 250.0).reason == "implausible"
    assert training_stress(3600, Abstained("no_data"), 250.0) == Abstained("no_data")
