import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.signals import SignalSpec, heard_shares

SPEC = SignalSpec(("acc_x", "heart_rate"), rate_hz=25.0, window_s=3.0)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_the_share_is_a_share_and_losing_samples_never_raises_it(seed, lost):
    rng = np.random.default_rng(seed)
    t = np.arange(0, 6, 0.04) + rng.uniform(-0.005, 0.005, 150)
    kept = rng.random(len(t)) >= lost
    starts_s = np.array([0.0, 1.5, 2.9])
    whole = heard_shares(t, np.ones((len(t), 2)), starts_s, SPEC)
    part = heard_shares(t[kept], np.ones((kept.sum(), 2)), starts_s, SPEC)
    assert ((part >= 0) & (part <= whole + 1e-9) & (whole <= 1)).all()
    assert whole == pytest.approx(1.0, abs=0.02)


def test_only_samples_of_motion_count():
    t = np.arange(0, 6, 0.04)
    samples = np.ones((len(t), 2))
    samples[1::2, 0] = np.nan  # the heart rate has a row of its own between samples of motion
    assert heard_shares(t, samples, np.array([0.0]), SPEC)[0] == pytest.approx(0.5, abs=0.02)


def test_silence_is_worth_nothing():
    assert heard_shares(np.empty(0), np.empty((0, 2)), np.array([0.0]), SPEC).tolist() == [0.0]
