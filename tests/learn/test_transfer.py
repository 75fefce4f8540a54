from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import TransferRecipe
from distride.learn.batches import Pool
from distride.learn.distill import validated
from distride.learn.graft import graft_of, grafted
from distride.learn.ground import scores_of
from distride.learn.transfer import layers_of, thawed, transferred
from distride.models.net import Net
from distride.models.student import Student, StudentConfig

from .conftest import ATHLETES, CHANNELS, SOURCE, TASKS, THERE

BODY = "body."


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


@pytest.mark.parametrize("mode", ["gradual", "full"])
def test_a_body_thaws_under_a_head_that_already_fits(target, pool, mode):
    graft = graft_of(SOURCE, CHANNELS)
    net = transferred(target(windows_seen=32, thaw_layers=1), graft, mode, mode, pool)
    assert validated(target(), net, pool) > 0.6  # a step or two from a random head would not do


def test_a_number_is_fitted_in_the_units_of_the_net(target, pool):
    net = transferred(target(), graft_of(SOURCE, CHANNELS), "frozen", "frozen", pool)
    known = np.flatnonzero(np.isfinite(pool.truth["speed"]))
    batches = target().batches(pool, "any", 32)
    told = scores_of(net, batches, known)["speed"][:, 0] * TASKS[1].scale + TASKS[1].mean
    true = pool.truth["speed"][known]
    assert told.mean() == pytest.approx(true.mean(), abs=0.05)
    assert np.corrcoef(told, true)[0, 1] > 0.7


def test_a_number_that_nobody_tells_of_is_no_obstacle(target, pool):
    pool.truth["speed"][:] = np.nan
    net = transferred(target(), graft_of(SOURCE, CHANNELS), "frozen", "frozen", pool)
    assert validated(target(), net, pool) > 0.6


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
