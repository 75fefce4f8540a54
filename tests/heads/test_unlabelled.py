from dataclasses import replace

import numpy as np
import pytest

from distride.errors import TrainingError
from distride.heads import fit_head, one_hot, softmax
from distride.heads.unlabelled import adapted, normalized, with_prior

NAMES = ("run", "walk", "jump")
CENTRES = np.random.default_rng(1).normal(scale=1.2, size=(3, 8))


def windows(rng, count, shares=(1 / 3, 1 / 3, 1 / 3)):
    truth = rng.choice(3, size=count, p=shares)
    return CENTRES[truth] + rng.normal(size=(count, 8)), truth


def shared_head():
    features, truth = windows(np.random.default_rng(0), 900)
    head = fit_head(features, one_hot(truth, 3), None, 1.0, NAMES, "label")
    return replace(head, temperature=0.2)


def accuracy(head, features, truth):
    return (head.scores(features).argmax(axis=1) == truth).mean()


def test_a_device_that_gives_more_and_sits_otherwise_is_undone():
    rng, head = np.random.default_rng(2), shared_head()
    features, truth = windows(rng, 600)
    worn = 1.7 * features + np.linspace(-3, 3, 8)
    own = adapted(head, worn, normalized)
    assert accuracy(own, worn, truth) > accuracy(head, worn, truth) + 0.1
    assert accuracy(own, worn, truth) == pytest.approx(accuracy(head, features, truth), abs=0.02)


def test_what_an_athlete_does_most_is_expected_more():
    rng, head = np.random.default_rng(3), shared_head()
    shares = (0.9, 0.05, 0.05)
    seen, _ = windows(rng, 600, shares)
    fresh, truth = windows(rng, 2000, shares)
    own = adapted(head, seen, with_prior)
    assert accuracy(own, fresh, truth) > accuracy(head, fresh, truth) + 0.01
    told = own.probabilities(fresh).mean(axis=0)
    assert told[0] > head.probabilities(fresh).mean(axis=0)[0]


def test_a_prior_multiplies_probabilities():
    rng, head = np.random.default_rng(4), shared_head()
    seen, _ = windows(rng, 300, (0.6, 0.3, 0.1))
    own = with_prior(head, seen).head
    ratio = np.log(own.probabilities(seen)) - np.log(head.probabilities(seen))
    ratio -= ratio[:, :1]
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0], ratio.shape), atol=1e-4)
    np.testing.assert_allclose(softmax(own.scores(seen)).sum(axis=1), 1.0)


def test_what_does_not_last_changes_nothing():
    rng, head = np.random.default_rng(5), shared_head()
    morning, _ = windows(rng, 300, (1.0, 0.0, 0.0))
    evening, _ = windows(rng, 300, (0.0, 0.0, 1.0))
    day = np.concatenate([morning, evening])
    assert adapted(head, day, with_prior) is head
    assert adapted(head, day, normalized) is head


def test_few_windows_change_nothing_and_numbers_cannot():
    features, _ = windows(np.random.default_rng(6), 12)
    head = shared_head()
    assert adapted(head, features, normalized) is head
    assert adapted(head, features, with_prior) is head
    effort = fit_head(features, features[:, :1], None, 1.0, (), "effort")
    with pytest.raises(TrainingError, match="only heads of classes"):
        adapted(effort, features, normalized)
