import numpy as np

from distride.signals import CLIP, Scaler


def test_fitting_in_blocks_equals_fitting_at_once():
    x = np.random.default_rng(0).normal(3.0, 2.0, size=(50, 2, 30))
    x[:10, 1] = np.nan
    blocks, whole = Scaler.fit(np.array_split(x, 7)), Scaler.fit([x])
    np.testing.assert_allclose(blocks.mean, whole.mean, rtol=1e-6)
    np.testing.assert_allclose(whole.scale[0], x[:, 0].std(), rtol=1e-6)
    np.testing.assert_allclose(whole.mean[1], np.nanmean(x[:, 1]), rtol=1e-5)


def test_unknown_becomes_the_mean_and_extremes_are_clipped():
    scaler = Scaler(np.array([1.0], np.float32), np.array([2.0], np.float32))
    scaled = scaler(np.array([[[np.nan, 3.0, 1e9]]], np.float32))
    assert scaled.tolist() == [[[0.0, 1.0, CLIP]]]


def test_a_channel_that_never_moves_or_is_absent_does_no_harm():
    x = np.stack([np.full((4, 5), 7.0), np.full((4, 5), np.nan)], axis=1)
    scaler = Scaler.fit([x])
    assert (np.abs(scaler(x.astype(np.float32))) < 1e-3).all()
    assert scaler.scale[1] == 1.0
