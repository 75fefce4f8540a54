"""A base of some people helps others start: the same file, the same words, whoever wrote it."""

import json

import pytest

from distride.config import read_recipe
from distride.errors import DataError, TrainingError
from distride.learn.pretrain import UNIT
from distride.models.saved import load_student
from distride.runs import base, transfer


def test_it_is_a_body_without_heads_that_names_its_sources(based, lifters):
    saved = load_student(based.weights)
    assert (saved.name, saved.net.tasks, based.units) == ("lifters", (), ("lifters/thigh",))
    assert saved.spec.channels == UNIT
    (origin,) = saved.origins
    assert (origin.cohort, origin.licence) == ("lifters", "CC0-1.0")
    assert len(set(origin.recordings)) == len(lifters.athletes)


def test_one_that_was_finished_is_found_again(based, lifters, quick_recipe):
    again = base([lifters], based.weights.parent, read_recipe(quick_recipe))
    assert again.saved.fingerprint == based.saved.fingerprint
    assert load_student(again.weights).fingerprint == based.saved.fingerprint


def test_several_cohorts_of_unlike_rates_and_sensors_learn_together(
    simulated, lifters, quick_recipe, tmp_path
):
    done = base([simulated, lifters.path], tmp_path, read_recipe(quick_recipe))
    assert done.units == ("simulated/wrist", "lifters/thigh")
    assert [one.cohort for one in done.saved.origins] == ["simulated", "lifters"]


def test_a_cohort_given_twice_is_one_sentence(lifters, tmp_path):
    with pytest.raises(DataError, match="lifters is given twice"):
        base([lifters, lifters.path], tmp_path)
    with pytest.raises(DataError, match="name at least one"):
        base([], tmp_path)


def test_a_folder_of_another_base_is_refused(based, simulated, quick_recipe):
    with pytest.raises(TrainingError, match="holds a run of another recipe, other data"):
        base([simulated], based.weights.parent, read_recipe(quick_recipe))


def test_students_start_from_it_beside_one_that_does_not(started, simulated):
    models = started.results["models"]
    assert {"student", "student_alone", "student_without_base"} <= set(models)
    found = started.results["base"]
    gain = models["student_alone"]["macro_f1"] - models["student_without_base"]["macro_f1"]
    assert (found["name"], found["gain"]) == ("lifters", pytest.approx(gain))
    assert [one["licence"] for one in found["origins"]] == ["CC0-1.0"]
    fold = json.loads((started.folder / "folds" / "0" / "fold.json").read_text(encoding="utf-8"))
    assert "trial-student_without_base" in fold["choice"]["trials"]
    page = started.report.read_text(encoding="utf-8")
    assert "Student without the base" in page
    assert "不用基础模型的学生模型" in page


def test_a_run_without_a_base_says_nothing_of_one(trained):
    assert trained.results["base"] is None
    assert "student_without_base" not in trained.results["models"]
    assert "Student without the base" not in trained.report.read_text(encoding="utf-8")


def test_weights_that_started_from_it_name_its_sources_too(started):
    saved = load_student(started.folder / "weights.safetensors")
    ships = started.results["distillation"]["shipped"]
    expected = ["simulated"] if ships == "student_without_base" else ["lifters", "simulated"]
    assert [one.cohort for one in saved.origins] == expected


def test_it_can_be_transferred_as_any_student(based, simulated, quick_recipe, tmp_path):
    done = transfer(based.weights, simulated, tmp_path, read_recipe(quick_recipe), folds=1)
    assert done.results["source"] == "lifters"
