"""Members of a teacher: unlike each other, alike to whoever asks them."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from distride.config import Member as Kind
from distride.learn.batches import Pool
from distride.learn.classic import CLASSIC, ClassicMember
from distride.learn.members import NetMember, taught
from distride.models.teacher import MEMBERS

from .conftest import ATHLETES, CHANNELS


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES[:4], CHANNELS)


def test_a_recipe_may_name_every_member_and_no_other():
    assert set(get_args(Kind)) == {*MEMBERS, *CLASSIC}


def test_each_kind_a_recipe_names_is_taught(ground, pool, altered):
    kinds = ("wide_cnn", "minirocket", "extra_trees")
    ground = replace(ground, recipe=altered(ground.recipe, "teacher", members=kinds))
    members = taught(ground, "teacher", pool)
    assert [one.name for one in members] == list(kinds)
    assert isinstance(members[0], NetMember)
    for one in members[1:]:
        assert isinstance(one, ClassicMember)
        assert one.net is None
    assert [file.name for file in ground.folder.iterdir()] == ["teacher-wide_cnn.safetensors"]


def test_who_was_not_taught_a_task_has_no_opinion_on_it(ground, pool, altered):
    pool.truth["speed"][:] = np.nan
    kinds = ("wide_cnn", *CLASSIC)
    ground = replace(ground, recipe=altered(ground.recipe, "teacher", members=kinds))
    for member in taught(ground, "teacher", pool):
        scores = member.scores(ground.batches(pool, "judge", 32).views(np.arange(len(pool))))
        assert np.isnan(scores["speed"]).all()
        assert np.isfinite(scores["label"]).all()
