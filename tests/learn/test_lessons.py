from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import AugmentationRecipe
from distride.heads import softmax
from distride.learn import lessons as module
from distride.learn.batches import Draw, Pool
from distride.learn.device import Device
from distride.learn.lessons import Course, Lessons, Mixtures, course, lessons
from distride.learn.members import NetMember, taught

from .conftest import ATHLETES, CHANNELS, TASKS

PLAIN = AugmentationRecipe(0.0, "off", 0.0, 0.0, 0.0, 0.2)
SEEN = CHANNELS[:3]
LABELLED, EVERYONE = ATHLETES[:2], ATHLETES[:4]


@pytest.fixture
def pool(windows):
    return Pool(windows, EVERYONE, CHANNELS, LABELLED)


@pytest.fixture
def mixtures(pool, scaler):
    return Mixtures((pool, TASKS, scaler, PLAIN, Draw(32, 0)), CHANNELS)


def taught_lessons(ground, teacher=None):
    return lessons(ground, "teacher", (CHANNELS, SEEN), (LABELLED, EVERYONE), teacher)


def test_windows_without_a_label_are_mixed_in_too(pool, mixtures):
    known = pool.known(TASKS[0])
    chances = mixtures.chances()
    assert (chances > 0).all()
    both = known & pool.known(TASKS[1])
    assert chances[~both & ~known].mean() == pytest.approx(chances[known].mean(), rel=0.3)
    told = torch.cat([mixtures(step).targets[0].known for step in range(5)])
    assert 0.05 < told.mean() < 0.6


def test_each_mixture_is_two_recorded_windows_in_one_of_three_ways(mixtures):
    rng = np.random.default_rng(0)
    weights = mixtures._weights(rng, torch.Size((400, 6, 20)))
    assert weights.dtype == np.float32
    assert ((weights >= 0) & (weights <= 1)).all()
    whole = (weights == 1).all(axis=(1, 2))
    even = (weights == weights[:, :1, :1]).all(axis=(1, 2)) & ~whole
    stepped = (np.diff(weights, axis=2) < 0).sum(axis=2) == 1
    assert 0.1 < whole.mean() < 0.25  # one unit: put together from it, a window may stay whole
    assert 0.4 < even.mean() < 0.6  # sums, and the other window whole
    assert 0.25 < stepped.all(axis=1).mean() < 0.4
    assert (stepped.all(axis=1) | ~stepped.any(axis=1)).all()  # all channels at one moment


def test_where_nothing_may_be_mixed_lessons_are_recorded_windows(pool, scaler):
    whole = Mixtures((pool, TASKS, scaler, replace(PLAIN, mixup=0.0), Draw(32, 0)), CHANNELS)
    views = torch.cat([*whole.views(np.arange(len(pool)))])
    for window in whole(0).x:
        assert (views == window).all(dim=(1, 2)).any()


def test_units_of_the_body_are_put_together_whole(windows, scaler):
    pool = Pool(windows, EVERYONE, CHANNELS)
    pool.channels = ("wrist_acc_x", "wrist_acc_y", "thigh_acc_x", "thigh_acc_y", "a_acc_x", "b_x")
    mixtures = Mixtures((pool, TASKS, scaler, PLAIN, Draw(32, 0)), pool.channels)
    weights = mixtures._weights(np.random.default_rng(0), torch.Size((400, 6, 20)))
    parted = (weights.max(axis=(1, 2)) == 1) & (weights[:, :, 0].min(axis=1) == 0)
    assert parted.any()
    assert (weights[parted] == weights[parted][:, :, :1]).all()
    for unit in (slice(0, 2), slice(2, 4)):
        assert (weights[parted][:, unit] == weights[parted][:, unit][:, :1]).all()


def test_no_unit_of_anybody_else_is_put_where_the_student_does_not_see_it(windows, scaler):
    pool = Pool(windows, EVERYONE, CHANNELS)
    pool.channels = ("wrist_acc_x", "wrist_acc_y", "thigh_acc_x", "thigh_acc_y", "a_acc_x", "b_x")
    mixtures = Mixtures((pool, TASKS, scaler, PLAIN, Draw(32, 0)), pool.channels[:2])
    weights = mixtures._weights(np.random.default_rng(0), torch.Size((400, 6, 20)))
    assert (weights == weights[:, :1]).all()  # whatever is mixed, all units are mixed alike


def zeros(x):
    return {task.name: np.zeros((len(x), task.outputs), np.float32) for task in TASKS}


def test_the_teacher_is_asked_of_the_very_windows_that_the_student_sees(ground):
    seen = []

    def teacher(x):
        seen.append(x)
        size = np.abs(x[:, :, 0]).sum(axis=1)
        return {"label": np.stack([size, -size, size], axis=1), "speed": size[:, None]}

    found = taught_lessons(ground, teacher)
    asked = np.concatenate(seen)
    size = torch.from_numpy(np.abs(asked[:, :, 0]).sum(axis=1))
    assert len(asked) == len(found.x) == 64
    assert found.x.shape[1] == len(SEEN)
    spec = ground.windows.spec.channels
    scaled = ground.scaler(asked)[:, [spec.index(channel) for channel in SEEN]]
    np.testing.assert_allclose(found.x, scaled, atol=1e-5)
    for step in (0, 1, 2, 5):
        batch, rows = found.batch(step, 24), torch.arange(24 * step, 24 * (step + 1)) % 64
        assert torch.equal(batch.x, found.x[rows])  # they come round again
        label, speed = batch.targets
        torch.testing.assert_close(label.teacher[:, 0], size[rows])
        torch.testing.assert_close(speed.teacher[:, 0], (size[rows] - 1.0) / 0.5)
        assert not label.known.any()


