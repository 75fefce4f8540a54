"""A task that is a number: what the page says of it, and that it says nothing of classes."""

import re

import pytest

from distride.report import render
from distride.report.formatting import quantity

from .test_page import Page


@pytest.fixture
def results(examples):
    return examples["effort"]()


def test_errors_stand_in_the_unit_of_the_task_beside_the_trivial_peer(results):
    page = render(results)
    for model in filter(None, results["models"].values()):
        assert quantity(model["mae"]) in page
        assert quantity(model["worst"][1]) in page
    shipped = quantity(results["models"]["student"]["mae"], "mL/min/kg")
    assert f"On athletes it has never seen, it is off by {shipped} on average." in page
    assert "To say the mean of training always would be off by 20.4 mL/min/kg." in page
    assert "The hardest athlete is runner_20" in page
    assert "it estimates vo2 ml min kg" in page
    assert "clearly closer than the mean of training" in page
    assert "The teacher changed its error by −0.31 mL/min/kg (95% interval −0.55 to −0.12)" in page
    assert "平均绝对误差" in page


def test_what_is_only_of_classes_is_left_out(results):
    page = render(results)
    ids = set(Page(page).ids)
    assert {"tasks", "distillation", "bundle"} <= ids
    assert ids.isdisjoint({"errors", "calibration", "personal", "embedding"})
    assert "Student, label smoothing" not in re.split('id="tasks"', page)[0]


def test_the_other_task_keeps_its_own_score(results):
    page = render(results)
    f1 = results["other_tasks"]["label"]["models"]["student"]["macro_f1"]
    assert f"{f1:.3f}" in page
    assert page.count('id="class-task-1"') == page.count('id="value-task-1"') == 1


def test_a_number_may_stand_beside_classes(examples, results):
    beside = examples["swimming"]()
    beside["protocol"] |= {"tasks": ["label", "vo2"], "units": {"vo2": "W"}}
    beside["other_tasks"] = {"vo2": {"models": results["models"], "detail": results["detail"]}}
    page = render(beside)
    assert {"models", "tasks", "errors", "value-task-1"} <= set(Page(page).ids)
    assert "vo2 (W)" in page


def test_a_model_no_better_than_a_mean_is_told_so(results):
    results["models"]["training_mean"] = results["models"]["student"] | {
        "mae": 1.0,
        "shipped_gain": {"gain": -2.0, "interval": [-3.0, -1.0]},
    }
    page = render(results)
    assert "To say the mean of training always is no worse: off by 1 mL/min/kg." in page
    assert "not clearly closer than the mean of training" in page


def test_nothing_of_a_number_still_gives_a_page(results):
    results["models"], results["detail"] = {}, None
    page = render(results)
    assert "This run holds no score for the model it ships." in page
    assert "No held-out athlete shows anything of this task." in page


def test_a_classic_method_that_is_less_off_is_told(results):
    assert "is better here" not in render(results)
    peer = results["models"]["extra_trees"]
    told = {"gain": -2.0, "interval": [-3.0, -1.0]}
    results["models"]["extra_trees"] = peer | {"mae": 1.0, "shipped_gain": told}
    assert "Extra trees is better here" in render(results)
