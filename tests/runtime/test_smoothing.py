import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import RecipeError
from distride.heads import softmax
from distride.runtime import Smoother, Smoothing, smooth


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 40),
    st.integers(2, 5),
    st.floats(0, 20),
    st.floats(0, 5),
)
def test_window_by_window_is_the_whole_recording_at_once(seed, windows, classes, memory_s, hold_s):
    scores = np.random.default_rng(seed).normal(scale=2, size=(windows, classes))
    probabilities, smoothing = softmax(scores), Smoothing(memory_s, hold_s)
    smoother = Smoother(smoothing, 1.5)
    pushed = [smoother.push(row) for row in probabilities]
    held, averages = smooth(probabilities, smoothing, 1.5)
    assert [one for one, _ in pushed] == held.tolist()
    for (_, average), row in zip(pushed, averages, strict=True):
        np.testing.assert_allclose(average, row, atol=1e-12)
        assert average.sum() == pytest.approx(1)


def test_one_odd_window_changes_nothing_and_a_real_change_comes_after_the_hold():
    sure = np.eye(2)
    odd, change = sure[[0, 0, 1, 0, 0]], sure[[0, 0, 1, 1, 1]]
    assert smooth(odd, Smoothing(0.8, 2.0), 1.0)[0].tolist() == [0, 0, 0, 0, 0]
    assert smooth(change, Smoothing(0.8, 2.0), 1.0)[0].tolist() == [0, 0, 0, 1, 1]


def test_no_memory_and_no_hold_is_no_smoothing():
    probabilities = softmax(np.random.default_rng(0).normal(size=(20, 3)))
    held, averages = smooth(probabilities, Smoothing(0.0), 1.0)
    np.testing.assert_array_equal(held, probabilities.argmax(axis=1))
    np.testing.assert_allclose(averages, probabilities)


def test_a_reset_forgets():
    smoother = Smoother(Smoothing(9.0, 3.0), 1.0)
    smoother.push(np.array([1.0, 0.0]))
    smoother.reset()
    assert smoother.push(np.array([0.0, 1.0]))[0] == 1


def test_what_passes_is_not_changed():
    smoother, row = Smoother(Smoothing(), 1.0), np.array([1.0, 0.0])
    for _ in range(3):
        smoother.push(row)
    assert row.tolist() == [1.0, 0.0]


def test_memory_is_in_seconds_whatever_the_hop():
    twice, once = Smoothing(2.0).kept(0.5) ** 2, Smoothing(2.0).kept(1.0)
    assert twice == pytest.approx(once)
    assert [Smoothing(1.0, 1.5).windows_led(hop) for hop in (3.0, 1.5, 0.5)] == [1, 1, 3]


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_impossible_smoothing_is_refused(bad):
    with pytest.raises(RecipeError):
        Smoothing(memory_s=bad)
    with pytest.raises(RecipeError):
        Smoothing(hold_s=bad)
