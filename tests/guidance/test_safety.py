import datetime as dt
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from distride.errors import GuidanceError
from distride.guidance import (
    Abstained,
    Coach,
    Condition,
    Day,
    HeartRate,
    HeartWatch,
    Measure,
    ModelVoice,
    NextSession,
    Profile,
    Rule,
    Rules,
    Symptom,
    Words,
    beats,
    believed,
    decoupling,
    heart_limits,
    heart_rate,
    heart_recovery,
    load_change,
    max_heart_rate,
    measures,
    usual_band,
    why_heart_is_unread,
    why_silent,
)
from distride.runtime import Heart, State

PROFILE = Profile(1986, sex="female", max_bpm=190, resting_bpm=60)
WELL = Day(PROFILE, dt.date(2026, 5, 1))
T = np.arange(3600.0)
HEART = HeartRate(T, np.where(T < 3000, 150.0, 110.0))
READINGS = {
    "max_heart_rate": max_heart_rate,
    "heart_limits": heart_limits,
    "heart_recovery": lambda day: heart_recovery(HEART, 2999.0, day),
    "decoupling": lambda day: decoupling(HEART, np.full(3600, 200.0), day),
    "beats": lambda day: beats(np.tile([800.0, 820.0], 60), day),
}
HEARTS = ("beta_blocker", "pacemaker", "arrhythmia")


def having(*conditions, **profile):
    return replace(WELL, profile=replace(PROFILE, conditions=frozenset(conditions), **profile))


UNWELL = {
    "stop_sign": replace(WELL, symptoms=frozenset({"palpitations"})),
    "clearance": having("known_disease"),
    "illness": replace(WELL, is_ill=True),
    "pregnancy": having("pregnancy"),
    "minor": replace(WELL, profile=replace(PROFILE, birth_year=2010)),
}


def test_who_is_well_is_told_everything():
    assert why_silent(WELL) is None
    assert why_heart_is_unread(WELL) is None
    assert not any(isinstance(of(WELL), Abstained) for of in READINGS.values())


@pytest.mark.parametrize("symptom", get_args(Symptom))
def test_every_stop_sign_silences_everything_and_is_named(symptom):
    day = replace(WELL, symptoms=frozenset({symptom}))
    assert why_silent(day) == Abstained("stop_sign", what=symptom)
    assert {of(day) for of in READINGS.values()} == {Abstained("stop_sign", what=symptom)}


@pytest.mark.parametrize("reason", UNWELL)
def test_whoever_is_unwell_is_advised_nothing(reason):
    assert why_silent(UNWELL[reason]).reason == reason


@pytest.mark.parametrize("reason", UNWELL)
@pytest.mark.parametrize("name", READINGS)
def test_whoever_is_unwell_has_no_heart_read(name, reason):
    assert READINGS[name](UNWELL[reason]).reason == reason


@pytest.mark.parametrize("condition", HEARTS)
@pytest.mark.parametrize("name", READINGS)
def test_a_heart_that_is_paced_drugged_or_irregular_is_not_read(name, condition):
    assert READINGS[name](having(condition)) == Abstained(condition)
    assert why_silent(having(condition)) is None


def test_every_condition_is_heeded():
    assert {*HEARTS, "pregnancy", "known_disease"} == set(get_args(Condition))


def test_a_known_disease_needs_no_clearance_of_who_exercises_regularly():
    assert why_silent(having("known_disease", is_active=True)) is None


@pytest.mark.parametrize(("year", "is_minor"), [(2007, False), (2008, True), (2009, True)])
def test_whoever_may_still_be_seventeen_counts_as_a_minor(year, is_minor):
    day = replace(WELL, profile=replace(PROFILE, birth_year=year))
    assert (why_silent(day) is not None) == is_minor


def test_a_stop_sign_comes_before_all_else():
    worst = replace(having(*get_args(Condition)), symptoms=frozenset({"palpitations"}), is_ill=True)
    assert why_heart_is_unread(worst).reason == "stop_sign"


T10 = np.arange(600.0)
CALM = 130.0 + T10 % 7
STATE = State(0.0, "label", "squat", 0.9)
EASY = Rule("heart_share", above=10.0, sure=0.0, cool_down_s=0.0, words=Words("Easy", "放松"))
IN_SQUATS = replace(EASY, movements=("squat",))
OF_MODEL = Rule("task.rpe", above=0.0, sure=0.0, words=Words("Easy", "放松"))
SPEAKS = Rules(
    {"easy": EASY, "model": OF_MODEL}, every_s=0.0, model=ModelVoice(says=("slower",), for_s=0.0)
)