def test_no_label_of_who_is_unlabelled_is_known(ground, monkeypatch):
    learnt, asked_of = [], []

    def spied(ground, name, pool):
        learnt.append((name, pool.athletes))
        return taught(ground, name, pool)

    class Spied(Mixtures):
        def __init__(self, stock, seen):
            asked_of.append(stock[0])
            super().__init__(stock, seen)

    monkeypatch.setattr(module, "taught", spied)
    monkeypatch.setattr(module, "Mixtures", Spied)
    found = taught_lessons(ground)
    assert learnt == [("teacher", LABELLED)]
    [pool] = asked_of
    assert pool.athletes == EVERYONE
    assert (pool.truth["label"][pool.athlete > 1] == -1).all()
    np.testing.assert_allclose(softmax(found.scores["label"]).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(("alpha", "count"), [(0.25, 8), (1.0, 32), (0.001, 1)])
def test_a_course_gives_the_teacher_its_share_of_each_batch(ground, alpha, count):
    labelled = Pool(ground.windows, LABELLED, SEEN)
    found = course(ground, "any", alpha, labelled, taught_lessons(ground, zeros))
    batch = found(3)
    assert batch.x.shape[:2] == (32, len(SEEN))
    for target in batch.targets:
        heard = torch.isfinite(target.teacher).all(dim=1)
        assert heard.sum() == count
        assert not target.known[heard].any()
    assert torch.equal(batch.x[-count:], found.lessons.batch(3, count).x)
    assert (found.own is None) == (count == 32)


class Counted(NetMember):
    """A member that counts how often it is asked."""

    asked = 0

    def scores(self, views):
        Counted.asked += 1
        return super().scores(views)


@pytest.fixture
def counted(ground, pool, monkeypatch):
    """Two nets as they are before any training."""
    untrained = replace(ground.recipe.teacher, windows_seen=1)
    ground = replace(ground, recipe=replace(ground.recipe, teacher=untrained))
    members = [Counted(one.name, one.net) for one in taught(ground, "untrained", pool)]
    monkeypatch.setattr(module, "taught", lambda *_: members)
    monkeypatch.setattr(Counted, "asked", 0)
    return members


def test_an_opinion_is_asked_once_and_kept_under_all_that_it_depends_on(ground, counted, altered):
    first, again = taught_lessons(ground), taught_lessons(ground)
    assert Counted.asked == len(counted)
    for task, scores in first.scores.items():
        np.testing.assert_array_equal(again.scores[task], scores)
    recipe = ground.recipe
    others = [
        replace(ground, recipe=altered(recipe, "augmentation", rotation_deg=1.0)),
        replace(ground, recipe=altered(recipe, "distillation", windows_asked=200)),
        replace(ground, recipe=replace(recipe, seed=1)),
    ]
    for count, one in enumerate(others, 2):
        taught_lessons(one)
        assert len(list(ground.folder.glob("soft-*.npz"))) == count
    with torch.no_grad():
        next(counted[1].net.parameters()).add_(1e-6)  # another teacher
    taught_lessons(ground)
    assert len(list(ground.folder.glob("soft-*.npz"))) == len(others) + 2


def test_decisions_are_as_sure_as_smoothed_labels():
    rng = np.random.default_rng(0)
    scores = {task.name: rng.normal(size=(32, task.outputs)).astype("f") for task in TASKS}
    decided = Lessons(TASKS, torch.zeros(32, 1, 1), scores).decided(0.1)
    p = softmax(decided.scores["label"])
    np.testing.assert_allclose(p.max(axis=1), 0.9 + 0.1 / 3, rtol=1e-5)
    assert (p.argmax(axis=1) == scores["label"].argmax(axis=1)).all()
    assert decided.scores["speed"] is scores["speed"]


def test_a_teacher_without_an_opinion_decides_nothing():
    scores = {"label": np.full((2, 3), np.nan, "f"), "speed": np.zeros((2, 1), "f")}
    scores["label"][1] = 0, 2, 1
    decided = Lessons(TASKS, torch.zeros(2, 1, 1), scores).decided(0.1).scores["label"]
    assert np.isnan(decided[0]).all()
    assert softmax(decided[1:]).argmax() == 1


def test_lessons_alone_are_learnt_where_the_net_is(ground):
    """They rest in the host's memory: a net on another device could not read them there."""
    zeros = {task.name: np.zeros((8, task.outputs), np.float32) for task in TASKS}
    told = Lessons(TASKS, torch.zeros(8, 3, 20), zeros)
    batch = Course(None, told, 4, Device("meta"))(0)
    parts = [batch.x]
    for target in batch.targets:
        parts += [target.truth, target.known, target.teacher]
    assert {part.device.type for part in parts} == {"meta"}
    assert course(ground, "any", 1.0, None, told).device == ground.device
