"""One athlete, many windows: a bundle of their own, or a sentence that says why there is none."""

import json
from dataclasses import replace

import numpy as np
import pytest

from distride.config import read_recipe
from distride.data import Cohort, Recording
from distride.errors import DataError
from distride.learn import finetune as learning
from distride.models.saved import load_student
from distride.runs import finetune, forget
from distride.runtime import State, Student


@pytest.fixture
def recipe(quick_recipe):
    recipe = read_recipe(quick_recipe)
    own = replace(recipe.personalization, deeper_from=1, deeper_windows=64)
    return replace(recipe, personalization=own)


def test_a_body_that_is_better_leaves_as_a_bundle(
    trained, simulated, recipe, tmp_path, monkeypatch
):
    monkeypatch.setattr(learning, "judge", lambda *_: (True, ""))
    done = finetune(trained.folder, simulated, "a", tmp_path, recipe)
    assert done.live
    assert "better than a head alone" in done.reason
    student, shared = Student.open(done.bundle), Student.open(trained.bundle)
    manifest, before = student.bundle.manifest, shared.bundle.manifest
    assert manifest.spec == before.spec
    assert manifest.task("label").labels == before.task("label").labels
    assert manifest.training.protocol["finetuned_for"] == "a"
    assert manifest.training.scores == {}  # a taught the shared student
    assert "had learnt from this athlete before" in done.reason
    assert student.bundle.body_onnx != shared.bundle.body_onnx
    one = simulated.read("a")[0]
    stream = student.stream(source_hz=50.0)
    events = stream.push(one.t, one.samples(manifest.spec.channels))
    assert any(isinstance(event, State) for event in events)
    assert load_student(tmp_path / "weights.safetensors").net.tasks[0].name == "label"
    with pytest.raises(DataError, match="nothing of an athlete 'b'"):
        forget(tmp_path, "b")
    forget(tmp_path, "a")
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_body_that_is_not_surely_better_leaves_nothing(
    trained, simulated, recipe, tmp_path, monkeypatch
):
    monkeypatch.setattr(learning, "judge", lambda *_: (False, ""))
    done = finetune(trained.folder, simulated, "a", tmp_path, recipe)
    assert not done.live
    assert not done.bundle.exists()
    written = json.loads((tmp_path / "finetune.json").read_text(encoding="utf-8"))
    assert (written["live"], written["reason"]) == (False, done.reason)


def test_too_few_windows_train_nothing_and_say_of_which_movement(
    trained, simulated, recipe, tmp_path
):
    much = replace(recipe, personalization=replace(recipe.personalization, deeper_from=10_000))
    done = finetune(trained.folder, simulated, "a", tmp_path, much)
    assert not done.live
    assert "from 10000 windows of every movement" in done.reason
    assert "squat (" in done.reason
    assert not list(tmp_path.glob("*.safetensors"))


def test_an_unknown_athlete_is_one_sentence(trained, simulated, recipe, tmp_path):
    with pytest.raises(DataError, match=r"No athlete 'zoe' in 'simulated': it has a, b"):
        finetune(trained.folder, simulated, "zoe", tmp_path, recipe)


def test_a_training_that_was_cut_short_can_be_forgotten(
    trained, simulated, recipe, tmp_path, monkeypatch
):
    def cut(*_):
        (tmp_path / "full-without-0-0.safetensors").write_bytes(b"learnt from a")
        raise KeyboardInterrupt

    monkeypatch.setattr(learning, "finetuned", cut)
    with pytest.raises(KeyboardInterrupt):
        finetune(trained.folder, simulated, "a", tmp_path, recipe)
    forget(tmp_path, "a")
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_windows_too_near_each_other_train_nothing(trained, simulated, recipe, tmp_path):
    whole = simulated.read("a")[0]
    labels = whole.labels["label"].astype(str)
    bouts = [np.flatnonzero(labels == name) for name in sorted(set(labels) - {""})]
    rows = np.concatenate([bout[: 50 * 8] for bout in bouts])
    channels = {name: values[rows] for name, values in whole.channels.items()}
    one = Recording(
        "a", "short", np.arange(len(rows)) / 50, channels, {"label": whole.labels["label"][rows]}
    )
    meta = {"name": "short", "sampling_hz": 50}
    cohort = Cohort.write(tmp_path / "cohort", meta, [one])
    done = finetune(trained.folder, cohort, "a", tmp_path / "own", recipe)
    assert not done.live
    assert "too near each other" in done.reason
