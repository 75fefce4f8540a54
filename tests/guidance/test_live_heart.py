import datetime as dt
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.guidance import Day, HeartWatch, Profile

WELL = Day(Profile(1986, "female", max_bpm=190, resting_bpm=60), dt.date(2026, 5, 1))


def test_each_second_has_a_heart_rate_and_its_zone():
    t = np.arange(0, 10, 0.5)
    told = HeartWatch(WELL).push(t, np.full(len(t), 150.0))
    assert [one.t_s for one in told] == list(range(10))
    assert {(one.bpm, one.zone, one.zones, one.reason) for one in told} == {
        (150.0, 3, "reserve", "")
    }


def test_without_a_profile_there_is_a_heart_rate_and_no_zone():
    (told,) = HeartWatch().push(np.array([0.0]), np.array([150.0]))
    assert (told.bpm, told.zone, told.reason) == (150.0, None, "not_in_profile")


def test_what_no_heart_does_is_not_told():
    t = np.arange(200.0)
    stuck = HeartWatch(WELL).push(t, np.full(200, 150.0))
    assert stuck[30].bpm == 150.0
    assert stuck[100].bpm is None
    (impossible,) = HeartWatch(WELL).push(np.array([0.0]), np.array([250.0]))
    assert impossible.bpm is None
    assert impossible.reason == "no_data"


def test_a_heart_rate_stands_for_five_seconds():
    t = np.arange(10.0)
    told = HeartWatch(WELL).push(t, np.where(t == 0, 150.0, np.nan))
    assert [one.bpm is not None for one in told] == [True] * 6 + [False] * 4


def test_a_pause_of_the_clock_is_not_counted_out():
    told = HeartWatch(WELL).push(np.array([0.0, 1e9]), np.array([150.0, 150.0]))
    assert len(told) <= 12


def test_after_a_clock_leapt_or_was_wrong_once_the_heart_is_told_again():
    t = np.arange(40.0)
    bpm = 120 + t % 7
    for wrong in (np.where(t >= 20, t - 500, t), np.where(t == 20, 1e9, t)):
        told = HeartWatch(WELL).push(wrong, bpm)
        assert [one.t_s for one in told[-15:]] == wrong[-15:].tolist()
        assert all(one.bpm for one in told[-15:])
    late = np.where(t == 20, 18.5, t)
    told = HeartWatch(WELL).push(late, bpm)
    assert [one.t_s for one in told] == t.tolist()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([-50.0, -1.0, 1e9]) | st.floats(0, 3),
            st.one_of(st.just(math.nan), st.floats(20, 260)),
        )
    ),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_how_samples_are_cut_into_pushes_changes_nothing(rows, cuts):
    t = np.cumsum([step for step, _ in rows])
    bpm = np.array([value for _, value in rows])
    whole = HeartWatch(WELL).push(t, bpm)
    watch, parts = HeartWatch(WELL), []
    for part in np.split(np.arange(len(t)), sorted(min(cut, len(t)) for cut in cuts)):
        parts += watch.push(t[part], bpm[part])
    assert parts == whole
