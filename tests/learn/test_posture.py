"""Posture: nets see it where training athletes say that it tells strangers' movements apart."""

import numpy as np
import pytest

from distride.data import Cohort, Recording, Windowing
from distride.learn.batches import Pool
from distride.learn.posture import posture_of, surely_above_zero
from distride.models.net import Task
from distride.signals import SignalSpec

CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")
ATHLETES = tuple(f"a{number}" for number in range(6))
LABELS = ("rest", "row", "sit")
SPEC = SignalSpec(CHANNELS, 10.0, 1.0, 0.5)
TASK = Task("label", LABELS)
SAMPLES = 100


def pool_of(folder, levels, sizes):
    """Athletes whose movements differ in the level of x, or in the size of its swing."""
    cohort = Cohort.write(
        folder / "cohort",
        {"name": "hung", "sampling_hz": SPEC.rate_hz},
        [_recorded(number, levels, sizes) for number in range(len(ATHLETES))],
    )
    windows = Windowing(cohort, SPEC, ("label",)).into(folder / "windows")
    return Pool(windows, ATHLETES, CHANNELS)


def _recorded(number, levels, sizes):
    rng = np.random.default_rng(number)
    t = np.arange(SAMPLES * len(LABELS)) / SPEC.rate_hz
    x = rng.normal(0, 1, (len(CHANNELS), len(t)))
    x[0] = np.repeat(levels(number), SAMPLES) + np.repeat(sizes, SAMPLES) * x[0]
    channels = dict(zip(CHANNELS, x.astype(np.float32), strict=True))
    label = np.repeat(np.array(LABELS, object), SAMPLES)
    return Recording(ATHLETES[number], "one", t, channels, {"label": label})


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Gravity tells the movements apart, their size does not."""
    return pool_of(
        tmp_path_factory.mktemp("held"), lambda number: [-9.0, 0.0, 9.0], [1.0, 1.0, 1.0]
    )


@pytest.fixture(scope="module")
def worn(tmp_path_factory):
    """The size tells them apart; how the device hung that day names athlete and movement."""

    def levels(number):
        return np.random.default_rng(number).uniform(-9, 9, len(LABELS))

    return pool_of(tmp_path_factory.mktemp("worn"), levels, [0.5, 1.0, 2.0])


def test_where_posture_tells_movements_apart_it_is_seen(held):
    posture = posture_of(held, TASK, 0)
    assert posture.helps
    assert posture.seen > 0.95 > 0.6 > posture.unseen


def test_where_it_tells_how_the_device_was_put_on_it_is_not_seen(worn):
    posture = posture_of(worn, TASK, 0)
    assert not posture.helps
    assert posture.unseen > posture.seen
    assert posture_of(worn, TASK, 0) == posture  # whenever it is asked


def test_what_helps_some_and_misleads_others_does_not_surely_help():
    assert surely_above_zero(np.array([0.05, 0.06, 0.04]))
    assert not surely_above_zero(np.array([0.3, -0.2, 0.1]))
