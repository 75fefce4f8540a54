import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import (
    Abstained,
    Day,
    HeartLimits,
    HeartRate,
    Measured,
    Profile,
    best_zones,
    estimated_max,
    heart_limits,
    max_heart_rate,
    reserve_share,
    zones_of_max,
    zones_of_reserve,
    zones_of_threshold,
)
from distride.guidance.zones import MAX_FORMULAS

LIMITS = HeartLimits(190.0, 0.0, 60.0, 170.0, "female")
NOT_RESTED = replace(LIMITS, resting_bpm=None)


def on_the_day(**known):
    return Day(Profile(1986, **known), dt.date(2026, 5, 1))  # 40 years


def test_a_measured_maximum_comes_before_an_estimate():
    measured, estimated = max_heart_rate(on_the_day(max_bpm=195)), max_heart_rate(on_the_day())
    assert (measured.value, measured.error) == (195, None)
    assert (estimated.value, estimated.error) == (180, 11)


def test_no_maximum_is_below_what_was_seen_or_below_the_threshold():
    assert max_heart_rate(on_the_day(), seen_bpm=188).value == 188
    assert max_heart_rate(on_the_day(), seen_bpm=150).value == 180
    assert max_heart_rate(on_the_day(max_bpm=195), seen_bpm=198).value == 198
    assert max_heart_rate(on_the_day(threshold_bpm=184)).value == 184


@pytest.mark.parametrize("formula", MAX_FORMULAS)
def test_no_maximum_is_estimated_of_minors_or_of_nobody(formula):
    assert estimated_max(17, formula).reason == "minor"
    assert estimated_max(101, formula).reason == "outside_validity"
    assert estimated_max(math.nan, formula).reason == "no_data"


def test_the_published_edges():
    assert zones_of_threshold(LIMITS).edges_bpm == pytest.approx([0, 115.6, 141.1, 159.8, 178.5])
    assert zones_of_reserve(LIMITS).edges_bpm == pytest.approx([99, 112, 138, 177])
    assert zones_of_max(LIMITS).edges_bpm == pytest.approx([95, 114, 133, 152, 171])


def test_the_best_zones_rest_on_most_that_was_measured():
    assert best_zones(LIMITS).method == "threshold"
    assert best_zones(replace(LIMITS, threshold_bpm=None)).method == "reserve"
    assert best_zones(replace(NOT_RESTED, threshold_bpm=None)).method == "max"


def test_an_estimated_maximum_makes_its_zones_as_uncertain():
    limits = heart_limits(on_the_day(resting_bpm=60))
    assert zones_of_max(limits).error_bpm == pytest.approx(0.9 * 11)
    assert zones_of_reserve(limits).error_bpm == pytest.approx(0.9 * 11)
    assert zones_of_max(LIMITS).error_bpm == 0


def test_what_is_not_in_the_profile_is_named():
    missing = Abstained("not_in_profile", what="resting_bpm")
    assert zones_of_reserve(NOT_RESTED) == missing
    assert reserve_share(150, NOT_RESTED) == missing
    unknown = zones_of_threshold(replace(LIMITS, threshold_bpm=None))
    assert unknown == Abstained("not_in_profile", what="threshold_bpm")


def test_a_rest_above_an_estimated_maximum_does_not_fit():
    assert zones_of_reserve(HeartLimits(105.0, 11.0, 108.0)).reason == "does_not_fit"


def test_minutes_are_counted_by_zone():
    heart = HeartRate(np.arange(6) * 1.0, np.array([90.0, 95, 120, np.nan, 171, 200]))
    minutes = zones_of_max(LIMITS).minutes(heart)
    assert (60 * minutes).tolist() == pytest.approx([1, 1, 2, 0, 0, 2])


@settings(max_examples=50, deadline=None)
@given(st.floats(), st.floats())
def test_a_higher_heart_rate_is_never_in_a_lower_zone(one, other):
    zones = [best_zones(LIMITS).of(bpm) for bpm in sorted((one, other))]
    told = [zone for zone in zones if not isinstance(zone, Abstained)]
    assert told == sorted(told)
    assert all(
        (zone == 5) == (bpm >= 178.5)
        for zone, bpm in zip(zones, sorted((one, other)), strict=True)
        if not isinstance(zone, Abstained)
    )


@settings(max_examples=50, deadline=None)
@given(st.floats())
def test_a_heart_rate_is_a_share_or_no_heart_rate(bpm):
    answer = reserve_share(bpm, LIMITS)
    if isinstance(answer, Measured):
        assert answer.value == pytest.approx(100 * (bpm - 60) / 130)
    else:
        assert answer.reason == ("no_data" if math.isnan(bpm) else "implausible")
