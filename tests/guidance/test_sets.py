from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance.sets import LONGEST_SET_S, SetCounter
from distride.runtime import Rep, SetEnded, SetStarted, State

from .limbs import CHANNELS, RATE_HZ, sensed, session


def told(t, samples, counter=None, cuts=(), states=()):
    counter = counter or SetCounter(CHANNELS, RATE_HZ)
    events = []
    for rows in np.split(np.arange(len(t)), [cut for cut in cuts if cut < len(t)]):
        due = [one for one in states if len(rows) and t[rows[0]] <= one.t_s <= t[rows[-1]]]
        events += counter.push(t[rows], samples[rows], due)
    return events + counter.close()


def of(kind, events):
    return [one for one in events if isinstance(one, kind)]


@pytest.mark.parametrize(("seconds", "count"), [(2.0, 8), (1.2, 12), (4.0, 5)])
def test_a_set_is_counted_with_its_borders_and_what_its_repetitions_were_like(seconds, count):
    events = told(*session((0, 6), (seconds, count), (0, 12)))
    [started], [ended] = of(SetStarted, events), of(SetEnded, events)
    reps = of(Rep, events)
    assert [rep.number for rep in reps] == list(range(1, count + 1))
    assert ended.repetitions == count
    assert started.began_s == pytest.approx(6, abs=0.7)
    assert ended.ended_s == pytest.approx(6 + seconds * count, abs=0.7)
    assert started.t_s <= reps[0].t_s <= reps[-1].t_s <= ended.t_s <= ended.ended_s + 8
    assert ended.seconds_a_rep == pytest.approx(seconds, rel=0.3)
    assert ended.range_deg == pytest.approx(np.degrees(1.2), rel=0.25)
    assert ended.regularity > 0.9
    assert ended.confidence > 0.9
    inner = reps[1:-1]
    assert all(rep.out_s + rep.back_s < rep.duration_s * 1.2 for rep in inner)
    assert np.median([rep.out_s / rep.back_s for rep in inner]) == pytest.approx(1, abs=0.3)


def test_two_sets_are_told_apart_and_rests_are_none():
    events = told(*session((0, 5), (2.0, 6), (0, 20), (1.5, 9), (0, 10)))
    assert [(one.number, one.repetitions) for one in of(SetEnded, events)] == [(1, 6), (2, 9)]
    assert told(*session((0, 60))) == []


def test_a_slower_set_soon_after_another_takes_none_of_its_repetitions():
    events = told(*session((0, 5), (1.4, 6), (0, 3.6), (2.6, 9), (0, 12)))
    first, second = of(SetEnded, events)
    assert (first.repetitions, second.repetitions) == (6, 9)
    assert second.began_s > first.ended_s


def test_two_ways_out_and_back_are_no_set():
    assert told(*session((0, 5), (2.0, 2), (0, 15))) == []


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 2000), max_size=30))
def test_how_samples_are_cut_changes_nothing(cuts):
    t, samples = session((0, 3), (1.6, 6), (0, 9))
    assert told(t, samples, cuts=sorted(cuts)) == told(t, samples)


def test_a_pause_of_the_clock_ends_the_set():
    t, samples = session((0, 4), (2.0, 5), (0, 2))
    late = t + 60 * (np.arange(len(t)) >= len(t) - 20)
    [ended] = of(SetEnded, told(late, samples))
    assert ended.repetitions == 5
    assert 13.5 < ended.ended_s < ended.t_s < 16


@pytest.mark.parametrize("leap_s", [-10.0, -1e4, 100.0])
def test_a_clock_that_leaps_begins_a_session_anew(leap_s):
    t, samples = session((0, 4), (2.0, 5), (0, 10), (1.5, 7), (0, 12))
    leapt = t + leap_s * (t >= 20)
    first, second = of(SetEnded, told(leapt, samples))
    assert (first.repetitions, second.repetitions) == (5, 7)
    assert second.began_s == pytest.approx(24 + leap_s, abs=0.7)
    whole, cut = told(leapt, samples), told(leapt, samples, cuts=range(60, len(t), 60))
    assert [(type(one), one.t_s) for one in cut] == [(type(one), one.t_s) for one in whole]


def test_one_absurd_time_loses_no_set():
    t, samples = session((0, 4), (2.0, 5), (0, 10), (1.5, 7), (0, 12))
    for absurd in (1e9, 1e300, np.nan, -np.inf):
        wrong = np.where(np.arange(len(t)) == 30, absurd, t)
        assert [one.repetitions for one in of(SetEnded, told(wrong, samples))] == [5, 7]


def test_what_was_named_before_the_clock_was_set_back_counts_no_longer():
    t, samples = session((0, 4), (0, 20), (2.0, 6), (0, 12))
    back = t - 20 * (t >= 20)
    states = [state(at, "curl") for at in np.arange(2.0, 20, 0.5)]
    counter = SetCounter(CHANNELS, RATE_HZ, ["curl"])
    events = [*counter.push(back[t < 20], samples[t < 20], states)]
    events += counter.push(back[t >= 20], samples[t >= 20]) + counter.close()
    assert of(SetEnded, events) == []


def state(t_s, movement, abstained=False):
    return State(float(t_s), "label", movement, None, abstained)


def test_only_named_movements_are_counted():
    t, samples = session((0, 4), (2.0, 6), (0, 12))
    for movement, count in (("curl", 1), ("row", 0)):
        states = [state(at, movement) for at in np.arange(2.0, t[-1], 0.5)]
        counter = SetCounter(CHANNELS, RATE_HZ, ["curl"])
        ended = of(SetEnded, told(t, samples, counter, range(25, len(t), 25), states))
        assert len(ended) == count
        assert all((one.movement, one.repetitions) == ("curl", 6) for one in ended)


