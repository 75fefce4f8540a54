import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import (
    Abstained,
    Measured,
    changed_cadence,
    flight_contact_ratio,
    jump_height,
    reactive_strength,
    take_off_velocity,
)


def test_a_published_jump():
    """Bosco 1983: half a second of flight."""
    jump = jump_height(0.5, 200.0)
    assert jump.value == pytest.approx(0.306563, abs=1e-6)
    assert jump.error == pytest.approx(0.0062, abs=1e-4)  # half of 1.2 cm at 100 Hz


def test_a_slow_sensor_measures_no_jump():
    assert jump_height(0.5, 100.0) == Abstained("not_validated", 100.0, 200.0, "rate_hz")
    assert jump_height(0.5, math.nan).reason == "not_validated"


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.floats(), st.floats())
def test_whatever_comes_something_is_answered(flight, contact, rate):
    answers = (
        jump_height(flight, rate),
        take_off_velocity(flight),
        reactive_strength(flight, contact),
        flight_contact_ratio(flight, contact),
        changed_cadence(flight, contact),
    )
    assert all(isinstance(answer, Measured | Abstained) for answer in answers)
    if not 0.2 <= flight <= 0.8:
        assert {answer.reason for answer in answers[:4]} == {"outside_validity"}


def test_cadence_moves_in_small_steps():
    assert changed_cadence(164, 5).value == pytest.approx(172.2)
    assert changed_cadence(164, 11) == Abstained("outside_validity", 11, 10, "percent")
    assert changed_cadence(math.nan, 5).reason == "no_data"
    assert changed_cadence(20, 5).reason == "implausible"
