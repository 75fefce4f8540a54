import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.runtime.clock import CALM_S, FASTEST_HZ, LATE_S, LEAP_S, MOST_SAMPLES, SAME_S, Clock
from distride.signals import measured_hz

CHANNELS = ("wrist_acc_x",)
NEVER = float("nan")


def told(clock, t):
    return [(one.t_s, one.kind) for stretch in clock.push(t) for one in stretch.told]


def kept(t, source_hz=20.0):
    """Times that are not left out, stretch by stretch."""
    t = np.asarray(t, float)
    stretches = Clock(source_hz, CHANNELS).push(t)
    return [t[one.rows].tolist() for one in stretches if len(one.rows)]


def steady(rate_hz, seconds, start_s=0.0):
    return start_s + np.arange(round(rate_hz * seconds)) / rate_hz


@pytest.mark.parametrize(
    "late", [1.0, 1.0 + SAME_S / 2, 0.9, 0.0, NEVER, float("inf"), 1e15, -1e300]
)
def test_a_sample_that_is_late_or_has_no_time_is_left_out_and_told_once(late):
    clock = Clock(20.0, CHANNELS)
    (stretch,) = clock.push(np.array([0.8, 0.95, 1.0, late, late, 1.05]))
    assert stretch.rows.tolist() == [0, 1, 2, 5]
    (event,) = stretch.told
    assert (event.kind, event.t_s, event.channels) == ("late", 1.0, CHANNELS)
    assert told(clock, np.array([1.1, 1.1])) == []


def test_after_a_calm_it_is_told_again():
    t = np.concatenate([[0.0, 0.0], steady(20.0, CALM_S + 1, 0.05), [3.0]])
    assert told(Clock(20.0, CHANNELS), t[:-1]) == [(0.0, "late")]
    assert told(Clock(20.0, CHANNELS), np.append(t[:-1], t[-2])) == [(0.0, "late"), (t[-2], "late")]


def test_where_no_sample_has_a_time_that_is_told_once_and_again_after_one_that_has():
    clock = Clock(20.0, CHANNELS)
    assert told(clock, np.array([NEVER, NEVER])) == [(0.0, "late")]
    assert told(clock, np.array([NEVER, -7.0, NEVER, NEVER])) == [(-7.0, "late")]


def test_a_clock_that_is_set_back_starts_anew():
    clock = Clock(20.0, CHANNELS)
    first, second = clock.push(np.array([10.0, 10.05, 1.0, 1.05]))
    assert (first.is_new, second.is_new) == (False, True)
    assert [one.rows.tolist() for one in (first, second)] == [[0, 1], [2, 3]]
    (event,) = second.told
    assert (event.kind, event.t_s, event.seconds) == ("clock", 1.0, pytest.approx(9.05))
    assert "set back by 9.1 s" in event.text or "set back by 9.0 s" in event.text


def test_after_a_long_pause_all_starts_anew_and_after_a_short_one_not():
    assert len(kept([0.0, LEAP_S])) == 1
    assert len(kept([0.0, LEAP_S + 1])) == 2


def test_a_single_time_that_is_wrong_costs_no_more_than_a_new_start():
    assert kept([0.0, 0.05, 1e10, 0.1, 0.15]) == [[0.0, 0.05], [1e10], [0.1, 0.15]]


@pytest.mark.parametrize("rate_hz", [10.0, 40.0])
def test_another_rate_is_told_once_it_is_steady(rate_hz):
    clock = Clock(20.0, CHANNELS)
    assert told(clock, steady(20.0, 40)) == []
    found = clock.push(steady(rate_hz, 40, 40.0))
    events = [one for stretch in found for one in stretch.told]
    assert [one.kind for one in events] == ["rate"]
    assert 40 < events[0].t_s <= 65
    assert f"at {rate_hz:.1f} Hz instead of 20.0 Hz" in events[0].text
    assert [one.source_hz for one in found] == [20.0, pytest.approx(rate_hz)]
    assert [one.is_new for one in found] == [False, True]


@pytest.mark.parametrize("rate_hz", [18.0, 23.0])
def test_jitter_pauses_and_single_lost_samples_are_no_other_rate(rate_hz):
    rng = np.random.default_rng(0)
    t = steady(rate_hz, 120) + rng.uniform(-0.3, 0.3, round(rate_hz * 120)) / rate_hz
    t = t[rng.random(len(t)) > 0.05]
    t[t > 60] += 30
    assert told(Clock(20.0, CHANNELS), t) == []


def test_values_that_come_when_they_change_have_no_rate():
    t = np.cumsum(np.random.default_rng(0).uniform(0.3, 9.0, 500))
    assert told(Clock(1.0, ("heart_rate",)), t) == []


def test_no_rate_is_found_that_no_sensor_has():
    (first, second) = Clock(20.0, CHANNELS).push(np.arange(2 * MOST_SAMPLES) * 2 * SAME_S)
    assert second.source_hz == FASTEST_HZ
    assert [one.kind for one in (*first.told, *second.told)] == ["rate"]


@pytest.mark.parametrize("short_s", [2e-5, 0.003, 0.017])
def test_streams_that_take_turns_are_neither_late_nor_at_another_rate(short_s):
    t = np.cumsum(np.tile([short_s, 0.04 - short_s], 800)[1:])
    assert told(Clock(50.0, CHANNELS), t) == []


def test_whoever_loses_half_of_all_samples_has_no_other_rate():
    t = steady(50.0, 120)[np.random.default_rng(0).random(6000) < 0.5]
    assert told(Clock(measured_hz(t), CHANNELS), t) == []


def test_however_fast_samples_come_what_is_kept_is_bounded():
    clock = Clock(1e4, CHANNELS)
    for start in range(20):
        clock.push(start * 1.0 + np.arange(10_000) / 1e4)
        assert len(clock._block) < MOST_SAMPLES


STEPS = [0.05, 0.05, 0.05, 0.02, 0.2, 0.0, 1e-9, -0.1, -LATE_S, -LATE_S - 1, 3.0, LEAP_S + 1, NEVER]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 300)), max_size=12), st.data())
def test_how_times_are_cut_into_pushes_changes_nothing(pieces, data):
    steps = np.concatenate([[0.0], *(np.full(count, step) for step, count in pieces)])
    t = np.where(np.isnan(steps), np.nan, np.nancumsum(steps))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(t)), max_size=8)))

    def seen(cut):
        clock, samples, events = Clock(20.0, CHANNELS), [], []
        for part in np.split(t, cut):
            for stretch in clock.push(part):
                samples += [("new",)] * stretch.is_new
                samples += [(one, stretch.source_hz) for one in part[stretch.rows].tolist()]
                events += stretch.told
        return samples, sorted(events, key=lambda one: (one.t_s, one.kind))

    assert seen(cuts) == seen([])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60))
def test_within_a_stretch_the_clock_rises_and_never_leaps(t):
    for times in kept(t):
        steps = np.diff(times)
        assert (steps > SAME_S).all()
        assert (steps <= LEAP_S).all()
