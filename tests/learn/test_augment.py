from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import AugmentationRecipe
from distride.learn.augment import Rig, augment, dropped, time_warped

from .conftest import CHANNELS

NOTHING = AugmentationRecipe(0.0, "off", 0.0, 0.0, 0.0, 0.0)
BATCH = 400


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def windows(channels=6, samples=21):
    return torch.randn(BATCH, channels, samples, generator=generator(9))


def varied(x, channels=CHANNELS, **recipe):
    recipe = replace(NOTHING, **recipe)
    return augment(x, Rig.of(channels, recipe.mirror), recipe, generator())


def test_the_rig_is_read_off_the_names():
    rig = Rig.of((*CHANNELS, "heart_rate"))
    assert rig.triads == ((0, 1, 2), (3, 4, 5))
    assert rig.pseudo == (False, True)
    assert rig.sensors == ((0, 1, 2), (3, 4, 5), (6,))
    assert rig.moving == (True, True, False)
    assert rig.losses == ((0,), (1,), (2,))


@pytest.mark.parametrize(
    ("place", "mirror", "chance"),
    [("right_arm", "auto", 0.5), ("thigh", "auto", 0.0), ("thigh", "on", 0.5), ("arm", "off", 0.0)],
)
def test_what_is_worn_on_either_arm_is_mirrored(place, mirror, chance):
    channels = tuple(f"{place}_acc_{axis}" for axis in "xyz")
    assert Rig.of(channels, mirror).mirrored == chance


def test_several_devices_are_no_mirror_image():
    both = tuple(f"{side}_wrist_acc_{axis}" for side in ("left", "right") for axis in "xyz")
    assert Rig.of(both).mirrored == 0.0


def test_a_recipe_of_nothing_changes_nothing():
    assert torch.equal(varied(windows()), windows())


def test_the_same_chances_give_the_same_view_and_the_window_itself_is_kept():
    x = windows()
    recipe = AugmentationRecipe(channel_drop=0.0)
    views = [augment(x, Rig.of(CHANNELS), recipe, generator(1)) for _ in range(2)]
    assert torch.equal(*views)
    assert torch.equal(x, windows())


