import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    LoadVelocity,
    Measured,
    load_share,
    load_velocity,
    one_rep_max,
    repetitions_in_reserve,
    velocity_loss,
)
from distride.guidance.strength import ONE_REP_FORMULAS

LOADS, VELOCITIES = np.array([40.0, 60, 80, 100]), np.array([1.1, 0.9, 0.7, 0.5])


@pytest.mark.parametrize("formula", ONE_REP_FORMULAS)
def test_one_repetition_is_the_maximum_whatever_the_formula(formula):
    assert one_rep_max(100, 1, formula=formula) == one_rep_max(100, 1)
    assert one_rep_max(100, 1).value == 100
    assert one_rep_max(100, 1).error is None


@pytest.mark.parametrize("formula", ONE_REP_FORMULAS)
def test_more_repetitions_mean_more_strength(formula):
    found = [one_rep_max(100, reps, formula=formula).value for reps in range(1, 11)]
    assert found == sorted(found)


def test_repetitions_left_count_as_done():
    assert one_rep_max(100, 3, in_reserve=2) == one_rep_max(100, 5)


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.integers(-3, 40) | st.floats(), st.floats())
def test_far_from_failure_or_from_a_barbell_nothing_is_estimated(load, reps, left):
    answer = one_rep_max(load, reps, left)
    if isinstance(answer, Measured):
        assert load <= answer.value <= 1.5 * load
    else:
        assert not (0 < load <= 700 and reps >= 1 and left >= 0 and reps + left <= 10)


def test_velocities_of_an_unproven_device_tell_nothing():
    refused = Abstained("not_validated", what="velocity_ms")
    assert velocity_loss(VELOCITIES, validated=False) == refused
    assert load_velocity(LOADS, VELOCITIES, validated=False) == refused
    assert load_share(0.5, validated=False) == refused


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats() | st.floats(0.1, 2), max_size=12))
def test_loss_is_of_the_best_and_never_below_nothing(velocity):
    answer = velocity_loss(velocity, validated=True)
    if isinstance(answer, Measured):
        assert 0 <= answer.value < 100
        assert (answer.value == 0) == (
            velocity[-1] == max(one for one in velocity if 0.01 <= one < 5)
        )
    else:
        usable = [0.01 <= one < 5 for one in velocity]
        assert sum(usable) < 2 or not usable[-1]


def test_the_line_of_one_athlete():
    own = load_velocity(LOADS, VELOCITIES, validated=True)
    assert own.one_rep_max(0.17).value == pytest.approx(133)
    assert own.one_rep_max(0.9).reason == "does_not_fit"  # 100 kg were lifted
    assert own.one_rep_max(-1.0).reason == "no_data"
    far = load_velocity(LOADS[:3] / 2, VELOCITIES[:3], validated=True)
    assert far.one_rep_max().reason == "does_not_fit"  # more than half above the heaviest


def test_loads_that_do_not_suffice():
    def found(load, velocity):
        return load_velocity(load, velocity, validated=True).reason

    assert found(LOADS[:2], VELOCITIES[:2]) == "too_little_data"
    assert found(90 + LOADS / 20, VELOCITIES) == "no_variation"
    assert found(LOADS, VELOCITIES[::-1]) == "does_not_fit"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats() | st.floats(20, 200), st.floats(0, 3)), max_size=8))
def test_whatever_lifts_come_something_is_answered(pairs):
    load, velocity = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    own = load_velocity(load, velocity, validated=True)
    assert isinstance(own, Abstained) or isinstance(own.one_rep_max(), Measured | Abstained)


@pytest.mark.parametrize("line", [(1.5, 0.01, 0, 100), (-1, -0.01, 0, 100), (1.5, -0.01, 0, 0)])
def test_a_line_that_does_not_fall_is_refused(line):
    with pytest.raises(GuidanceError, match="its slope must be below 0"):
        LoadVelocity(*line)


def test_the_general_equation_ends_where_it_was_measured():
    assert load_share(0.5, validated=True).value == pytest.approx(77.6876)
    assert load_share(1.4, validated=True).reason == "implausible"
    assert load_share(math.nan, validated=True).reason == "no_data"


@settings(max_examples=50, deadline=None)
@given(st.floats())
def test_reserve_is_told_only_near_failure(effort):
    answer = repetitions_in_reserve(effort)
    if isinstance(answer, Measured):
        assert answer.value == 10 - effort
        assert answer.error == 1
    else:
        assert not 5 <= effort <= 10
