import math

import torch

from distride.models.representation import DEVIATION_FLOOR, Representation

REPRESENT = Representation()


def windows():
    return torch.randn(4, 3, 50, generator=torch.Generator().manual_seed(0))


def test_each_channel_goes_in_as_it_is_and_normalised():
    x = 3 * windows() + 5
    copies, sizes = REPRESENT(x)
    assert copies.shape == (4, 6, 50)
    assert sizes.shape == (4, 6)
    assert torch.equal(copies[:, :3], x)
    torch.testing.assert_close(copies[:, 3:].mean(dim=2), torch.zeros(4, 3), atol=1e-5, rtol=0)
    torch.testing.assert_close(
        copies[:, 3:].std(dim=2, correction=0), torch.ones(4, 3), atol=1e-3, rtol=0
    )


def test_shape_is_blind_to_size_and_place_and_sizes_tell_just_these():
    x = windows()
    (one, before), (other, after) = REPRESENT(x), REPRESENT(4 * x + 7)
    torch.testing.assert_close(one[:, 3:], other[:, 3:], atol=1e-2, rtol=1e-2)
    torch.testing.assert_close(after[:, :3], 4 * before[:, :3] + 7)
    louder = after[:, 3:] - before[:, 3:]
    torch.testing.assert_close(louder, torch.full((4, 3), math.log(4)), atol=1e-2, rtol=0)


def test_noise_of_a_sensor_at_rest_is_not_made_large():
    copies, sizes = REPRESENT(1e-3 * windows())
    assert copies[:, 3:].abs().max() < 0.3
    floor = torch.full((4, 3), math.log(DEVIATION_FLOOR))
    torch.testing.assert_close(sizes[:, 3:], floor, atol=0.01, rtol=0)
    assert torch.isfinite(REPRESENT(torch.zeros(1, 3, 50))[1]).all()


def test_a_still_window_far_from_zero_keeps_its_shape_in_single_precision():
    still = 5 + 1e-3 * windows()
    single, double = REPRESENT(still)[0], REPRESENT(still.double())[0]
    torch.testing.assert_close(single[:, 3:].double(), double[:, 3:], atol=1e-7, rtol=0)


def test_the_length_of_a_sensors_vector_is_a_map_that_no_turning_changes():
    x = torch.randn(4, 6, 50, generator=torch.Generator().manual_seed(1))
    turn = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(2)))[0]
    turned = torch.cat([turn @ x[:, :3], x[:, 3:]], dim=1)
    represent = Representation(((0, 1, 2), (3, 4, 5)))
    (one, before), (other, after) = represent(x), represent(turned)
    assert one.shape == (4, 16, 50)
    torch.testing.assert_close(one[:, 6], x[:, :3].norm(dim=1), atol=1e-4, rtol=1e-4)
    for maps in (slice(6, 8), slice(14, 16)):
        torch.testing.assert_close(one[:, maps], other[:, maps], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(before[:, maps], after[:, maps], atol=1e-4, rtol=1e-4)
    assert not torch.allclose(one[:, :3], other[:, :3])


def test_without_posture_no_offset_is_seen():
    represent = Representation(((0, 1, 2),), posture=False)
    x = torch.randn(5, 3, 40)
    copies, sizes = represent(x)
    moved_copies, moved_sizes = represent(x + torch.tensor([[[9.0], [-2.0], [0.5]]]))
    torch.testing.assert_close(copies, moved_copies, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(sizes, moved_sizes, atol=1e-4, rtol=1e-4)


def test_with_posture_an_offset_is_seen():
    x = torch.randn(5, 3, 40)
    assert not torch.allclose(Representation()(x)[1], Representation()(x + 1.0)[1])
