import numpy as np
import pytest

from distride.data import Recording
from distride.heads import fit_head, one_hot
from distride.runtime.adapt import WORST, labelled
from distride.signals import SignalSpec

CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z", "wrist_gyr_x")
SPEC = SignalSpec(CHANNELS, rate_hz=20.0, window_s=2.0, hop_s=1.0)
HEAD = fit_head(np.eye(2), one_hot(np.arange(2), 2), None, 1.0, ("walk", "run"), "label")


def recording(name, t, lost=(), switch_s=np.inf):
    """Someone who walks, and from some time on runs."""
    rng = np.random.default_rng(0)
    channels = {
        one: rng.normal(size=len(t)).astype(np.float32) for one in CHANNELS if one not in lost
    }
    label = np.where(t < switch_s, "walk", "run").astype(object)
    return Recording("anna", name, t, channels, {"label": label})


def test_a_window_without_fault_is_worth_all():
    found = labelled([recording("a", np.arange(0, 6, 0.05))], SPEC, HEAD)
    np.testing.assert_allclose(found.quality, 1.0)
    assert found.start_s.tolist() == pytest.approx([0, 1, 2, 3, 4])
    assert set(found.labels) == {"walk"}


def test_lost_samples_a_slow_clock_and_lost_channels_make_windows_worth_less():
    even = np.arange(0, 6, 0.05)
    holed = even[(even < 2.1) | (even > 2.5)]  # a gap that is bridged
    found = labelled(
        [
            recording("whole", even),
            recording("holed", holed),
            recording("slow", np.arange(0, 6, 0.1)),
            recording("lost", even, lost=("wrist_gyr_x",)),
        ],
        SPEC,
        HEAD,
    )
    worth = [found.quality[found.recording == one] for one in range(4)]
    np.testing.assert_allclose(worth[0], 1.0)
    assert worth[1].min() == pytest.approx(0.77, abs=0.02)
    assert worth[1].max() == pytest.approx(1.0)
    np.testing.assert_allclose(worth[2], 0.5, atol=0.03)
    np.testing.assert_allclose(worth[3], 0.75)


def test_a_window_that_another_movement_begins_in_is_worth_less():
    found = labelled([recording("a", np.arange(0, 12, 0.05), switch_s=5.9)], SPEC, HEAD)
    worth = dict(zip(found.start_s.round().tolist(), found.quality, strict=True))
    assert worth.pop(4) == pytest.approx(0.95, abs=0.026)
    assert list(worth) == [0, 1, 2, 3, 6, 7, 8, 9, 10]
    np.testing.assert_allclose(list(worth.values()), 1.0)
    assert dict(zip(worth, np.delete(found.labels, 4), strict=True))[6] == "run"
    assert (found.quality >= WORST).all()


def test_what_an_athlete_never_wore_takes_nothing_from_their_windows():
    even = np.arange(0, 6, 0.05)
    found = labelled([recording("a", even, lost=("wrist_gyr_x",))], SPEC, HEAD)
    np.testing.assert_allclose(found.quality, 1.0)
