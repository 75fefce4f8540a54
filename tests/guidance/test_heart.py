import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    Day,
    HeartRate,
    Measured,
    Profile,
    believed,
    decoupling,
    heart_recovery,
)

DAY = Day(Profile(1986), dt.date(2026, 5, 1))
T = np.arange(3600.0)
OUTPUT = np.full(3600, 200.0)


def falling(beats):
    return HeartRate(T, np.where(T <= 3000, 170.0, 170.0 - beats))


def test_recovery_is_the_fall_in_a_minute():
    """Cole 1999, N Engl J Med 341:1351: heart rate at the end less that one minute later."""
    t = np.arange(130.0)
    heart = HeartRate(t, np.interp(t, [0, 60, 120], [182.0, 182.0, 150.0]))
    assert heart_recovery(heart, 60.0, DAY).value == pytest.approx(32, abs=2)


def test_a_heart_that_went_on_rising_did_not_recover():
    assert heart_recovery(falling(-5.0), 3000.0, DAY) == (
        Abstained("not_recovering", -5.0, 0.0, "bpm")
    )


@pytest.mark.parametrize("end_s", [math.nan, -100.0, 3590.0, math.inf])
def test_without_both_ends_there_is_no_recovery(end_s):
    assert heart_recovery(falling(30.0), end_s, DAY).reason == "no_data"


def drifting(share):
    """A heart that works `share` harder for the same output in the second half of the work."""
    return HeartRate(T, np.where(T < 2100, 140.0, 140.0 * (1 + share)))


def test_decoupling_is_what_a_beat_gives_less():
    assert decoupling(drifting(0.0), OUTPUT, DAY).value == pytest.approx(0)
    assert decoupling(drifting(0.05), OUTPUT, DAY).value == pytest.approx(100 * 0.05 / 1.05)


def test_the_unit_of_output_changes_nothing():
    in_km_h = decoupling(drifting(0.05), np.full(3600, 3.6 * 3), DAY).value
    assert in_km_h == pytest.approx(decoupling(drifting(0.05), np.full(3600, 3.0), DAY).value)


def test_the_warm_up_is_left_out():
    cold = np.where(T < 600, 80.0, 200.0)
    assert decoupling(drifting(0.0), cold, DAY).value == pytest.approx(0)
    assert decoupling(drifting(0.0), cold, DAY, warm_up_s=0.0).reason == "not_steady"


def test_short_or_uneven_work_tells_nothing():
    short = HeartRate(T[:1700], np.full(1700, 140.0))
    assert decoupling(short, OUTPUT[:1700], DAY).reason == "too_little_data"
    intervals = np.where(T // 300 % 2, 300.0, 120.0)
    assert decoupling(drifting(0.0), intervals, DAY).reason == "not_steady"
    assert decoupling(drifting(0.0), np.zeros(3600), DAY).reason == "not_steady"
    gone = np.where(T < 1700, 200.0, np.nan)
    assert decoupling(drifting(0.0), gone, DAY).reason == "too_little_data"


def test_each_heart_rate_needs_an_output():
    with pytest.raises(GuidanceError, match="3600 values of one kind and 5 of the other"):
        decoupling(drifting(0.0), OUTPUT[:5], DAY)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=20), st.floats())
def test_whatever_comes_something_is_answered(pairs, number):
    bpm, output = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    heart = believed(100.0 * np.arange(len(pairs)), bpm)
    assert isinstance(heart_recovery(heart, number, DAY), Measured | Abstained)
    assert isinstance(decoupling(heart, output, DAY, number), Measured | Abstained)
    long = HeartRate(T, np.resize(heart.bpm, 3600) if pairs else np.full(3600, np.nan))
    whole = np.resize(output, 3600) if pairs else OUTPUT
    assert isinstance(decoupling(long, whole, DAY), Measured | Abstained)
