import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.metrics import (
    confusion_matrix,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
)

from distride.learn.metrics import (
    MACRO_F1,
    MAE,
    confusion,
    errors_of,
    interval,
    macro_f1,
    mean_f1,
    moments,
    reliability,
    resampled_scores,
    score_of,
    spread,
    units_in,
)

ANSWERS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(pairs=ANSWERS)
def test_scikit_learn_finds_the_same(pairs):
    truth, predicted = np.array(pairs).T
    there = np.unique(truth)
    expected = f1_score(truth, predicted, labels=there, average="macro", zero_division=0.0)
    assert macro_f1(truth, predicted, 5) == pytest.approx(expected)
    matrix = confusion_matrix(truth, predicted, labels=range(5))
    np.testing.assert_array_equal(confusion(truth, predicted, 5), matrix)


def test_a_class_that_is_not_there_costs_the_recall_of_one_that_is():
    truth = np.array([0, 1, 1])
    assert macro_f1(truth, truth, 9) == 1.0
    assert macro_f1(truth, np.array([0, 1, 2]), 9) == pytest.approx((1 + 2 / 3) / 2)


def fold_of(rng, athletes, right):
    """Confusions of athletes who are right so often."""
    return np.stack(
        [
            confusion(truth, np.where(rng.random(60) < right, truth, (truth + 1) % 3), 3)
            for truth in rng.integers(3, size=(athletes, 60))
        ]
    )


def interval_of(folds, yardstick=MACRO_F1):
    estimate, resampled = score_of(folds, yardstick), resampled_scores(folds, yardstick)
    return spread(estimate, resampled, units_in(folds))


def test_a_score_is_the_mean_of_folds_and_lies_within_its_interval():
    rng = np.random.default_rng(0)
    folds = [fold_of(rng, 3, right) for right in (0.9, 0.8, 0.7, 0.9)]
    expected = np.mean([mean_f1(fold.sum(axis=0)) for fold in folds])
    assert score_of(folds) == pytest.approx(expected)
    low, high = interval_of(folds)
    assert low < expected < high < low + 0.4
    single = interval_of(folds[:1])
    assert single[0] < score_of(folds[:1]) < single[1]


def test_alike_gains_are_sure_however_unlike_the_athletes_are():
    rng = np.random.default_rng(1)
    folds = [fold_of(rng, 1, right) for right in (0.95, 0.8, 0.6, 0.4, 0.9)]
    same = resampled_scores(folds) - resampled_scores(folds)  # the same people are drawn
    assert spread(0.0, same, 5) == [0.0, 0.0]
    low, high = interval_of(folds)
    assert high - low > 0.2
    assert interval_of(folds[:2]) is None


def test_an_interval_holds_the_mean_and_narrows_with_agreement():
    rng = np.random.default_rng(0)
    wide, narrow = rng.normal(0.8, 0.1, 20), rng.normal(0.8, 0.01, 20)
    for values in (wide, narrow):
        low, high = interval(values)
        assert low < values.mean() < high
        error = 2.09 * values.std(ddof=1) / np.sqrt(20)  # of Student's t
        assert high - low == pytest.approx(2 * error, rel=0.15)
    assert interval(wide) == interval(wide)


@pytest.mark.parametrize("units", [3, 5, 8])
def test_an_interval_of_few_holds_the_truth_as_often_as_it_says(units):
    rng = np.random.default_rng(units)
    told = [interval(rng.normal(0.0, 1.0, units)) for _ in range(600)]
    assert 0.92 < np.mean([low <= 0.0 <= high for low, high in told]) < 0.98


@pytest.mark.parametrize(("folds", "athletes"), [(10, 3), (5, 1), (1, 8)])
def test_an_interval_over_folds_holds_the_truth_as_often_as_it_says(folds, athletes):
    rng = np.random.default_rng(folds)

    def told():
        errors = rng.normal(10.0, 1.0, (folds, athletes, 1))
        return interval_of(
            [np.stack([moments(np.zeros(1), e) for e in fold]) for fold in errors], MAE
        )

    found = [told() for _ in range(400)]
    assert 0.92 < np.mean([low <= 10.0 <= high for low, high in found]) < 0.98


def test_two_athletes_are_no_evidence_for_an_interval():
    assert interval(np.array([0.1, 0.9])) is None


def test_reliability_tells_what_confidence_is_worth():
    p = np.array([[0.95, 0.05], [0.95, 0.05], [0.4, 0.6], [1.0, 0.0]])
    table = reliability(p, np.array([0, 1, 1, 0]))
    assert [row["count"] for row in table] == [1, 3]
    assert table[0] == pytest.approx({"confidence": 0.6, "accuracy": 1.0, "count": 1})
    assert table[1]["accuracy"] == pytest.approx(2 / 3)


VALUES = st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=40)


@given(pairs=VALUES, cut=st.integers(1, 39))
@example(pairs=[(0.0, 7e-65), (3e-146, 0.0)], cut=1)  # the product of what they vary by is 0
def test_errors_of_values_follow_from_sums_that_add_up(pairs, cut):
    truth, told = np.array(pairs).T
    parts = [moments(truth[rows], told[rows]) for rows in (slice(cut), slice(cut, None))]
    found = errors_of(parts[0] + parts[1])
    assert found["mae"] == pytest.approx(mean_absolute_error(truth, told), abs=1e-9)
    assert found["rmse"] == pytest.approx(mean_squared_error(truth, told) ** 0.5, abs=1e-9)
    assert found["bias"] == pytest.approx((told - truth).mean(), abs=1e-9)
    if truth.std() > 0.1 and told.std() > 0.1:
        assert found["r2"] == pytest.approx(r2_score(truth, told), rel=1e-6, abs=1e-6)
        assert found["correlation"] == pytest.approx(np.corrcoef(truth, told)[0, 1], abs=1e-6)


def test_values_that_do_not_differ_have_no_share_explained():
    found = errors_of(moments(np.full(5, 70.1), np.full(5, 71.1)))
    assert (found["r2"], found["correlation"]) == (None, None)


def test_errors_are_averaged_over_folds_and_drawn_again_by_athlete():
    folds = [
        np.stack([moments(np.zeros(4), np.full(4, error)) for error in (1.0, 3.0)]),
        np.stack([moments(np.zeros(9), np.full(9, 6.0))]),
    ]
    assert score_of(folds, MAE) == pytest.approx((2.0 + 6.0) / 2)
    by_athlete = [folds[0][[0]], folds[0][[1]], folds[1]]
    low, high = interval_of(by_athlete, MAE)
    assert low < score_of(by_athlete, MAE) < high
    assert MAE.worth(folds[1][0]) == -6.0  # choices go by what is more
