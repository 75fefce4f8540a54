"""From what folds found to one number: a fold pools its windows, athletes give the interval."""

from dataclasses import asdict

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from distride.learn.judged import judged
from distride.runs.results import (
    detail_of,
    distillation_of,
    doubt_of,
    members_of,
    models_of,
    other_task_of,
    personalization_of,
    seconds_of,
)
from distride.runs.scoring import model_of

from .test_scoring import VALUES

TRUTH = {
    "ann": np.array([0, 0, 1, 1, 2]),
    "bo": np.array([0, 1, 1, 1]),
    "cy": np.array([2, 2, 0]),
}
ANSWERS = {
    "ann": np.array([0, 0, 1, 1, 2]),
    "bo": np.array([0, 1, 1, 0]),
    "cy": np.array([2, 1, 1]),
}


def judgement(athlete, sure=True):
    p = np.eye(3)[ANSWERS[athlete]] if sure else None
    return asdict(judged(TRUTH[athlete], ANSWERS[athlete], 3, p))


def fold(*athletes, ships="student", sure=True):
    models = {ships: {athlete: judgement(athlete, sure) for athlete in athletes}}
    costs = {name: {"params": 9, "flops_per_window": 99} for name in models}
    reliability = [{"confidence": 0.95, "accuracy": 0.5, "count": len(athletes)}]
    detail = {"reliability": reliability, "embedding": {"x": [0.0]}}
    return {"models": models, "costs": costs, "choice": {"ships": ships}, "detail": detail}


def pooled(score, *athletes, **options):
    truth, answers = (np.concatenate([one[name] for name in athletes]) for one in (TRUTH, ANSWERS))
    if options:
        options["labels"] = np.unique(truth)
    return score(truth, answers, **options)


FOLDS = [fold("ann", "bo"), fold("cy")]


def test_a_fold_pools_its_windows_and_folds_weigh_the_same():
    model = model_of("student", FOLDS)
    for name, score, options in (
        ("macro_f1", f1_score, {"average": "macro"}),
        ("accuracy", accuracy_score, {}),
    ):
        expected = [pooled(score, *athletes, **options) for athletes in (("ann", "bo"), ("cy",))]
        assert model[name] == pytest.approx(np.mean(expected)), name


def test_every_athlete_is_told_and_the_worst_is_named():
    model = model_of("student", FOLDS)
    expected = {name: pooled(f1_score, name, average="macro") for name in TRUTH}
    assert model["per_athlete"] == pytest.approx(expected)
    assert model["worst"] == ["cy", pytest.approx(expected["cy"])]
    assert (model["params"], model["flops_per_window"]) == (9, 99)
    assert model["interval"] is None  # two folds
    of_three = model_of("student", [fold(name) for name in TRUTH])
    low, high = of_three["interval"]
    assert 0.0 <= low < of_three["macro_f1"] < high <= 1.0


def test_a_model_without_probabilities_has_no_calibration_and_an_absent_one_is_none():
    silent = [fold("ann", ships="trees", sure=False)]
    assert model_of("trees", silent)["ece"] is None
    assert model_of("trees", silent)["interval"] is None
    assert model_of("nobody", silent) is None


def test_pictures_are_of_what_each_fold_would_ship():
    found = detail_of([fold("ann", "bo"), fold("cy", ships="student_alone")], ("a", "b", "c"))
    assert found["confusion"] == [[3, 1, 0], [1, 4, 0], [0, 1, 2]]
    assert found["per_class_f1"] == pytest.approx(
        dict(zip("abc", pooled(f1_score, *TRUTH, average=None), strict=True))
    )
    (row,) = found["reliability"]
    assert row == pytest.approx({"confidence": 0.95, "accuracy": 0.5, "count": 3})


def test_what_a_member_adds_is_the_teacher_beside_the_others_without_it():
    def right(*athletes):
        return {name: asdict(judged(TRUTH[name], TRUTH[name], 3, None)) for name in athletes}

    folds = []
    for athletes in (("ann",), ("bo",), ("cy",)):
        worse = {name: judgement(name) for name in athletes}
        told = {"teacher": right(*athletes)}
        each = {"lstm": worse, "trees": right(*athletes)}
        rest = {"lstm": right(*athletes), "trees": worse}
        folds.append({"models": told, "members": each, "without": rest, "costs": {}})
    found = members_of(folds)
    assert found["lstm"]["macro_f1"] == model_of("lstm", folds, "members")["macro_f1"] < 1.0
    assert found["lstm"]["adds"]["gain"] == 0.0
    assert found["trees"]["adds"]["gain"] == pytest.approx(1 - found["lstm"]["macro_f1"])
    low, high = found["trees"]["adds"]["interval"]
    assert low < found["trees"]["adds"]["gain"] < high
    single = [{**fold, "without": {}} for fold in folds]
    assert members_of(single)["lstm"]["adds"] is None


def test_a_fold_whose_athletes_have_no_truth_of_a_task_says_nothing_of_its_teacher():
    worse = {"ann": judgement("ann"), "bo": judgement("bo")}
    right = {name: asdict(judged(TRUTH[name], TRUTH[name], 3, None)) for name in worse}
    told = {"models": {"teacher": right}, "members": {"lstm": worse}, "without": {"lstm": worse}}
    none = {"models": {"teacher": {}}, "members": {"lstm": {}}, "without": {"lstm": {}}}
    costs = {"costs": {}}
    assert members_of([told | costs, none | costs]) == members_of([told | costs])
    assert members_of([none | costs]) == {"lstm": {"adds": None}}


