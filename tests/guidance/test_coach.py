import datetime as dt
import math
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.guidance import (
    Coach,
    Condition,
    Day,
    Profile,
    Rule,
    Rules,
    Symptom,
    Words,
    default_rules,
)
from distride.guidance.measures import REPETITIONS
from distride.guidance.rules import ModelVoice
from distride.guidance.wording import too_long, unfit
from distride.runtime import (
    Comparison,
    Heart,
    Quality,
    Rep,
    SetEnded,
    SetStarted,
    State,
    Technique,
    to_json,
)

WELL = Day(Profile(1986, "female", max_bpm=190, resting_bpm=60), dt.date(2026, 5, 1))
WORDS = Words("Easy now", "放松")
HIGH = Rule("heart_share", above=90.0, margin=4.0, for_s=5.0, cool_down_s=30.0, words=WORDS)
OFTEN = Rules({"high": HIGH}, every_s=0.0)


def having(*conditions):
    return replace(WELL, profile=replace(WELL.profile, conditions=frozenset(conditions)))


UNWELL = {
    "clearance": having("known_disease"),
    "illness": replace(WELL, is_ill=True),
    "pregnancy": having("pregnancy"),
    "minor": replace(WELL, profile=replace(WELL.profile, birth_year=2010)),
}


def beats(bpm, seconds, start=0):
    return [Heart(float(second), bpm) for second in range(start, start + seconds)]


def held(label, seconds, confidence=0.9, task="advice"):
    return [State(float(second), task, label, confidence) for second in range(seconds)]


def spoken(rules, events, day=WELL):
    return Coach(rules, day, is_calibrated=True).push(events)


def test_a_rule_speaks_after_its_time_and_again_after_its_cool_down():
    told = spoken(OFTEN, beats(185.0, 70))
    assert [one.t_s for one in told] == [5.0, 35.0, 65.0]
    first = told[0]
    assert (first.key, first.spoken, first.severity, first.spoke) == (
        *("high", "Easy now", "hint", "rules"),
    )


def test_an_advice_tells_why_with_numbers_how_sure_and_what_would_change_it():
    first = spoken(OFTEN, beats(185.0, 20))[0]
    assert first.reason == "heart rate in % of your maximum: 97, above 90 for 5 s"
    assert first.numbers["heart_share"] == pytest.approx(97.37, abs=0.01)
    assert first.numbers["threshold"] == 90.0
    assert first.confidence == pytest.approx(0.994, abs=1e-3)
    assert first.what_would_change.startswith("over at 86 and below")
    assert "measured maximum" in first.what_would_change
    assert '"event": "advice"' in to_json(first)
    chinese = Coach(OFTEN, WELL, "zh").push(beats(185.0, 20))[0]
    assert chinese.spoken == "放松"
    assert chinese.reason == "心率占你最大心率的百分比：97，高于 90 已 5 秒"


def test_an_estimated_maximum_makes_it_unsure_and_it_is_withheld():
    guessed = replace(WELL, profile=Profile(1986))  # estimated: 180
    assert spoken(OFTEN, beats(180.0, 20), guessed)
    assert not spoken(OFTEN, beats(163.0, 20), guessed)  # 91 %, give or take 6
    assert not spoken(OFTEN, beats(172.0, 20))  # 90.5 %: within its error


def test_the_threshold_is_the_athletes_own():
    strong = replace(WELL, profile=replace(WELL.profile, max_bpm=205))
    assert spoken(OFTEN, beats(180.0, 20))
    assert not spoken(OFTEN, beats(180.0, 20), strong)


def test_at_most_one_cue_in_so_many_seconds_and_the_graver_first():
    grave = replace(HIGH, severity="warning", priority=0)
    often = replace(HIGH, priority=100)
    told = spoken(Rules({"often": often, "grave": grave}, every_s=12.0), beats(185.0, 25))
    assert [(one.t_s, one.key) for one in told] == [(5.0, "grave"), (17.0, "often")]


