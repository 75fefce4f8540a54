import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import (
    Body,
    Distillation,
    Manifest,
    Scaling,
    Signals,
    TaskCard,
    Training,
    card_of,
)
from distride.errors import BundleError

words = st.text(min_size=1, max_size=9)
numbers = st.floats(-1e6, 1e6)


@st.composite
def manifests(draw):
    channels = tuple(draw(st.lists(words, min_size=1, max_size=4, unique=True)))
    scales = st.lists(st.floats(1e-6, 1e6), min_size=len(channels), max_size=len(channels))
    labels = tuple(draw(st.lists(words, min_size=2, max_size=4, unique=True)))
    return Manifest(
        name=draw(words),
        signals=Signals(channels, ("m/s^2",) * len(channels), 50.0, 3.0, 1.5),
        scaler=Scaling(tuple(draw(scales)), tuple(draw(scales))),
        body=Body(draw(st.integers(1, 999)), draw(st.integers(0, 10**6))),
        tasks=(
            TaskCard(
                "move", "classification", labels, "", draw(st.floats(0, 1)), draw(st.floats(0, 1))
            ),
            TaskCard("effort", "regression", (), draw(words)),
        ),
        distillation=Distillation(draw(st.sampled_from(["student", "student_alone"])), 0.5, 2.0),
        training=Training(
            draw(words), "CC BY 4.0", draw(words), 9, {"folds": 9}, {"f1": draw(numbers)}
        ),
        versions={"distride": "1"},
    )


@settings(max_examples=50, deadline=None)
@given(manifests())
def test_a_manifest_comes_back_from_its_json(manifest):
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert manifest.name in card_of(manifest)


def test_whom_a_model_learnt_from_is_no_stranger():
    def knows(cohort, athlete, **protocol):
        told = {"held_out": ["ann"], "learnt_before": ["gym"], **protocol}
        return Training("swim", "", "", 9, told, {}).knows(cohort, athlete)

    assert [knows("swim", "bo"), knows("swim", "ann")] == [True, False]
    assert [knows("gym", "ann"), knows("judo", "bo")] == [True, False]
    assert knows("swim", "ann", finetuned_on="swim", finetuned_for="ann")
    assert knows("judo", "bo", finetuned_on="judo", finetuned_for="bo")
    assert not knows("judo", "ann", finetuned_on="judo", finetuned_for="bo")


def changed(change):
    """The JSON of a good manifest after a change to its table."""
    manifest = Manifest(
        name="m",
        signals=Signals(("a", "b"), ("", ""), 50.0, 3.0, 1.5),
        scaler=Scaling((0.0, 0.0), (1.0, 1.0)),
        body=Body(4, 9),
        tasks=(TaskCard("t", "classification", ("x", "y")),),
        distillation=Distillation("student", 0.5, 2.0),
        training=Training("c", "", "", 3, {}, {}),
        versions={},
    )
    table = json.loads(manifest.to_json())
    change(table)
    return json.dumps(table).encode()


def put(*path_and_value):
    *path, last, value = path_and_value

    def change(table):
        for key in path:
            table = table[key]
        table[last] = value

    return change


@pytest.mark.parametrize("number", [0, 2, "1", None, True, 1.5])
def test_another_format_number_is_named(number):
    with pytest.raises(BundleError, match="format number"):
        Manifest.from_json(changed(put("format", number)))


@pytest.mark.parametrize(
    "change",
    [
        put("surprise", 1),
        put("signals", "surprise", 1),
        lambda table: table.pop("card", None) or table.pop("scaler"),
        lambda table: table["training"].pop("licence"),
        put("name", 7),
        put("body", "features", 0),
        put("body", "features", 4.5),
        put("body", "features", True),
        put("body", []),
        put("tasks", []),
        put("tasks", {}),
        put("tasks", 0, "kind", "clustering"),
        put("tasks", 0, "kind", "regression"),
        put("tasks", 0, "labels", ["x"]),
        put("tasks", 0, "labels", ["x", "x"]),
        put("tasks", 0, "name", ""),
        put("tasks", 0, "abstain_below", 1.1),
        put("tasks", 0, "unknown_below", -0.1),
        put("signals", "channels", ["a", "a"]),
        put("signals", "units", [""]),
        put("signals", "rate_hz", -1.0),
        put("signals", "window_s", 0.01),
        put("scaler", "scale", [1.0, 0.0]),
        put("scaler", {"mean": [0.0], "scale": [1.0]}),
        put("distillation", "shipped", "teacher"),
        put("sha256", {"body.onnx": "abc"}),
    ],
)
def test_what_the_specification_does_not_allow_is_refused(change):
    with pytest.raises(BundleError):
        Manifest.from_json(changed(change))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format": 1, "format": 1}',
        b'{"format": 1, "name": NaN}',
        b'{"format": 1, "name": 1e999}',
        b'{"format": 1, "name": 9007199254740992}',
        b'{"format": 1, "name": ' + b"9" * 5000 + b"}",
        b'{"format": 1, "name": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(BundleError):
        Manifest.from_json(text)


def test_numbers_that_are_not_finite_are_not_written():
    manifest = Manifest.from_json(changed(lambda table: None))
    manifest.training.scores["f1"] = float("nan")
    with pytest.raises(BundleError, match="JSON"):
        manifest.to_json()
