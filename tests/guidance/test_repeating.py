import numpy as np

from distride.guidance.posture import RATE_HZ
from distride.guidance.repeating import Counting, begun, fits, later, settled

COUNTING = Counting()


def swings(counts):
    """Ranges of ways out and back of two seconds, one after the other, after a second of rest."""
    phase = 2 * np.pi * np.arange(round(2 * RATE_HZ)) / (2 * RATE_HZ)
    parts = [np.zeros(round(RATE_HZ)), *[size * (1 - np.cos(phase)) / 2 for size in counts]]
    trace = np.concatenate([*parts, np.zeros(round(RATE_HZ))])
    return np.stack([trace, 0.3 * trace, 0 * trace], axis=1)


def test_three_alike_start_a_set_and_two_do_not():
    found = begun(swings([1.0] * 3), 50, COUNTING)
    assert found is not None
    assert len(found.reps) == 3
    assert 1.2 < found.seconds < 2.2
    assert begun(swings([1.0] * 2), 50, COUNTING) is None
    assert begun(0.05 * swings([1.0] * 5), 50, COUNTING) is None  # too small to be any


def test_a_later_one_of_another_duration_is_none_of_the_set():
    stretch = swings([1.0] * 6)
    found = begun(stretch[: round(7.5 * RATE_HZ)], 0, COUNTING)
    assert found is not None
    after = found.reps[-1].last
    rest = later(stretch[after:], after, found, COUNTING)
    assert all(fits(one, found, COUNTING) for one in rest)
    assert len(found.reps) + len(rest) == 6
    slow = later(np.repeat(stretch[after:], 9, axis=0), after, found, COUNTING)
    assert not any(fits(one, found, COUNTING) for one in slow)


def test_getting_ready_is_no_repetition_of_a_settled_set():
    stretch = swings([1.0] * 6)
    odd = np.stack([stretch[:, 1], 2.5 * stretch[:, 2], stretch[:, 0]], axis=1)[
        : round(3 * RATE_HZ)
    ]
    joined = np.concatenate([odd, stretch])
    found = begun(joined, 0, COUNTING)
    assert found is not None
    assert len(settled(joined, 0, found, COUNTING).reps) == 6
