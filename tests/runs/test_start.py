"""The base that a recipe names is found, whole, strange to the cohort, and not too large."""

import json
import shutil
from dataclasses import replace

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from distride.config import read_recipe
from distride.data import Cohort
from distride.errors import DataError, RecipeError, TrainingError
from distride.runs import base, start, train


@pytest.fixture
def from_base(simulated, quick_recipe, tmp_path):
    """A training that stops before it learns anything: whatever is wrong is told at once."""

    def begin(base, cohort=simulated, size="small", folder=tmp_path / "run"):
        recipe = read_recipe(quick_recipe)
        recipe = replace(recipe, student=replace(recipe.student, base=str(base), size=size))
        return train(cohort, folder, recipe, folds=1)

    return begin


def test_no_such_base_is_one_sentence(from_base, tmp_path):
    with pytest.raises(DataError, match="is no trained student"):
        from_base(tmp_path / "nowhere")


@pytest.mark.parametrize(("format", "content"), [("2", None), ("1", b"no tensors")])
def test_a_base_of_the_future_or_a_damaged_one_is_one_sentence(
    based, from_base, tmp_path, format, content
):
    file = tmp_path / "base.safetensors"
    with safe_open(based.weights, "pt") as whole:
        save_file(load_file(based.weights), file, whole.metadata() | {"format": format})
    if content:
        file.write_bytes(content)
    with pytest.raises(DataError, match=r"base.safetensors' is no trained student: "):
        from_base(file)


def test_a_base_that_saw_the_athletes_is_refused(based, from_base, lifters, tmp_path):
    with pytest.raises(DataError, match="learnt from 'lifters' itself"):
        from_base(based.weights, lifters)
    renamed = shutil.copytree(lifters.path, tmp_path / "renamed")
    (renamed / "meta.json").write_text(json.dumps({**lifters.meta, "name": "renamed"}))
    with pytest.raises(DataError, match="learnt from 'renamed' itself"):
        from_base(based.weights, Cohort.open(renamed))


def test_a_base_too_wide_for_the_size_is_told_with_both_numbers(
    simulated, lifters, from_base, quick_recipe, tmp_path
):
    recipe = read_recipe(quick_recipe)
    large = replace(recipe, student=replace(recipe.student, size="medium", windows_seen=64))
    base([lifters], tmp_path / "wide", large)
    with pytest.raises(RecipeError, match=r"parameters on 6 channels, and 'small' allows 10,000"):
        from_base(tmp_path / "wide")


def test_the_general_base_is_the_one_in_the_package(based, from_base, tmp_path, monkeypatch):
    monkeypatch.setattr(start, "BASES", tmp_path / "bases")
    with pytest.raises(RecipeError, match=r"No general base of size 'small' .* which has none"):
        from_base("general")
    (tmp_path / "bases").mkdir()
    shutil.copyfile(based.weights, tmp_path / "bases" / "medium.safetensors")
    with pytest.raises(RecipeError, match=r"size 'small' .* which has medium"):
        from_base("general")


def test_another_base_is_another_run(started, based, from_base, quick_recipe, lifters, tmp_path):
    other = tmp_path / "weights.safetensors"
    with safe_open(based.weights, "pt") as whole:
        save_file(load_file(based.weights), other, whole.metadata() | {"name": "other"})
    with pytest.raises(TrainingError, match="holds a run of another recipe"):
        from_base(other, folder=started.folder)
