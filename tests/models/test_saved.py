import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from distride.errors import DataError
from distride.models.net import Net, Task
from distride.models.saved import SavedStudent, load_student, save_student
from distride.models.student import Student, StudentConfig
from distride.signals import SignalSpec

TASKS = (Task("label", ("crawl", "自由泳")), Task("speed", (), 1.5, 0.25))
SPEC = SignalSpec(("w_acc_x", "w_acc_y", "w_acc_z"), 25.0, 2.0, 0.5)


@pytest.fixture
def saved():
    body = Student(StudentConfig(3, 8, ((0, 1, 2),)))
    net = Net(body, body.feature_count, TASKS)
    net(torch.randn(8, 3, 50))  # running averages that no fresh net has
    return SavedStudent("swimmers", net.eval(), SPEC)


@pytest.fixture
def file(saved, tmp_path):
    path = tmp_path / "weights.safetensors"
    save_student(path, saved)
    return path


def test_what_is_saved_comes_back_to_the_bit(saved, file):
    back = load_student(file)
    assert (back.name, back.spec, back.net.tasks) == (saved.name, SPEC, TASKS)
    assert back.body.config == saved.body.config
    for name, value in saved.net.state_dict().items():
        assert torch.equal(value, back.net.state_dict()[name]), name
    x = torch.randn(2, 3, 50)
    assert torch.equal(back.net(x)[0], saved.net(x)[0])
    assert not back.net.training


def test_nothing_is_left_beside_it(file):
    assert [one.name for one in file.parent.iterdir()] == ["weights.safetensors"]


def metadata_of(file):
    with file.open("rb") as content:
        size = int.from_bytes(content.read(8), "little")
        return json.loads(content.read(size))["__metadata__"]


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "2"},
        {"format": None},
        {"config": None},
        {"config": '{"channels": 3}'},
        {"config": '{"channels": 3, "width": 16}'},
        {"config": "width 8"},
        {"spec": "{}"},
        {"spec": "[]"},
        {"spec": '{"channels": [], "rate_hz": 20}'},
        {"spec": '{"channels": ["w_acc_x"], "rate_hz": 20}'},
        {"tasks": "[]"},
        {"tasks": '[{"name": "label"}]'},
        {"tasks": "{}"},
        {"name": None},
    ],
    ids=str,
)
def test_a_file_of_another_kind_is_refused(file, changes):
    metadata = {key: value for key, value in (metadata_of(file) | changes).items() if value}
    save_file(load_file(file), file, metadata)
    with pytest.raises(DataError, match=r"is no trained student: .*weights.safetensors"):
        load_student(file)


@pytest.mark.parametrize("content", [b"", b"no tensors", pickle.dumps({"weight": 1})])
def test_a_file_without_tensors_is_refused(file, content):
    file.write_bytes(content)
    with pytest.raises(DataError, match="is no trained student"):
        load_student(file)


def test_no_file_is_refused_in_the_same_words(tmp_path):
    with pytest.raises(DataError, match="is no trained student"):
        load_student(tmp_path / "nowhere.safetensors")


def test_a_lost_tensor_is_noticed(file):
    tensors, metadata = load_file(file), metadata_of(file)
    tensors.pop("heads.0.bias")
    save_file(tensors, file, metadata)
    with pytest.raises(DataError, match="is no trained student"):
        load_student(file)
