"""Frames of many at once are those of each alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.signals import Resampler, frames_together

CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([(100.0, 50.0), (50.0, 50.0), (104.0, 25.0), (25.0, 40.0)]),
    st.lists(st.integers(1, 90), min_size=1, max_size=5),
    st.integers(0, 99),
)
def test_many_get_the_frames_that_each_gets_alone(rates, sizes, seed):
    source_hz, rate_hz = rates
    rng = np.random.default_rng(seed)
    count, begun = 3, 120
    t = np.cumsum(rng.uniform(0.7, 1.3, (count, begun + sum(sizes))) / source_hz, axis=1)
    t += rng.uniform(0, 1e4, (count, 1))
    x = rng.normal(size=(*t.shape, 3)).astype(np.float32)
    alone = [Resampler(CHANNELS, source_hz, rate_hz) for _ in range(count)]
    together = [Resampler(CHANNELS, source_hz, rate_hz) for _ in range(count)]
    for at in range(count):
        for one in (alone[at], together[at]):
            one.push(t[at, :begun], x[at, :begun])
            assert one.is_calm
    first = begun
    for size in sizes:
        rows = slice(first, first + size)
        points = np.array([len(one.held.points) for one in together])
        for alike in [np.flatnonzero(points == one).tolist() for one in np.unique(points)]:
            held = [together[at].held for at in alike]
            made = frames_together(together[0].grid, held, t[alike, rows], x[alike, rows])
            for at, (frames, after) in zip(alike, made, strict=True):
                expected = alone[at].push(t[at, rows], x[at, rows])
                np.testing.assert_allclose(frames, expected, atol=1e-5)
                together[at].hold(after)
                assert after.made == alone[at].held.made
                assert after.t_s == pytest.approx(t[at, rows][-1])
        first += size
