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


def test_the_axes_of_a_sensor_share_one_scale_so_that_turning_and_scaling_commute():
    rng = np.random.default_rng(1)
    x = rng.normal([[0.0], [3.0], [9.0], [70.0]], [[1.0], [2.0], [3.0], [9.0]], (40, 4, 25))
    x[5:9, :3] = np.nan
    scaler = Scaler.fit(np.array_split(x, 3), [(0, 1, 2)])
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turned = np.concatenate([turn @ x[:5, :3], x[:5, 3:]], axis=1)
    np.testing.assert_allclose(scaler(turned)[:, :3], turn @ scaler(x[:5])[:, :3], atol=1e-5)
    lengths = np.linalg.norm(scaler(x[9:])[:, :3], axis=1)
    assert np.isclose(np.sqrt((lengths**2).mean()), np.sqrt(3), rtol=0.05)
    assert abs(scaler(x)[:, 3].mean()) < 0.01
