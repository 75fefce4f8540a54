"""On which windows a bundle's bodies are calibrated and compared: of training athletes alone."""

import numpy as np
import pytest

from distride.data import Cohort, Recording, Windowing
from distride.learn.batches import Pool
from distride.runs.bundling import CALIBRATING, COMPARED, drawn
from distride.signals import SignalSpec

SPEC = SignalSpec(("w_acc_x",), 20.0, 0.2, 0.05)
TEACH, HELD_OUT = ("a0", "a1"), "a2"


def recorded(athlete, samples):
    """Numbers that rise, so that each window is another one and tells whose it is."""
    t = np.arange(samples) / 20.0
    values = (1000 * int(athlete[1:]) + np.arange(samples)).astype(np.float32)
    label = np.repeat(np.array(["walk", "run"], object), samples // 2)
    return Recording(athlete, "one", t, {"w_acc_x": values}, {"label": label})


@pytest.fixture(params=[900, 200])
def pool(request, tmp_path):
    people = [recorded(athlete, request.param) for athlete in (*TEACH, HELD_OUT)]
    cohort = Cohort.write(tmp_path / "cohort", {"name": "rising", "sampling_hz": 20}, people)
    windows = Windowing(cohort, SPEC, ("label",)).into(tmp_path / "windows")
    return Pool(windows, TEACH, SPEC.channels)


def test_a_thousand_windows_are_compared_and_others_calibrate_where_there_are_enough(pool):
    calibrating, compared = drawn(pool, np.arange(len(pool)), np.random.default_rng(0))
    first, second = (set(x[:, 0, 0].tolist()) for x in (calibrating, compared.x))
    assert len(first) == len(calibrating) == min(CALIBRATING, len(pool))
    assert len(second) == len(compared.x) == min(COMPARED, len(pool))
    assert max(first | second) < 2000  # none of whom is held out
    assert len(first & second) == max(0, len(first) + len(second) - len(pool))
    every = pool.gather(np.arange(len(pool)))[:, 0, 0]
    at = np.searchsorted(every, compared.x[:, 0, 0])  # they rise from window to window
    np.testing.assert_array_equal(pool.truth["label"][at], compared.truth["label"])


def test_only_the_rows_that_are_given_are_drawn(pool):
    rows = np.arange(50)
    calibrating, compared = drawn(pool, rows, np.random.default_rng(0))
    given = sorted(pool.gather(rows)[:, 0, 0])
    assert sorted(calibrating[:, 0, 0]) == sorted(compared.x[:, 0, 0]) == given
