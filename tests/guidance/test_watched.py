import pytest

from distride.guidance.watched import STATES_HOLD_S, Watched, exercises
from distride.runtime import State


def state(t_s, movement):
    return State(t_s, "label", movement, None, not movement)


def test_a_movement_is_heard_from_when_it_is_named_until_another_is():
    watched = Watched(frozenset({"curl", "row"}))
    watched.push([state(1.0, "curl"), state(2.0, "row"), state(3.0, "rest")])
    assert [watched.at(now) for now in (0.5, 1.0, 1.9, 2.5, 3.0)] == [
        ("", False),
        ("curl", True),
        ("curl", True),
        ("row", True),
        (None, True),
    ]


def test_through_doubt_and_silence_the_last_name_stays_but_is_no_longer_of_now():
    watched = Watched(frozenset({"curl"}))
    watched.push([state(1.0, "curl"), state(1.5, ""), state(2.0, "")])
    assert watched.at(1.0 + STATES_HOLD_S) == ("curl", True)
    assert watched.at(1.1 + STATES_HOLD_S) == ("curl", False)


@pytest.mark.parametrize("told", [[], [state(0.0, "rest")]])
def test_where_none_is_named_whatever_repeats_is_counted(told):
    watched = Watched(frozenset())
    watched.push(told)
    assert (watched.at(0.0), watched.late_s) == (("", True), 0.0)


def test_postures_and_ways_of_getting_about_are_no_exercises():
    sport = ("squat", "walking_lunge", "standing_press", "sit_to_stand", "lying leg raise", "深蹲")
    others = ("", "walk", "walking_treadmill_incline", "lying_back", "running_8_kmh", "Stairs up")
    assert exercises([*others, *sport]) == sport
