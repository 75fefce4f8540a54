"""Nets that several train together are those that one trains alone."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from distride.config import Recipe
from distride.data import Cohort, Windowing
from distride.errors import ClusterError
from distride.fleet import Crew, joined
from distride.fleet.teachers import share_of, teaching, trained_by
from distride.learn.batches import Batch, Pool
from distride.learn.ground import Ground, Training, seeded, trained
from distride.learn.loop import Schedule
from distride.learn.losses import Target
from distride.models.net import Task
from distride.signals import Scaler, SignalSpec

from .conftest import recorded

CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")
SPEC = SignalSpec(CHANNELS, 20.0, 1.0, 0.5)
TASK = Task("label", ("fast", "slow", "still"))


@pytest.fixture
def ground(tmp_path):
    cohort = Cohort.write(
        tmp_path / "squad",
        {"name": "squad", "sampling_hz": 20},
        [recorded(name, seed) for seed, name in enumerate("ab")],
    )
    windows = Windowing(cohort, SignalSpec(CHANNELS, 20.0, 1.0, 0.5), ("label",)).into(
        tmp_path / "w"
    )
    scaler = Scaler.fit([windows.of(name).x for name in "ab"])
    return Ground(windows, (TASK,), Recipe(), scaler, tmp_path, lambda *told: None)


@pytest.fixture
def training():
    """Of a net without batch normalisation, which would see a worker's own share."""

    def build():  # made here, so that it is sent by value: workers know no tests
        return nn.Sequential(nn.Flatten(), nn.Linear(60, 8), nn.Tanh()), 8

    return Training("net", build, Schedule(12, 1e-2))


@given(st.integers(1, 20), st.integers(1, 5))
def test_the_shares_of_a_batch_are_the_batch(size, count):
    x, truth = torch.arange(size)[:, None, None].float(), torch.arange(size)[:, None].float()
    batch = Batch(x, (Target(truth, torch.ones(size)),))
    shares = [share_of(batch, rank, count) for rank in range(count)]
    assert sorted(torch.cat([one.x for one in shares]).flatten().tolist()) == list(range(size))
    for one in shares:
        assert torch.equal(one.x[:, :, 0], one.targets[0].truth)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")  # Ray's own of its own defaults
def test_two_workers_learn_what_one_learns_alone(ray_of_two, ground, training):
    batches = ground.batches(Pool(ground.windows, ("a", "b"), CHANNELS), "net", 16)
    told = []
    watched = replace(ground, progress=lambda *one: told.append(one))
    with joined(Crew(teacher_workers=2)):
        teach = teaching()
        net = teach(watched, training, batches)
    alone = trained(
        Ground(**{**vars(ground), "folder": ground.folder / "squad"}), training, batches
    )
    begun = seeded(ground, training).state_dict()
    for name, value in alone.state_dict().items():
        assert not torch.allclose(value, begun[name], atol=1e-3)
        assert torch.allclose(net.state_dict()[name], value, atol=1e-4)
    assert told == [("net", 0, 12), ("net", 12, 12)]
    assert sorted(one.name for one in ground.folder.glob("net*")) == ["net.safetensors"]


def test_more_workers_than_cores_are_refused(ray_of_two, ground, training):
    batches = ground.batches(Pool(ground.windows, ("a",), CHANNELS), "net", 16)
    with pytest.raises(ClusterError, match=r"3 workers .* Ray has 2 core"):
        trained_by(3, ground, training, batches)


def test_alone_this_process_teaches():
    assert teaching() is None
    assert Crew().rayless
    assert Crew(teacher_workers=2).alone
    with pytest.raises(ClusterError, match="one of the two"):
        Crew(2, teacher_workers=2)
