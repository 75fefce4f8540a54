"""From one sport to another: other people, fewer channels, another placement, other labels."""

import json
from dataclasses import replace

import numpy as np
import pytest

from distride.bundle import Bundle
from distride.config import read_recipe
from distride.errors import DataError, RecipeError, TrainingError
from distride.learn.transfer import MODES
from distride.models.saved import load_student, save_student
from distride.runs import transfer
from distride.runtime import State, Student


def test_every_way_stands_beside_starting_from_nothing(transferred):
    written = json.loads((transferred.folder / "transfer.json").read_text(encoding="utf-8"))
    assert tuple(written["models"]) == MODES
    assert "scratch" in MODES
    for model in written["models"].values():
        assert 0 <= model["macro_f1"] <= 1
        assert list(model["per_athlete"]) == written["protocol"]["held_out"]
    for mode, gain in written["gain_over_scratch"].items():
        scratch, own = (written["models"][one]["macro_f1"] for one in ("scratch", mode))
        assert gain["gain"] == pytest.approx(own - scratch)
    assert written["protocol"]["labels"] == {"label": ["legs", "pull", "push"]}


def test_what_ships_was_chosen_by_training_athletes(transferred):
    trials = transferred.results["trials"]
    assert set(trials) == set(MODES)
    assert transferred.results["shipped"] == max(MODES, key=trials.__getitem__)


def test_it_tells_where_each_channel_was_led(transferred):
    assert transferred.results["channels"] == {
        f"thigh_acc_{axis}": f"wrist_acc_{axis}" for axis in "xyz"
    }


def test_a_target_window_is_as_the_source_saw_them(transferred, trained):
    spec = Bundle.open(transferred.bundle).manifest.spec
    source = Bundle.open(trained.bundle).manifest.spec
    assert (spec.rate_hz, spec.window_s) == (source.rate_hz, source.window_s)
    assert spec.channels == tuple(f"thigh_acc_{axis}" for axis in "xyz")


def test_the_bundle_opens_and_streams(transferred, lifters):
    student = Student.open(transferred.bundle)
    one = lifters.read("p")[0]
    stream = student.stream(source_hz=50.0)
    samples = one.samples(student.bundle.manifest.spec.channels)
    states = [event for event in stream.push(one.t, samples) if isinstance(event, State)]
    assert len(states) > 20
    assert {state.movement for state in states} <= {"", "legs", "pull", "push"}


def test_it_can_be_transferred_again(transferred):
    saved = load_student(transferred.folder / "weights.safetensors")
    assert saved.name == "lifters"
    assert saved.net.tasks[0].labels == ("legs", "pull", "push")


def test_one_labelled_athlete_ships_the_way_that_spoils_least(
    trained, lifters, quick_recipe, tmp_path
):
    recipe = read_recipe(quick_recipe)
    one = replace(recipe.distillation, labelled_athletes=1)
    done = transfer(trained.folder, lifters, tmp_path, replace(recipe, distillation=one), folds=1)
    assert done.results["shipped"] == "frozen"
    assert done.results["trials"] == {}
    source = load_student(trained.folder / "weights.safetensors").body.state_dict()
    shipped = load_student(tmp_path / "weights.safetensors").body.state_dict()
    same = {name for name, value in source.items() if value.shape == shipped[name].shape}
    assert {"blocks.0.pointwise.weight", "stem_norm.running_mean"} <= same
    for name in same:
        np.testing.assert_array_equal(shipped[name], source[name], name)


def test_a_folder_of_another_run_is_refused(trained, transferred, lifters, quick_recipe):
    recipe = read_recipe(quick_recipe)
    other = replace(recipe, transfer=replace(recipe.transfer, layer_factor=9.0))
    with pytest.raises(TrainingError, match="holds a run of another recipe"):
        transfer(trained.folder, lifters, transferred.folder, other, folds=1)


def test_another_source_is_another_run(transferred, trained, lifters, quick_recipe, tmp_path):
    weights = tmp_path / "weights.safetensors"
    source = load_student(trained.folder / "weights.safetensors")
    save_student(weights, replace(source, name="another"))
    with pytest.raises(TrainingError, match="holds a run of another recipe"):
        transfer(weights, lifters, transferred.folder, read_recipe(quick_recipe), folds=1)


def test_a_source_that_learnt_from_the_cohort_is_refused(transferred, lifters, tmp_path):
    with pytest.raises(DataError, match="'lifters' learnt from 'lifters' itself"):
        transfer(transferred.folder, lifters, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_source_that_is_none_is_one_sentence(lifters, tmp_path):
    with pytest.raises(DataError, match="no trained student"):
        transfer(tmp_path, lifters, tmp_path / "out")


def test_nothing_in_common_is_one_sentence(trained, lifters, tmp_path, quick_recipe):
    recipe = read_recipe(quick_recipe)
    unlike = replace(recipe, transfer=replace(recipe.transfer, placements=("thigh=ankle",)))
    with pytest.raises(RecipeError, match=r"the source has \['wrist'\]"):
        transfer(trained.folder, lifters, tmp_path / "out", unlike)
