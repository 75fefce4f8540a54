import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # nets this small only wait for a second thread

from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real recordings; tests that need it are skipped where it is absent."""
    default = Path(__file__).parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("DISTRIDE_DATA", default))
    if not folder.is_dir():
        pytest.skip("real recordings are absent: set DISTRIDE_DATA to their folder")
    return folder


MOVEMENTS = {"still": 0.0, "slow": 1.0, "fast": 3.0}  # Hz
TINY_CHANNELS = ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")


@dataclass(frozen=True)
class Tiny:
    """A body of random convolutions with a fitted head, its bundle, and windows it has not seen."""

    path: Path
    module: Any
    manifest: Any
    head: Any
    report: Any
    x: np.ndarray
    truth: np.ndarray


def moving(rng, movement, samples, rate_hz=20.0):
    """``(time, 3)`` acceleration of someone who swings a wrist."""
    t = np.arange(samples) / rate_hz
    swing = np.sin(2 * np.pi * MOVEMENTS[movement] * t + rng.uniform(0, 6))
    gravity = np.array([0.0, 0.0, 9.81])
    noise = rng.normal(scale=0.3, size=(samples, 3))
    return (np.outer(swing, [3.0, 1.0, 0.5]) + gravity + noise).astype(np.float32)


def tiny_windows(seed, count):
    """Raw windows ``(count, 3, 40)`` and their class numbers."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=count)
    return np.stack([moving(rng, list(MOVEMENTS)[one], 40).T for one in truth]), truth


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    """The smallest bundle that works; made once, because exporting takes seconds."""
    import torch

    from distride.bundle import Body, Distillation, Manifest, Scaling, Signals, TaskCard, Training
    from distride.bundle.export import write_bundle
    from distride.bundle.manifest import VALIDATED
    from distride.bundle.quantise import Compared
    from distride.heads import fit_head, one_hot

    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Conv1d(3, 12, 7, padding=3, bias=False),
        torch.nn.BatchNorm1d(12),
        torch.nn.ReLU(),
        torch.nn.Conv1d(12, 16, 5, padding=2),
        torch.nn.ReLU(),
        torch.nn.AdaptiveMaxPool1d(1),
        torch.nn.Flatten(),
    ).eval()
    x, truth = tiny_windows(0, 200)
    mean, scale = x.mean(axis=(0, 2)), x.std(axis=(0, 2))
    scores = {VALIDATED["macro_f1"]: 0.9}
    manifest = Manifest(
        name="tiny",
        signals=Signals(TINY_CHANNELS, ("m/s^2",) * 3, 20.0, 2.0, 1.0),
        scaler=Scaling(tuple(mean.tolist()), tuple(scale.tolist())),
        body=Body(16, sum(parameter.numel() for parameter in module.parameters())),
        tasks=(TaskCard("label", "classification", tuple(MOVEMENTS), "", 0.4),),
        distillation=Distillation("student", 0.5, 2.0),
        training=Training("swings", "CC0", "nobody", 4, {"folds": 1}, scores),
        versions={"distride": "0"},
    )
    with torch.inference_mode():
        features = module(torch.from_numpy(manifest.scaling(x))).numpy()
    fitted = fit_head(features, one_hot(truth, 3), None, 1.0, tuple(MOVEMENTS), "label")
    head = replace(fitted, temperature=0.2)
    path = tmp_path_factory.mktemp("bundle") / "tiny.distride"
    compared = Compared(x, {"label": truth})
    report = write_bundle(path, manifest, module, {"label": head}, x, compared)
    return Tiny(path, module, manifest, head, report, *tiny_windows(1, 60))


QUICK_RECIPE = """
[teacher]
windows_seen = 320
width = 8
[student]
windows_seen = 640
size = "small"
[distillation]
alphas = [0.5]
windows_asked = 640
[personalization]
shots = [0, 1, 3]
finetune_steps = 2
[transfer]
windows_seen = 384
"""


