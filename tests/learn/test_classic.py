"""Classic models as members: deterministic, and never lost for an answer."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.data import UNKNOWN
from distride.learn.batches import Pool
from distride.learn.classic import CLASSIC, ClassicMember
from distride.learn.metrics import macro_f1
from distride.learn.posture import SEEN, UNSEEN

from .conftest import ATHLETES, CHANNELS


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:4], CHANNELS)


def judged_by(ground, member, pool, at_once=2048):
    return member.scores(ground.batches(pool, "judge", 32).views(np.arange(len(pool)), at_once))


@pytest.fixture(params=CLASSIC)
def member(ground, pool, request):
    return ClassicMember(request.param, ground, pool, 7)


def test_it_tells_strangers_classes_and_values(ground, windows, member):
    strangers = Pool(windows, ATHLETES[4:], CHANNELS)
    scores = judged_by(ground, member, strangers)
    known = strangers.truth["label"] != UNKNOWN
    answers = scores["label"][known].argmax(axis=1)
    assert macro_f1(strangers.truth["label"][known], answers, 3) > 0.9
    told = scores["speed"][:, 0] * 0.5 + 1.0  # in the units of the task
    assert np.corrcoef(told[known], strangers.truth["speed"][known])[0, 1] > 0.9


def test_it_is_the_same_whenever_it_is_fitted(ground, pool, member):
    again = ClassicMember(member.name, ground, pool, 7)
    scores = judged_by(ground, member, pool)
    for task, values in judged_by(ground, again, pool).items():
        np.testing.assert_array_equal(values, scores[task])
    assert member.scores([])["label"].shape == (0, 3)


def test_it_leaves_torch_its_threads_and_is_asked_in_parts(ground, pool, member):
    scores = judged_by(ground, member, pool)
    before = torch.get_num_threads()
    parts = judged_by(ground, member, pool, 50)
    assert torch.get_num_threads() == before
    np.testing.assert_allclose(parts["label"], scores["label"], atol=1e-5)


def test_a_class_it_never_saw_is_unlikely(ground, pool, member):
    pool.truth["label"][pool.truth["label"] == 1] = UNKNOWN
    scores = judged_by(ground, member, pool)
    assert (scores["label"][:, 1] < scores["label"].max(axis=1)).all()
    assert np.isfinite(scores["label"]).all()


def test_a_fingerprint_is_of_all_that_the_answers_depend_on(ground, windows, pool, member):
    others = [
        ClassicMember(member.name, ground, pool, 8),
        ClassicMember(member.name, ground, Pool(windows, ATHLETES[1:4], CHANNELS), 7),
        ClassicMember(member.name, ground, Pool(windows, ATHLETES[:4], CHANNELS[:3]), 7),
        ClassicMember(member.name, ground, Pool(windows, ATHLETES[:4], CHANNELS, ATHLETES[:2]), 7),
        ClassicMember(
            member.name, replace(ground, windows=replace(windows, fingerprint="other")), pool, 7
        ),
    ]
    told = {one.fingerprint() for one in (member, *others)}
    assert len(told) == 1 + len(others)
    assert member.fingerprint() == ClassicMember(member.name, ground, pool, 7).fingerprint()


def test_where_posture_is_not_seen_no_offset_is(ground, windows):
    def told(posture):
        blind = replace(ground, posture=posture)
        member = ClassicMember("extra_trees", blind, Pool(windows, ATHLETES[:4], CHANNELS), 7)
        batches = blind.batches(Pool(windows, ATHLETES[4:], CHANNELS), "judge", 32)
        views = list(batches.views(np.arange(40)))
        before = member.scores(views)["label"]
        return np.abs(member.scores(view + 0.5 for view in views)["label"] - before).max()

    assert told(UNSEEN) < 1e-4 < 0.1 < told(SEEN)


def test_it_learns_a_number_where_no_class_is_known(ground, pool, member):
    pool.truth["label"][20:] = UNKNOWN
    scores = judged_by(ground, member, pool)
    rest, told = pool.truth["speed"][20:], scores["speed"][20:, 0]
    known = np.isfinite(rest)
    assert np.corrcoef(told[known], rest[known])[0, 1] > 0.95
