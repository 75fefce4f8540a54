import numpy as np
import pytest
import torch

from distride.data import UNKNOWN
from distride.learn.batches import Pool
from distride.learn.ground import Training, features_of, scores_of, seeded
from distride.learn.loop import Schedule
from distride.learn.shared import RIDGE, shared_head
from distride.models.student import Student, StudentConfig

from .conftest import ATHLETES, CHANNELS, TASKS


def build():
    body = Student(StudentConfig(len(CHANNELS), 4))
    return body, body.feature_count


@pytest.fixture
def net(ground):
    return seeded(ground, Training("any", build, Schedule(1, 1e-3))).eval()


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:3], CHANNELS)


def features_and_net_scores(ground, net, pool, number):
    task = TASKS[number]
    truth = pool.truth[task.name]
    known = np.flatnonzero(truth != UNKNOWN if task.labels else np.isfinite(truth))
    batches = ground.batches(pool, "any", 32)
    features = features_of(net.body, batches, known)
    return features, scores_of(net, batches, known)[task.name], truth[known]


def test_it_answers_as_the_net_does(ground, net, pool):
    features, scores, _ = features_and_net_scores(ground, net, pool, 0)
    head = shared_head(ground, net, pool, TASKS[0])
    centred = scores - scores.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(head.scores(features), centred, atol=1e-4)
    assert head.labels == TASKS[0].labels


def test_its_evidence_counts_each_window_and_rare_classes_more(ground, net, pool):
    pool.truth["label"][::3] = UNKNOWN
    features, _, truth = features_and_net_scores(ground, net, pool, 0)
    phi = np.column_stack([features, np.ones(len(features))]).astype(np.float64)
    weights = 1 / np.sqrt(np.bincount(truth))[truth]
    weights /= weights.mean()
    ridge = RIDGE * (weights[:, None] * phi**2).sum(axis=0).mean()
    expected = (phi * weights[:, None]).T @ phi + ridge * np.eye(phi.shape[1])
    head = shared_head(ground, net, pool, TASKS[0])
    np.testing.assert_allclose(head.evidence, expected, rtol=1e-4, atol=1e-3)


def test_numbers_come_in_their_own_unit(ground, net, pool):
    features, scores, _ = features_and_net_scores(ground, net, pool, 1)
    head = shared_head(ground, net, pool, TASKS[1])
    expected = scores * TASKS[1].scale + TASKS[1].mean
    np.testing.assert_allclose(head.scores(features), expected, rtol=1e-4, atol=1e-4)
    assert head.labels == ()


def test_it_leaves_the_body_as_it_was(ground, net, pool):
    before = {name: value.clone() for name, value in net.state_dict().items()}
    shared_head(ground, net, pool, TASKS[0])
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