def test_the_gain_is_paired_and_what_ships_is_told_with_its_reason():
    trials = {
        "trial-student_alone": 0.4,
        "trial-student_label_smoothing": 0.5,
        "trial-a0.5-t2": 0.6,
        "trial-a0.9-t2": 0.4,
    }
    choice = {"ships": "student", "alpha": 0.5, "temperature": 2.0, "trials": trials}
    folds = [fold("ann"), fold("bo"), fold("cy", ships="student_alone")]
    for one, name in zip(folds, TRUTH, strict=True):
        right = asdict(judged(TRUTH[name], TRUTH[name], 3, None))
        one["models"] |= {"student_alone": {name: judgement(name)}, "student": {name: right}}
    found = distillation_of(folds, {"choice": choice})
    expected = 1 - model_of("student_alone", folds)["macro_f1"]
    assert found["gain"] == pytest.approx(expected)
    low, high = found["interval"]
    assert low < found["gain"] < high
    assert (found["shipped"], found["alpha"], found["temperature"]) == ("student", 0.5, 2.0)
    assert "reached 0.600 and the best control 0.500. The distilled" in found["reason"]
    assert "in 2 of 3 fold(s)" in found["reason"]
    told = models_of(folds)
    each, alone = (told[name]["per_athlete"] for name in ("as_shipped", "student_alone"))
    assert each == {"ann": 1.0, "bo": 1.0, "cy": alone["cy"]}  # by each fold's choice
    beside = told["student_alone"]["shipped_gain"]
    assert beside["gain"] == pytest.approx((2 - alone["ann"] - alone["bo"]) / 3)
    assert beside["interval"][0] < beside["gain"] < beside["interval"][1]
    assert told["student_alone"]["shipped_gain"]["gain"] == pytest.approx(
        told["as_shipped"]["macro_f1"] - told["student_alone"]["macro_f1"]
    )
    assert "shipped_gain" not in told["as_shipped"]


def curve(student, guarded):
    shared = {"placebo": student, "full_finetune": student, "live": [False, True]}
    return {"student": student, "guarded": guarded, **shared, "milliseconds": 2.0} | {
        "finetune_milliseconds": 40.0
    }


def test_harm_is_a_fall_below_ones_own_beginning():
    folds = [
        {"personal": {"ann": curve([0.5, 0.9], [0.5, 0.9])}},
        {"personal": {"bo": curve([0.5, 0.4], [0.5, 0.5]), "cy": curve([0.6, 0.598], [0.6, 0.6])}},
    ]
    found = personalization_of(folds, (0, 3))
    assert found["shots"] == [0, 3]
    assert found["harmed_without_guard"] == 1  # a fall of 0.2 points is none
    assert found["harmed_with_guard"] == 0
    assert found["student"] == pytest.approx([1.6 / 3, (0.9 + 0.4 + 0.598) / 3])
    assert found["milliseconds_per_athlete"] == 2.0
    assert personalization_of([{"personal": {}}], (0, 3)) is None


def test_seconds_add_up():
    folds = [{"seconds": {"teacher": 1.0, "student": 2.0}}, {"seconds": {"teacher": 3.0}}]
    found = seconds_of(folds)
    assert found == {"teacher": 4.0, "student": 2.0, "baselines": 0.0, "personalization": 0.0}


def test_a_smaller_error_is_a_gain():
    found = distillation_of(VALUES, VALUES[0])
    assert found["gain"] == pytest.approx(1.0)
    assert found["interval"] is None  # two folds
    assert "reached 1.500 and the best control 2.500" in found["reason"]


def test_pictures_of_values_are_joined_and_a_task_beside_the_first_has_its_own():
    folds = [fold("ann", "bo") | {"members": {}}, fold("cy") | {"members": {}}]
    for one, values in zip(folds, VALUES, strict=True):
        one["other_tasks"] = {"speed": values | {"members": {}, "doubt": None}}
    found = other_task_of("speed", folds, ())
    assert found["models"]["student"].items() > model_of("student", VALUES).items()
    assert found["detail"] == {
        "values": {"true": [1.0, 1.0], "predicted": [2.0, 2.0], "athlete": ["ann", "cy"]}
    }
    assert detail_of([{"detail": {}}], ()) == {}


def doubted(windows, surplus, answered, unsure, unknown):
    bins = [[windows, surplus], [0, 0.0]]
    return {
        "before": [[windows, 2 * surplus], [0, 0.0]],
        "after": bins,
        "answered": answered,
        "unsure": unsure,
        "unknown": unknown,
    }


def test_doubts_are_those_of_all_windows_and_answers_those_of_folds():
    right, half = [[4, 0], [0, 4]], [[1, 1], [1, 1]]
    folds = [{"doubt": doubted(10, 1.0, right, 2, 0)}, {"doubt": doubted(30, -3.0, half, 0, 6)}]
    found = doubt_of(folds)
    assert found["ece"] == pytest.approx(2 / 40)
    assert found["ece_before"] == pytest.approx(4 / 40)
    assert (found["unsure"], found["unknown"]) == (2 / 40, 6 / 40)
    assert found["coverage"] == pytest.approx(32 / 40)
    assert found["macro_f1_answered"] == pytest.approx((1.0 + 0.5) / 2)


def test_there_is_no_doubt_about_a_number():
    assert doubt_of([{"doubt": None}]) is None
    assert doubt_of([{"doubt": doubted(10, 1.0, [[0, 0], [0, 0]], 4, 6)}])["coverage"] == 0
