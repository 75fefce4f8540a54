from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import TrainingError
from distride.heads import Linear, fit_head, one_hot, personalize, trained_head, with_one
from distride.heads.personal import USUAL, counts_of, extended, rehearsed, usual

NAMES = ("run", "walk", "jump")
FEATURES = 6


def squad(rng, windows=200, classes=3):
    """Features that tell the class, but not surely."""
    truth = rng.integers(classes, size=windows)
    centres = np.random.default_rng(1).normal(size=(classes, FEATURES))
    features = centres[truth] + rng.normal(size=(windows, FEATURES))
    return features.astype(np.float32), truth


def shared_head(features, truth, ridge=1.0, weights=None):
    return fit_head(features, one_hot(truth, 3), weights, ridge, NAMES, "label")


def named(truth):
    return np.array(NAMES, object)[truth]


def together(parts, weights, ridge=1.0):
    """The direct fit on all windows, each part with its weight."""
    features = np.concatenate([features for features, _ in parts])
    truth = np.concatenate([truth for _, truth in parts])
    counts = np.concatenate(
        [np.broadcast_to(w, len(truth)) for (_, truth), w in zip(parts, weights, strict=True)]
    )
    return shared_head(features, truth, ridge, counts)


def test_fit_head_solves_the_weighted_ridge_problem():
    rng = np.random.default_rng(0)
    features, truth = squad(rng)
    weights = rng.uniform(0.5, 2.0, len(truth))
    head = shared_head(features, truth, 2.0, weights)
    # the same problem as plain least squares with λ as extra rows
    phi = np.column_stack([features, np.ones(len(features))])
    rows = np.concatenate([phi * np.sqrt(weights)[:, None], np.sqrt(2.0) * np.eye(FEATURES + 1)])
    targets = np.concatenate(
        [one_hot(truth, 3) * np.sqrt(weights)[:, None], np.zeros((FEATURES + 1, 3))]
    )
    direct = np.linalg.lstsq(rows, targets, rcond=None)[0]
    np.testing.assert_allclose(head.weight, direct[:-1].T, atol=1e-5)
    np.testing.assert_allclose(head.bias, direct[-1], atol=1e-5)


def test_fit_head_does_not_depend_on_how_many_rows_are_summed_at_once(monkeypatch):
    features, truth = squad(np.random.default_rng(0))
    whole = shared_head(features, truth)
    monkeypatch.setattr("distride.heads.shared.ROWS_AT_ONCE", 7)
    np.testing.assert_allclose(shared_head(features, truth).weight, whole.weight, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.floats(0.1, 100.0))
def test_a_personal_head_is_the_fit_that_had_the_athlete_in_training(seed, shots, weight):
    rng = np.random.default_rng(seed)
    others, own = squad(rng), squad(rng, shots)
    head = shared_head(*others)
    weights = weight * rng.uniform(0.1, 1.0, shots)
    personal = personalize(head, own[0], named(own[1]), weights)
    counts = counts_of(head, named(own[1]), weights)
    absent = np.setdiff1d(np.arange(3), own[1])
    means = [others[0][others[1] == one].mean(axis=0) for one in absent]
    rehearsal = np.array(means).reshape(-1, FEATURES), absent
    as_much = counts.sum() / (3 - len(absent))
    direct = together([others, own, rehearsal], [1.0, counts, as_much])
    np.testing.assert_allclose(personal.weight, direct.weight, atol=1e-4)
    np.testing.assert_allclose(personal.bias, direct.bias, atol=1e-4)
    np.testing.assert_allclose(personal.evidence, direct.evidence, rtol=1e-5, atol=1e-2)


def test_learning_twice_is_learning_once_from_both():
    rng = np.random.default_rng(3)
    head, (first, a), (second, b) = shared_head(*squad(rng)), squad(rng, 5), squad(rng, 5)
    before = rehearsed(head, NAMES, np.ones(3))
    one, two = np.full(5, 2.0), np.full(5, 7.0)
    parts = before.after(with_one(first), one_hot(a, 3), one)
    twice = parts.after(with_one(second), one_hot(b, 3), two)
    both = with_one(np.concatenate([first, second])), one_hot(np.concatenate([a, b]), 3)
    once = before.after(*both, np.concatenate([one, two]))
    np.testing.assert_allclose(twice.solution, once.solution, atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=30), st.integers(0, 99))
