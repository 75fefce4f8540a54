import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import Day, Guide, Profile, Rule, Rules, Words, default_rules
from distride.guidance.measures import REPETITIONS
from distride.guidance.own import own_of
from distride.guidance.rules import TechniqueTask
from distride.guidance.technique import FIRST, RECENT, TechniqueWatch
from distride.runtime import Advice, Heart, Rep, SetEnded, State, Technique

JUDGE = TechniqueTask("execution", ("correct",))
WELL = Day(Profile(1986, "female", max_bpm=190, resting_bpm=60), dt.date(2026, 5, 1))
PACE_S = 4.0


def reps(ranges, seconds=3.0, number=1, start=0.0, movement="squat"):
    """One set; its repetitions follow each other every four seconds."""
    return [
        Rep(
            *(start + PACE_S * at + 3.5, start + PACE_S * at, number, at + 1, movement),
            *(seconds, seconds / 3, 2 * seconds / 3, float(degrees)),
        )
        for at, degrees in enumerate(ranges)
    ]


def states(verdicts, confidence=0.9, start=0.0):
    """What the model says of each repetition, twice a second."""
    return [
        State(start + PACE_S * at + 0.5 * step, "execution", verdict, confidence)
        for at, verdict in enumerate(verdicts)
        for step in range(8)
    ]


def told(*events, judge=JUDGE):
    return TechniqueWatch(judge).push(sorted(events, key=lambda event: event.t_s))


def test_a_verdict_is_the_models_over_the_repetition_and_says_since_when():
    verdicts = ["correct"] * 4 + ["half_range"] * 4
    judged = told(*reps([60] * 8), *states(verdicts, start=1.5))
    assert [one.verdict for one in judged] == verdicts
    assert [one.since for one in judged] == [1, 1, 1, 1, 5, 5, 5, 5]
    assert judged[5].confidence == pytest.approx(0.9)
    assert [one.number for one in judged] == list(range(1, 9))


def test_where_the_model_rather_abstains_there_is_no_verdict():
    abstained = [
        replace(one, movement="", abstained=True) for one in states([""] * 3, 0.3, start=1.5)
    ]
    judged = told(*reps([60] * 3), *abstained)
    assert {(one.verdict, one.confidence, one.since) for one in judged} == {("", None, 0)}


def test_another_task_judges_nothing():
    others = [replace(one, task="label") for one in states(["squat"] * 3)]
    assert {one.verdict for one in told(*reps([60] * 3), *others)} == {""}


def test_the_range_is_in_percent_of_the_athletes_own():
    ranges = [60, 62, 58, 60, 60, 45, 45, 45, 45]
    last = told(*reps(ranges))[-1]
    assert last.range.value == pytest.approx(75.0)
    assert 0 < last.range.error < 25
    assert last.range.own == FIRST
    assert last.tempo.value == pytest.approx(100.0)
    twice = told(*reps([2 * one for one in ranges]))[-1]
    assert twice.range.value == pytest.approx(last.range.value)


def test_before_enough_of_the_athletes_own_is_known_nothing_is_compared():
    judged = told(*reps([60] * 12))
    known = [one.number for one in judged if one.range is not None]
    assert known == list(range(FIRST + RECENT, 13))


def test_the_model_says_which_repetitions_are_the_athletes_good_ones():
    ranges = [40, 40, 40, 40, 60, 60, 60, 60, 60, 60, 60, 60]
    verdicts = ["half_range"] * 4 + ["correct"] * 8
    events = (*reps(ranges), *states(verdicts, start=1.5))
    assert told(*events)[-1].range.value == pytest.approx(100.0)
    assert told(*events, judge=TechniqueTask())[-1].range.value == pytest.approx(150.0)


def test_sets_before_are_the_athletes_own_too_and_movements_are_kept_apart():
    first = reps([60] * 8)
    same = told(*first, *reps([45] * 4, number=2, start=100.0))[-1]
    assert same.range.value == pytest.approx(75.0)
    other = told(*first, *reps([45] * 4, number=2, start=100.0, movement="row"))[-1]
    assert other.range is None


def test_where_no_movement_is_known_a_set_is_compared_with_itself_alone():
    sets = [*reps([60] * 8, movement=""), *reps([45] * 8, number=2, start=100.0, movement="")]
    beats = [Heart(one.t_s, 120.0) for one in sets]
    judged = told(*sets, *beats)
    assert [one.number for one in judged if one.range is not None] == [8, 8]
    assert judged[-1].range.value == pytest.approx(100.0)
    assert all(one.bpm is None for one in judged)


def test_faults_are_counted_with_the_models_doubt():
    verdicts = ["correct"] * 4 + ["half_range"] * 4
    last = told(*reps([60] * 8), *states(verdicts, 0.8, start=1.5))[-1]
    assert last.faulty.value == pytest.approx(80.0)
    assert last.faulty.error == pytest.approx(20.0)
    assert told(*reps([60] * 8), *states(verdicts), judge=TechniqueTask())[-1].faulty is None


def test_a_heart_is_compared_at_the_same_work_only():
    def session(last_range, last_bpm):
        sets = []
        for number, (degrees, bpm) in enumerate(
            [(60, 130.0), (60, 134.0), (last_range, last_bpm)], start=1
        ):
            done = reps([degrees] * 4, number=number, start=100.0 * number)
            sets += [*done, *(Heart(one.t_s, bpm) for one in done)]
        return told(*sorted(sets, key=lambda event: isinstance(event, Rep)))[-1].bpm

    assert session(60, 147.0).value == pytest.approx(15.0)
    assert session(60, 147.0).own == 2
    assert session(30, 147.0) is None


