"""One model over all held-out athletes, where its answers are values."""

from dataclasses import asdict

import numpy as np
import pytest

from distride.learn.judged import judged_values
from distride.runs.scoring import gain_of, model_of

SPEEDS = {"ann": np.array([1.0, 2.0]), "bo": np.array([2.0, 4.0, 4.0]), "cy": np.array([3.0])}


def off_by(athlete, error):
    return asdict(judged_values(SPEEDS[athlete], SPEEDS[athlete] + error))


def fold_of_values(errors, worse=1.0):
    models = {
        "student": {athlete: off_by(athlete, error) for athlete, error in errors.items()},
        "student_alone": {name: off_by(name, error + worse) for name, error in errors.items()},
    }
    drawn = {"true": [1.0], "predicted": [2.0], "athlete": [next(iter(errors))]}
    choice = {"ships": "student", "alpha": 0.5, "temperature": 2.0}
    trials = {"trial-a0.5-t2": -1.5, "trial-student_alone": -2.5}
    detail = {"values": drawn}
    return {"models": models, "costs": {}, "choice": choice | {"trials": trials}, "detail": detail}


VALUES = [fold_of_values({"ann": 1.0, "bo": 2.0}), fold_of_values({"cy": 3.0})]


def test_errors_of_a_fold_pool_its_windows_and_the_worst_is_the_farthest_off():
    found = model_of("student", VALUES)
    assert found["mae"] == pytest.approx(((2 * 1.0 + 3 * 2.0) / 5 + 3.0) / 2)
    assert found["per_athlete"] == pytest.approx({"ann": 1.0, "bo": 2.0, "cy": 3.0})
    assert found["worst"] == ["cy", pytest.approx(3.0)]
    assert found["bias"] == pytest.approx(found["mae"])
    assert found["r2"] is None  # one window has no variance
    assert "macro_f1" not in found


def test_a_smaller_error_is_a_gain():
    three = [fold_of_values({name: 1.0}) for name in SPEEDS]
    gain, interval = gain_of("student", "student_alone", three)
    assert gain == pytest.approx(1.0)
    assert interval == pytest.approx([1.0, 1.0])
    assert gain_of("student", "student_alone", three[:2])[1] is None