def test_every_class_shown_counts_alike_and_better_windows_more(labels, seed):
    rng = np.random.default_rng(seed)
    head, names = shared_head(*squad(rng)), np.array(labels, object)
    weights = rng.uniform(0.1, 1.0, len(names))
    counts = counts_of(head, names, weights)
    sums = [counts[names == one].sum() for one in np.unique(names)]
    np.testing.assert_allclose(sums, np.mean(sums))
    np.testing.assert_allclose(counts.sum(), usual(head) * weights.sum())
    for one in np.unique(names):
        own = names == one
        assert (np.argsort(counts[own]) == np.argsort(weights[own])).all()


def test_ten_times_as_much_training_is_not_ten_times_as_stubborn():
    """All of it ten times over: the same head, and the same own head."""
    rng = np.random.default_rng(3)
    features, truth = squad(rng)
    once = shared_head(features, truth, ridge=1.0)
    tenfold = shared_head(np.tile(features, (10, 1)), np.tile(truth, 10), ridge=10.0)
    own, shown = squad(np.random.default_rng(4), 9)
    one, other = (personalize(head, own, named(shown)) for head in (once, tenfold))
    np.testing.assert_allclose(one.weight, other.weight, atol=1e-4)
    values = fit_head(features, features[:, :1], None, 1.0, (), "speed")
    assert usual(values) == USUAL
    assert usual(tenfold) == pytest.approx(10 * usual(once))


def accuracy(head, features, truth):
    return (head.scores(features).argmax(axis=1) == truth).mean()


def test_what_the_athlete_did_not_show_is_hardly_forgotten():
    rng = np.random.default_rng(12)
    features, truth = squad(rng, 600)
    head, (own, shown) = shared_head(features, truth), squad(rng, 60, classes=2)
    fresh, later = squad(rng, 1500)
    absent = fresh[later == 2], later[later == 2]
    known = accuracy(head, *absent)
    kept = accuracy(personalize(head, own, named(shown)), *absent)
    careless = replace(head, sums=np.zeros_like(head.sums))  # that has nothing to rehearse
    lost = accuracy(personalize(careless, own, named(shown)), *absent)
    assert known - kept < (known - lost) / 2


def test_windows_of_poor_quality_hold_the_head_back_less():
    rng = np.random.default_rng(14)
    head, (own, truth) = shared_head(*squad(rng)), squad(rng, 30)
    spoilt = own.copy()
    spoilt[::2] = rng.normal(scale=5.0, size=spoilt[::2].shape)
    quality = np.where(np.arange(30) % 2, 1.0, 0.05)
    fresh = squad(rng, 600)
    blind = accuracy(personalize(head, spoilt, named(truth)), *fresh)
    assert accuracy(personalize(head, spoilt, named(truth), 100 * quality), *fresh) > blind + 0.03


def test_a_new_movement_is_as_if_training_had_known_its_name():
    rng = np.random.default_rng(4)
    features, truth = squad(rng, classes=2)
    own, labels = squad(rng, 9)[0], ["jump", "run", "hop"] * 3
    two = fit_head(features, one_hot(truth, 2), None, 1.0, ("run", "walk"), "label")
    personal = personalize(two, own, labels)
    assert personal.labels == ("run", "walk", "jump", "hop")
    four = fit_head(features, one_hot(truth, 4), None, 1.0, personal.labels, "label")
    direct = personalize(four, own, labels)
    np.testing.assert_allclose(personal.weight, direct.weight, atol=1e-6)


def test_extended_keeps_what_the_head_says_of_known_classes():
    features, truth = squad(np.random.default_rng(5))
    head = shared_head(features, truth)
    more = extended(head, ["hop"])
    np.testing.assert_array_equal(more.scores(features)[:, :3], head.scores(features))
    assert not more.scores(features)[:, 3].any()


