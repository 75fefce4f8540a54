import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.runtime.quality import QualityWatch
from distride.signals import SignalSpec

SPEC = SignalSpec(("w_acc_x", "w_acc_y", "w_acc_z", "heart_rate"), 20.0, 2.0, 1.0)


def still_window(value=1.0):
    return np.full((4, 40), value)


def moving_window(seed=0):
    return np.random.default_rng(seed).normal(size=(4, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.05, 0.1, 2.0]), max_size=30), st.data())
def test_gaps_are_found_however_the_clock_is_cut(steps, data):
    t = np.cumsum(np.array([0.0, *steps]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(t)), max_size=5)))
    watch, found = QualityWatch(SPEC), []
    for part in np.split(t, cuts):
        found += watch.clock(part)
    assert found == QualityWatch(SPEC).clock(t)
    assert len(found) == steps.count(2.0)
    assert all(gap.kind == "gap" and round(gap.seconds, 6) == 2.0 for gap in found)


def test_trouble_is_told_when_it_begins_and_again_after_it_was_over():
    watch, lost = QualityWatch(SPEC), moving_window()
    lost[3] = np.nan
    told = [watch.window(end, one) for end, one in enumerate([moving_window(), lost, lost])]
    assert [[event.kind for event in events] for events in told] == [[], ["missing"], []]
    assert told[1][0].channels == ("heart_rate",)
    assert watch.window(3, moving_window()) == []
    assert len(watch.window(4, lost)) == 1


def test_a_motion_sensor_that_stands_still_is_flat_but_a_steady_heart_is_not():
    (event,) = QualityWatch(SPEC).window(2.0, still_window())
    assert (event.kind, event.channels) == ("flat", SPEC.channels[:3])
    one_axis = moving_window()
    one_axis[0] = 0.0
    assert QualityWatch(SPEC).window(2.0, one_axis) == []


def test_an_empty_window_is_missing_not_flat():
    (event,) = QualityWatch(SPEC).window(2.0, still_window(np.nan))
    assert event.kind == "missing"
