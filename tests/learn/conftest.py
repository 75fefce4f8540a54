"""Six athletes who stand, swing slowly or swing fast, and a seventh whom nobody labelled."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from distride.config import recipe_from
from distride.data import Cohort, Recording, Windowing
from distride.learn.ground import Ground
from distride.models.net import Net, Task
from distride.models.saved import SavedStudent
from distride.models.student import Student, StudentConfig
from distride.signals import Scaler, SignalSpec, triads

ATHLETES = tuple(f"a{number}" for number in range(6))
CHANNELS = tuple(f"wrist_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz")
SWINGS_HZ = {"stand": 0.0, "slow": 0.8, "fast": 2.5, "": 1.5}
STRETCH_S, RATE_HZ = 8, 20.0
SPEC = SignalSpec(CHANNELS, RATE_HZ, 1.0, 0.5)
TASKS = (Task("label", ("fast", "slow", "stand")), Task("speed", (), 1.0, 0.5))
QUICK = recipe_from(
    {
        "teacher": {"windows_seen": 96, "width": 4, "members": ["conv_lstm", "wide_cnn"]},
        "student": {"windows_seen": 160, "size": "small", "batch_size": 32},
        "distillation": {"alphas": [0.5], "temperatures": [2.0], "windows_asked": 96},
    }
)


def recorded(athlete, labels=tuple(SWINGS_HZ)):
    """One session: a stretch of each movement; an athlete's vigour is their number."""
    number = int(athlete[1:])
    rng = np.random.default_rng(number)
    samples = int(STRETCH_S * RATE_HZ)
    t = np.arange(samples * len(SWINGS_HZ)) / RATE_HZ
    hz = np.repeat(list(SWINGS_HZ.values()), samples)
    swing = (1 + 0.1 * number) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 6))
    sizes = np.array([3.0, 1.0, 0.5, 1.0, 0.4, 0.2])
    columns = np.outer(swing, sizes) + rng.normal(0, 0.1, (len(t), 6))
    columns[:, 2] += 9.81
    channels = dict(zip(CHANNELS, columns.T.astype(np.float32), strict=True))
    speed = np.where(hz == 1.5, np.nan, hz).astype(np.float32)
    text = np.repeat(np.array(labels, object), samples)
    return Recording(athlete, "one", t, channels | {"speed": speed}, {"label": text})


def cut(folder, recordings):
    cohort = Cohort.write(folder / "cohort", {"name": "swings", "sampling_hz": RATE_HZ}, recordings)
    return Windowing(cohort, SPEC, ("label", "speed")).into(folder / "windows")


@pytest.fixture(scope="session")
def windows(tmp_path_factory):
    return cut(tmp_path_factory.mktemp("swings"), [recorded(athlete) for athlete in ATHLETES])


@pytest.fixture(scope="session")
def scaler(windows):
    return Scaler.fit([windows.of(athlete).x for athlete in ATHLETES])


@pytest.fixture
def ground(windows, scaler, tmp_path):
    folder = tmp_path / "fold"
    folder.mkdir()
    return Ground(windows, TASKS, QUICK, scaler, folder, lambda stage, done, total: None)


@pytest.fixture
def altered():
    """A recipe with one table changed: ``altered(recipe, "augmentation", mixup=0.0)``."""

    def change(recipe, table, **values):
        return replace(recipe, **{table: replace(getattr(recipe, table), **values)})

    return change


THERE = (Task("label", ("walk", "run")),)  # a source's own labels


def lived_in(body):
    """Weights and running averages that no fresh net has."""
    generator = torch.Generator().manual_seed(0)
    for name, value in body.state_dict().items():
        if value.is_floating_point():
            noise = torch.rand(value.shape, generator=generator)
            value.copy_(noise + 0.1 if "running_var" in name else noise - 0.4)
    return body.eval()


def student_of(channels):
    body = lived_in(Student(StudentConfig(len(channels), 8, triads(channels))))
    net = Net(body, body.feature_count, THERE).eval()
    return SavedStudent("elsewhere", net, SignalSpec(channels, SPEC.rate_hz, 1.0, 0.5))


SOURCE = student_of(CHANNELS)
