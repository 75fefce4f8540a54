"""The main job on simulated athletes, small enough for every change."""

import json

import numpy as np
import pytest

from distride.bundle import Bundle
from distride.config import recipe_from
from distride.data import Cohort, Recording
from distride.data.simulate import write_simulated
from distride.errors import TrainingError
from distride.runs import evaluate, train

QUICK = recipe_from(
    {
        "teacher": {"windows_seen": 640, "width": 8},
        "student": {"windows_seen": 1920, "size": "small"},
        "distillation": {"alphas": [0.5], "views": 1},
        "personalization": {"shots": [0, 1, 3], "finetune_steps": 2},
    }
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    cohort = write_simulated(folder / "cohort", athletes=5, seed=1)
    return train(cohort, folder / "run", QUICK, folds=1)


def test_every_control_stands_beside_the_result(run):
    written = json.loads((run.folder / "results.json").read_text(encoding="utf-8"))
    assert set(written["models"]) == {
        "teacher",
        "student",
        "student_alone",
        "student_label_smoothing",
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


def test_what_leaves_is_a_whole_bundle_with_heads_that_fit_it(run):
    bundle = Bundle.open(run.bundle)
    heads = list((run.folder / "heads").glob("*.head.safetensors"))
    assert len(heads) == 1
    head = bundle.personal_head(heads[0])
    assert head.athlete == run.results["protocol"]["held_out"][0]
    assert run.results["bundle"]["parity_max_abs_error"] < 1e-4
    assert run.results["bundle"]["params"] <= 10_000
    assert run.report.read_text(encoding="utf-8").startswith("<!")


def test_the_student_that_ships_was_chosen_by_training_athletes(run):
    fold = json.loads((run.folder / "folds" / "0" / "fold.json").read_text(encoding="utf-8"))
    trials = fold["choice"]["trials"]
    better = trials["trial-a0.5-t2"] > trials["trial-alone"]
    assert run.results["distillation"]["shipped"] == ("student" if better else "student_alone")


def test_a_run_that_was_cut_short_ends_with_the_same_numbers(run, tmp_path):
    cohort = Cohort.open(run.folder.parent / "cohort")

    class Cut(Exception):
        pass

    def cut(stage, done, total):
        if stage == "student" and done == 10:
            raise Cut

    with pytest.raises(Cut):
        train(cohort, tmp_path / "again", QUICK, folds=1, progress=cut)
    again = train(cohort, tmp_path / "again", QUICK, folds=1)
    for name, model in again.results["models"].items():
        assert model["per_athlete"] == pytest.approx(
            run.results["models"][name]["per_athlete"], abs=1e-9
        ), name


def test_another_recipe_does_not_mix_with_a_finished_run(run):
    cohort = Cohort.open(run.folder.parent / "cohort")
    with pytest.raises(TrainingError, match="another recipe"):
        train(cohort, run.folder, recipe_from({"seed": 1}), folds=1)


def test_the_bundle_scores_a_cohort_by_itself(run):
    cohort = Cohort.open(run.folder.parent / "cohort")
    held_out = run.results["protocol"]["held_out"][0]
    only = Cohort(cohort.path, cohort.meta, (held_out,))
    found = evaluate(run.bundle, only, lambda stage, done, total: None)
    shipped = run.results["distillation"]["shipped"]
    expected = run.results["models"][shipped]["per_athlete"][held_out]
    assert found["per_athlete"][held_out]["macro_f1"] == pytest.approx(expected, abs=0.01)


def test_somebodys_own_teacher_is_any_callable(run, tmp_path):
    cohort = Cohort.open(run.folder.parent / "cohort")
    asked = []

    def teacher(x):
        asked.append(x.shape)
        return {"label": np.zeros((len(x), 6), np.float32)}

    found = train(cohort, tmp_path / "own", QUICK, folds=1, teacher=teacher)
    assert asked
    assert found.results["models"]["teacher"]["params"] is None


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


def test_one_athlete_is_refused_with_one_sentence(tmp_path):
    cohort = cohort_of(tmp_path / "c", 1, ["walk", "run"])
    with pytest.raises(TrainingError, match="1 athlete"):
        train(cohort, tmp_path / "r", QUICK)


def test_one_class_is_refused_with_one_sentence(tmp_path):
    cohort = cohort_of(tmp_path / "c", 5, ["walk"])
    with pytest.raises(TrainingError, match="one class 'walk'"):
        train(cohort, tmp_path / "r", QUICK)


def test_more_folds_than_there_are_is_an_error(tmp_path):
    cohort = cohort_of(tmp_path / "c", 5, ["walk", "run"])
    with pytest.raises(TrainingError, match="1 to 5"):
        train(cohort, tmp_path / "r", QUICK, folds=6)
