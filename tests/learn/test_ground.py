from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from distride.errors import TrainingError
from distride.learn import ground as module
from distride.learn import loop
from distride.learn.batches import Pool
from distride.learn.ground import Training, features_of, scores_of, seeded, trained
from distride.learn.loop import Schedule
from distride.learn.posture import UNSEEN
from distride.models.student import Student, StudentConfig

from .conftest import ATHLETES, CHANNELS


class Interrupted(Exception):
    pass


def build(width=4):
    body = Student(StudentConfig(len(CHANNELS), width))
    return body, body.feature_count


TRAINING = Training("one", build, Schedule(6, 1e-2))


@pytest.fixture
def batches(ground, windows):
    return ground.batches(Pool(windows, ATHLETES, CHANNELS), "one", 16)


def weights(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


def test_a_seed_belongs_to_a_name_and_a_recipe(ground):
    assert ground.seed("student") == ground.seed("student")
    other = replace(ground, recipe=replace(ground.recipe, seed=1))
    assert len({ground.seed("student"), ground.seed("teacher"), other.seed("student")}) == 3


def test_first_weights_come_from_the_name_and_leave_global_chance_alone(ground):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one = weights(seeded(ground, TRAINING))
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    again, other = (weights(seeded(ground, replace(TRAINING, name=name))) for name in ("one", "b"))
    assert all(torch.equal(value, again[name]) for name, value in one.items())
    assert not torch.equal(one["heads.0.weight"], other["heads.0.weight"])


def test_a_finished_training_is_read_back(ground, batches):
    told = []
    ground = replace(ground, progress=lambda *one: told.append(one))
    net = trained(ground, TRAINING, batches)

    def never(step):
        raise AssertionError("it was trained again")

    again = trained(ground, TRAINING, never)
    assert told[-1] == ("one", 6, 6)
    for name, value in weights(net).items():
        assert torch.equal(value, weights(again)[name]), name


def test_an_interrupted_training_goes_on_to_the_same_bits(ground, batches, monkeypatch):
    """A student's weights lie in memory with the channels last: the order of sums is kept too."""
    monkeypatch.setattr(loop, "CHECKPOINT_EVERY_S", -1.0)
    whole = weights(trained(ground, TRAINING, batches))
    (ground.folder / "one.safetensors").unlink()

    def stop(stage, done, total):
        if done == 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        trained(replace(ground, progress=stop), TRAINING, batches)
    assert [file.name for file in ground.folder.iterdir()] == ["one.checkpoint"]
    drawn = []

    def drawing(step):
        drawn.append(step)
        return batches(step)

    resumed = weights(trained(ground, TRAINING, drawing))
    assert drawn == [3, 4, 5]
    assert [file.name for file in ground.folder.iterdir()] == ["one.safetensors"]
    for name, value in whole.items():
        assert torch.equal(value, resumed[name]), name


def test_what_cannot_be_written_is_not_trained_again_from_the_beginning(
    ground, batches, monkeypatch
):
    monkeypatch.setattr(loop, "CHECKPOINT_EVERY_S", -1.0)

    def full(path, tensors):
        raise TrainingError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_weights", full)
        with pytest.raises(TrainingError):
            trained(ground, TRAINING, batches)
    drawn = []
    trained(ground, TRAINING, lambda step: drawn.append(step) or batches(step))
    assert drawn == []


def test_a_training_may_start_from_given_weights(ground, batches):
    start = weights(seeded(ground, replace(TRAINING, name="other")))
    still = replace(TRAINING, schedule=Schedule(0, 1e-3), start=start)
    net = trained(ground, still, batches)
    assert all(torch.equal(value, start[name]) for name, value in weights(net).items())


def test_scores_and_features_come_in_the_order_of_the_numbers(ground, batches):
    net = seeded(ground, TRAINING).eval()
    numbers = np.array([7, 2, 600 % len(batches.pool), 2])
    features = features_of(net.body, batches, numbers)
    assert features.shape == (4, 16)
    np.testing.assert_array_equal(features[1], features[3])
    scores = scores_of(net, batches, numbers)
    with torch.no_grad():
        expected = net.heads[0](torch.from_numpy(features)).numpy()
    np.testing.assert_allclose(scores["label"], expected, atol=1e-5)
    assert scores["speed"].shape == (4, 1)
    nobody = scores_of(net, batches, numbers[:0])
    assert nobody["label"].shape == (0, 3)


def test_a_large_pool_is_asked_in_parts(ground, batches, monkeypatch):
    monkeypatch.setattr("distride.learn.ground.INFERENCE_BATCH", 7)
    numbers = np.arange(20)
    seen = []
    net = seeded(ground, Training("parts", partial(build, 8), Schedule(1, 1e-3)))
    net.body.register_forward_pre_hook(lambda module, x: seen.append(len(x[0])))
    assert len(features_of(net.body, batches, numbers)) == 20
    assert seen == [7, 7, 6]


def test_where_posture_is_not_seen_devices_are_turned_less(ground, windows):
    pool = Pool(windows, ATHLETES, CHANNELS)
    turns = [
        one.batches(pool, "one", 16).augmentation.rotation_deg
        for one in (ground, replace(ground, posture=UNSEEN))
    ]
    assert turns == [30.0, pytest.approx(10.0)]
