import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.heads.calibration import expected_calibration_error, fit_temperature, log_loss
from distride.heads.linear import softmax


def drawn(seed, temperature, windows=4000):
    """Scores, and labels drawn from their softmax at a temperature."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(scale=2.0, size=(windows, 4))
    chances = softmax(scores / temperature).cumsum(axis=1)
    return scores, (rng.random((windows, 1)) < chances).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    scores, labels = drawn(0, temperature)
    assert fit_temperature(scores, labels) == pytest.approx(temperature, rel=0.1)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 5.0), st.floats(0.5, 2.0))
def test_no_other_temperature_is_more_probable(seed, made_with, factor):
    scores, labels = drawn(seed, made_with, 50)
    best = fit_temperature(scores, labels)
    loss = log_loss(softmax(scores / best), labels).mean()
    assert loss <= log_loss(softmax(scores / (best * factor)), labels).mean() + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 5.0), st.floats(0.0, 10.0))
def test_the_more_caution_the_nearer_a_temperature_is_to_one(seed, made_with, caution):
    scores, labels = drawn(seed, made_with, 50)
    free, cautious = (fit_temperature(scores, labels, one) for one in (0.0, caution))
    assert min(free, 1.0) - 1e-9 <= cautious <= max(free, 1.0) + 1e-9


def test_caution_bounds_what_one_person_may_say():
    scores = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert fit_temperature(scores, np.array([1, 0]), 0.05) < 10


def test_scores_that_are_always_or_never_right_give_a_bound():
    scores = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert fit_temperature(scores, np.array([0, 1])) < 0.1
    assert fit_temperature(scores, np.array([1, 0])) == pytest.approx(1000.0)


def test_expected_calibration_error_is_the_distance_of_confidence_and_accuracy():
    sure = np.array([[1.0, 0.0]] * 4)
    assert expected_calibration_error(sure, np.array([0, 0, 1, 1])) == 0.5
    mixed = np.array([[0.9, 0.1]] * 2 + [[0.6, 0.4]] * 2)
    assert expected_calibration_error(mixed, np.array([0, 0, 0, 1])) == pytest.approx(0.1)


def test_calibrating_lowers_the_error():
    scores, labels = drawn(1, 3.0)
    best = fit_temperature(scores, labels)
    before = expected_calibration_error(softmax(scores), labels)
    assert expected_calibration_error(softmax(scores / best), labels) < before / 3


def test_log_loss_of_the_impossible_is_finite():
    assert np.isfinite(log_loss(np.array([[1.0, 0.0]]), np.array([1]))).all()
