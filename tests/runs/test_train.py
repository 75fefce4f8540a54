"""The main job on simulated athletes, small enough for every change."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
import torch

import distride
from distride.bundle import Bundle
from distride.config import Recipe, read_recipe, recipe_from
from distride.data import Cohort, Recording, athlete_folds
from distride.errors import TrainingError
from distride.learn import baselines
from distride.runs import evaluate, train
from distride.runs.train import measure
from distride.tables import changed


def test_every_control_stands_beside_the_result(trained):
    written = json.loads((trained.folder / "results.json").read_text(encoding="utf-8"))
    assert set(written["models"]) == {
        "as_shipped",
        "teacher",
        "student",
        "student_alone",
        "student_label_smoothing",
        "student_hard_labels",
        "minirocket_ridge",
        "extra_trees",
    }
    for model in written["models"].values():
        assert 0 <= model["macro_f1"] <= 1
        assert list(model["per_athlete"]) == written["protocol"]["held_out"]
    assert written["protocol"]["folds_run"] == 1
    assert written["protocol"]["folds"] == 5
    personal = written["personalization"]
    assert all(len(personal[name]) == 3 for name in ("student", "placebo", "full_finetune"))


def test_a_run_tells_how_to_do_it_again(trained, quick_recipe):
    command = trained.results["command"]
    assert command.endswith(" --recipe recipe.toml --folds 1")
    assert read_recipe(trained.folder / "recipe.toml") == read_recipe(quick_recipe)
    assert trained.results["recipe"] == changed(read_recipe(quick_recipe))
    page = trained.report.read_text(encoding="utf-8")
    assert "<h3>recipe.toml</h3>" in page
    assert "windows_seen = " in page


def test_what_leaves_is_a_whole_bundle_with_heads_that_fit_it(trained):
    bundle = Bundle.open(trained.bundle)
    heads = list((trained.folder / "heads").glob("*.head.safetensors"))
    assert len(heads) == 1
    head = bundle.personal_head(heads[0])
    assert head.athlete == trained.results["protocol"]["held_out"][0]
    assert trained.results["bundle"]["parity_max_abs_error"] < 1e-4
    assert trained.results["bundle"]["params"] <= 10_000
    assert trained.report.read_text(encoding="utf-8").startswith("<!")


def test_where_a_device_says_nothing_is_counted_and_travels_in_the_bundle(trained):
    doubt = trained.results["doubt"]
    assert doubt["coverage"] + doubt["unsure"] + doubt["unknown"] == pytest.approx(1)
    assert 0 <= doubt["macro_f1_answered"] <= 1
    assert (
        0 <= min(doubt["ece"], doubt["ece_before"]) <= max(doubt["ece"], doubt["ece_before"]) <= 1
    )
    task = Bundle.open(trained.bundle).manifest.task("label")
    assert 0 < task.unknown_below < 1
    assert 0 < task.abstain_below < 1


def test_the_student_that_ships_was_chosen_by_training_athletes(trained):
    fold = json.loads((trained.folder / "folds" / "0" / "fold.json").read_text(encoding="utf-8"))
    trials = fold["choice"]["trials"]
    trial_of = {
        "student": "trial-a0.5-t1",
        "student_alone": "trial-student_alone",
        "student_label_smoothing": "trial-student_label_smoothing",
        "student_hard_labels": "trial-student_hard_labels-a0.5-t1",
    }
    assert set(trials) == set(trial_of.values())
    ships = fold["choice"]["ships"]
    assert trained.results["distillation"]["shipped"] == ships
    assert trials[trial_of[ships]] >= trials[trial_of["student"]]


def test_a_run_leaves_torch_its_threads(trained):
    assert torch.get_num_threads() == int(os.environ["OMP_NUM_THREADS"])


def test_another_recipe_does_not_mix_with_a_finished_run(trained, simulated):
    with pytest.raises(TrainingError, match="another recipe"):
        train(simulated, trained.folder, recipe_from({"seed": 1}), folds=1)


def test_the_bundle_scores_a_cohort_by_itself(trained, simulated):
    held_out = trained.results["protocol"]["held_out"][0]
    only = Cohort(simulated.path, simulated.meta, (held_out,))
    found = evaluate(trained.bundle, only)
    shipped = trained.results["distillation"]["shipped"]
    expected = trained.results["models"][shipped]["per_athlete"][held_out]
    assert found["label"]["per_athlete"][held_out]["macro_f1"] == pytest.approx(expected, abs=0.01)
    assert found["label"]["learnt_from"] == []
    everybody = evaluate(trained.bundle, simulated)
    assert everybody["label"]["learnt_from"] == sorted(set(simulated.athletes) - {held_out})


@pytest.fixture(scope="module")
def poorer(tmp_path_factory, simulated):
    """Who is held out never lunged, and somebody only switched the watch on and off."""
    (held_out,) = athlete_folds(simulated.athletes, 0)[0].held_out

    def recordings():
        for one in simulated:
            label = one.labels["label"].copy()
            if one.athlete == held_out:
                label[label == "lunge"] = ""
            yield replace(one, labels={"label": label})
        short = {name: values[:50] for name, values in one.channels.items()}
        yield Recording("z", "short", one.t[:50], short, {"label": label[:50]})

    return Cohort.write(tmp_path_factory.mktemp("data") / "poorer", simulated.meta, recordings())


@pytest.fixture(scope="module")
def own_teacher(poorer, quick_recipe, tmp_path_factory):
    """A run with somebody's own teacher and without classic peers, and what was asked."""
    asked = []

    def teacher(x):
        asked.append(x.shape)
        return {"label": np.zeros((len(x), 6), np.float32)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "BASELINES", {})
        folder = tmp_path_factory.mktemp("runs") / "own"
        return train(poorer, folder, read_recipe(quick_recipe), 1, teacher), asked


