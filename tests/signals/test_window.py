import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.signals import SignalSpec, Windower

SPEC = SignalSpec(("w_acc_x", "w_acc_y", "heart_rate"), rate_hz=20.0, window_s=1.0, hop_s=0.5)


def windows_of(t, x, spec=SPEC, source_hz=20.0):
    windower = Windower(spec, source_hz)
    return windower.push(t, x) + windower.flush()


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 500), max_size=10).map(sorted),
    hop_s=st.sampled_from([0.35, 0.5, 1.7]),
    seed=st.integers(0, 10_000),
)
def test_batch_equals_stream(cuts, hop_s, seed):
    rng = np.random.default_rng(seed)
    t = np.cumsum(rng.uniform(0.01, 0.03, 500) + 2.0 * (rng.random(500) < 0.005))
    x = rng.normal(size=(500, 3)).astype(np.float32)
    spec = SignalSpec(SPEC.channels, 20.0, 1.0, hop_s)
    batch = windows_of(t, x, spec, 50.0)
    windower = Windower(spec, 50.0)
    live = []
    for part_t, part_x in zip(np.split(t, cuts), np.split(x, cuts), strict=True):
        live += windower.push(part_t, part_x)
    live += windower.flush()
    assert [window.start_s for window in live] == [window.start_s for window in batch]
    for one, other in zip(live, batch, strict=True):
        np.testing.assert_allclose(one.samples, other.samples, atol=1e-5)


def test_windows_cover_the_recording():
    t = np.arange(201) / 20.0
    windows = windows_of(t, np.ones((201, 3), np.float32))
    assert [window.start_s for window in windows] == [0.5 * number for number in range(19)]
    assert windows[0].samples.shape == (3, 20)


def test_a_window_that_a_gap_cuts_is_left_out():
    t = np.concatenate([np.arange(40), np.arange(60, 120)]) / 20.0  # silent from 2 to 3 s
    windows = windows_of(t, np.ones((100, 3), np.float32))
    starts = [w.start_s for w in windows if np.isfinite(w.samples).any()]
    assert 1.0 in starts
    assert 3.0 in starts
    assert not {1.5, 2.0, 2.5} & set(starts)


def test_a_sensor_that_is_not_there_does_not_cost_the_others():
    t = np.arange(100) / 20.0
    x = np.ones((100, 3), np.float32)
    x[:, 1] = np.nan
    windows = windows_of(t, x)
    assert len(windows) == 9
    assert np.isnan(windows[0].samples[1]).all()
