import numpy as np
import pytest
import torch
from scipy.special import log_softmax

from distride.learn.losses import Objective, Target, distillation_loss

SCORES = np.array([[2.0, -1.0, 0.5], [0.0, 0.3, -0.2], [-1.0, 1.0, 4.0]])
TEACHER = np.array([[1.0, 1.0, -1.0], [3.0, 0.0, 0.0], [0.0, 0.5, 2.0]])
TRUTH = np.eye(3)[[0, 2, 1]]
KNOWN = np.array([1.0, 1.0, 0.0])


def tensor(values):
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def target(truth=TRUTH, known=KNOWN, teacher=TEACHER):
    return Target(tensor(truth), tensor(known), None if teacher is None else tensor(teacher))


def cross_entropy(truth=TRUTH):
    return -(truth * log_softmax(SCORES, axis=1)).sum(axis=1)


def divergence(temperature):
    teacher = log_softmax(TEACHER / temperature, axis=1)
    student = log_softmax(SCORES / temperature, axis=1)
    return (np.exp(teacher) * (teacher - student)).sum(axis=1)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 8.0])
def test_the_divergence_is_multiplied_by_the_square_of_the_temperature(temperature):
    found = distillation_loss(tensor(SCORES), tensor(TEACHER), temperature)
    np.testing.assert_allclose(found, temperature**2 * divergence(temperature))


def test_that_factor_keeps_the_size_of_the_gradient():
    def gradient(temperature):
        scores = tensor(SCORES).requires_grad_()
        distillation_loss(scores, tensor(TEACHER), temperature).sum().backward()
        return scores.grad

    # Hinton et al. 2015, 2.1: at high temperatures it tends to the difference of centred scores / N
    centred = [values - values.mean(axis=1, keepdims=True) for values in (SCORES, TEACHER)]
    np.testing.assert_allclose(gradient(1000.0), (centred[0] - centred[1]) / 3, atol=5e-3)


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_a_batch_with_a_share_alpha_of_lessons_is_the_formula_in_the_mean(temperature):
    silent = TEACHER.copy()
    silent[[0, 2]] = np.nan  # it speaks of a third
    expected = (1 / 3) * temperature**2 * divergence(temperature)[1]
    expected += (2 / 3) * cross_entropy()[[0, 2]].mean()
    known = target(known=np.ones(3), teacher=silent)
    assert Objective(temperature)(tensor(SCORES), known).item() == pytest.approx(expected)


def test_where_the_teacher_speaks_the_label_does_not_count():
    other = TRUTH[[1, 0, 2]]
    found = [Objective(2.0)(tensor(SCORES), target(truth)).item() for truth in (TRUTH, other)]
    assert found[0] == found[1] == pytest.approx(4 * divergence(2.0).mean())


def test_without_a_teacher_only_labelled_windows_count():
    expected = cross_entropy()[:2].mean()
    found = Objective()(tensor(SCORES), target(teacher=None))
    assert found.item() == pytest.approx(expected)


def test_a_batch_without_any_label_is_no_division_by_zero():
    assert Objective()(tensor(SCORES), target(known=np.zeros(3), teacher=None)).item() == 0.0


def test_smoothing_spreads_a_share_of_the_truth():
    smoothed = 0.9 * TRUTH + 0.1 / 3
    found = Objective(smoothing=0.1)(tensor(SCORES), target(teacher=None))
    assert found.item() == pytest.approx(cross_entropy(smoothed)[:2].mean())


VALUES, TRUE, TOLD = np.array([[0.2], [3.0], [9.0]]), np.array([[0.0], [0.0], [0.0]]), 1.0


def test_a_regression_is_square_near_the_truth_and_linear_far_from_it():
    known = target(TRUE, KNOWN, None)
    expected = (0.5 * 0.2**2 + (3.0 - 0.5)) / 2  # the third is unknown
    assert Objective()(tensor(VALUES), known).item() == pytest.approx(expected)


def test_a_regression_listens_to_the_teachers_value_instead():
    taught = target(TRUE, KNOWN, np.array([[TOLD], [np.nan], [TOLD]]))
    expected = np.mean([0.5 * 0.8**2, 2.5, 7.5])
    assert Objective(4.0)(tensor(VALUES), taught).item() == pytest.approx(expected)


def test_a_teacher_without_an_opinion_leaves_the_label_alone():
    silent = TEACHER.copy()
    silent[[0, 2]] = np.nan
    expected = np.mean([cross_entropy()[0], divergence(1.0)[1], 0.0])  # the third has no label
    scores = tensor(SCORES).requires_grad_()
    found = Objective()(scores, target(teacher=silent))
    assert found.item() == pytest.approx(expected)
    found.backward()
    assert torch.isfinite(scores.grad).all()


def test_of_a_number_too():
    teacher = torch.tensor([[torch.nan], [2.0]], dtype=torch.float64)
    scores = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    known = torch.tensor([1.0, 0.0], dtype=torch.float64)
    truth = torch.tensor([[0.5], [0.0]], dtype=torch.float64)
    found = Objective()(scores, Target(truth, known, teacher))
    assert found.item() == pytest.approx((0.5 * 0.5**2 + (2.0 - 0.5)) / 2)  # Huber of both
    found.backward()
    assert torch.isfinite(scores.grad).all()