def test_between_threshold_and_margin_it_neither_begins_nor_ends():
    between = 166.0  # 87 %: above 86, below 90
    assert not spoken(OFTEN, beats(between, 30))
    rules = replace(OFTEN, rules={"high": replace(HIGH, sure=0.0)})
    assert spoken(rules, beats(180.0, 3) + beats(between, 10, start=3))
    assert not spoken(rules, beats(180.0, 3) + beats(150.0, 1, 3) + beats(between, 10, start=4))


@pytest.mark.parametrize("symptom", get_args(Symptom))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_each_stop_sign_it_says_stop_and_ask_a_doctor_and_then_nothing(symptom, language):
    day = replace(WELL, symptoms=frozenset({symptom}))
    (told,) = Coach(OFTEN, day, language).push(beats(185.0, 60) + held("slower", 60))
    assert (told.severity, told.key, told.t_s) == ("stop", "stop_sign", 0.0)
    assert ("doctor" if language == "en" else "医生") in told.spoken
    assert told.reason != told.text


@pytest.mark.parametrize("reason", UNWELL)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_whoever_is_unwell_hears_once_why_nothing_is_advised(reason, language):
    told = Coach(default_rules(), UNWELL[reason], language).push(beats(189.0, 300))
    assert [one.key for one in told] == [reason]
    assert told[0].severity == ("stop" if reason == "clearance" else "silence")
    assert not too_long(language, told[0].spoken)


@pytest.mark.parametrize("condition", ["beta_blocker", "pacemaker", "arrhythmia"])
def test_a_heart_that_may_not_be_read_is_not_spoken_of(condition):
    assert spoken(default_rules(), beats(189.0, 300), having(condition)) == []


def test_a_symptom_in_the_session_stops_it():
    coach = Coach(OFTEN, WELL)
    assert coach.push(beats(185.0, 10))
    coach.take(replace(WELL, symptoms=frozenset({"palpitations"})))
    (told,) = coach.push(beats(185.0, 90, start=10))
    assert told.severity == "stop"


def test_an_unbelieved_or_old_heart_rate_is_not_spoken_of():
    assert not spoken(OFTEN, [Heart(float(second), None) for second in range(30)])
    silent = beats(185.0, 1) + held("squat", 30, task="label")
    assert not spoken(OFTEN, silent)


def test_a_rule_of_a_movement_is_silent_in_others_and_where_the_model_abstains():
    rules = Rules({"high": replace(HIGH, movements=("squat",))}, every_s=0.0)

    def with_state(**fields):
        states = [replace(one, **fields) for one in held("squat", 20, task="label")]
        return sorted([*states, *beats(185.0, 20)], key=lambda event: event.t_s)

    assert spoken(rules, with_state())
    assert not spoken(rules, with_state(movement="row"))
    assert not spoken(rules, with_state(movement="", abstained=True, cause="unsure"))


SAYING = Rules({"high": HIGH}, every_s=0.0, model=ModelVoice(says=("slower",), priority=90))


def test_the_model_says_only_what_the_coach_named_and_only_when_it_holds():
    told = spoken(SAYING, held("slower", 10))
    assert [(one.t_s, one.spoke, one.spoken, one.confidence) for one in told] == [
        (3.0, "model", "slower", 0.9)
    ]
    assert not spoken(SAYING, held("faster", 10))
    assert not spoken(SAYING, held("slower", 10, confidence=0.5))
    assert not spoken(Rules(), held("slower", 10))
    assert not spoken(SAYING, [replace(one, abstained=True) for one in held("slower", 10)])


def test_what_the_other_voice_would_have_said_is_told():
    told = spoken(SAYING, both("slower"))
    assert [(one.spoke, one.other_voice) for one in told] == [
        ("model", ""),
        ("rules", "advice.slower"),
    ]
    quiet = replace(SAYING, every_s=4.0)
    assert [one.spoke for one in spoken(quiet, both("slower"))] == ["model", "rules"]