def test_a_rotation_keeps_lengths_and_the_angle_between_the_sensors():
    x = windows()
    turned = varied(x, rotation_deg=40.0)
    for triad in (slice(0, 3), slice(3, 6)):
        torch.testing.assert_close(turned[:, triad].norm(dim=1), x[:, triad].norm(dim=1))
    between = [(one[:, :3] * one[:, 3:]).sum(dim=1) for one in (turned, x)]
    torch.testing.assert_close(*between, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(turned, x, atol=0.1)


def test_a_rotation_is_as_large_as_asked():
    x = torch.eye(3).repeat(BATCH, 1, 1)  # the three axes, one after the other in time
    trace = varied(x, CHANNELS[:3], rotation_deg=10.0).diagonal(dim1=1, dim2=2).sum(dim=1)
    angle = torch.rad2deg(torch.acos(((trace - 1) / 2).clamp(-1, 1)))
    wide, narrow = 10.0**2, (10.0 / 4) ** 2  # half the devices slip, the others hardly move
    assert (angle**2).mean() == pytest.approx((wide + narrow) / 2, rel=0.2)
    assert (angle < 5.0).float().mean() > 0.6


def test_a_half_turn_is_about_one_of_the_axes_and_as_frequent_as_asked():
    x = windows()
    signs = (varied(x, half_turn=0.75) / x).mean(dim=2).round()
    assert torch.equal(signs[:, :3], signs[:, 3:])
    assert (signs[:, :3].prod(dim=1) == 1).all()  # turned, not mirrored
    turned = signs[:, :3] == torch.tensor([[1.0, -1, -1], [-1, 1, -1], [-1, -1, 1]])[:, None]
    shares = turned.all(dim=2).float().mean(dim=1)
    torch.testing.assert_close(shares, torch.full((3,), 0.25), atol=0.08, rtol=0.0)


def test_the_other_wrist_is_a_mirror_image():
    x = windows()
    seen = varied(x, mirror="on")
    acc, gyr = torch.tensor([-1.0, 1, 1]), torch.tensor([1.0, -1, -1])  # vector, pseudo-vector
    image = x * torch.cat([acc, gyr])[:, None]
    same = torch.isclose(seen, x, atol=1e-5).all(dim=(1, 2))
    other = torch.isclose(seen, image, atol=1e-5).all(dim=(1, 2))
    assert (same ^ other).all()
    assert other.float().mean().item() == pytest.approx(0.5, abs=0.1)


def test_vigour_keeps_gravity_and_is_common_to_all_channels():
    x = windows() + 9.81
    louder = varied(x, amplitude=0.4)
    torch.testing.assert_close(louder.mean(dim=2), x.mean(dim=2), atol=1e-4, rtol=1e-5)
    factor = louder.std(dim=2) / x.std(dim=2)
    torch.testing.assert_close(factor, factor[:, :1].expand_as(factor), atol=1e-3, rtol=1e-3)
    assert factor[:, 0].log().std().item() == pytest.approx(0.4, rel=0.15)


def test_a_slower_or_faster_play_stays_within_the_window():
    ramp = torch.arange(21.0).repeat(BATCH, 1, 1)
    warped = time_warped(ramp, 0.3, generator())
    assert warped.min() >= 0
    assert warped.max() <= 20
    assert (warped[:, :, 10] == 10).all()  # about its middle
    tempo = (warped[:, 0, 11] - warped[:, 0, 9]) / 2
    assert tempo.log().std().item() == pytest.approx(0.3, rel=0.15)
    torch.testing.assert_close(time_warped(ramp, 0.0, generator()), ramp)


def lost_in(x, channels, chance):
    """``(window, channel)``: what is lost of each window."""
    return dropped(x, Rig.of(channels), chance, generator()).isnan().all(dim=2)


def test_whole_sensors_are_lost_but_never_the_only_one():
    lost = lost_in(windows(), CHANNELS, 0.3)
    assert (lost[:, :3] == lost[:, :1]).all()
    assert (lost[:, 3:] == lost[:, 3:4]).all()
    assert lost.float().mean().item() == pytest.approx(0.3 - 0.3**2 / 2, abs=0.05)
    assert not varied(windows(3), CHANNELS[:3], channel_drop=1.0).isnan().any()


def test_of_several_sensors_one_that_moves_always_stays():
    lost = lost_in(windows(7), (*CHANNELS, "heart_rate"), 1.0)
    assert lost[:, 6].all()  # a heart rate alone is no signal
    assert (lost[:, 0] ^ lost[:, 3]).all()
    assert lost[:, 0].float().mean().item() == pytest.approx(0.5, abs=0.1)


def test_all_gyroscopes_or_a_whole_unit_are_lost_at_once():
    two = tuple(
        channel.replace("wrist", place) for place in ("left", "right") for channel in CHANNELS
    )
    rig = Rig.of(two)
    assert rig.losses == ((0,), (0, 1), (0, 2), (1,), (1, 3), (2,), (2, 3), (3,))
    lost = dropped(windows(12), rig, 0.05, generator()).isnan().all(dim=2)[:, ::3]
    for pair in ((0, 1), (2, 3), (0, 2), (1, 3)):
        assert lost[:, pair].all(dim=1).float().mean().item() == pytest.approx(0.06, abs=0.04)
    assert lost_in(windows(12), two, 1.0).sum(dim=1).eq(9).all()


def test_a_strap_is_lost_beside_a_single_motion_sensor():
    seen = varied(windows(4), (*CHANNELS[:3], "heart_rate"), channel_drop=0.3)
    assert not seen[:, :3].isnan().any()
    lost = seen[:, 3].isnan().all(dim=1)
    assert lost.float().mean().item() == pytest.approx(0.3, abs=0.07)


def test_what_is_left_of_a_window_stays():
    x = windows()
    x[:, :3] = torch.nan  # as where each movement was measured at another place
    assert not dropped(x, Rig.of(CHANNELS), 1.0, generator())[:, 3:].isnan().any()


def test_an_absent_sensor_stays_absent_and_does_not_spoil_the_other():
    x = windows()
    x[:, 3:] = torch.nan
    seen = augment(x, Rig.of(CHANNELS), AugmentationRecipe(channel_drop=0.0), generator())
    assert seen[:, 3:].isnan().all()
    assert not seen[:, :3].isnan().any()


def test_a_slow_channel_known_in_part_stays_known_there():
    x = windows(7)
    x[:, 6, :5] = np.nan  # the strap told nothing yet
    seen = varied(x, (*CHANNELS, "heart_rate"), rotation_deg=10.0, amplitude=0.2)
    assert (seen[:, 6].isnan() == x[:, 6].isnan()).all()
