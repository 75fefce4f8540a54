"""Every window is answered, unsure or unknown; errors of several folds add up to that of all."""

import numpy as np
import pytest

from distride.heads import (
    Familiarity,
    calibration_bins,
    error_of_bins,
    expected_calibration_error,
    fit_head,
    one_hot,
    softmax,
)
from distride.learn.doubt import doubt_about
from distride.learn.fold import Thresholds
from distride.learn.metrics import confusion


def windows(seed, count=300):
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=count)
    return (np.eye(5)[truth] + rng.normal(scale=0.6, size=(count, 5))).astype(np.float32), truth


@pytest.fixture(scope="module")
def head():
    features, truth = windows(0)
    return fit_head(features, one_hot(truth, 3), None, 1.0, ("a", "b", "c"), "label")


def test_without_thresholds_every_window_is_answered(head):
    features, truth = windows(1)
    doubt = doubt_about(head, Thresholds(), features, truth)
    expected = confusion(truth, head.scores(features).argmax(axis=1), 3)
    assert doubt.answered == expected.tolist()
    assert (doubt.unsure, doubt.unknown) == (0, 0)


def test_a_window_is_unknown_before_it_is_unsure(head):
    features, truth = windows(1)
    familiarity = Familiarity.of(head)(features)
    confidence = head.probabilities(features).max(axis=1)
    thresholds = Thresholds(float(np.median(confidence)), float(np.median(familiarity)))
    doubt = doubt_about(head, thresholds, features, truth)
    assert doubt.unknown == len(truth) // 2
    both = (familiarity >= thresholds.unknown_below) & (confidence < thresholds.abstain_below)
    assert doubt.unsure == both.sum() > 0
    assert np.sum(doubt.answered) == len(truth) - doubt.unknown - doubt.unsure


def test_errors_before_and_after_the_temperature_are_told(head):
    features, truth = windows(1)
    doubt = doubt_about(head, Thresholds(), features, truth)
    raw = softmax(features @ head.weight.T + head.bias)
    before, after = (error_of_bins(np.array(one)) for one in (doubt.before, doubt.after))
    assert before == pytest.approx(expected_calibration_error(raw, truth), abs=1e-6)
    assert after == pytest.approx(expected_calibration_error(head.probabilities(features), truth))


def test_bins_of_several_people_add_up(head):
    features, truth = windows(2)
    p = head.probabilities(features)
    parts = sum(calibration_bins(p[rows], truth[rows]) for rows in np.split(np.arange(300), [90]))
    assert error_of_bins(parts) == pytest.approx(expected_calibration_error(p, truth))
