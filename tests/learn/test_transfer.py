from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import TransferRecipe
from distride.errors import RecipeError
from distride.learn.batches import Pool
from distride.learn.distill import validated
from distride.learn.ground import scores_of
from distride.learn.transfer import graft_of, grafted, layers_of, thawed, transferred
from distride.models.net import Net, Task
from distride.models.saved import SavedStudent
from distride.models.student import Student, StudentConfig
from distride.signals import SignalSpec, triads

from .conftest import ATHLETES, CHANNELS, SPEC, TASKS

THERE = (Task("label", ("walk", "run")),)  # the source's own labels
BODY = "body."


def lived_in(body):
    """Weights and running averages that no fresh net has."""
    generator = torch.Generator().manual_seed(0)
    for name, value in body.state_dict().items():
        if value.is_floating_point():
            noise = torch.rand(value.shape, generator=generator)
            value.copy_(noise + 0.1 if "running_var" in name else noise - 0.4)
    return body.eval()


def student_of(channels):
    body = lived_in(Student(StudentConfig(len(channels), 8, triads(channels))))
    net = Net(body, body.feature_count, THERE).eval()
    return SavedStudent("elsewhere", net, SignalSpec(channels, SPEC.rate_hz, 1.0, 0.5))


SOURCE = student_of(CHANNELS)


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


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:4], CHANNELS)


@pytest.fixture
def target(ground, altered):
    def make(**transfer):
        values = {"windows_seen": 7 * 64, "thaw_layers": 5, **transfer}
        recipe = replace(ground.recipe, transfer=TransferRecipe(**values))
        return replace(ground, recipe=altered(recipe, "student", batch_size=32))

    return make


def body_state(net):
    state = net.state_dict().items()
    return {name[len(BODY) :]: value.clone() for name, value in state if name.startswith(BODY)}


def test_a_frozen_body_keeps_every_bit(target, pool):
    graft = graft_of(SOURCE, CHANNELS)
    net = transferred(target(), graft, "frozen", "frozen", pool)
    source = SOURCE.body.state_dict()
    assert all(torch.equal(value, source[name]) for name, value in body_state(net).items())
    assert [task.labels for task in net.tasks] == [("fast", "slow", "stand"), ()]
    assert not list(target().folder.iterdir())  # nothing was trained
    assert validated(target(), net, pool) > 0.6  # but its heads were fitted


def test_a_number_is_fitted_in_the_units_of_the_net(target, pool):
    net = transferred(target(), graft_of(SOURCE, CHANNELS), "frozen", "frozen", pool)
    known = np.flatnonzero(np.isfinite(pool.truth["speed"]))
    batches = target().batches(pool, "any", 32)
    told = scores_of(net, batches, known)["speed"][:, 0] * TASKS[1].scale + TASKS[1].mean
    true = pool.truth["speed"][known]
    assert told.mean() == pytest.approx(true.mean(), abs=0.05)
    assert np.corrcoef(told, true)[0, 1] > 0.7


def moved(graft, net):
    """How far each layer of a body went, relative to where it started, from the input up."""
    start = layers_of(grafted(graft)[0])
    return [
        np.sqrt(sum((one - other).square().sum().item() for one, other in zip(*pair, strict=True)))
        / np.sqrt(sum(other.square().sum().item() for other in pair[1]))
        for pair in zip(layers_of(net.body), start, strict=True)
    ]


def test_gradual_thaws_from_the_top_and_lower_layers_move_less(target, pool, monkeypatch):
    graft = graft_of(SOURCE, CHANNELS)
    net = transferred(target(layer_factor=4.0), graft, "gradual", "gradual", pool)
    distances = moved(graft, net)
    assert distances == sorted(distances)
    assert distances[0] > 0
    files = {file.name for file in target().folder.iterdir()}
    assert files == {f"gradual-{stage}.safetensors" for stage in range(6)}


@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_not_thawed_yet_keeps_every_bit(target, pool, layers):
    graft = graft_of(SOURCE, CHANNELS)
    net = transferred(target(thaw_layers=layers), graft, "gradual", "gradual", pool)
    distances = moved(graft, net)
    assert [distance > 0 for distance in distances] == [False] * (5 - layers) + [True] * layers
    averages = [name for name in body_state(net) if "running_mean" in name]
    source = SOURCE.body.state_dict()
    still = [name for name in averages if torch.equal(body_state(net)[name], source[name])]
    thawn = ["blocks.2.norm.running_mean"] if layers == 2 else []
    assert sorted(set(averages) - set(still)) == thawn


def test_each_thawed_layer_is_slower_than_the_one_above():
    net = Net(Student(StudentConfig(6, 8)), 32, THERE)
    groups = thawed(net, 3, 2.0)
    assert [group.factor for group in groups] == [1.0, 0.5, 0.25, 0.125]
    assert len(thawed(net, 0, 2.0)) == 1
    every = {id(one) for group in thawed(net, 5, 2.0) for one in group.parameters}
    assert every == {id(one) for one in net.parameters()}


def test_full_moves_everything_and_scratch_knows_nothing_of_the_source(target, pool):
    graft = graft_of(SOURCE, CHANNELS)
    full = transferred(target(), graft, "full", "full", pool)
    assert min(moved(graft, full)) > 0
    scratch = transferred(target(), graft, "scratch", "scratch", pool)
    assert scratch.body.config.width != SOURCE.body.config.width  # the recipe's own size


def test_continued_training_is_one_more_stage(target, pool):
    graft = graft_of(SOURCE, CHANNELS)
    ground = target(continued_windows=64)
    transferred(ground, graft, "full", "full", pool)
    transferred(ground, graft, "frozen", "frozen", pool)
    files = {file.name for file in ground.folder.iterdir()}
    assert files == {"full-0.safetensors", "full-1.safetensors"}
