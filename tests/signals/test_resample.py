import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.signals import Resampler, measured_hz

CHANNELS = ("w_acc_x", "w_acc_y", "heart_rate")


def resampled(t, x, source_hz, rate_hz, cuts=()):
    resampler = Resampler(CHANNELS[: x.shape[1]], source_hz, rate_hz)
    parts = zip(np.split(t, cuts), np.split(x, cuts), strict=True)
    frames = [resampler.push(part_t, part_x) for part_t, part_x in parts]
    return np.concatenate([*frames, resampler.flush()])


def sine(hz, t):
    return np.sin(2 * np.pi * hz * t).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 400), max_size=12).map(sorted),
    source_hz=st.sampled_from([20.0, 50.0, 100.0]),
    seed=st.integers(0, 10_000),
)
def test_any_cutting_into_pushes_gives_the_same_frames(cuts, source_hz, seed):
    rng = np.random.default_rng(seed)
    steps = rng.uniform(0.5, 1.5, 400) / source_hz
    steps[rng.integers(0, 400, 2)] += 1.3  # gaps
    t = np.cumsum(steps)
    x = rng.normal(size=(400, 3)).astype(np.float32)
    x[rng.random((400, 3)) < 0.3] = np.nan
    whole = resampled(t, x, source_hz, 25.0)
    np.testing.assert_allclose(resampled(t, x, source_hz, 25.0, cuts), whole, atol=1e-5)


def test_a_source_at_the_same_rate_passes_unchanged():
    t = np.arange(200) / 25.0
    x = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    np.testing.assert_allclose(resampled(t, x, 25.0, 25.0), x, atol=1e-4)


def test_jitter_is_put_onto_an_even_clock():
    t = np.arange(600) / 50 + np.random.default_rng(0).uniform(-0.008, 0.008, 600)
    wave = np.sin(2 * np.pi * t)[:, None]
    resampler = Resampler(("acc_x",), 50.0, 50.0)
    frames = np.concatenate([resampler.push(t, wave), resampler.flush()])
    even = t[0] + np.arange(len(frames)) / 50
    assert np.abs(frames[:, 0] - np.sin(2 * np.pi * even)).max() < 0.01


def test_what_is_above_half_the_rate_does_not_come_back_as_slow_movement():
    t = np.arange(2000) / 100.0
    fast = resampled(t, np.stack([sine(21.0, t), sine(3.0, t)], axis=1), 100.0, 25.0)[20:-20]
    assert np.abs(fast[:, 0]).max() < 0.02
    assert np.abs(fast[:, 1]).max() == pytest.approx(1.0, abs=0.03)


def test_a_gap_is_not_bridged():
    t = np.concatenate([np.arange(100), np.arange(200, 300)]) / 50.0
    frames = resampled(t, np.ones((200, 1), np.float32), 50.0, 50.0)
    assert np.isnan(frames[101:199]).all()
    assert np.isfinite(frames[:100]).all()
    assert np.isfinite(frames[201:]).all()


def test_streams_of_two_rates_are_aligned():
    t = np.arange(400) / 100.0
    x = np.stack([sine(1.0, t), sine(1.0, t)], axis=1)
    x[1::2, 1] = np.nan  # the second sensor is half as fast
    frames = resampled(t, x, 100.0, 50.0)[10:-10]
    np.testing.assert_allclose(frames[:, 0], frames[:, 1], atol=0.01)


def test_a_heart_rate_is_held_but_not_for_ever():
    t = np.arange(1000) / 50.0
    x = np.full((1000, 3), 1.0, np.float32)
    x[:, 2] = np.nan
    x[50, 2] = 120.0
    frames = resampled(t, x, 50.0, 25.0)
    assert np.isnan(frames[:25, 2]).all()
    assert (frames[25:150, 2] == 120.0).all()
    assert np.isnan(frames[152:, 2]).all()


def test_samples_whose_clock_does_not_rise_are_left_out():
    resampler = Resampler(("w_acc_x",), 10.0, 10.0)
    t = np.array([0.0, 0.1, 0.1, 0.05, 0.2, np.nan])
    frames = resampler.push(t, np.arange(6, dtype=np.float32)[:, None])
    np.testing.assert_allclose(frames[:, 0], [0.0, 1.0, 4.0], atol=1e-5)


def test_the_rate_of_a_clock_in_whole_milliseconds_is_found():
    t = np.round(np.arange(300) / 30.0, 3)
    assert measured_hz(t) == pytest.approx(30.0, abs=0.01)
    assert measured_hz(np.array([1.0])) == 1.0
