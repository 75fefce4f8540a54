import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance import Abstained, Measured
from distride.guidance.measures import HEART_SHARE
from distride.guidance.rule import Rule, Words

ABOVE = Rule("heart_share", above=90.0, margin=5.0)
BELOW = Rule("heart_share", below=50.0, margin=5.0)


def share(value, error=None):
    return Measured(value, HEART_SHARE, error)


@pytest.mark.parametrize(
    ("rule", "value", "was_met", "is_met"),
    [
        (ABOVE, 90.0, False, False),
        (ABOVE, 90.1, False, True),
        (ABOVE, 86.0, True, True),
        (ABOVE, 86.0, False, False),
        (ABOVE, 85.0, True, False),
        (BELOW, 50.0, False, False),
        (BELOW, 49.9, False, True),
        (BELOW, 54.0, True, True),
        (BELOW, 55.0, True, False),
    ],
)
def test_once_met_it_stays_so_until_the_measure_is_back_by_the_margin(rule, value, was_met, is_met):
    assert rule(share(value), was_met) == is_met


@pytest.mark.parametrize("was_met", [True, False])
def test_what_abstains_never_meets_it(was_met):
    assert not ABOVE(Abstained("no_data"), was_met)
    assert ABOVE.confidence(Abstained("no_data")) is None


def test_confidence_is_the_chance_that_the_threshold_is_crossed():
    assert ABOVE.confidence(share(90.0, 4.0)) == pytest.approx(0.5)
    assert ABOVE.confidence(share(94.0, 4.0)) == pytest.approx(0.841, abs=1e-3)
    assert BELOW.confidence(share(46.0, 4.0)) == pytest.approx(0.841, abs=1e-3)
    assert ABOVE.confidence(share(95.0, 0.0)) == 1.0
    assert ABOVE.confidence(share(95.0)) is None


@given(st.floats(0, 200), st.floats(0.1, 50))
def test_the_more_it_is_beyond_the_surer(value, error):
    nearer, further = (ABOVE.confidence(share(one, error)) for one in (value, value + 1))
    assert 0 <= nearer <= further <= 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "neither of 'above' and 'below'"),
        ({"above": 1.0, "below": 2.0}, "both of 'above' and 'below'"),
        ({"above": math.nan}, "threshold is nan"),
        ({"above": 1.0, "margin": -1.0}, "margin is -1.0"),
        ({"above": 1.0, "sure": 1.5}, "sure is 1.5"),
        ({"above": 1.0, "priority": 101}, "priority is 101"),
        ({"above": 1.0, "severity": "stop"}, "allowed are warning, hint"),
        ({"above": 1.0, "asks": "much"}, "allowed are less, same, more"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(fields, message):
    with pytest.raises(GuidanceError, match=message):
        Rule("heart_share", **fields)


def test_a_coachs_own_words_are_short_and_fit():
    assert Words("Ease off", "放慢一点").en == "Ease off"
    with pytest.raises(GuidanceError, match="1 to 8 words"):
        Words("this is by far too long for an ear piece", "放慢")
    with pytest.raises(GuidanceError, match="1 to 16 characters"):
        Words("Ease off", "放慢一点放慢一点放慢一点放慢一点放")
    with pytest.raises(GuidanceError, match="holds 'safe'"):
        Words("That is safe", "放慢")
