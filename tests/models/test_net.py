import pytest
import torch
from torch import nn

from distride.models.net import Net, Task, flops_per_window, parameter_count
from distride.models.student import Student, StudentConfig
from distride.models.teacher import MEMBERS

TASKS = (Task("label", ("a", "b", "c")), Task("speed", (), 1.0, 2.0))


def net(width=8, channels=3):
    body = Student(StudentConfig(channels, width))
    return Net(body, body.feature_count, TASKS)


def test_there_is_one_head_a_task():
    scores = net().eval()(torch.randn(5, 3, 40))
    assert [one.shape for one in scores] == [(5, 3), (5, 1)]
    assert [task.outputs for task in TASKS] == [3, 1]


def test_parameters_are_what_training_may_change():
    assert parameter_count(nn.Linear(3, 2)) == 8
    assert parameter_count(nn.BatchNorm1d(4)) == 8  # its running averages are not


def test_operations_of_a_known_net_are_known():
    dense = nn.Sequential(nn.Flatten(), nn.Linear(30, 7, bias=False))
    assert flops_per_window(dense, 3, 10) == 2 * 30 * 7
    convolution = nn.Conv1d(3, 5, 4, bias=False)
    assert flops_per_window(convolution, 3, 10) == 2 * 3 * 5 * 4 * 7


@pytest.mark.parametrize("name", MEMBERS)
def test_operations_grow_with_the_length_of_a_window(name):
    short, long = (flops_per_window(MEMBERS[name](3, 8), 3, samples) for samples in (50, 100))
    assert long == pytest.approx(2 * short, rel=0.1)


def test_operations_grow_with_the_square_of_the_width():
    narrow, wide = (flops_per_window(net(width), 3, 100) for width in (16, 64))
    assert 10 < wide / narrow < 17


def test_counting_leaves_the_net_as_it_was():
    one = net()
    before = {name: value.clone() for name, value in one.state_dict().items()}
    flops_per_window(one, 3, 50)
    assert all(torch.equal(value, before[name]) for name, value in one.state_dict().items())
