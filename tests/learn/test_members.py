"""Members of a teacher: unlike each other, alike to whoever asks them."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch

from distride.config import Member as Kind
from distride.learn import members as module
from distride.learn.batches import UNKNOWN, Pool
from distride.learn.members import MINIROCKET, NetMember, RocketMember, taught
from distride.learn.metrics import macro_f1
from distride.models.teacher import MEMBERS

from .conftest import ATHLETES, CHANNELS


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:4], CHANNELS)


def judged_by(ground, member, pool):
    batches = ground.batches(pool, "judge", 32)
    numbers = np.arange(len(pool))
    return numbers, batches, member.scores(batches, numbers)


def test_a_recipe_may_name_every_member_and_no_other():
    assert set(get_args(Kind)) == {*MEMBERS, MINIROCKET}


def test_each_kind_a_recipe_names_is_taught(ground, pool, altered):
    kinds = ("wide_cnn", MINIROCKET)
    ground = replace(ground, recipe=altered(ground.recipe, "teacher", members=kinds))
    members = taught(ground, "teacher", pool)
    assert [one.name for one in members] == list(kinds)
    assert isinstance(members[0], NetMember)
    assert isinstance(members[1], RocketMember)
    assert members[1].net is None
    assert [file.name for file in ground.folder.iterdir()] == ["teacher-wide_cnn.safetensors"]


@pytest.fixture
def rocket(ground, pool):
    return RocketMember(ground, pool, 7)


def test_minirocket_tells_strangers_classes_and_values(ground, windows, rocket):
    strangers = Pool(windows, ATHLETES[4:], CHANNELS)
    _, _, scores = judged_by(ground, rocket, strangers)
    known = strangers.truth["label"] != UNKNOWN
    answers = scores["label"][known].argmax(axis=1)
    assert macro_f1(strangers.truth["label"][known], answers, 3) > 0.9
    told = scores["speed"][:, 0] * 0.5 + 1.0  # in the units of the task
    assert np.corrcoef(told[known], strangers.truth["speed"][known])[0, 1] > 0.9


def test_it_is_the_same_whenever_it_is_fitted(ground, pool, rocket):
    again = RocketMember(ground, pool, 7)
    numbers, batches, scores = judged_by(ground, rocket, pool)
    for task, values in again.scores(batches, numbers).items():
        np.testing.assert_array_equal(values, scores[task])
    assert not np.array_equal(rocket.scores(batches, numbers, 3)["label"], scores["label"])
    assert rocket.scores(batches, numbers[:0])["label"].shape == (0, 3)


def test_it_leaves_torch_its_threads_and_is_asked_in_parts(ground, pool, rocket, monkeypatch):
    numbers, batches, scores = judged_by(ground, rocket, pool)
    before = torch.get_num_threads()
    monkeypatch.setattr(module, "ASKED_AT_ONCE", 50)
    parts = rocket.scores(batches, numbers)
    assert torch.get_num_threads() == before
    np.testing.assert_allclose(parts["label"], scores["label"], atol=1e-5)


def test_a_class_it_never_saw_is_unlikely(ground, pool):
    pool.truth["label"][pool.truth["label"] == 1] = UNKNOWN
    _, _, scores = judged_by(ground, RocketMember(ground, pool, 7), pool)
    assert (scores["label"][:, 1] < scores["label"].max(axis=1)).all()
    assert np.isfinite(scores["label"]).all()


def test_a_fingerprint_is_of_all_that_the_answers_depend_on(ground, windows, pool, rocket):
    others = [
        RocketMember(ground, pool, 8),
        RocketMember(ground, Pool(windows, ATHLETES[1:4], CHANNELS), 7),
        RocketMember(ground, Pool(windows, ATHLETES[:4], CHANNELS[:3]), 7),
        RocketMember(ground, Pool(windows, ATHLETES[:4], CHANNELS, ATHLETES[:2]), 7),
        RocketMember(replace(ground, windows=replace(windows, fingerprint="other")), pool, 7),
    ]
    told = {one.fingerprint() for one in (rocket, *others)}
    assert len(told) == 1 + len(others)
    assert rocket.fingerprint() == RocketMember(ground, pool, 7).fingerprint()
