import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score

from distride.learn.metrics import confusion, interval, macro_f1, paired_gain, reliability

ANSWERS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(pairs=ANSWERS)
def test_scikit_learn_finds_the_same(pairs):
    truth, predicted = np.array(pairs).T
    expected = f1_score(truth, predicted, average="macro", zero_division=0.0)
    assert macro_f1(truth, predicted, 5) == pytest.approx(expected)
    matrix = confusion_matrix(truth, predicted, labels=range(5))
    np.testing.assert_array_equal(confusion(truth, predicted, 5), matrix)


def test_a_class_neither_there_nor_answered_counts_for_nothing():
    truth = np.array([0, 1, 1])
    assert macro_f1(truth, truth, 9) == 1.0
    assert macro_f1(truth, np.array([0, 1, 2]), 9) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_an_interval_holds_the_mean_and_narrows_with_agreement():
    rng = np.random.default_rng(0)
    wide, narrow = rng.normal(0.8, 0.1, 20), rng.normal(0.8, 0.01, 20)
    for values in (wide, narrow):
        low, high = interval(values)
        assert low < values.mean() < high
        error = 1.96 * values.std() / np.sqrt(20)
        assert high - low == pytest.approx(2 * error, rel=0.15)
    assert interval(wide) == interval(wide)


def test_two_athletes_are_no_evidence_for_an_interval():
    assert interval(np.array([0.1, 0.9])) is None


def test_a_gain_is_paired_by_athlete():
    better = {"ann": 0.9, "bo": 0.6, "cy": 0.8, "di": 1.0}
    worse = {"ann": 0.8, "bo": 0.5, "cy": 0.7, "eve": 0.0}
    gain, (low, high) = paired_gain(better, worse)
    assert gain == pytest.approx(0.1)
    assert (low, high) == pytest.approx((0.1, 0.1))  # who differ much gain alike
    assert paired_gain({"ann": 0.9}, {"ann": 0.5}) == (pytest.approx(0.4), None)


def test_reliability_tells_what_confidence_is_worth():
    p = np.array([[0.95, 0.05], [0.95, 0.05], [0.4, 0.6], [1.0, 0.0]])
    table = reliability(p, np.array([0, 1, 1, 0]))
    assert [row["count"] for row in table] == [1, 3]
    assert table[0] == pytest.approx({"confidence": 0.6, "accuracy": 1.0, "count": 1})
    assert table[1]["accuracy"] == pytest.approx(2 / 3)