def trained(features, truth, scale):
    """A head that some descent left: the direct fit, scaled and shifted as no ridge would."""
    fitted = shared_head(features, truth)
    net = Linear("label", NAMES, scale * fitted.weight + 1.0, scale * fitted.bias - 3.0)
    return net, trained_head(net, features, truth, None, 1.0)


def test_a_trained_head_says_what_its_net_said():
    features, truth = squad(np.random.default_rng(9))
    net, head = trained(features, truth, 5.0)
    scores = features @ net.weight.T + net.bias
    ours = head.scores(features)
    np.testing.assert_allclose(
        ours - ours[:, :1], scores - scores[:, :1], rtol=1e-4, atol=1e-4
    )  # only differences between classes count
    means = [ours[truth == one].mean(axis=0) for one in range(3)]
    np.testing.assert_allclose(head.targets, means, atol=1e-4)


def test_a_trained_head_moves_its_athletes_windows_towards_what_their_class_should_get():
    rng = np.random.default_rng(10)
    _, head = trained(*squad(rng), 5.0)
    own, labels = squad(rng, 6)[0], ["jump", "run", "hop"] * 2
    personal = personalize(head, own, labels, 1e6)
    assert personal.labels == (*NAMES, "hop")
    known = [at for at, label in enumerate(labels) if label != "hop"]
    should = personal.targets[[personal.labels.index(labels[at]) for at in known]]
    before = np.abs(extended(head, labels).scores(own[known]) - should).mean()
    assert np.abs(personal.scores(own[known]) - should).mean() < before / 2
    assert (personal.scores(own).argmax(axis=1) == [2, 0, 3] * 2).all()


def test_a_class_that_training_never_had_gets_what_classes_get_on_average():
    features, truth = squad(np.random.default_rng(11), classes=2)
    net = Linear("label", NAMES, np.eye(3, FEATURES), np.zeros(3))
    targets = trained_head(net, features, truth, None, 1.0).targets
    assert targets[2, 2] == pytest.approx((targets[0, 0] + targets[1, 1]) / 2, abs=1e-5)
    assert targets[2, 0] == targets[2, 1] == pytest.approx((targets[0, 1] + targets[1, 0]) / 2)


def test_a_regression_moves_towards_the_athletes_values():
    rng = np.random.default_rng(6)
    features = rng.normal(size=(100, FEATURES))
    head = fit_head(features, np.full((100, 1), 140.0), None, 1.0, (), "heart_rate")
    personal = personalize(head, features[:10], np.full(10, 180.0), 1.0)
    before = np.abs(head.scores(features[:10]) - 180).mean()
    assert np.abs(personal.scores(features[:10]) - 180).mean() < before / 2


def test_a_wide_head_personalises_within_a_blink():
    import time

    rng = np.random.default_rng(7)
    features = rng.normal(size=(500, 300)).astype(np.float32)
    truth = rng.integers(3, size=500)
    head = shared_head(features, truth)
    started = time.perf_counter()
    personalize(head, features[:30], named(truth[:30]))
    assert time.perf_counter() - started < 0.5


def test_unusable_input_is_one_error():
    features, truth = squad(np.random.default_rng(8))
    head = shared_head(features, truth)
    with pytest.raises(TrainingError, match="0 windows"):
        shared_head(features[:0], truth[:0])
    with pytest.raises(TrainingError, match="ridge 0"):
        shared_head(features, truth, 0.0)
    with pytest.raises(TrainingError, match="not finite"):
        shared_head(np.full_like(features, np.nan), truth)
    with pytest.raises(TrainingError, match="shape"):
        personalize(head, features[:, :2], named(truth))
    with pytest.raises(TrainingError, match="shape"):
        personalize(head, features[:0], [])
    with pytest.raises(TrainingError, match="not finite"):
        personalize(head, np.full_like(features, np.nan), named(truth))
    with pytest.raises(TrainingError, match="weight"):
        personalize(head, features, named(truth), 0.0)
    with pytest.raises(TrainingError, match=r"weights of shape \(3,\)"):
        personalize(head, features, named(truth), np.ones(3))
    for weights in (np.zeros(len(truth)), np.full(len(truth), np.nan)):
        with pytest.raises(TrainingError, match="positive weights"):
            personalize(head, features, named(truth), weights)
