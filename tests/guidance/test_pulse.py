import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.data import Cohort
from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    HeartRate,
    believed,
    current_bpm,
    hard_motion,
    heart_rate,
)

T = np.arange(600.0)


def beating(seconds=600, seed=0):
    """A heart that wanders by a beat or none each second."""
    steps = np.random.default_rng(seed).integers(-1, 2, size=seconds)
    return 140.0 + np.clip(np.cumsum(steps), -40, 40)


def test_a_heart_that_wanders_is_believed_whole():
    heart = heart_rate(T, beating())
    np.testing.assert_array_equal(heart.bpm, beating())
    assert heart.minutes.sum() == pytest.approx(10.0)


@pytest.mark.parametrize("wrong", [0.0, 24.0, 231.0, 255.0, np.inf, -60.0])
def test_what_no_heart_does_is_not_believed(wrong):
    bpm = beating()
    bpm[100:103] = wrong
    heart = heart_rate(T, bpm)
    assert np.flatnonzero(np.isnan(heart.bpm)).tolist() == [100, 101, 102]
    assert heart.minutes.sum() == pytest.approx(10.0)  # the gap is shorter than a rate is held


def test_a_spike_is_left_out_and_a_true_change_is_followed():
    bpm = np.where(T < 300, 100.0, 180.0) + T % 2
    bpm[100] = 130.0
    heart = believed(T, bpm)
    assert np.flatnonzero(np.isnan(heart.bpm)).tolist() == [100, 300, 301, 302]


def test_a_rounded_step_within_a_second_is_no_jump():
    t = np.arange(6000) / 50.0
    assert np.isfinite(believed(t, 90.0 + np.round(t)).bpm).all()


def test_a_sensor_that_is_stuck_is_not_believed_but_a_steady_heart_is():
    bpm = beating()
    bpm[200:255] = 140.0
    assert np.isfinite(believed(T, bpm).bpm[205:250]).all()
    bpm[200:300] = 140.0
    assert np.isnan(believed(T, bpm).bpm[205:295]).all()
    assert heart_rate(T, np.full(600, 140.0)) == Abstained("no_data", what="heart_rate")


def test_values_that_stay_across_gaps_are_not_stuck():
    t = np.arange(20) * 30.0
    assert np.isfinite(believed(t, np.full(20, 140.0)).bpm).all()


def test_an_optical_sensor_in_hard_motion_is_not_believed():
    moving = (T > 100) & (T <= 300)
    answer = heart_rate(T, beating(), moving)
    assert answer.reason == "heart_rate_gaps"
    assert answer.need == 80
    assert answer.have == pytest.approx(100 * (400 + 15) / 600, abs=1)


def test_too_little_or_a_clock_that_goes_back_is_no_session():
    assert heart_rate(T[:1], beating(1)).reason == "no_data"
    assert heart_rate([], []).reason == "no_data"
    assert heart_rate(T[::-1], beating()).reason == "bad_clock"
    assert heart_rate(np.zeros(600), beating()).reason == "bad_clock"
    assert heart_rate(np.where(T == 7, np.nan, T), beating()).reason == "bad_clock"


def test_each_time_needs_a_value():
    with pytest.raises(GuidanceError, match="600 values of one kind and 5 of the other"):
        heart_rate(T, beating(5))


def test_a_watch_that_writes_only_changes_has_a_session():
    written = np.r_[True, np.diff(beating() // 4) != 0]
    written[::15] = True
    heart = heart_rate(T[written], beating()[written])
    assert heart.minutes.sum() == pytest.approx(10.0, abs=0.25)


def test_an_old_heart_rate_is_no_heart_rate():
    heart = believed(T, beating())
    assert current_bpm(heart, 604.0).value == beating()[-1]
    assert current_bpm(heart, 605.0) == Abstained("no_data", what="heart_rate")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30), st.booleans())
def test_whatever_comes_something_is_answered(pairs, in_order):
    t, bpm = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    answer = heart_rate(np.sort(t) if in_order else t, bpm)
    if isinstance(answer, HeartRate):
        known = answer.bpm[np.isfinite(answer.bpm)]
        assert ((known >= 25) & (known <= 230)).all()
        assert (answer.lasting_s >= 0).all()


@pytest.mark.real
def test_the_impossible_beats_of_real_players_are_left_out(real_data):
    cohort = Cohort.open(real_data / "yoyo_test")
    peaks = []
    for one in cohort:
        bpm = one.channels["heart_rate"]
        if np.isfinite(bpm).sum() > 100:
            peaks.append((np.nanmax(bpm), np.nanmax(believed(one.t, bpm).bpm)))
    raw, kept = np.array(peaks).T
    assert raw.max() > 230
    assert kept.max() <= 230
    assert (kept == raw).mean() > 0.8


def test_hard_motion_is_told_from_rest_and_where_nothing_is_known_it_is_assumed():
    t = np.arange(0, 30, 0.02)
    swing = np.where((t > 10) & (t < 20), 8.0, 0.5) * np.sin(2 * np.pi * 2.5 * t)
    acceleration = np.stack([np.zeros_like(t), np.zeros_like(t), 9.81 + swing], axis=1)
    moving = hard_motion(t, acceleration)
    assert not moving[t < 10].any()
    assert moving[(t > 12) & (t < 20)].all()
    assert not moving[t > 22.1].any()
    acceleration[t > 25] = np.nan
    assert hard_motion(t, acceleration)[t > 27.1].all()


@settings(deadline=None)
@given(st.integers(1, 59))
def test_hard_motion_looks_only_back(at):
    rng = np.random.default_rng(0)
    t = np.sort(rng.uniform(0, 6, 60))
    acceleration = rng.normal(0, 8, (60, 3))
    whole = hard_motion(t, acceleration)
    np.testing.assert_array_equal(hard_motion(t[:at], acceleration[:at]), whole[:at])
