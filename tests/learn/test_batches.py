import numpy as np
import pytest
import torch

from distride.config import AugmentationRecipe
from distride.data import UNKNOWN
from distride.learn.batches import Batch, Batches, Draw, Pool, blended
from distride.learn.device import Device
from distride.learn.losses import Target
from distride.models.net import Task
from distride.signals import CLIP, Scaler

from .conftest import ATHLETES, CHANNELS, TASKS

PLAIN = AugmentationRecipe(0.0, "off", 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:3], CHANNELS)


@pytest.fixture
def batches(pool, scaler):
    def make(recipe=PLAIN, size=64, seed=0):
        return Batches(pool, TASKS, scaler, recipe, Draw(size, seed))

    return make


def test_a_pool_gathers_windows_by_number_and_channels_by_name(windows):
    pool = Pool(windows, ("a2", "a0"), ("wrist_gyr_y", "wrist_acc_x"))
    second, first = windows.of("a0"), windows.of("a2")
    assert len(pool) == len(first.x) + len(second.x)
    numbers = np.array([len(first.x) + 5, 3, len(first.x)])
    expected = np.stack([second.x[5], first.x[3], second.x[0]])[:, [4, 0]]
    np.testing.assert_array_equal(pool.gather(numbers), expected)
    assert pool.athlete[numbers].tolist() == [1, 0, 1]
    assert pool.truth["label"][numbers[0]] == second.y["label"][5]


def test_a_pool_does_not_know_the_labels_it_may_not(windows):
    pool = Pool(windows, ("a0", "a1"), CHANNELS, labelled=("a1",))
    strangers = pool.athlete == 0
    assert (pool.truth["label"][strangers] == UNKNOWN).all()
    assert np.isnan(pool.truth["speed"][strangers]).all()
    np.testing.assert_array_equal(pool.truth["label"][~strangers], windows.of("a1").y["label"])
    np.testing.assert_array_equal(pool.truth["speed"][~strangers], windows.of("a1").y["speed"])


@pytest.mark.parametrize("recipe", [PLAIN, AugmentationRecipe()])
def test_a_batch_is_a_function_of_its_step_alone(batches, recipe):
    walked = batches(recipe)
    for step in range(5):
        walked(step)
    torch.manual_seed(5)
    one, other = walked(7), batches(recipe)(7)
    assert torch.equal(one.x, other.x)
    for mine, theirs in zip(one.targets, other.targets, strict=True):
        assert torch.equal(mine.truth, theirs.truth)
        assert torch.equal(mine.known, theirs.known)
    assert not torch.equal(one.x, walked(8).x)
    assert not torch.equal(one.x, batches(recipe, seed=1)(7).x)


def test_rare_classes_are_drawn_more_often(windows, scaler):
    pool = Pool(windows, ATHLETES[:3], CHANNELS)
    counts = np.array([40, 10, 4])
    pool.truth["label"][:] = UNKNOWN
    pool.truth["label"][: counts.sum()] = np.repeat([0, 1, 2], counts)
    drawn = np.zeros(3)
    batches = Batches(pool, TASKS[:1], scaler, PLAIN, Draw(512, 0))
    for step in range(20):
        drawn += batches(step).targets[0].truth.sum(dim=0).numpy()
    share = np.sqrt(counts) / np.sqrt(counts).sum()  # a window's chance is one over the root
    np.testing.assert_allclose(drawn / drawn.sum(), share, atol=0.02)


def test_a_task_known_in_few_windows_is_drawn_for_as_often_as_one_known_in_all(windows, scaler):
    pool = Pool(windows, ATHLETES[:3], CHANNELS)
    pool.truth["speed"][5:] = np.nan
    assert len(pool) > 60
    batches = Batches(pool, TASKS, scaler, PLAIN, Draw(512, 0))
    known = np.mean([batches(step).targets[1].known.numpy().mean() for step in range(20)])
    assert known == pytest.approx(0.5 + 0.5 * 5 / len(pool), abs=0.05)


def test_a_pool_teaches_what_it_shows_two_truths_of(windows):
    pool = Pool(windows, ATHLETES[:1], CHANNELS)
    assert all(pool.teaches(task) for task in TASKS)
    pool.truth["speed"][:] = 1.0
    pool.truth["label"][:] = UNKNOWN
    assert not any(pool.teaches(task) for task in TASKS)


def test_windows_without_a_label_are_not_drawn(pool, batches):
    assert (pool.truth["label"] == UNKNOWN).mean() > 0.1
    knows = torch.stack([target.known for target in batches()(0).targets])
    assert knows.amax(dim=0).min() == 1  # of one task at least


