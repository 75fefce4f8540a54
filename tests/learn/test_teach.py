from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.errors import TrainingError
from distride.heads import softmax
from distride.learn import teach
from distride.learn.batches import Pool
from distride.learn.members import NetMember, taught
from distride.learn.teach import asked, cross_fitted, ensemble_scores, opinion

from .conftest import ATHLETES, CHANNELS

GROUPS = [("a0", "a1"), ("a2", "a3")]


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES, CHANNELS)


def batches_of(ground, pool):
    return ground.batches(pool, "opinion", 32)


def test_a_teacher_never_saw_the_athlete_it_speaks_of(ground, pool, monkeypatch):
    learnt, spoke_of = [], []

    def spied_taught(ground, name, own):
        learnt.append(set(own.athletes))
        return taught(ground, name, own)

    def spied_opinion(ground, members, batches, numbers):
        spoke_of.append({batches.pool.athletes[one] for one in batches.pool.athlete[numbers]})
        return opinion(ground, members, batches, numbers)

    monkeypatch.setattr(teach, "taught", spied_taught)
    monkeypatch.setattr(teach, "opinion", spied_opinion)
    soft = cross_fitted(ground, GROUPS, pool)
    assert learnt == [{"a2", "a3"}, {"a0", "a1"}]
    for seen, spoken in zip(learnt, spoke_of, strict=True):
        assert seen.isdisjoint(spoken)
        assert {"a4", "a5"} <= spoken  # who is in no group is scored by all
    assert soft["label"].shape == (len(pool), 3)
    assert soft["speed"].shape == (len(pool), 1)
    np.testing.assert_allclose(softmax(soft["label"]).sum(axis=1), 1, atol=1e-5)
    assert all(np.isfinite(scores).all() for scores in soft.values())


def test_several_opinions_of_one_window_are_averaged(ground, pool, monkeypatch):
    said = iter(([0.9, 0.05, 0.05], [0.5, 0.25, 0.25]))

    def opinion(ground, members, batches, numbers):
        p = np.log(np.tile(next(said), (len(numbers), 1)))
        return {"label": p, "speed": np.full((len(numbers), 1), p[0, 0])}

    monkeypatch.setattr(teach, "taught", lambda ground, name, own: [])
    monkeypatch.setattr(teach, "opinion", opinion)
    soft = cross_fitted(ground, GROUPS, pool)
    p = softmax(soft["label"])[:, 0]
    owner = np.array(pool.athletes)[pool.athlete]
    for athlete, expected in (("a0", 0.9), ("a2", 0.5), ("a5", 0.7)):
        np.testing.assert_allclose(p[owner == athlete], expected, rtol=1e-5)
    values = soft["speed"][owner == "a5", 0]
    np.testing.assert_allclose(values, np.log([0.9, 0.5]).mean(), rtol=1e-5)


def test_members_agree_by_the_mean_of_their_probabilities(ground):
    one = {"label": np.log([[0.8, 0.1, 0.1]]), "speed": np.array([[1.0]])}
    other = {"label": np.log([[0.2, 0.4, 0.4]]) + 7, "speed": np.array([[3.0]])}
    agreed = ensemble_scores([one, other], ground.tasks)
    np.testing.assert_allclose(softmax(agreed["label"]), [[0.5, 0.25, 0.25]], rtol=1e-6)
    assert agreed["speed"].tolist() == [[2.0]]


@pytest.fixture
def members(ground, pool):
    """Two nets as they are before any training."""
    untrained = replace(ground.recipe.teacher, windows_seen=1)
    ground = replace(ground, recipe=replace(ground.recipe, teacher=untrained))
    return taught(ground, "teacher", pool)


def kept(ground):
    return set(ground.folder.glob("soft-*.npz"))


class Counted(NetMember):
    """A member that counts how often it is asked."""

    asked = 0

    def scores(self, *arguments):
        Counted.asked += 1
        return super().scores(*arguments)


