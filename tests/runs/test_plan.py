"""Defaults filled in from the cohort, and what forbids a run."""

import numpy as np
import pytest

from distride.config import Recipe, SignalsRecipe, recipe_from
from distride.data import Cohort, Recording, Windowing
from distride.errors import DataError, RecipeError, TrainingError
from distride.models.net import Task
from distride.runs.plan import labelled_athletes, plan_of, tasks_of
from distride.signals import SignalSpec

MOTION = ("w_acc_x", "w_gyr_x")


def cohort_of(path, channels, sampling_hz=20, tasks=None):
    t = np.arange(80) / 20.0
    given = {name: np.sin(t).astype(np.float32) for name in channels}
    walked = np.repeat(np.array(["walk", "run"], object), 40)
    recordings = []
    for number in range(3):
        own = given | {"speed": np.full(80, number, np.float32)}
        labels = {"label": walked, "one": np.full(80, "walk", object)} | (tasks or {})
        recordings.append(Recording(f"a{number}", "r", t, own, labels))
    return Cohort.write(path, {"name": "small", "sampling_hz": sampling_hz}, recordings)


def test_the_student_sees_motion_and_the_teacher_the_heart_too(tmp_path):
    cohort = cohort_of(tmp_path / "c", (*MOTION, "w_mag_x", "heart_rate"))
    plan = plan_of(cohort, Recipe())
    assert plan.channels == MOTION
    assert plan.teacher_channels == (*MOTION, "heart_rate")
    assert plan.spec == SignalSpec((*MOTION, "heart_rate"), 20.0, 3.0, 1.5)


def test_a_fast_cohort_is_read_at_fifty_hertz(tmp_path):
    cohort = cohort_of(tmp_path / "c", MOTION, sampling_hz=200)
    assert plan_of(cohort, Recipe()).spec.rate_hz == 50.0


def test_a_recipe_has_the_last_word(tmp_path):
    cohort = cohort_of(tmp_path / "c", (*MOTION, "w_mag_x", "heart_rate"))
    recipe = recipe_from(
        {
            "signals": {"channels": ["w_acc_x"], "rate_hz": 10.0, "window_s": 2.0, "hop_s": 0.5},
            "teacher": {"channels": ["w_mag_x", "w_acc_x"]},
        }
    )
    plan = plan_of(cohort, recipe)
    assert plan.channels == ("w_acc_x",)
    assert plan.teacher_channels == ("w_mag_x", "w_acc_x")
    assert plan.spec == SignalSpec(("w_acc_x", "w_mag_x"), 10.0, 2.0, 0.5)


def test_a_cohort_without_motion_asks_for_channels(tmp_path):
    with pytest.raises(DataError, match=r"no accelerometer .* under \[signals\]"):
        plan_of(cohort_of(tmp_path / "c", ("ecg",)), Recipe())


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    spec = SignalSpec(MOTION, 20.0, 1.0, 0.5)
    names = ("label", "one", "speed")
    return Windowing(cohort_of(folder / "c", MOTION), spec, names).into(folder / "w")


def test_numbers_are_scaled_by_the_training_athletes_alone(windows):
    signals = SignalsRecipe(tasks=("label", "speed"), units=("speed=m/s",))
    tasks = tasks_of(windows, signals, ("a0", "a1"))
    assert tasks == (Task("label", ("run", "walk")), Task("speed", (), 0.5, 0.5, "m/s"))


def test_a_number_may_lead(windows):
    (task,) = tasks_of(windows, SignalsRecipe(tasks=("speed",)), ("a0", "a1"))
    assert (task.labels, task.unit) == ((), "")


def test_the_answer_is_no_input(tmp_path):
    cohort = cohort_of(tmp_path / "c", (*MOTION, "heart_rate"))
    plan = plan_of(cohort, recipe_from({"signals": {"tasks": ["heart_rate"]}}))
    assert plan.teacher_channels == MOTION
    given = {"signals": {"tasks": ["heart_rate"]}, "teacher": {"channels": ["heart_rate"]}}
    with pytest.raises(RecipeError, match="'heart_rate' is also an input"):
        plan_of(cohort, recipe_from(given))


def test_a_teacher_sees_all_that_its_student_sees(tmp_path):
    cohort = cohort_of(tmp_path / "c", MOTION)
    given = {"signals": {"channels": ["w_acc_x"]}, "teacher": {"channels": ["w_gyr_x"]}}
    with pytest.raises(RecipeError, match=r"teacher\.channels lacks w_acc_x"):
        plan_of(cohort, recipe_from(given))


def test_windows_too_short_to_learn_from_are_refused_at_once(tmp_path):
    cohort = cohort_of(tmp_path / "c", MOTION, sampling_hz=1)
    with pytest.raises(RecipeError, match="5 s at 1 Hz has 5 samples and training needs 9"):
        plan_of(cohort, recipe_from({"signals": {"window_s": 5.0}}))


def test_one_class_is_refused(windows):
    with pytest.raises(TrainingError, match="one class 'walk'"):
        tasks_of(windows, SignalsRecipe(tasks=("one",)), ("a0", "a1"))


def test_one_and_the_same_number_teaches_nothing(windows):
    with pytest.raises(TrainingError, match="no two different values"):
        tasks_of(windows, SignalsRecipe(tasks=("label", "speed")), ("a2",))


def test_who_has_a_label_is_found(windows):
    assert labelled_athletes(windows, "label") == ("a0", "a1", "a2")
    assert labelled_athletes(windows, "speed") == ("a0", "a1", "a2")
