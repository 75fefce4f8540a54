import datetime as dt
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from distride.guidance import (
    Abstained,
    Condition,
    Day,
    HeartRate,
    Profile,
    Symptom,
    beats,
    decoupling,
    heart_limits,
    heart_recovery,
    max_heart_rate,
    why_heart_is_unread,
    why_silent,
)

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
