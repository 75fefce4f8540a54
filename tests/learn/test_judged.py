import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from distride.learn.judged import judged


def test_an_athlete_is_judged_by_the_same_numbers_as_elsewhere():
    rng = np.random.default_rng(0)
    truth, p = rng.integers(3, size=80), rng.dirichlet(np.ones(3), 80)
    found = judged(truth, p.argmax(axis=1), 3, p)
    assert found.macro_f1 == pytest.approx(f1_score(truth, p.argmax(axis=1), average="macro"))
    assert found.accuracy == accuracy_score(truth, p.argmax(axis=1))
    assert 0 < found.ece < 1
    assert found.windows == 80


def test_a_model_without_probabilities_has_no_calibration():
    assert judged(np.array([0, 1]), np.array([0, 0]), 2).ece is None
