import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.guidance.cycles import cycles, likeness, main_axes, turning_points
from distride.guidance.posture import RATE_HZ


def swings(count, seconds=2.0, rest_s=1.0):
    phase = 2 * np.pi * np.arange(round(seconds * RATE_HZ)) / (seconds * RATE_HZ)
    rest = np.zeros(round(rest_s * RATE_HZ))
    trace = np.concatenate([rest, *[(1 - np.cos(phase)) / 2] * count, rest])
    return np.stack([trace, 0 * trace], axis=1)


@given(st.integers(1, 9))
def test_every_way_out_and_back_is_found(count):
    found = cycles(swings(count), np.array([1.0, 0.0]), 0.4, 100)
    assert len(found) == count
    for one in found:
        assert one.begin < one.far < one.end
        assert one.seconds == pytest.approx(2.0, rel=0.35)
        assert one.range == pytest.approx(1.0, abs=0.02)
    assert [one.far - 100 for one in found] == [
        pytest.approx(RATE_HZ * (2 + 2 * number), abs=1) for number in range(count)
    ]
    assert all(one.is_over for one in found)


def test_one_that_has_not_come_back_is_not_over():
    trace = swings(3)[: round(6.4 * RATE_HZ)]
    assert [one.is_over for one in cycles(trace, np.array([1.0, 0.0]), 0.4, 0)] == [True, True]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60), st.floats(0.1, 3))
def test_turning_points_alternate_and_rise_by_the_reversal(values, reversal):
    trace = np.array(values)
    turns, _ = turning_points(trace, reversal)
    for low, high, last in turns:
        assert low < high <= last
        assert trace[high] - trace[low] > reversal
    assert all(one[2] == other[0] for one, other in itertools.pairwise(turns))


def test_likeness_is_of_shapes_whatever_their_size():
    shape = np.sin(np.linspace(0, 6, 32))[:, None]
    assert likeness(shape, 3 * shape) == pytest.approx(1)
    assert likeness(shape, -shape) == pytest.approx(-1)
    assert likeness(shape, 0 * shape) == 0


def test_the_main_axis_is_where_most_happens():
    rng = np.random.default_rng(0)
    first, second = main_axes(rng.normal(size=(200, 3)) * [0.1, 5.0, 1.0], 2)
    assert abs(first[1]) > 0.99
    assert abs(second[2]) > 0.99
