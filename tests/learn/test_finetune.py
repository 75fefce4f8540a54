"""A body moves by one athlete's windows, and goes live only where unseen ones say it is better."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.data import blocks_of
from distride.learn import finetune
from distride.learn.batches import Pool
from distride.learn.finetune import (
    WAYS,
    Evidence,
    Start,
    finetuned,
    guarded_finetune,
    probabilities,
    steady,
)
from distride.learn.ground import features_of
from distride.learn.loop import everything
from distride.learn.shared import shared_head
from distride.models.net import Net

from .conftest import ATHLETES, CHANNELS, SOURCE, TASKS

MOVEMENTS = TASKS[0]


@pytest.fixture
def desk(ground, altered):
    recipe = altered(ground.recipe, "personalization", deeper_windows=6 * 32)
    recipe = replace(recipe, transfer=replace(recipe.transfer, thaw_layers=2))
    return replace(ground, recipe=recipe)


@pytest.fixture
def start(desk, windows):
    net = Net(SOURCE.body, SOURCE.body.feature_count, TASKS[:1])
    pool = Pool(windows, ATHLETES[:4], CHANNELS)
    return Start(SOURCE.body, shared_head(desk, net, pool, MOVEMENTS))


@pytest.fixture
def own(desk, windows):
    pool, part = Pool(windows, ATHLETES[5:], CHANNELS), windows.of(ATHLETES[5])
    rows = np.flatnonzero(pool.known(MOVEMENTS))
    features = features_of(SOURCE.body, desk.batches(pool, "any", 32), rows)
    classes = pool.truth["label"][rows]
    blocks = blocks_of(classes, part.recording[rows], part.start_s[rows], 1.0)
    return Evidence(pool, rows, classes, features, blocks)


def of_body(net, kind):
    state = SOURCE.body.state_dict()
    return {
        name: torch.equal(value, state[name])
        for name, value in net.body.state_dict().items()
        if kind in name
    }


@pytest.mark.parametrize("way", WAYS)
def test_an_own_body_fits_its_athlete_better_than_the_head_it_started_from(desk, start, own, way):
    net = finetuned(desk, start, way, way, own)
    right = np.arange(len(own.rows)), own.classes
    before = own.head(start, 1.0).probabilities(own.features)[right]
    after = probabilities(desk, net, own.pool, own.rows)[right]
    assert np.log(after).mean() > np.log(before).mean()
    assert not any(of_body(net, "positive.weight").values())


def test_normalisation_stays_as_many_athletes_made_it(desk, start, own):
    net = finetuned(desk, start, "full", "full", own)
    norms = of_body(net, "norm") | of_body(net, "running") | of_body(net, "size.0")
    assert norms
    assert all(norms.values())
    assert not of_body(net, "stem.weight")["stem.weight"]
    moving = {id(p) for group in steady(everything)(net) for p in group.parameters}
    assert id(net.body.stem_norm.weight) not in moving
    assert id(net.body.stem.weight) in moving


def test_who_is_judged_has_taught_nobody_that_judges(desk, start, own, monkeypatch):
    taught = {}

    def watched(ground, start, way, name, part):
        taught[name] = part
        return finetuned(ground, start, way, name, part)

    monkeypatch.setattr(finetune, "finetuned", watched)
    deeper = guarded_finetune(desk, start, "full", "full", own)
    assert list(taught) == [*(f"full-without-{block}" for block in range(3)), "full"]
    for block in range(3):
        judged = own.blocks.groups == block
        near = own.blocks.near[judged].any(axis=0)
        assert not set(taught[f"full-without-{block}"].rows) & set(own.rows[judged | near])
    assert np.array_equal(taught["full"].rows, own.rows)
    assert 0 <= deeper.head_score <= 1
    assert 0 <= deeper.net_score <= 1
    assert f"{deeper.net_score:.3f} against {deeper.head_score:.3f}" in deeper.reason


def test_labels_that_say_nothing_do_not_go_live(desk, start, own):
    rng = np.random.default_rng(0)
    pool = own.pool.only(own.rows)
    pool.truth["label"][own.rows] = rng.permutation(own.classes)
    lots = replace(own, pool=pool, classes=pool.truth["label"][own.rows])
    deeper = guarded_finetune(desk, start, "full", "full", lots)
    assert not deeper.live
    assert "a head alone stays" in deeper.reason
