import json
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from distride.learn.judged import answers_of, judged, judged_scores, judged_values, sums_of, worth
from distride.learn.metrics import MACRO_F1, MAE
from distride.models.net import Task


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


SPEED = Task("speed", (), 2.0, 0.5, "m/s")


def test_values_are_compared_in_their_unit():
    scores = np.array([[0.0], [2.0]])  # 2 and 3 m/s
    found = judged_scores(SPEED, np.array([1.5, 3.0]), scores)
    assert (found.mae, found.bias, found.windows) == (0.25, 0.25, 2)
    assert worth(SPEED, np.array([1.5, 3.0]), answers_of(SPEED, scores)) == -0.25


def test_a_judgement_keeps_its_yardstick_in_json():
    values = asdict(judged_values(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    classes = asdict(judged(np.array([0, 1]), np.array([0, 0]), 2))
    for one, yardstick in ((values, MAE), (classes, MACRO_F1)):
        kind, sums = sums_of(json.loads(json.dumps(one)))
        assert kind is yardstick
        assert float(kind.of(sums)) == pytest.approx(one[kind.name])
