import math

import numpy as np
import pytest

from distride.data import Recording, cutting
from distride.data.cutting import class_in, mean_in, windows_in
from distride.signals import SignalSpec

SPEC = SignalSpec(("w_acc_x", "heart_rate"), 20.0, 1.0, 0.5)


def recording(seconds=6, **channels):
    t = np.arange(seconds * 20) / 20.0
    x = np.sin(t).astype(np.float32)
    label = np.where(t < 3, "walk", "run").astype(object)
    return Recording("ann", "one", t, {"w_acc_x": x, **channels}, {"label": label})


def test_windows_come_in_the_order_of_time():
    found = list(windows_in(recording(), SPEC))
    assert [window.start_s for window in found] == [0.5 * number for number in range(11)]
    assert all(window.samples.shape == (2, 20) for window in found)


def test_silence_is_left_out_but_one_sensor_is_enough():
    nothing = recording()
    nothing.channels["w_acc_x"][:] = np.nan
    assert list(windows_in(nothing, SPEC)) == []
    heart = recording(heart_rate=np.full(120, 80, np.float32))
    heart.channels["w_acc_x"][:] = np.nan
    assert list(windows_in(heart, SPEC)) == []  # a pulse tells of no movement
    both = SignalSpec(("w_acc_x", "w_gyr_x"), 20.0, 1.0, 0.5)
    assert len(list(windows_in(recording(), both))) == 11


def test_a_long_recording_is_cut_in_parts_to_the_same_windows(monkeypatch):
    whole = list(windows_in(recording(), SPEC))
    monkeypatch.setattr(cutting, "ROWS_AT_ONCE", 7)
    parts = list(windows_in(recording(), SPEC))
    assert [one.start_s for one in parts] == [one.start_s for one in whole]
    for one, other in zip(parts, whole, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


@pytest.mark.parametrize(
    ("span_s", "purity", "label"),
    [
        ((0.0, 1.0), 0.9, "walk"),
        ((2.5, 3.5), 0.9, ""),
        ((2.5, 3.5), 0.5, "walk"),
        ((2.05, 3.05), 0.9, "walk"),
        ((9.0, 10.0), 0.9, ""),
    ],
)
def test_a_label_must_cover_the_stretch(span_s, purity, label):
    assert class_in(recording(), "label", span_s, purity) == label


def test_a_task_that_is_not_there_and_no_label_are_the_same():
    silent = recording()
    silent.labels["label"][:] = ""
    assert class_in(silent, "label", (0.0, 1.0)) == ""
    assert class_in(silent, "effort", (0.0, 1.0)) == ""


def test_a_number_is_averaged_over_what_is_known():
    speed = np.full(120, np.nan, np.float32)
    speed[:10] = 4
    one = recording(speed=speed)
    assert mean_in(one, "speed", (0.0, 1.0)) == 4.0
    assert math.isnan(mean_in(one, "speed", (2.0, 3.0)))
