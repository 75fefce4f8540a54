import pytest
import torch
from torch import nn

from distride.models.student import Student
from distride.models.teacher import MEMBERS


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("samples", [8, 45, 150])
def test_each_member_gives_the_features_it_promises(name, samples):
    body = MEMBERS[name](6, 8).eval()
    features = body(torch.randn(3, 6, samples))
    assert features.shape == (3, body.feature_count)
    assert torch.isfinite(features).all()


@pytest.mark.parametrize("name", MEMBERS)
def test_each_member_learns(name):
    body = MEMBERS[name](3, 4)
    body(torch.randn(4, 3, 40)).square().sum().backward()
    silent = [key for key, value in body.named_parameters() if not value.grad.abs().sum() > 0]
    assert silent == []


def test_one_member_remembers_in_both_directions_and_the_other_is_the_students_kind():
    lstm = next(one for one in MEMBERS["conv_lstm"](3, 8).modules() if isinstance(one, nn.LSTM))
    assert lstm.bidirectional
    wide = MEMBERS["wide_cnn"](3, 8)
    assert isinstance(wide, Student)
    assert wide.config.width == 16