def test_values_are_told_in_deviations_and_unknown_ones_masked(batches):
    label, speed = batches()(0).targets
    hertz = speed.truth[:, 0] * 0.5 + 1.0  # mean and scale of the task
    known = speed.known > 0
    swings = torch.tensor([2.5, 0.8, 0.0])[label.truth.argmax(dim=1)]
    torch.testing.assert_close(hertz[known], swings[known])
    assert torch.isfinite(speed.truth).all()


def test_torch_scales_as_the_device_does(pool, batches, scaler):
    raw = pool.gather(np.arange(9))
    raw[0, 2] = np.nan
    raw[1, 0, 5] = 1e9  # a broken sample
    scaled = batches().scaled(torch.from_numpy(raw)).numpy()
    np.testing.assert_allclose(scaled, scaler(raw), rtol=1e-6, atol=1e-6)
    assert scaled[1, 0, 5] == CLIP
    assert (scaled[0, 2] == 0).all()


def test_views_are_the_windows_themselves_a_part_at_a_time(pool, batches, scaler):
    made = batches(AugmentationRecipe())
    numbers = np.array([4, 1, 7])
    first, second = made.views(numbers, 2)
    np.testing.assert_allclose(first, scaler(pool.gather(numbers[:2])), atol=1e-6)
    np.testing.assert_allclose(second, scaler(pool.gather(numbers[2:])), atol=1e-6)
    np.testing.assert_allclose(made.raw(first), pool.gather(numbers[:2]), atol=1e-4)


def test_mixup_blends_windows_with_all_that_is_known_of_them(batches):
    mixed = batches(AugmentationRecipe(0.0, "off", 0.0, 0.0, 0.0, 1.0))(3)
    pure = batches()(3)
    torch.testing.assert_close(mixed.x.mean(dim=0), pure.x.mean(dim=0), atol=1e-5, rtol=1e-5)
    assert not torch.equal(mixed.x, pure.x)
    for blend, single in zip(mixed.targets, pure.targets, strict=True):
        torch.testing.assert_close(blend.truth.mean(dim=0), single.truth.mean(dim=0))
        assert blend.known.sum() <= single.known.sum()


def test_windows_are_blended_sample_by_sample_and_truths_by_their_shares():
    x = torch.stack([torch.zeros(2, 4), torch.ones(2, 4)])
    truth = Target(torch.eye(2), torch.tensor([1.0, 0.0]))
    weight = np.zeros((2, 2, 4), np.float32)
    weight[0, :, :3], weight[1] = 1.0, 1.0
    found = blended(Batch(x, (truth,)), np.array([1, 0]), weight)
    assert found.x[0].tolist() == [[0, 0, 0, 1]] * 2
    assert torch.equal(found.x[1], x[1])
    assert found.targets[0].truth.tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert found.targets[0].known.tolist() == [0, 0]  # one of them has no label


def test_a_task_of_numbers_draws_what_is_known(pool):
    task = Task("speed")
    six = Scaler(np.zeros(6, np.float32), np.ones(6, np.float32))
    alone = Batches(pool, (task,), six, PLAIN, Draw(64, 0))(0).targets[0]
    assert alone.known.min() == 1


def test_all_of_a_training_batch_is_made_on_its_device(pool, scaler, monkeypatch):
    # torch has no randomness on "meta", but lets the host's draw what lies there.
    monkeypatch.setattr(Device, "generator", lambda self, seed: torch.Generator().manual_seed(seed))
    recipe = AugmentationRecipe(mirror="on")
    draw = Draw(8, 0, Device("meta"))
    batch = Batches(pool, TASKS, scaler, recipe, draw)(0)
    parts = [batch.x, *(part for one in batch.targets for part in (one.truth, one.known))]
    assert {part.device.type for part in parts} == {"meta"}
    assert batch.x.shape == (8, len(CHANNELS), pool.gather(np.arange(1)).shape[2])


def test_what_is_asked_of_a_finished_net_is_the_same_whatever_the_device(pool, scaler):
    recipe, numbers = AugmentationRecipe(), np.arange(6)
    views = [
        next(Batches(pool, TASKS, scaler, recipe, Draw(8, 0, device)).views(numbers))
        for device in (Device("cpu"), Device("meta"))
    ]
    assert torch.equal(*views)


def test_of_other_windows_than_these_no_truth_is_known(windows):
    pool = Pool(windows, ATHLETES[:2], CHANNELS)
    known = np.flatnonzero(pool.known(TASKS[0]) & pool.known(TASKS[1]))
    few = pool.only(known[::3])
    for task in TASKS:
        assert np.array_equal(np.flatnonzero(few.known(task)), known[::3])
        assert pool.known(task).sum() > len(known[::3])
    assert len(few) == len(pool)