def test_uneven_repetitions_have_a_larger_spread():
    even = reps([60] * 8)
    uneven = [
        replace(one, duration_s=3.0 * (1.5 if one.number % 2 else 0.7))
        for one in reps([60] * 4, number=2, start=100.0)
    ]
    assert told(*even, *uneven)[-1].spread.value > 300


def advised(rules, events, is_calibrated=True):
    guide = Guide(WELL, rules, is_calibrated=is_calibrated)
    ordered = sorted(events, key=lambda event: event.t_s)
    heard = guide.push(ordered, np.zeros(0))
    return [one for one in heard if isinstance(one, Advice)]


def test_the_default_rules_tell_a_range_that_shrinks_and_a_tempo_that_slows():
    good = reps([60, 61, 59, 60, 60, 61, 59, 60])
    shrunk = advised(default_rules(), [*good, *reps([40] * 5, number=2, start=100.0)])
    assert [one.key for one in shrunk] == ["range_shrinks"]
    assert shrunk[0].numbers["rep_range"] == pytest.approx(66.7, abs=0.1)
    assert shrunk[0].confidence > 0.9
    slowed = advised(default_rules(), [*good, *reps([60] * 5, 5.5, number=2, start=100.0)])
    assert [one.key for one in slowed] == ["tempo_slows"]
    assert not advised(default_rules(), [*good, *reps([57] * 5, number=2, start=100.0)])


def test_after_a_set_nothing_is_said_of_it():
    rule = Rule("rep_range", below=80.0, for_s=3.0, words=Words("Full range", "做足幅度"))
    done = [*reps([60] * 8), *reps([40] * 4, number=2, start=100.0)]
    ended = SetEnded(116.0, 100.0, 115.0, 2, "squat", 4, 3.0, 40.0, 1.0, 1.0)
    later = Heart(119.5, 120.0)
    assert advised(Rules({"full": rule}), [*done, later])
    assert not advised(Rules({"full": rule}), [*done, ended, later])


def test_faults_wait_for_a_calibration():
    rule = Rule("faulty_reps", above=50.0, sure=0.5, words=Words("Full range", "做足幅度"))
    rules = Rules({"faults": rule}, technique=JUDGE)
    events = [*reps([60] * 8), *states(["half_range"] * 8, start=1.5)]
    assert advised(rules, events)
    assert not advised(rules, events, is_calibrated=False)
    assert rules.asks_model


def sessions(*ranges):
    """A session each of eight squats."""
    return {"squat": [own_of(reps([degrees] * 8)) for degrees in ranges]}


def test_good_repetitions_of_sessions_before_are_what_is_usual_from_the_fourth_on():
    usual = sessions(60, 64, 58, 62, 61)
    judged = TechniqueWatch(JUDGE, usual).push(reps([49] * 6))
    assert [one.usual_range is not None for one in judged] == [False] * 3 + [True] * 3
    last = judged[-1]
    assert last.range is None  # nothing of today is known yet
    assert last.usual_range.value == pytest.approx(100 * 49 / 61)
    assert 5 < last.usual_range.error < 12
    assert last.usual_range.own == 5
    assert last.usual_tempo.value == pytest.approx(100.0)
    other = TechniqueWatch(JUDGE, usual).push(reps([49] * 6, movement="row"))
    assert {one.usual_range for one in other} == {None}


def test_sessions_that_differ_make_what_is_usual_less_sure_and_few_tell_nothing():
    def error(*ranges):
        return TechniqueWatch(JUDGE, sessions(*ranges)).push(reps([60] * 4))[-1].usual_range

    assert error(60, 60, 60) is None
    assert error(40, 80, 50, 70).error > 3 * error(60, 61, 59, 60).error


def test_of_a_session_its_good_ones_are_kept():
    verdicts = ["correct"] * 5 + ["half_range"] * 4
    watch = TechniqueWatch(JUDGE)
    done = reps([60] * 5 + [30] * 4)
    good = [
        one.is_good
        for one in watch.push(
            sorted([*done, *states(verdicts, start=1.5)], key=lambda event: event.t_s)
        )
    ]
    assert good == [True] * 5 + [False] * 4
    assert own_of(done[:3]) is None


def test_a_rule_may_look_at_what_is_usual():
    rule = Rule("rep_range_usual", below=80.0, sure=0.8, words=Words("Full range", "做足幅度"))
    guide = Guide(WELL, Rules({"full": rule}), usual=sessions(60, 61, 59, 60, 60))
    told = [one for one in guide.push(reps([36] * 5), np.zeros(0)) if isinstance(one, Advice)]
    assert [one.key for one in told] == ["full"]


numbers = st.floats(0, 1e3, allow_nan=False)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(numbers, numbers, st.sampled_from(["", "correct", "half"])), max_size=20),
    st.integers(1, 7),
)
def test_cut_anyhow_it_tells_the_same_and_every_number_is_finite(done, size):
    events = []
    for at, (degrees, seconds, verdict) in enumerate(done):
        events += states([verdict], start=PACE_S * at)
        events.append(
            Rep(
                PACE_S * at + 3.6, PACE_S * at, 1 + at // 6, 1 + at % 6, "a", seconds, 1, 1, degrees
            )
        )
    usual = {"a": [own_of(reps([one] * 4)) for one in (0.0, 60.0, 61.0, 59.0)]}
    whole = TechniqueWatch(JUDGE, usual).push(events)
    watch = TechniqueWatch(JUDGE, usual)
    cut = [one for at in range(0, len(events), size) for one in watch.push(events[at : at + size])]
    assert cut == whole
    assert all(isinstance(one, Technique) for one in whole)
    fields = REPETITIONS.values()
    compared = [one for told in whole for name in fields if (one := getattr(told, name))]
    assert np.isfinite([[one.value, one.error] for one in compared]).all()