def test_somebodys_own_teacher_is_any_callable(own_teacher):
    run, asked = own_teacher
    assert {shape[1:] for shape in asked} == {(7, 150)}  # six axes and the heart
    assert run.results["models"]["teacher"]["params"] is None
    assert run.results["models"]["extra_trees"] is None
    assert run.report.exists()


def test_what_the_cohort_lacks_is_told(own_teacher):
    run, _ = own_teacher
    (held_out,) = run.results["protocol"]["held_out"]
    assert run.results["warnings"] == [
        f"{held_out} has 5 of 6 classes.",
        "1 athlete(s) gave no window: their recordings are too short.",
    ]


def cohort_of(path, athletes, labels):
    t = np.arange(600) / 20.0
    recordings = [
        Recording(
            f"a{number}",
            "one",
            t,
            {"w_acc_x": np.sin(t).astype(np.float32)},
            {"label": np.repeat(np.array(labels, object), 600 // len(labels))},
        )
        for number in range(athletes)
    ]
    return Cohort.write(path, {"name": "small", "sampling_hz": 20}, recordings)


@pytest.mark.parametrize(
    ("athletes", "labels", "folds", "message"),
    [
        (1, ["walk", "run"], None, "1 athlete"),
        (5, ["walk"], None, "one class 'walk'"),
        (5, ["walk", "run"], 6, "1 to 5"),
        (5, ["walk", "run"], 0, "1 to 5"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_one_sentence(
    tmp_path, athletes, labels, folds, message
):
    cohort = cohort_of(tmp_path / "c", athletes, labels)
    with pytest.raises(TrainingError, match=message):
        train(cohort, tmp_path / "r", Recipe(), folds)


@pytest.fixture(scope="module")
def of_hearts(simulated, quick_recipe, tmp_path_factory):
    """A run whose first task is a number and whose second one is not known of everybody."""

    def recordings():
        for one in simulated:
            label = one.labels["label"].copy()
            if one.athlete == simulated.athletes[1]:
                label[:] = ""
            yield replace(one, labels={"label": label})

    folder = tmp_path_factory.mktemp("hearts")
    cohort = Cohort.write(folder / "c", simulated.meta, recordings())
    recipe = read_recipe(quick_recipe)
    recipe = replace(
        recipe,
        signals=replace(recipe.signals, tasks=("heart_rate", "label")),
        student=replace(recipe.student, one_task=True),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "BASELINES", {})
        return train(cohort, folder / "run", recipe, 1), cohort


def test_a_number_leads_and_every_task_has_its_own_controls(of_hearts):
    run, _ = of_hearts
    protocol, label = run.results["protocol"], run.results["other_tasks"]["label"]
    assert (protocol["metric"], protocol["units"]) == ("mae", {"heart_rate": "bpm"})
    assert "heart_rate" not in protocol["teacher_channels"]
    scored = {name for name, model in run.results["models"].items() if model}
    students = {"student", "student_alone", "student_label_smoothing", "student_hard_labels"}
    own = {"as_shipped", "teacher", *students, "student_one_task"}
    assert scored == own | {"training_mean"}
    assert {name for name, model in label["models"].items() if model} == own
    assert run.results["models"]["training_mean"]["mae"] > 0
    assert 0 <= label["models"]["student"]["macro_f1"] <= 1
    assert run.results["personalization"] is None
    assert set(run.results["detail"]) == {"values"}
    assert set(label["detail"]) > {"confusion", "reliability"}
    page = run.report.read_text(encoding="utf-8")
    assert 'id="tasks"' in page
    assert 'id="calibration"' not in page


def test_a_number_leaves_in_the_bundle_with_its_unit(of_hearts):
    run, cohort = of_hearts
    student = distride.Bundle.open(run.bundle)
    heart, label = student.bundle.manifest.tasks
    assert (heart.kind, heart.unit, heart.abstain_below) == ("regression", "bpm", 0.0)
    assert label.kind == "classification"
    assert "validating athletes, MAE" in student.bundle.manifest.training.scores
    (held_out,) = run.results["protocol"]["held_out"]
    only = Cohort(cohort.path, cohort.meta, (held_out,))
    found = evaluate(run.bundle, only)["heart_rate"]
    shipped = run.results["models"]["as_shipped"]
    assert found["mae"] == pytest.approx(shipped["mae"], rel=0.01)
    assert (found["metric"], found["unit"]) == ("mae", "bpm")


def test_a_number_is_streamed_and_personalised(of_hearts):
    run, cohort = of_hearts
    student = distride.Bundle.open(run.bundle)
    recordings = cohort.read(cohort.athletes[0])
    head = student.personalize(recordings)
    assert head.shots["heart_rate"][""] > 10
    assert set(head.reasons) == {"heart_rate", "label"}
    one, stream = recordings[0], student.stream(head)
    told = stream.push(one.t, one.samples(stream.spec.channels))
    beats = [event for event in told if event.event == "state" and event.task == "heart_rate"]
    assert {(event.unit, event.confidence, event.abstained) for event in beats} == {
        ("bpm", None, False)
    }
    assert all(30 < event.value < 250 for event in beats)


@pytest.mark.slow
def test_folds_of_others_end_with_the_same_numbers(
    trained, simulated, quick_recipe, tmp_path, two_workers
):
    shared = measure(simulated, tmp_path / "run", read_recipe(quick_recipe), folds=1)
    for part in ("models", "distillation", "detail"):
        assert shared.results[part] == trained.results[part], part