OPPOSED = Rules(
    {"high": HIGH},
    every_s=0.0,
    athlete_agreed_to_more=True,
    model=ModelVoice(says=("faster",), asks_for_more=("faster",), for_s=0.0, priority=100),
)


def both(label):
    """A heart near its maximum, and what the model holds at each second."""
    return sorted([*held(label, 12), *beats(185.0, 12)], key=lambda event: event.t_s)


def test_where_they_contradict_each_other_less_is_said_and_the_other_is_shown():
    told = spoken(replace(OPPOSED, model=replace(OPPOSED.model, for_s=6.0)), both("faster"))
    assert [(one.spoke, one.other_voice, one.is_contradicted) for one in told] == [
        ("rules", "", False)
    ]
    told = spoken(OPPOSED, both("faster"))
    assert [(one.spoke, one.other_voice, one.is_contradicted) for one in told] == [
        ("model", "", False),
        ("rules", "advice.faster", True),
    ]
    agreeing = replace(OPPOSED.model, asks_for_more=(), asks_for_less=("faster",))
    last = spoken(replace(OPPOSED, model=agreeing), both("faster"))[-1]
    assert (last.spoke, last.other_voice, last.is_contradicted) == ("rules", "advice.faster", False)


def test_a_contradiction_that_the_coach_lets_nobody_say_is_shown_too():
    mute = Rules({"high": HIGH}, every_s=0.0, model=ModelVoice(asks_for_more=("faster",)))
    (told,) = spoken(mute, both("faster"))
    assert (told.spoke, told.other_voice, told.is_contradicted) == ("rules", "advice.faster", True)
    (unnamed,) = spoken(mute, both("steady"))
    assert (unnamed.other_voice, unnamed.is_contradicted) == ("advice.steady", False)


def test_nothing_is_asked_for_more_while_anything_asks_for_less():
    """Also while what asks for less is silent, in its cool-down."""
    resting = replace(OPPOSED, rules={"high": replace(HIGH, for_s=0.0, cool_down_s=300.0)})
    rules = replace(resting, model=replace(OPPOSED.model, cool_down_s=0.0))
    told = spoken(rules, ordered([*beats(185.0, 12), *held("faster", 12)]))
    assert [one.spoke for one in told] == ["rules"]


def test_of_an_athlete_for_whom_it_was_not_calibrated_the_model_says_nothing():
    effort = [State(float(one), "rpe", "", None, value=9.0) for one in range(5)]
    rule = Rule("task.rpe", above=8.0, words=WORDS, sure=0.0)
    rules = replace(SAYING, rules={"high": HIGH, "effort": rule})
    assert {one.key for one in spoken(rules, both("slower") + effort)} > {"high"}
    told = Coach(rules, WELL).push(ordered(both("slower") + effort))
    assert [(one.key, one.other_voice) for one in told] == [("high", "")]


def test_a_number_of_the_model_speaks_only_where_an_unknown_error_is_accepted():
    rule = Rule("task.rpe", above=8.0, words=WORDS)
    effort = [State(float(one), "rpe", "", None, value=9.0, unit="CR10") for one in range(5)]
    assert not spoken(Rules({"effort": rule}), effort)
    (told,) = spoken(Rules({"effort": replace(rule, sure=0.0)}), effort)
    assert told.confidence is None
    assert "rpe: 9, above 8" in told.reason


