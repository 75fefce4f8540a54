"""A base learns each body unit by itself, and each unit's labels from its own windows alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.learn.batches import Pool
from distride.learn.distill import validated
from distride.learn.graft import every_unit
from distride.learn.pretrain import UNIT, UnitBatches, pretrained, units_in, width_of
from distride.learn.transfer import transferred
from distride.models.net import Net, parameter_count
from distride.models.saved import SavedStudent
from distride.models.student import BUDGETS, Student, StudentConfig
from distride.signals import SignalSpec, triads

from .conftest import ATHLETES, CHANNELS, SPEC, TASKS

BOTH = 2


@pytest.fixture
def steady(ground, altered):
    """A ground whose views are the windows themselves."""
    still = {"rotation_deg": 0.0, "mirror": "off", "amplitude": 0.0, "time_warp": 0.0}
    recipe = altered(ground.recipe, "augmentation", **still, channel_drop=0.0, mixup=0.0)
    return replace(ground, recipe=altered(recipe, "student", windows_seen=2000, batch_size=32))


@pytest.fixture
def units(steady):
    """A wrist, and an elbow whose accelerometer is all it has."""
    wrist, *_ = units_in("swings", steady)
    return [wrist, replace(wrist, name="swings/elbow", channels=CHANNELS[:3])]


def test_units_are_told_by_cohort_and_placement(steady):
    (unit,) = units_in("swings", steady)
    assert (unit.name, unit.channels) == ("swings/wrist", CHANNELS)
    assert [task.name for task in unit.tasks] == ["swings/wrist/label", "swings/wrist/speed"]
    assert [task.labels for task in unit.tasks] == [task.labels for task in TASKS]


def test_a_unit_is_led_into_the_bases_channels_and_is_silent_where_it_has_none(units):
    batch = UnitBatches(units, 5)(0)
    assert batch.x.shape == (10, len(UNIT), SPEC.window_samples)
    for part, (places, own) in enumerate([([0, 1, 2, 3, 4, 5], units[0]), ([0, 1, 2], units[1])]):
        seen = batch.x[part * 5 : part * 5 + 5]
        assert torch.equal(seen[:, places], own.batches(5)(0).x)
        assert not seen[:, [one for one in range(6) if one not in places]].any()


def test_each_unit_knows_the_truth_of_its_own_tasks_alone(units):
    batch = UnitBatches(units, 5)(3)
    assert len(batch.targets) == BOTH * len(TASKS)
    for number, target in enumerate(batch.targets):
        part = number // len(TASKS)
        own = units[part].batches(5)(3).targets[number % len(TASKS)]
        rows = slice(part * 5, part * 5 + 5)
        assert torch.equal(target.truth[rows], own.truth)
        assert torch.equal(target.known[rows], own.known)
        assert target.known.sum() == own.known.sum()


def test_a_student_from_it_fits_whatever_the_cohorts_ask_for(units):
    for size in ("small", "medium"):
        config = replace(_body(units, size).config, channels=12, triads=triads(_wide(BOTH)))
        body = Student(config)
        assert parameter_count(Net(body, body.feature_count, TASKS)) <= BUDGETS[size]


def test_what_it_learnt_is_of_use_to_a_cohort_with_labels(units, steady):
    body = pretrained(units, "base")
    base = SavedStudent("swings", Net(body, body.feature_count, ()), SignalSpec(UNIT, 20.0))
    pool = Pool(steady.windows, ATHLETES[:1], CHANNELS)
    judge = Pool(steady.windows, ATHLETES[1:], CHANNELS)
    net = transferred(steady, every_unit(base, CHANNELS), "frozen", "frozen", pool)
    assert validated(steady, net, judge) > 0.9


def test_it_is_trained_once(units, steady):
    first = pretrained(units, "base").state_dict()
    told = []
    again = [
        replace(one, ground=replace(steady, progress=lambda *how: told.append(how)))
        for one in units
    ]
    second = pretrained(again, "base").state_dict()
    assert [(done, of) for _, done, of in told] == [(told[0][2], told[0][2])]
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], name)


def _wide(units):
    return tuple(f"u{number}_{name}" for number in range(units) for name in UNIT)


def _body(units, size):
    return Student(StudentConfig(len(UNIT), width_of(size, units), triads(UNIT)))
