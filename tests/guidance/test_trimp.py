import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    HeartLimits,
    HeartRate,
    LactateCurve,
    Measured,
    banister_trimp,
    edwards_trimp,
    lactate_curve,
    lucia_trimp,
    session_trimp,
    trimp100,
)

HOUR, SHARE = np.array([60.0]), np.array([9 / 13])
LIMITS = HeartLimits(190.0, 0.0, 60.0, 170.0, "female")
stretches = st.lists(st.tuples(st.floats(), st.floats()), max_size=10)


def test_published_hours_of_men_and_women():
    """Morton, Fitz-Clarke & Banister 1990: 60 min at 150 bpm between 60 and 190."""
    assert banister_trimp(HOUR, SHARE, "male").value == pytest.approx(100.4403, abs=1e-4)
    assert banister_trimp(HOUR, SHARE, "female").value == pytest.approx(113.5168, abs=1e-4)


def test_no_sex_is_assumed():
    assert banister_trimp(HOUR, SHARE, None) == Abstained("not_in_profile", what="sex")


def test_a_varied_session_weighs_more_than_its_mean():
    heart = HeartRate(np.arange(3600.0), np.repeat([120.0, 180.0], 1800))
    varied = session_trimp(heart, LIMITS).value
    assert varied > 1.05 * banister_trimp(HOUR, SHARE, "female").value


def test_below_rest_counts_nothing_and_above_the_maximum_no_more_than_it():
    assert banister_trimp(HOUR, np.array([-0.2]), "male").value == 0
    above, at = (banister_trimp(HOUR, np.array([x]), "male").value for x in (1.3, 1.0))
    assert above == at


@settings(max_examples=50, deadline=None)
@given(stretches, st.sampled_from(["female", "male"]), st.floats(0, 100))
def test_more_minutes_never_weigh_less(pairs, sex, more):
    minutes, shares = ([pair[at] for pair in pairs] for at in (0, 1))
    before = banister_trimp(minutes, shares, sex)
    after = banister_trimp([*minutes, more], [*shares, 0.5], sex)
    if isinstance(before, Measured) and isinstance(after, Measured):
        assert after.value >= before.value
    if not any(0 <= one <= 1440 and math.isfinite(x) for one, x in pairs):
        assert before == Abstained("no_data", what="heart_rate")


def test_an_hour_at_the_threshold_is_a_hundred():
    hour = banister_trimp(HOUR, LIMITS.reserve(np.array([170.0])), "female")
    assert trimp100(hour, LIMITS).value == pytest.approx(100)
    for known, what in [({"threshold_bpm": None}, "threshold_bpm"), ({"sex": None}, "sex")]:
        assert trimp100(hour, replace(LIMITS, **known)) == Abstained("not_in_profile", what=what)
    assert trimp100(Abstained("no_data"), LIMITS) == Abstained("no_data")
    assert trimp100(hour, replace(LIMITS, resting_bpm=None)).what == "resting_bpm"
    assert trimp100(hour, replace(LIMITS, threshold_bpm=60.0)).reason == "does_not_fit"


def test_without_a_resting_heart_rate_there_is_no_load():
    heart = HeartRate(np.arange(9.0), np.full(9, 150.0))
    assert session_trimp(heart, replace(LIMITS, resting_bpm=None)).what == "resting_bpm"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(), max_size=6))
def test_zones_are_all_known_or_nothing_is(minutes):
    for of, zones in ((edwards_trimp, 5), (lucia_trimp, 3)):
        answer = of(minutes)
        known = len(minutes) == zones and all(0 <= one <= 1440 for one in minutes)
        assert isinstance(answer, Measured) or not known or sum(minutes) > 1440
        if isinstance(answer, Measured):
            assert sum(minutes) <= answer.value * (1 + 1e-9)
            assert answer.value <= zones * sum(minutes) * (1 + 1e-9)


X, LACTATE = np.array([0.4, 0.55, 0.7, 0.85, 1.0]), np.array([1.1, 1.6, 2.9, 5.6, 10.5])


def test_an_individual_load_needs_a_lab_test():
    assert lactate_curve(X, LACTATE).trimp(HOUR, SHARE).value == pytest.approx(126.2027, abs=1e-3)
    assert lactate_curve(X[:3], LACTATE[:3]).reason == "too_little_data"
    assert lactate_curve(X / 10, LACTATE).reason == "no_variation"
    assert lactate_curve(X, LACTATE[::-1]).reason == "does_not_fit"
    assert lactate_curve(X, LACTATE).trimp([], []).reason == "no_data"


@pytest.mark.parametrize("numbers", [(0.0, 3.0), (1.0, -1.0), (math.nan, 1.0), (1.0, 99.0)])
def test_a_curve_that_is_no_lactate_is_refused(numbers):
    with pytest.raises(GuidanceError, match="above 0 and at most 50"):
        LactateCurve(*numbers)


@settings(max_examples=50, deadline=None)
@given(stretches)
def test_whatever_stages_come_something_is_answered(pairs):
    x, lactate = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    assert isinstance(lactate_curve(x, lactate), LactateCurve | Abstained)
