"""A coach's advice as a task like any other: distilled with the rest, and heard beside rules."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from distride.bundle import Bundle
from distride.config import recipe_from
from distride.data import Cohort
from distride.data.simulate import SIMULATED_META, simulate_athlete
from distride.guidance import Day, Guide, Profile, Rule, Rules, Words, check_labels
from distride.guidance.rules import ModelVoice
from distride.runs import train
from distride.runtime import Advice, Student

COACH = {"too_fast": "slower", "half_range": "deeper", "correct": "good", "": ""}
QUICKEST = {  # not one that learns much
    "signals": {"tasks": ["label", "advice"], "posture": "on"},
    "teacher": {"windows_seen": 128, "width": 8, "members": ["wide_cnn"]},
    "student": {"windows_seen": 128, "size": "small"},
    "distillation": {"alphas": [0.5], "windows_asked": 640},
    "personalization": {"shots": [0, 1], "finetune_steps": 1},
}
ANNA = Day(Profile(1990, max_bpm=120), dt.date(2026, 5, 1))  # so that the rule speaks too
EASY = Rule("heart_share", above=50.0, sure=0.0, cool_down_s=20.0, words=Words("Easy", "放松"))
RULES = Rules(
    {"easy": EASY},
    every_s=0.0,
    athlete_agreed_to_more=True,
    model=ModelVoice(
        says=("slower", "deeper", "good"),
        asks_for_more=("deeper",),
        asks_for_less=("slower",),
        for_s=0.0,
        cool_down_s=5.0,
        sure=0.0,
    ),
)


@pytest.fixture(scope="module")
def coached(tmp_path_factory):
    """Four simulated athletes whose coach says what to do better, and a student of one fold."""

    def recorded(name):
        for one in simulate_athlete(name, 1, sessions=1):
            said = np.array([COACH[execution] for execution in one.labels["execution"]], object)
            yield replace(one, labels={"label": one.labels["label"], "advice": said})

    recordings = (one for name in "abcd" for one in recorded(name))
    folder = tmp_path_factory.mktemp("coached")
    cohort = Cohort.write(folder / "cohort", SIMULATED_META, recordings)
    return train(cohort, folder / "run", recipe_from(QUICKEST), folds=1), cohort


def daring(bundle):
    """The bundle without thresholds: after a second of training all would be below them."""
    tasks = [replace(one, abstain_below=0.0, unknown_below=0.0) for one in bundle.manifest.tasks]
    return replace(bundle, manifest=replace(bundle.manifest, tasks=tuple(tasks)))


def heard(coached, rules, is_calibrated):
    """What the first athlete is told."""
    run, cohort = coached
    (recording,) = cohort.read("a")
    stream = Student(daring(Bundle.open(run.bundle))).stream()
    check_labels(rules, {task: head.labels for task, head in stream.predictor.heads.items()})
    samples = recording.samples(stream.spec.channels)
    guide = Guide(ANNA, rules, "en", is_calibrated)
    bpm = recording.channels["heart_rate"]
    events = guide.push(stream.push(recording.t, samples), recording.t, bpm)
    return [event for event in events if isinstance(event, Advice)]


def test_advice_is_distilled_with_the_rest_and_scored_on_athletes_it_never_saw(coached):
    run, _ = coached
    assert set(run.results["other_tasks"]) == {"advice"}
    models = run.results["other_tasks"]["advice"]["models"]
    assert {"teacher", "student"} <= set(models)
    card = Student.open(run.bundle).bundle.manifest.task("advice")
    assert set(card.labels) == {"slower", "deeper", "good"}


def test_model_and_rules_are_both_heard_and_each_says_who_it_is(coached):
    told = heard(coached, RULES, is_calibrated=True)
    assert {one.spoke for one in told} == {"rules", "model"}
    assert {one.spoken for one in told if one.spoke == "model"} <= {*RULES.model.says}
    assert {one.other_voice for one in told if one.spoke == "rules"} & {
        *("advice.good", "advice.slower", "advice.deeper")
    }
    for one in told:
        opposed = one.spoke == "rules" and one.other_voice == "advice.deeper"
        assert one.is_contradicted == opposed


def test_of_who_was_never_calibrated_only_the_rules_speak(coached):
    told = heard(coached, RULES, is_calibrated=False)
    assert {(one.spoke, one.other_voice) for one in told} == {("rules", "")}
