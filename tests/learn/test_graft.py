"""A source's body answers the same whatever way the target's channels come to it."""

import pytest
import torch

from distride.errors import RecipeError
from distride.learn.graft import every_unit, graft_of, grafted

from .conftest import CHANNELS, SOURCE, student_of


def features(body, x):
    with torch.no_grad():
        return body.eval()(x)


@pytest.fixture
def x():
    return torch.randn(5, len(CHANNELS), 20, generator=torch.Generator().manual_seed(1))


def answers_of(channels, x, source=SOURCE, **options):
    body, _ = grafted(graft_of(source, channels, **options))
    return features(body, x)


def test_the_same_channels_give_the_same_features(x):
    torch.testing.assert_close(answers_of(CHANNELS, x), features(SOURCE.body, x))


def test_channels_in_another_order_are_led_to_their_places(x):
    order = [5, 0, 3, 2, 1, 4]
    names = tuple(CHANNELS[one] for one in order)
    found = answers_of(names, x[:, order])
    torch.testing.assert_close(found, features(SOURCE.body, x), atol=1e-5, rtol=1e-5)


def test_a_channel_that_is_not_there_is_as_one_without_a_signal(x):
    acc = answers_of(CHANNELS[:3], x[:, :3])
    graft = graft_of(SOURCE, CHANNELS[:3])
    assert graft.places == (0, 1, 2)
    assert acc.shape == (5, 32)
    body = grafted(graft)[0]
    assert torch.equal(body.state_dict()["stem.weight"][:, :3], SOURCE.body.stem.weight[:, :3])


def test_new_channels_start_without_effect(x):
    names = (*CHANNELS, "wrist_mag_x", "ankle_acc_x")
    wide = torch.cat([x, torch.randn(5, 2, 20) * 9], dim=1)
    assert graft_of(SOURCE, names).places == (*range(6), -1, -1)
    found = answers_of(names, wide)
    torch.testing.assert_close(found, features(SOURCE.body, x), atol=1e-5, rtol=1e-5)


def test_a_new_channel_can_learn():
    body, _ = grafted(graft_of(SOURCE, (*CHANNELS, "wrist_mag_x")))
    body.train()(torch.randn(8, 7, 20)).square().mean().backward()
    stem, size = body.stem.weight.grad[:, [6, 15]], body.size[1].weight.grad[:, [6, 15]]
    assert (stem.abs().amax(dim=(0, 2, 3)) > 0).all()
    assert (size.abs().amax(dim=0) > 0).any()


def test_a_new_placement_stands_for_the_one_nobody_else_claims(x):
    thigh = tuple(name.replace("wrist", "thigh") for name in CHANNELS)
    torch.testing.assert_close(answers_of(thigh, x), features(SOURCE.body, x))
    bare = tuple(name.removeprefix("wrist_") for name in CHANNELS)
    torch.testing.assert_close(answers_of(bare, x), features(SOURCE.body, x))


def test_a_slow_channel_keeps_its_place_whatever_stands_for_the_wrist():
    source = student_of((*CHANNELS, "heart_rate"))
    for names in (("acc_x", "heart_rate"), ("thigh_acc_x", "heart_rate")):
        assert graft_of(source, names).places == (0, 6)


def test_placements_are_named():
    source = student_of(tuple(f"{place}_acc_x" for place in ("wrist", "ankle")))
    names = ("thigh_acc_x", "chest_acc_x")
    assert graft_of(source, names).places == (0, 1)
    assert graft_of(source, names, ("chest=wrist", "thigh=ankle")).places == (1, 0)
    assert graft_of(source, names, ("chest=wrist",)).places == (1, 0)


@pytest.mark.parametrize("pair", ["nose=wrist", "thigh=nose"])
def test_a_placement_that_is_not_there_is_an_error(pair):
    with pytest.raises(RecipeError, match=r"the target has \['thigh'\], the source has \['wrist'"):
        graft_of(SOURCE, ("thigh_acc_x",), (pair,))


def test_nothing_in_common_is_an_error():
    with pytest.raises(RecipeError, match="a sensor in common"):
        graft_of(SOURCE, ("wrist_mag_x", "heart_rate"))


TWO = tuple(name.replace("wrist", place) for place in ("arm", "leg") for name in CHANNELS)


def test_units_that_move_alike_are_answered_as_one(x):
    body, _ = grafted(every_unit(SOURCE, TWO))
    found = features(body, torch.cat([x, x], dim=1))
    torch.testing.assert_close(found, features(SOURCE.body, x), atol=1e-5, rtol=1e-5)


def test_every_unit_is_led_into_the_one_that_the_source_sees():
    graft = every_unit(SOURCE, (*TWO, "heart_rate"))
    assert graft.places == (*range(6), *range(6), -1)
    assert every_unit(student_of(CHANNELS), ("acc_x",)).places == (0,)


def test_a_source_of_several_units_keeps_its_placements():
    assert every_unit(student_of(TWO), TWO[6:]).places == tuple(range(6, 12))
