import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.runtime.quality import QualityWatch
from distride.signals import SignalSpec

RATE_HZ = 20.0
ACC = tuple(f"left_wrist_acc_{axis}" for axis in "xyz")
GYR = tuple(f"left_wrist_gyr_{axis}" for axis in "xyz")
HEART = ("heart_rate",)
SPEC = SignalSpec((*ACC, *GYR, *HEART), RATE_HZ, 2.0, 1.0)
COLUMNS = {ACC: slice(0, 3), GYR: slice(3, 6), HEART: slice(6, 7)}


def session(seconds=20.0):
    """``t`` and samples ``(time, channel)`` of a session where all is well."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return t, np.random.default_rng(0).normal(size=(len(t), len(SPEC.channels)))


def without(sensor, start_s, end_s, seconds=20.0):
    """The same, one sensor silent for a while."""
    t, samples = session(seconds)
    samples[(t >= start_s) & (t < end_s), COLUMNS[sensor]] = np.nan
    return t, samples


def told(t, samples):
    events = QualityWatch(SPEC, RATE_HZ).push(t, samples)
    return [(round(one.t_s, 2), one.kind, one.channels) for one in events]


def test_where_all_is_well_nothing_is_told():
    assert told(*session()) == []


@pytest.mark.parametrize("sensor", [ACC, GYR])
def test_a_motion_sensor_that_never_comes_is_missing_once_no_gap_is_so_long(sensor):
    assert told(*without(sensor, 0.0, 99.0)) == [(0.55, "missing", sensor)]


def test_a_sensor_lost_midway_is_back_when_windows_can_be_filled_again():
    expected = [(8.5, "missing", GYR), (13.95, "back", GYR)]  # a whole window was heard
    assert told(*without(GYR, 8.0, 12.0)) == expected


def test_a_heart_rate_strap_is_missing_after_the_time_for_which_it_is_held():
    assert told(*without(HEART, 0.0, 99.0)) == [(5.05, "missing", HEART)]
    assert told(*without(HEART, 4.0, 8.0)) == []
    assert told(*without(HEART, 4.0, 12.0)) == [(9.0, "missing", HEART), (13.95, "back", HEART)]


def test_a_heart_rate_each_second_is_no_lost_strap():
    t, samples = session()
    samples[np.arange(len(t)) % 20 != 0, 6] = np.nan
    assert told(t, samples) == []


def test_a_sensor_that_comes_and_goes_is_told_once():
    t, samples = session()
    samples[t % 1.5 < 0.8, COLUMNS[GYR]] = np.nan
    assert [kind for _, kind, _ in told(t, samples)] == ["missing"]


def test_a_lost_axis_is_named():
    t, samples = session()
    samples[:, 4] = np.nan
    (event,) = QualityWatch(SPEC, RATE_HZ).push(t, samples)
    assert (event.kind, event.channels) == ("missing", GYR[1:2])
    assert "gyroscope (left_wrist) gives no samples of left_wrist_gyr_y" in event.text


def test_the_sensor_is_named_and_what_it_means_is_said():
    (event,) = QualityWatch(SPEC, RATE_HZ).push(*without(GYR, 0.0, 99.0))
    assert event.text == ("The gyroscope (left_wrist) gives no samples: answers are less certain.")
    (event,) = QualityWatch(SPEC, RATE_HZ).push(*without(HEART, 0.0, 99.0))
    assert event.text.startswith("The heart rate sensor gives no samples")


def test_a_pause_of_the_clock_is_a_gap_and_no_sensors_fault():
    t, samples = session()
    t = np.where(t >= 10.0, t + 30.0, t)
    assert told(t, samples) == [(40.0, "gap", SPEC.channels)]
    samples[:, COLUMNS[GYR]] = np.nan
    expected = [(0.55, "missing", GYR), (40.0, "gap", SPEC.channels)]
    assert sorted(told(t, samples)) == expected


def test_a_slow_sources_own_steps_are_no_gaps():
    watch = QualityWatch(SignalSpec(SPEC.channels, 1.0, 10.0), 1.0)
    t = np.arange(30.0)
    samples = np.ones((30, len(SPEC.channels)))
    assert watch.push(t, samples) == []
    assert [one.kind for one in watch.push(t + 40.0, samples)] == ["gap"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_how_samples_are_cut_into_pushes_changes_nothing(data):
    steps = data.draw(st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.4, 3.0]), max_size=80))
    t = np.cumsum(np.array([0.0, *steps]))
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))
    samples = rng.normal(size=(len(t), len(SPEC.channels)))
    for columns in COLUMNS.values():
        lost = np.repeat(rng.random(len(t) // 8 + 1) < 0.5, 8)[: len(t)]
        samples[lost, columns] = np.nan
    cuts = sorted(data.draw(st.lists(st.integers(0, len(t)), max_size=5)))
    watch, found = QualityWatch(SPEC, RATE_HZ), []
    for rows in np.split(np.arange(len(t)), cuts):
        found += watch.push(t[rows], samples[rows])
    whole = QualityWatch(SPEC, RATE_HZ).push(t, samples)
    assert sorted(found, key=repr) == sorted(whole, key=repr)
    assert sum(one.kind == "gap" for one in whole) == steps.count(3.0)


def still_window(value=1.0):
    return np.full((len(SPEC.channels), 40), value)


def moving_window():
    return np.random.default_rng(0).normal(size=(len(SPEC.channels), 40))


def test_a_motion_sensor_that_stands_still_is_flat_but_a_steady_heart_is_not():
    watch = QualityWatch(SPEC, RATE_HZ)
    (event,), flat = watch.window(2.0, still_window())
    assert (event.kind, event.channels) == ("flat", (*ACC, *GYR))
    assert flat == [0, 1, 2, 3, 4, 5]
    assert watch.window(3.0, still_window()) == ([], flat)
    assert watch.window(4.0, moving_window()) == ([], [])
    assert len(watch.window(5.0, still_window())[0]) == 1


def test_an_axis_is_dead_only_beside_one_that_moves():
    watch = QualityWatch(SPEC, RATE_HZ)
    one_axis = moving_window()
    one_axis[0] = 0.0
    (event,), flat = watch.window(2.0, one_axis)
    assert (event.channels, flat) == (ACC[:1], [0])
    assert event.text == "left_wrist_acc_x does not move at all."
    one_axis[1:3] *= 0.01  # as coarse sensors do that lie on a table
    assert watch.window(3.0, one_axis) == ([], [])


def test_a_window_without_samples_is_not_flat():
    assert QualityWatch(SPEC, RATE_HZ).window(2.0, still_window(np.nan)) == ([], [])


def test_another_rate_is_another_patience():
    watch = QualityWatch(SPEC, RATE_HZ)
    t, samples = np.arange(20.0), np.ones((20, len(SPEC.channels)))
    assert [one.kind for one in watch.push(t[:3], samples[:3])] == ["gap", "gap"]
    watch.expect(1.0)
    assert watch.push(t[3:], samples[3:]) == []
