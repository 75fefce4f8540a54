"""What was taught is familiar, what was not is strange, and an athlete's own is never strange."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.heads import Familiarity, Linear, fit_head, one_hot, personalize, trained_head

FEATURES = 6
NAMES = ("run", "walk", "jump", "row")
CENTRES = np.random.default_rng(1).normal(scale=3.0, size=(len(NAMES), FEATURES))


def moves(seed, windows=300, classes=3):
    """Features of windows of the first movements, and their numbers."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=windows)
    features = CENTRES[truth] + rng.normal(size=(windows, FEATURES)) * np.arange(1, FEATURES + 1)
    return features.astype(np.float32), truth


def taught(seed=0, ridge=1.0, weights=None):
    features, truth = moves(seed)
    return fit_head(features, one_hot(truth, 3), weights, ridge, NAMES[:3], "label")


def new_movement(seed, windows=200):
    rng = np.random.default_rng(seed)
    return (20.0 + rng.normal(size=(windows, FEATURES))).astype(np.float32)


def test_it_is_the_relative_mahalanobis_distance():
    features, truth = moves(0)
    asked = moves(5)[0]
    unit = (features - features.mean(axis=0)) / features.std(axis=0)
    x = (asked - features.mean(axis=0)) / features.std(axis=0)
    centres = np.stack([unit[truth == one].mean(axis=0) for one in range(3)])

    def distance(deviations, centre):
        covariance = deviations.T @ deviations / len(deviations)
        covariance += 2e-3 * np.trace(covariance) / FEATURES * np.eye(FEATURES)
        off = x - centre
        return (off @ np.linalg.inv(covariance) * off).sum(axis=1)

    within = np.min([distance(unit - centres[truth], one) for one in centres], axis=0)
    relative = distance(unit, 0.0) - within
    expected = 1 / (1 + np.exp(-relative / FEATURES))
    np.testing.assert_allclose(Familiarity.of(taught())(asked), expected, rtol=1e-3)


@pytest.mark.parametrize("ridge", [1e-2, 1.0, 100.0])
def test_the_ridge_of_the_head_changes_nothing(ridge):
    asked = moves(5)[0]
    np.testing.assert_allclose(
        Familiarity.of(taught(ridge=ridge))(asked), Familiarity.of(taught())(asked), rtol=1e-2
    )


def test_the_unit_of_a_feature_changes_nothing():
    features, truth = moves(0)
    units = np.array([1e-2, 1.0, 30.0, 1.0, 5.0, 0.5])
    net = Linear("label", NAMES[:3], np.zeros((3, FEATURES)), np.zeros(3))
    ours, theirs = (
        Familiarity.of(trained_head(net, features * unit, truth, None, 1e-3))(moves(5)[0] * unit)
        for unit in (1.0, units)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-2)


def test_a_movement_never_taught_is_strange_and_others_are_not():
    familiarity = Familiarity.of(taught())
    known, strange = familiarity(moves(5)[0]), familiarity(new_movement(6))
    assert known.min() > strange.max()
    assert strange.min() >= 0
    assert known.max() <= 1


def test_a_feature_that_never_varies_does_no_harm():
    features, truth = moves(0)
    features[:, 2] = 0.0
    net = Linear("label", NAMES[:3], np.zeros((3, FEATURES)), np.zeros(3))
    familiarity = Familiarity.of(trained_head(net, features, truth, None, 1.0))
    assert np.isfinite(familiarity(moves(5)[0])).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_what_an_athlete_shows_makes_nothing_stranger(seed, shots):
    head, familiarity = taught(), Familiarity.of(taught())
    features, truth = moves(seed, shots)
    names = np.array(NAMES, object)[truth]
    own = familiarity.with_movements_of(personalize(head, features, names))
    asked = moves(seed + 1)[0]
    assert (own(asked) >= familiarity(asked) - 1e-12).all()


def test_an_athletes_new_movement_becomes_familiar():
    head, familiarity = taught(), Familiarity.of(taught())
    own = personalize(head, new_movement(6, 5), ["whirl"] * 5)
    before = familiarity(new_movement(7))
    after = familiarity.with_movements_of(own)(new_movement(7))
    assert after.min() > before.max()
    assert np.median(after) > np.quantile(familiarity(moves(5)[0]), 0.05)


def test_a_class_without_a_window_in_training_is_no_centre():
    features, truth = moves(0)
    net = Linear("label", NAMES, np.zeros((4, FEATURES)), np.zeros(4))
    familiarity = Familiarity.of(trained_head(net, features, truth, None, 1.0))
    assert len(familiarity.centres) == 3