def heard(*events, day=WELL, rules=SPEAKS, is_calibrated=True):
    """What is advised, silence apart."""
    told = Coach(rules, day, "en", is_calibrated).push(events)
    return [one for one in told if one.severity in ("hint", "warning")]


def live(bpm, moving=None):
    """What a strap or watch that gave these, one a second, leads to at its end."""
    t = np.arange(float(len(bpm)))
    last = HeartWatch(WELL).push(t, np.array(bpm, float), moving)[-1]
    return heard(last)


def of_model(cause):
    """The model's advice, effort, and a rule for a movement, of which it says that it is unsure."""
    states = [
        State(1.0, task, "" if cause else label, 0.9, bool(cause), cause, value=number)
        for task, label, number in (("label", "squat", None), ("advice", "slower", None))
    ]
    effort = State(1.0, "rpe", "", None, bool(cause), cause, value=None if cause else 9.0)
    rules = replace(SPEAKS, rules={"easy": IN_SQUATS, "model": OF_MODEL})
    return heard(*states, effort, Heart(1.0, 150.0), rules=rules)


ABSTENTIONS = {
    "a heart rate that is missing": (
        lambda: [heart_rate(T10, np.full(600, np.nan)).reason, live([np.nan] * 9)],
        ["no_data", []],
    ),
    "one that is flat": (
        lambda: [heart_rate(T10, np.full(600, 130.0)).reason, live([130.0] * 90)],
        ["no_data", []],
    ),
    "one above 230 bpm": (
        lambda: [heart_rate(T10, CALM + 110).reason, live(CALM[:9] + 110)],
        ["no_data", []],
    ),
    "one that jumps by more than 25 bpm a second": (
        lambda: [believed(T10[:3], np.array([120.0, 146.0, 121.0])).bpm[1:2].tolist()],
        [pytest.approx([np.nan], nan_ok=True)],
    ),
    "an optical one in hard motion": (
        lambda: [
            heart_rate(T10, CALM, T10 > 60).reason,
            live([*CALM[:20]], np.ones(20, bool)),
        ],
        ["heart_rate_gaps", []],
    ),
    "a class below its threshold": (lambda: [of_model("unsure")], [[]]),
    "an exercise that was never taught": (lambda: [of_model("unknown")], [[]]),
    "no signal": (lambda: [of_model("no_signal")], [[]]),
    "an athlete who was not calibrated": (
        lambda: [
            [one.key for one in heard(*MODEL_ONLY, is_calibrated=known)] for known in (True, False)
        ],
        [["advice.slower", "model"], []],
    ),
    "less than 28 days of load": (
        lambda: [load_change(np.ones(27)).reason, load_change(np.arange(28.0)).value > 0],
        ["too_little_data", True],
    ),
    "less than 7 days of heart rate variability": (
        lambda: [usual_band(np.arange(6) / 99 + 4).reason],
        ["too_little_data"],
    ),
}
MODEL_ONLY = (
    State(1.0, "advice", "slower", 0.9),
    State(2.0, "rpe", "", None, value=9.0),
)


@pytest.mark.parametrize("name", ABSTENTIONS)
def test_each_abstention_of_the_notes_is_kept(name):
    found, wanted = ABSTENTIONS[name]
    told = found()
    assert told == wanted


def test_what_is_seen_well_is_spoken_of():
    """Else the silence above would prove nothing."""
    assert live(CALM[:9])
    assert {one.key for one in of_model("")} == {"easy", "advice.slower", "model"}


@pytest.mark.parametrize("reason", UNWELL)
def test_whoever_is_unwell_hears_no_advice_whatever_the_rules_hold(reason):
    events = [Heart(float(one), 150.0) for one in range(9)]
    assert heard(*events, *MODEL_ONLY, day=UNWELL[reason]) == []


@pytest.mark.parametrize("condition", HEARTS)
def test_of_a_heart_that_is_not_read_no_rule_speaks(condition):
    events = [Heart(float(one), 150.0) for one in range(9)]
    assert heard(*events, day=having(condition)) == []
    assert [one.key for one in heard(*MODEL_ONLY, day=having(condition))]


def test_every_number_has_a_unit_and_what_it_was_validated_on():
    known = [one for one in vars(measures).values() if isinstance(one, Measure)]
    assert all(one.protocol and one.low < one.high for one in known)


def test_more_needs_consent_and_is_capped():
    with pytest.raises(GuidanceError, match="only less is advised unasked"):
        Rules(next_session=NextSession(more_by=5.0))
    with pytest.raises(GuidanceError, match="0 to 10"):
        NextSession(more_by=10.5)
    assert Rules().next_session.more_by == 0
