import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import (
    Abstained,
    Band,
    Beats,
    Day,
    Measured,
    Profile,
    beats,
    usual_band,
    weekly_ln_rmssd,
)

DAY = Day(Profile(1986), dt.date(2026, 5, 1))


def morning(seconds=120, seed=0):
    return np.random.default_rng(seed).normal(900.0, 30.0, size=int(seconds / 0.9))


def test_a_missed_and_an_extra_beat_change_next_to_nothing():
    clean = morning()
    wrong = clean.copy()
    wrong[40] *= 2
    wrong[80:82] = [300.0, 600.0]
    kept = beats(wrong, DAY)
    assert np.flatnonzero(np.isnan(kept.rr_ms)).tolist() == [40, 80, 81]
    expected = beats(clean, DAY).rmssd().value
    assert kept.rmssd().value == pytest.approx(expected, rel=0.05)
    assert np.sqrt(np.mean(np.diff(wrong) ** 2)) > 3 * expected


def test_no_difference_spans_an_artefact():
    assert Beats(np.array([800.0, 810.0, math.nan, 900.0, 910.0])).rmssd().value == 10
    assert Beats(np.array([800.0, math.nan, 900.0])).rmssd().reason == "too_little_data"
    assert Beats(np.array([math.nan, 900.0])).sdnn().reason == "too_little_data"
    assert Beats(np.full(9, 800.0)).ln_rmssd().reason == "no_variation"
    assert Beats(np.array([])).ln_rmssd().reason == "too_little_data"


def test_many_artefacts_or_few_beats_tell_nothing():
    bad = morning()
    bad[::15] = 2500.0
    assert beats(bad, DAY).reason == "artefacts"
    assert beats(morning(50), DAY).reason == "too_little_data"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats() | st.floats(300, 2000), max_size=200))
def test_whatever_beats_come_something_is_answered(rr_ms):
    kept = beats(rr_ms, DAY, least_s=0.0)
    if isinstance(kept, Beats):
        answers = kept.rmssd(), kept.sdnn(), kept.ln_rmssd()
        assert all(isinstance(answer, Measured | Abstained) for answer in answers)


def test_the_band_is_of_the_last_sixty_mornings_that_were_taken():
    daily = [9.0] + [3.0, math.nan] * 15 + [4.0, math.nan] * 15
    assert usual_band(daily) == Band(
        pytest.approx(3.5 - 0.5 * np.std([3.0] * 15 + [4.0] * 15, ddof=1)),
        pytest.approx(3.5),
        pytest.approx(3.5 + 0.5 * np.std([3.0] * 15 + [4.0] * 15, ddof=1)),
        30,
    )


def test_a_band_needs_seven_mornings_and_a_week_three():
    assert usual_band([4.0] * 6 + [math.nan]) == Abstained("too_little_data", 6, 7, "days")
    assert weekly_ln_rmssd([4.0] * 9 + [math.nan] * 5) == Abstained("too_little_data", 2, 3, "days")
    assert weekly_ln_rmssd([9.0, *[math.nan] * 4, 4.0, 4.1, 4.2]).value == pytest.approx(4.1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats() | st.floats(2, 6), max_size=80))
def test_whatever_mornings_come_something_is_answered(daily):
    band = usual_band(daily)
    assert isinstance(band, Abstained) or band.low <= band.mean <= band.high
    assert isinstance(weekly_ln_rmssd(daily), Measured | Abstained)
