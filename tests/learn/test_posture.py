"""Posture: nets see it where training athletes say that it tells strangers' movements apart."""

import numpy as np
import pytest

from distride.data import Cohort, Recording, build_windows
from distride.learn.batches import Pool
from distride.learn.posture import posture_of
from distride.models.net import Task
from distride.signals import SignalSpec

CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")
ATHLETES = tuple(f"a{number}" for number in range(6))
LABELS = ("rest", "row", "sit")
SPEC = SignalSpec(CHANNELS, 10.0, 1.0, 0.5)
TASK = Task("label", LABELS)
SAMPLES = 200


def pool_of(folder, levels, sizes):
    """Athletes whose movements differ in the level of x, or in the size of its swing."""
    cohort = Cohort.write(
        folder / "cohort",
        {"name": "hung", "sampling_hz": SPEC.rate_hz},
        [_recorded(number, levels, sizes) for number in range(len(ATHLETES))],
    )
    windows = build_windows(cohort, SPEC, ("label",), folder / "windows")
    return Pool(windows, ATHLETES, CHANNELS)


def _recorded(number, levels, sizes):
    rng = np.random.default_rng(number)
    t = np.arange(SAMPLES * len(LABELS)) / SPEC.rate_hz
    x = rng.normal(0, 1, (len(CHANNELS), len(t)))
    x[0] = np.repeat(levels(number), SAMPLES) + np.repeat(sizes, SAMPLES) * x[0]
    channels = dict(zip(CHANNELS, x.astype(np.float32), strict=True))
    label = np.repeat(np.array(LABELS, object), SAMPLES)
    return Recording(ATHLETES[number], "one", t, channels, {"label": label})


@pytest.fixture
def held(tmp_path):
    """Gravity tells the movements apart, their size does not."""
    return pool_of(tmp_path, lambda number: [-9.0, 0.0, 9.0], [1.0, 1.0, 1.0])


@pytest.fixture
def worn(tmp_path):
    """The size tells them apart; how the device hung that day names athlete and movement."""

    def levels(number):
        return np.random.default_rng(number).uniform(-9, 9, len(LABELS))

    return pool_of(tmp_path, levels, [0.5, 1.0, 2.0])


def test_where_posture_tells_movements_apart_it_is_seen(held):
    posture = posture_of(held, TASK, 0)
    assert posture.helps
    assert posture.seen > 0.95 > 0.6 > posture.unseen


def test_where_it_tells_how_the_device_was_put_on_it_is_not_seen(worn):
    posture = posture_of(worn, TASK, 0)
    assert not posture.helps
    assert posture.unseen > posture.seen


def test_the_answer_is_the_same_whenever_it_is_asked(worn):
    assert posture_of(worn, TASK, 3) == posture_of(worn, TASK, 3)


def test_what_helps_some_and_misleads_others_is_not_seen(tmp_path):
    def levels(number):
        return [-9.0, 0.0, 9.0] if number % 2 else [9.0, 0.0, -9.0]

    posture = posture_of(pool_of(tmp_path, levels, [1.0, 1.1, 1.2]), TASK, 0)
    assert not posture.helps
