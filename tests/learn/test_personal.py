"""An athlete who moves in their own way gains from their own windows, and from nobody else's."""

import copy

import numpy as np
import pytest
import torch

from distride.config import PersonalizationRecipe
from distride.data import OwnSplit
from distride.heads import fit_head, one_hot
from distride.learn.personal import Own, curves

SHOTS = (0, 1, 3, 5)
RECIPE = PersonalizationRecipe(shots=SHOTS, finetune_steps=5)
CLASSES, EACH = 3, 24


class Body(torch.nn.Module):
    """Features are the window's means."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(CLASSES))

    def forward(self, x):
        return x.mean(dim=2) * self.scale


def person(seed, order=(0, 1, 2)):
    """Windows whose class shows in one channel; which one is everybody's own habit."""
    rng = np.random.default_rng(seed)
    classes = np.tile(np.arange(CLASSES), EACH)
    x = rng.normal(0, 0.1, (len(classes), CLASSES, 8))
    x[np.arange(len(classes)), np.array(order)[classes]] += 1
    x = torch.tensor(x, dtype=torch.float32)
    half = len(classes) // 2
    split = OwnSplit(np.arange(half), np.arange(half, len(classes)))
    once = np.arange(len(classes))  # each window a recording of its own
    return Own(x, Body()(x).detach().numpy(), classes, split, once, np.zeros(len(classes)))


@pytest.fixture(scope="module")
def shared():
    everybody = person(0)
    targets = one_hot(everybody.classes, CLASSES)
    return fit_head(everybody.features, targets, None, 0.1, ("a", "b", "c"), "label")


def test_own_windows_help_and_the_placebo_does_not(shared):
    odd = curves(shared, Body(), person(1, (0, 2, 1)), person(2), RECIPE, 0)
    assert odd.student[0] == odd.placebo[0] == odd.guarded[0] == odd.full_finetune[0] < 0.5
    assert odd.student[-1] > 0.95
    assert odd.placebo[-1] == pytest.approx(odd.placebo[0], abs=0.05)
    assert odd.live[0] is False
    assert odd.live[-1] is True
    assert odd.guarded[-1] == odd.student[-1]
    assert all(len(values) == len(SHOTS) for values in (odd.student, odd.placebo, odd.guarded))
    assert odd.milliseconds > 0
    assert odd.finetune_milliseconds > odd.milliseconds


def test_the_guard_keeps_the_shared_head_where_nothing_is_to_be_gained(shared):
    own = person(3)
    own.classes[own.split.calibration] = np.random.default_rng(0).permutation(
        own.classes[own.split.calibration]
    )  # somebody labelled carelessly
    found = curves(shared, Body(), own, person(2), RECIPE, 0)
    assert not any(found.live)
    assert found.guarded == [found.student[0]] * len(SHOTS)
    assert min(found.student) < found.student[0]


def test_the_net_is_not_changed_by_what_it_is_compared_with(shared):
    body, before = Body(), copy.deepcopy(Body().state_dict())
    with torch.no_grad():  # as the caller may be
        curves(shared, body, person(1, (0, 2, 1)), person(2), RECIPE, 0)
    assert torch.equal(body.scale, before["scale"])


def test_the_same_seed_draws_the_same_windows(shared):
    def draw(seed):
        found = curves(shared, Body(), person(4, (2, 1, 0)), person(2), RECIPE, seed)
        return found.student, found.placebo, found.guarded, found.full_finetune

    assert draw(1) == draw(1)