numbers = st.floats(allow_nan=True, allow_infinity=True)
clocks = st.one_of(st.floats(0, 400), numbers)
comparisons = st.one_of(
    st.none(), st.builds(Comparison, numbers, st.one_of(st.floats(0, 90), numbers), st.integers())
)
events = st.one_of(
    st.builds(Heart, clocks, st.one_of(st.none(), st.floats(150, 230), numbers)),
    st.builds(
        State,
        clocks,
        st.sampled_from(["label", "advice", "rpe"]),
        st.sampled_from(["", "squat", "slower", "faster"]),
        st.one_of(st.none(), st.floats(0, 1)),
        st.booleans(),
        value=st.one_of(st.none(), numbers),
    ),
    st.builds(Quality, clocks, st.just("gap"), st.just(()), st.just("No samples.")),
    st.builds(SetStarted, clocks, clocks, st.integers(1, 9), st.just("squat")),
    st.builds(
        *(Rep, clocks, clocks, st.integers(1, 9), st.integers(1, 99), st.just("squat")),
        *(numbers, numbers, numbers, numbers),
    ),
    st.builds(
        *(
            SetEnded,
            clocks,
            clocks,
            clocks,
            st.integers(1, 9),
            st.just("squat"),
            st.integers(1, 99),
        ),
        *(numbers, numbers, numbers, numbers),
    ),
    st.builds(
        *(Technique, clocks, st.integers(1, 9), st.integers(1, 99), st.just("squat")),
        *(st.sampled_from(["", "half_range"]), st.one_of(st.none(), st.floats(0, 1))),
        st.integers(0, 9),
        **dict.fromkeys(REPETITIONS.values(), comparisons),
    ),
)
LOUD = Rules(
    {
        "high": replace(HIGH, for_s=0.0, sure=0.0),
        "squats": replace(HIGH, for_s=0.0, sure=0.0, movements=("squat",), cool_down_s=7.0),
        "effort": Rule("task.rpe", above=0.0, sure=0.0, cool_down_s=11.0, words=WORDS),
        **{
            measure.key: Rule(measure.key, above=0.0, sure=0.0, cool_down_s=13.0, words=WORDS)
            for measure in REPETITIONS
        },
    },
    every_s=3.0,
    model=ModelVoice(says=("slower",), for_s=0.0, cool_down_s=9.0, sure=0.0),
)
COOL_DOWNS = {name: rule.cool_down_s for name, rule in LOUD.rules.items()} | {"advice.slower": 9.0}


def ordered(chunk):
    return sorted(chunk, key=lambda event: (event.t_s != event.t_s, event.t_s))


@given(
    st.lists(events, max_size=40),
    st.booleans(),
    st.sets(st.sampled_from(get_args(Condition))),
    st.sampled_from(["en", "zh"]),
)
def test_rules_never_raise_nor_speak_twice_inside_a_cool_down(
    chunk, in_order, conditions, language
):
    coach = Coach(LOUD, having(*conditions), language, is_calibrated=True)
    told = coach.push(ordered(chunk) if in_order else chunk)
    last, own = -math.inf, {}
    for one in told:
        assert not unfit(" ".join((one.text, one.spoken, one.reason, one.what_would_change)))
        if one.severity in ("stop", "silence"):
            continue
        assert one.t_s - last >= LOUD.every_s
        assert one.t_s - own.get(one.key, -math.inf) >= COOL_DOWNS[one.key]
        last = own[one.key] = one.t_s
    assert sum(one.severity in ("stop", "silence") for one in told) <= 1


@given(st.lists(events, max_size=40))
def test_nothing_is_advised_on_states_that_abstain(chunk):
    quiet = [
        replace(one, abstained=True)
        if isinstance(one, State)
        else replace(one, bpm=None)
        if isinstance(one, Heart)
        else replace(one, **dict.fromkeys(REPETITIONS.values()))
        if isinstance(one, Technique)
        else one
        for one in chunk
    ]
    assert Coach(LOUD, WELL, is_calibrated=True).push(ordered(quiet)) == []


@given(st.lists(events, max_size=30), st.integers(0, 30))
def test_how_events_are_cut_into_pushes_changes_nothing(chunk, at):
    whole, parts = (Coach(LOUD, WELL, is_calibrated=True) for _ in range(2))
    assert whole.push(chunk) == parts.push(chunk[:at]) + parts.push(chunk[at:])
