"""What ships: the expected candidate, unless another is better beyond chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.learn.choice import BLOCKS, NOISE, Trial, preferred, trial_of, units_of

SCORES = st.dictionaries(st.sampled_from("abcd"), st.floats(0.05, 1.0), min_size=1)


def told(score, spread=0.0):
    return Trial(score, score + spread * np.array([-1.0, 1.0]))


@given(SCORES, st.floats(0.0, 0.3), st.data())
def test_what_ships_scored_no_less_than_what_was_expected(scores, spread, data):
    expected = data.draw(st.sampled_from(sorted(scores)))
    trials = {name: told(score, spread * (name != expected)) for name, score in scores.items()}
    ships = preferred(trials, expected)
    gap = scores[ships] - scores[expected]
    assert ships == expected or gap > max(spread, NOISE * scores[expected]) - 1e-9
    others = {name: trial for name, trial in trials.items() if name != expected}
    assert preferred(others | {expected: told(2.0)}, expected) == expected


@pytest.mark.parametrize(
    ("gap", "spread", "ships"),
    [(0.01, 0.0, "usual"), (0.05, 0.0, "other"), (0.05, 0.08, "usual"), (-0.2, 0.0, "usual")],
)
def test_another_ships_only_beyond_its_noise(gap, spread, ships):
    trials = {"usual": told(0.8), "other": told(0.8 + gap, spread)}
    assert preferred(trials, "usual") == ships


def test_of_several_clearly_better_ones_the_best_ships():
    trials = {"usual": told(0.7), "good": told(0.8), "best": told(0.9)}
    assert preferred(trials, "usual") == "best"


def test_candidates_are_judged_on_the_same_draws():
    right = np.arange(60) % 3 > 0
    units = np.arange(60) // 6

    def score(rows):
        return float(right[rows].mean())

    one, other = trial_of(score, units), trial_of(lambda rows: score(rows) + 0.1, units)
    assert one.score == pytest.approx(right.mean())
    np.testing.assert_allclose(other.resampled - one.resampled, 0.1)
    assert 0 < np.std(trial_of(lambda rows: float((units[rows] < 5).mean()), units).resampled) < 0.3


def test_athletes_are_drawn_where_there_are_enough_of_them_else_stretches_of_each_class():
    athlete = np.repeat([0, 1, 2], 40)
    classes = np.tile(np.repeat([0, 1], 20), 3)
    np.testing.assert_array_equal(units_of(athlete, classes), athlete)
    two = athlete < 2
    units = units_of(athlete[two], classes[two])
    assert len(np.unique(units)) == 2 * BLOCKS
    for unit in np.unique(units):
        own = units == unit
        assert len(np.unique(athlete[two][own])) == 1
        assert set(classes[two][own]) == {0, 1}
        for one in (0, 1):
            rows = np.flatnonzero(own & (classes[two] == one))
            assert (np.diff(rows) == 1).all()