def test_an_opinion_is_asked_once_a_view(ground, pool, members):
    numbers = np.arange(20)
    counted = [Counted(one.name, one.net) for one in members]
    first = opinion(ground, counted, batches_of(ground, pool), numbers)
    assert len(kept(ground)) == 1
    assert Counted.asked == len(members) * ground.recipe.distillation.views
    again = opinion(ground, counted, batches_of(ground, pool), numbers)
    assert Counted.asked == len(members) * ground.recipe.distillation.views
    for task, scores in first.items():
        np.testing.assert_array_equal(again[task], scores)


def test_another_opinion_has_another_key(ground, pool, members, altered):
    numbers = np.arange(8)
    recipe = ground.recipe
    grounds = [
        ground,
        replace(ground, windows=replace(ground.windows, fingerprint="other data")),
        replace(ground, recipe=altered(recipe, "augmentation", rotation_deg=1.0)),
        replace(ground, recipe=altered(recipe, "distillation", views=1)),
        replace(ground, recipe=replace(recipe, seed=1)),
    ]
    for count, one in enumerate(grounds, 1):
        opinion(one, members, batches_of(one, pool), numbers)
        assert len(kept(ground)) == count
    opinion(ground, members, batches_of(ground, pool), numbers + 1)
    assert len(kept(ground)) == len(grounds) + 1
    with torch.no_grad():
        next(members[1].net.parameters()).add_(1e-6)  # another teacher
    opinion(ground, members, batches_of(ground, pool), numbers)
    assert len(kept(ground)) == len(grounds) + 2


def own_teacher(**scores):
    return lambda x: {name: np.full((len(x), width), 0.5) for name, width in scores.items()}


def test_somebodys_own_teacher_sees_raw_windows_a_part_at_a_time(ground, pool, monkeypatch):
    monkeypatch.setattr(teach, "ASKED_AT_ONCE", 50)
    seen = []

    def teacher(x):
        seen.append(x)
        return own_teacher(label=3, speed=1)(x)

    soft = asked(ground, teacher, pool)
    assert max(map(len, seen)) == 50
    np.testing.assert_array_equal(np.concatenate(seen), pool.gather(np.arange(len(pool))))
    assert {name: scores.shape for name, scores in soft.items()} == {
        "label": (len(pool), 3),
        "speed": (len(pool), 1),
    }


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({"label": 4, "speed": 1}, "shape .* is needed"),
        ({"label": 3, "speed": 2}, "shape .* is needed"),
        ({"label": 3}, "no scores for the task 'speed'"),
    ],
)
def test_a_teacher_that_does_not_fit_is_refused(ground, pool, scores, message):
    with pytest.raises(TrainingError, match=message):
        asked(ground, own_teacher(**scores), pool)


def test_teachers_who_say_nothing_are_not_averaged(ground, pool, monkeypatch):
    def opinion(ground, members, batches, numbers):
        values = np.full((len(numbers), 1), np.nan if members == "cross-0" else 2.0)
        return {"label": np.zeros((len(numbers), 3)), "speed": values}

    monkeypatch.setattr(teach, "taught", lambda ground, name, pool: name)
    monkeypatch.setattr(teach, "opinion", opinion)
    soft = cross_fitted(ground, GROUPS, pool)["speed"][:, 0]
    owner = np.array(pool.athletes)[pool.athlete]
    assert np.isnan(soft[np.isin(owner, GROUPS[0])]).all()
    assert (soft[~np.isin(owner, GROUPS[0])] == 2.0).all()


def test_ones_own_teacher_speaks_in_the_unit_of_the_task(ground, pool):
    def teacher(x):
        return {"label": np.zeros((len(x), 3)), "speed": np.full((len(x), 1), 1.5)}

    assert (asked(ground, teacher, pool)["speed"] == 1.0).all()  # (1.5 - mean) / scale
