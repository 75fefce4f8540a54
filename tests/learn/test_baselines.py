import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score

from distride.learn.baselines import BASELINES, LabelledWindows, peers_for, simple_features
from distride.models.net import Task


def swings(seed, count=60, samples=40):
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=count)
    t = np.arange(samples) / 20
    phase = rng.uniform(0, 6, (count, 1))
    x = np.sin(2 * np.pi * np.array([0.0, 1.0, 3.0])[y, None] * t + phase)[:, None]
    x = np.repeat(x, 3, axis=1) + rng.normal(0, 0.2, (count, 3, samples))
    return LabelledWindows(x.astype(np.float32), y)


def test_features_are_finite_whatever_is_absent():
    x = swings(0).x
    x[:5, 1] = np.nan
    x[5:10] = 0.0  # nothing moves
    x[10] = np.nan
    features = simple_features(x)
    assert features.shape[0] == len(x)
    assert np.isfinite(features).all()
    assert features.dtype == np.float32


def test_features_of_a_window_depend_on_that_window_alone():
    x = swings(0).x
    np.testing.assert_allclose(simple_features(x)[7:9], simple_features(x[7:9]), rtol=1e-5)


def test_features_tell_what_they_promise():
    t = np.arange(40) / 20
    x = np.stack([2 + np.sin(2 * np.pi * 3 * t), 2 * np.sin(2 * np.pi * 3 * t)])[None]
    mean, deviation = simple_features(x)[0, :2], simple_features(x)[0, 2:4]
    np.testing.assert_allclose(mean, [2, 0], atol=1e-6)
    np.testing.assert_allclose(deviation, x.std(axis=2)[0], rtol=1e-6)
    assert simple_features(x)[0, -1] == pytest.approx(1.0)  # the channels go together


@pytest.fixture
def undisturbed():
    """MiniRocket's numba sets the number of threads of the whole process, torch's too."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("name", BASELINES)
def test_each_peer_learns_and_answers_in_its_seed_alone(name):
    train, test = swings(0), swings(1)
    train.x[:, 2] = np.nan  # a sensor that is not there
    answers = [BASELINES[name](train, 3)(test.x) for _ in range(2)]
    np.testing.assert_array_equal(*answers)
    assert f1_score(test.y, answers[0], average="macro") > 0.8


def test_a_pulse_is_read_off_its_light():
    t = np.arange(200) / 25.0
    bpm = np.array([61.0, 143.5])
    light = np.sin(2 * np.pi * bpm[:, None] / 60 * t) + 0.02 * t
    x = np.stack([np.zeros_like(light), light, 0.5 * light], axis=1)
    peers = peers_for(Task("heart_rate"), ("w_acc_x", "w_ppg_1", "w_ppg_2"), 25.0)
    told = peers["pulse_peak"](LabelledWindows(x, bpm), 0)(x)
    np.testing.assert_allclose(told, bpm, atol=1.0)


def test_which_peers_a_task_has():
    assert list(peers_for(Task("label", ("a", "b")), ("w_ppg",), 25.0)) == list(BASELINES)
    assert "pulse_peak" not in peers_for(Task("heart_rate"), ("w_acc_x",), 25.0)
    assert "pulse_peak" not in peers_for(Task("vo2"), ("w_ppg",), 25.0)


@pytest.mark.parametrize("name", ["training_mean", *BASELINES])
def test_peers_say_values(name):
    rng = np.random.default_rng(0)
    size = rng.uniform(1, 5, 60)
    x = (size[:, None, None] * rng.normal(size=(60, 1, 40))).astype(np.float32)
    fit = peers_for(Task("size"), ("w_acc_x",), 25.0)[name]
    told = fit(LabelledWindows(x[:50], size[:50].astype(np.float32)), 0)(x[50:])
    assert told.shape == (10,)
    if name == "training_mean":
        assert told == pytest.approx(size[:50].mean())
    else:
        assert np.corrcoef(told, size[50:])[0, 1] > 0.7
