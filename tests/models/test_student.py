import pytest
import torch

from distride.errors import TrainingError
from distride.models.net import Net, Task, parameter_count
from distride.models.student import (
    BUDGETS,
    PER_MAP,
    WIDEST,
    Student,
    StudentConfig,
    _parameters,
    student_for,
)


def with_heads(body, outputs):
    return Net(body, body.feature_count, (Task("label", tuple(map(str, range(outputs)))),))


@pytest.mark.parametrize("size", BUDGETS)
@pytest.mark.parametrize("channels", [1, 3, 6, 9, 45])
@pytest.mark.parametrize("outputs", [2, 6, 33])
def test_body_and_heads_stay_within_the_budget_and_use_it(size, channels, outputs):
    triads = tuple((one, one + 1, one + 2) for one in range(0, channels - 2, 3))
    body = student_for(size, channels, outputs, triads)
    count = parameter_count(with_heads(body, outputs))
    assert count == _parameters(body.config, outputs) <= BUDGETS[size]
    if body.config.width < WIDEST:
        wider = Student(StudentConfig(channels, body.config.width + 4, triads))
        assert parameter_count(with_heads(wider, outputs)) > BUDGETS[size]


def test_what_fits_no_budget_says_what_to_do():
    with pytest.raises(TrainingError, match="choose a larger size or fewer channels"):
        student_for("small", 200, 100)


@pytest.mark.parametrize("samples", [4, 5, 30, 151])
def test_a_window_of_any_length_gives_the_same_features(samples):
    body = Student(StudentConfig(3, 8)).eval()
    features = body(torch.randn(2, 3, samples))
    assert features.shape == (2, body.feature_count)
    assert torch.isfinite(features).all()


def test_a_silent_window_has_finite_features():
    body = Student(StudentConfig(3, 8)).eval()
    assert torch.isfinite(body(torch.zeros(1, 3, 60))).all()


def test_windows_do_not_see_each_other():
    body = Student(StudentConfig(3, 8)).eval()
    x = torch.randn(5, 3, 40)
    torch.testing.assert_close(body(x)[2:3], body(x[2:3]), atol=1e-5, rtol=1e-5)


def test_every_parameter_that_grows_with_the_channels_is_named():
    few, many = (Student(StudentConfig(channels, 8)).state_dict() for channels in (3, 5))
    grown = {name for name, value in few.items() if value.shape != many[name].shape}
    assert grown == set(PER_MAP)
    for name, axis in PER_MAP.items():
        assert (few[name].shape[axis], many[name].shape[axis]) == (6, 10)