def named(*names):
    """What is told of a session: still for 4 s, six repetitions of 2 s, still for 12 s.

    Args:
        names: Pairs of a second and what the states say from then on; empty: that they abstain.
    """
    t, samples = session((0, 4), (2.0, 6), (0, 12))
    states = []
    for at in np.arange(2.0, t[-1], 0.5):
        name = [name for since, name in names if since <= at][-1]
        states.append(state(at, name, not name))
    counter = SetCounter(CHANNELS, RATE_HZ, ["curl", "row"])
    return told(t, samples, counter, range(25, len(t), 25), states)


def test_a_model_that_never_says_a_name_counts_nothing():
    assert named((0, "")) == []


def test_a_set_goes_on_through_doubt_and_takes_what_was_done_in_doubt_before():
    for names in (
        [(0, "curl"), (11, "")],
        [(0, ""), (11, "curl")],
        [(0, ""), (9, "curl"), (12, "")],
    ):
        [ended] = of(SetEnded, named(*names))
        assert (ended.movement, ended.repetitions) == ("curl", 6)


def test_another_exercise_does_not_part_a_set_which_is_called_as_most_was_heard():
    events = named((0, "row"), (11.5, "curl"))
    [ended] = of(SetEnded, events)
    assert (ended.movement, ended.repetitions) == ("curl", 6)
    assert of(SetStarted, events)[0].movement == "row"


def test_what_is_no_exercise_ends_a_set_and_what_came_before_it_counts_no_more():
    first = of(SetEnded, named((0, "curl"), (13, "rest")))
    assert [one.repetitions for one in first] == [4]
    [second] = of(SetEnded, named((0, "rest"), (8.5, "curl")))
    assert second.repetitions < 6
    assert second.began_s > 5.0


def test_a_correction_is_learnt_from():
    counter = SetCounter(CHANNELS, RATE_HZ)
    assert counter.corrected(5) is None  # there was no set yet
    t, samples = session((0, 4), (2.0, 6), (0, 12))
    told(t, samples, counter)
    template = counter.corrected(6)
    assert template is not None
    assert template.seconds == pytest.approx(2.0, rel=0.3)
    assert counter.corrected(60) is None
    again = told(t + 200, samples, counter)
    assert [one.repetitions for one in of(SetEnded, again)] == [6]


def test_a_correction_holds_live():
    """A limb that comes half-way back in each repetition seems to do twice as many."""
    turns = [0, 1.2, 0.7, 1.2, 0]
    out = (1 - np.cos(np.linspace(0, np.pi, 50, endpoint=False))) / 2
    moved = [one + (other - one) * out for one, other in pairwise(turns)]
    t, samples = sensed(np.concatenate([np.zeros(200), *moved * 6, np.zeros(600)]))
    counter = SetCounter(CHANNELS, RATE_HZ)
    [first] = of(SetEnded, told(t, samples, counter))
    assert first.repetitions > 6
    assert counter.corrected(6) is not None
    again = told(t + 200, samples, counter)
    assert [rep.number for rep in of(Rep, again)] == [1, 2, 3, 4, 5, 6]


def test_of_several_counts_of_one_set_the_last_holds():
    t, samples = session((0, 4), (2.0, 6), (0, 12))
    counter, other = SetCounter(CHANNELS, RATE_HZ), SetCounter(CHANNELS, RATE_HZ)
    for one in (counter, other):
        told(t, samples, one)
    assert counter.corrected(6) is not None
    assert counter.corrected(60) is None
    assert told(t + 200, samples, counter) == told(t + 200, samples, other)
    assert other.corrected(6) is not None
    assert told(t + 400, samples, counter) != told(t + 400, samples, other)


def test_a_set_too_long_to_be_kept_teaches_nothing_and_leaves_what_the_one_before_taught():
    short, long = session((0, 4), (2.0, 6), (0, 12)), session((4.0, 76), (0, 25))
    counter, silent, untaught = (SetCounter(CHANNELS, RATE_HZ) for _ in range(3))
    for one in (counter, silent, untaught):
        told(*short, one)
        assert one is untaught or one.corrected(6) is not None
        [ended] = of(SetEnded, told(long[0] + 40, long[1], one))
        assert ended.ended_s - ended.began_s > LONGEST_SET_S
    assert counter.corrected(6) is None
    assert counter.corrected(76) is None
    t, samples = short[0] + 500, short[1]
    as_taught = told(t, samples, silent)
    assert told(t, samples, counter) == as_taught != told(t, samples, untaught)


def test_late_repeated_and_timeless_samples_are_left_out():
    t, samples = session((0, 4), (2.0, 5), (0, 9))
    odd = np.sort(np.r_[np.arange(len(t)), 300, 400])
    times = t[odd]
    times[310], times[500] = np.nan, times[450]
    expected = np.delete(np.arange(len(t)), [309, 498])
    assert told(times, samples[odd]) == told(t[expected], samples[expected])


def test_memory_is_bounded_in_a_set_without_end():
    t, samples = session((2.0, round(LONGEST_SET_S)))
    counter = SetCounter(CHANNELS, RATE_HZ)
    counter.push(t, samples)
    frames = counter._frames
    assert frames.end - frames.first < 1.5 * LONGEST_SET_S * 25


def test_nonsense_is_refused_in_one_sentence():
    with pytest.raises(GuidanceError, match="an accelerometer or a gyroscope with x, y and z"):
        SetCounter(("wrist_acc_x", "heart_rate"), RATE_HZ)
    with pytest.raises(GuidanceError, match=r"\(3, 6\) is needed"):
        SetCounter(CHANNELS, RATE_HZ).push(np.arange(3.0), np.zeros((3, 2)))
