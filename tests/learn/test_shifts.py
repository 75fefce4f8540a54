import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.learn.shifts import (
    gyroscope_bias,
    jitter,
    noise,
    other_side,
    samples_lost,
    shifts_for,
    tempo,
    turned,
    vigour,
    without_sensor,
    without_unit,
)

from .conftest import CHANNELS

ACC, GYR = CHANNELS[:3], CHANNELS[3:]
TWO = tuple(f"{place}_acc_{axis}" for place in ("left_arm", "right_arm") for axis in "xyz")


def windows(channels=CHANNELS, count=40, samples=31, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, len(channels), samples, generator=generator) + 2.0


def lost(x):
    """``(channel,)``: what is absent from every window."""
    return x.isnan().all(dim=2).all(dim=0).tolist()


@pytest.mark.parametrize("channels", [CHANNELS, TWO, ACC])
def test_every_shift_keeps_the_shape_and_the_windows_and_gives_the_same_twice(channels):
    x = windows(channels)
    for name, shift in shifts_for(x, channels).items():
        y = shift(x, channels)
        assert y.shape == x.shape
        assert torch.equal(x, windows(channels)), name
        assert torch.equal(y.nan_to_num(), shift(x, channels).nan_to_num()), name
        assert torch.equal(y.nan_to_num(), x.nan_to_num()) == (name == "none"), name
        assert not y.isnan().all(dim=(1, 2)).any(), name


@settings(max_examples=20, deadline=None)
@given(st.floats(-180, 180), st.sampled_from([0, 1, 2]))
def test_a_turn_keeps_lengths_and_its_axis_and_turns_back(degrees, axis):
    x = windows()
    y = turned(x, CHANNELS, degrees=degrees, axis=axis)
    torch.testing.assert_close(y[:, [axis, 3 + axis]], x[:, [axis, 3 + axis]])
    torch.testing.assert_close(y[:, :3].norm(dim=1), x[:, :3].norm(dim=1), atol=1e-4, rtol=1e-4)
    back = turned(y, CHANNELS, degrees=-degrees, axis=axis)
    torch.testing.assert_close(back, x, atol=1e-4, rtol=1e-4)


def test_a_quarter_turn_about_the_limb_leads_y_to_z():
    x = torch.tensor([1.0, 2.0, 3.0]).repeat(2)[None, :, None].expand(1, 6, 9)
    y = turned(x, CHANNELS, degrees=90)
    expected = torch.tensor([1.0, -3.0, 2.0]).repeat(2)
    torch.testing.assert_close(y[0, :, 0], expected)


def test_the_other_side_is_a_mirror_image_and_its_own_way_back():
    x = windows()
    y = other_side(x, CHANNELS)
    signs = torch.tensor([-1.0, 1, 1, 1, -1, -1])[:, None]  # a vector, a pseudo-vector
    assert torch.equal(y, x * signs)
    assert torch.equal(other_side(y, CHANNELS), x)


def test_vigour_keeps_the_mean_and_scales_the_rest():
    x = windows()
    y = vigour(x, CHANNELS, factor=1.4)
    torch.testing.assert_close(y.mean(dim=2), x.mean(dim=2), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(y.std(dim=2), 1.4 * x.std(dim=2))


def test_a_faster_tempo_covers_more_of_the_signal():
    ramp = torch.arange(31.0).expand(1, 6, 31)
    slow, fast = (tempo(ramp, CHANNELS, factor=factor)[0, 0] for factor in (0.8, 1.25))
    torch.testing.assert_close(slow.diff(), torch.full((30,), 0.8))
    torch.testing.assert_close(fast[10:20].diff(), torch.full((9,), 1.25))


def test_lost_samples_are_bridged_in_a_straight_line():
    ramp = torch.arange(31.0).expand(40, 6, 31)
    torch.testing.assert_close(samples_lost(ramp, CHANNELS, share=0.5), ramp)
    x = windows(count=400)
    changed = (samples_lost(x, CHANNELS, share=0.1) != x).float()
    assert changed.mean().item() == pytest.approx(0.1 * 29 / 31, abs=0.01)
    assert (changed == changed[:, :1]).all()  # a sample is lost with all its channels


def test_an_early_or_late_sample_is_between_its_neighbours():
    ramp = torch.arange(31.0).expand(400, 6, 31)
    late = jitter(ramp, CHANNELS, deviation=0.25)[:, 0, 5:-5] - ramp[:, 0, 5:-5]
    assert late.std().item() == pytest.approx(0.25, abs=0.01)


def test_noise_is_a_share_of_what_each_sensor_measures():
    x = windows(count=400) * torch.tensor([1.0, 1, 1, 10, 10, 10])[:, None]
    added = noise(x, CHANNELS, share=0.1) - x
    size = np.sqrt(5)  # deviation 1 about a mean of 2
    assert added[:, :3].std().item() == pytest.approx(0.1 * size, rel=0.05)
    assert added[:, 3:].std().item() == pytest.approx(size, rel=0.05)


def test_the_gyroscopes_offset_is_constant_and_leaves_the_accelerometer():
    x = windows()
    added = gyroscope_bias(x, CHANNELS, rad_s=0.1) - x
    assert (added[:, :3] == 0).all()
    torch.testing.assert_close(added[:, 3:].norm(dim=1), torch.full((40, 31), 0.1))
    assert added[:, 3:].std(dim=2).max().item() < 1e-6


def test_sensors_and_units_fall_silent_whole():
    assert lost(without_sensor(windows(), CHANNELS, sensor="gyr")) == [False] * 3 + [True] * 3
    assert lost(without_unit(windows(TWO), TWO, placement="left_arm")) == [True] * 3 + [False] * 3


def test_what_may_happen_depends_on_what_is_worn():
    watch, arms = (set(shifts_for(windows(one), one)) for one in (CHANNELS, TWO))
    assert watch - arms == {
        "other side",
        "gyroscope bias",
        "without accelerometer",
        "without gyroscope",
    }
    assert arms - watch == {"without unit left_arm", "without unit right_arm"}


def test_devices_that_were_never_worn_at_once_are_one_device():
    x = windows(TWO)
    x[:20, :3] = x[20:, 3:] = torch.nan
    names = set(shifts_for(x, TWO))
    assert "other side" in names
    assert not any("unit" in name for name in names)