@pytest.fixture(scope="session")
def quick_recipe(tmp_path_factory) -> Path:
    """A recipe whose training takes a second, not one that learns much."""
    path = tmp_path_factory.mktemp("recipe") / "quick.toml"
    path.write_text(QUICK_RECIPE)
    return path


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Any:
    """Five simulated athletes, one session each."""
    from distride.data import Cohort
    from distride.data.simulate import SIMULATED_META, simulate_athlete

    recordings = (one for name in "abcde" for one in simulate_athlete(name, 1, sessions=1))
    return Cohort.write(tmp_path_factory.mktemp("data") / "five", SIMULATED_META, recordings)


@pytest.fixture(scope="session")
def trained(tmp_path_factory, simulated, quick_recipe) -> Any:
    """One fold of the main job; made once, because exporting takes seconds."""
    from distride.config import read_recipe
    from distride.runs import train

    folder = tmp_path_factory.mktemp("runs") / "five"
    return train(simulated, folder, read_recipe(quick_recipe), folds=1)


@pytest.fixture(scope="session")
def lifters(tmp_path_factory) -> Any:
    """Other people than the simulated ones: an accelerometer on the thigh, and other labels."""
    from distride.data import Cohort
    from distride.data.simulate import simulate_athlete

    names = {"curl": "pull", "row": "pull", "press": "push", "squat": "legs", "lunge": "legs"}

    def recorded(name):
        for one in simulate_athlete(name, 7, sessions=1):
            channels = {f"thigh_acc_{axis}": one.channels[f"wrist_acc_{axis}"] for axis in "xyz"}
            told = [names.get(movement, "") for movement in one.labels["label"]]
            yield replace(one, channels=channels, labels={"label": np.array(told, object)})

    meta = {"name": "lifters", "sampling_hz": 50, "licence": "CC0-1.0"}
    recordings = (one for name in "pqrs" for one in recorded(name))
    return Cohort.write(tmp_path_factory.mktemp("data") / "lifters", meta, recordings)


@pytest.fixture(scope="session")
def transferred(tmp_path_factory, trained, lifters, quick_recipe) -> Any:
    """The trained student, led over to the lifters."""
    from distride.config import read_recipe
    from distride.runs import transfer

    folder = tmp_path_factory.mktemp("runs") / "lifters"
    return transfer(trained.folder, lifters, folder, read_recipe(quick_recipe), folds=1)


@pytest.fixture(scope="session")
def based(tmp_path_factory, lifters, quick_recipe) -> Any:
    """A base of the lifters."""
    from distride.config import read_recipe
    from distride.runs import base

    return base([lifters], tmp_path_factory.mktemp("runs") / "base", read_recipe(quick_recipe))


@pytest.fixture(scope="session")
def started(tmp_path_factory, based, simulated, quick_recipe) -> Any:
    """The main job on the simulated athletes, whose students start from that base."""
    from distride.config import read_recipe
    from distride.runs import train

    recipe = read_recipe(quick_recipe)
    recipe = replace(recipe, student=replace(recipe.student, base=str(based.weights)))
    return train(simulated, tmp_path_factory.mktemp("runs") / "started", recipe, folds=1)


@pytest.fixture(scope="session")
def ray_of_two():
    """Ray with two cores; started once, because that takes seconds."""
    ray = pytest.importorskip("ray", reason="the extra 'fleet' is not installed")
    from distride.errors import ClusterError
    from distride.fleet.cluster import Crew, connected

    with ExitStack() as stack:
        for _ in range(5):  # a machine that is busy with other things may need more than its 30 s
            with suppress(ClusterError):
                stack.enter_context(connected(Crew(2)))
                break
        assert ray.is_initialized()
        yield
    assert not ray.is_initialized()


@pytest.fixture
def two_workers(ray_of_two):
    """Two others do the work."""
    from distride.fleet import Crew, joined

    with joined(Crew(2)):
        yield
