"""The package alone, in an environment of its own, reads a recording live."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("pyproject.toml", "README.md", "LICENSE", "src")
NEEDED_IN_TRAINING = {"torch", "onnx", "scikit-learn", "aeon", "duckdb", "matplotlib", "ray"}


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    """Commands of an environment that holds the package and what it cannot do without."""
    folder = tmp_path_factory.mktemp("device")
    built_elsewhere = shutil.ignore_patterns("*.egg-info", "__pycache__")
    for part in PARTS:  # building leaves files beside the source
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / "source" / part, ignore=built_elsewhere)
        else:
            (folder / "source").mkdir(exist_ok=True)
            shutil.copy(ROOT / part, folder / "source" / part)
    venv.create(folder / "env")
    pip = (sys.executable, "-m", "pip", "--python", str(folder / "env" / "bin" / "python"))
    told(*pip, "install", "--quiet", "--no-compile", str(folder / "source"))
    return folder / "env" / "bin", pip


def told(*command):
    """What a command prints; this process's own way to the source is hidden from it."""
    hidden = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [str(one) for one in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=hidden)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_base_install_streams_a_bundle_over_a_csv(tiny, tmp_path, device):
    commands, pip = device
    file, t = tmp_path / "anna.csv", np.arange(400) / 20.0
    swing = 3 * np.sin(2 * np.pi * 3 * t)
    samples = np.column_stack([t, swing, swing / 3, swing / 6 + 9.81])
    head = ",".join(("t", *tiny.manifest.signals.channels))
    np.savetxt(file, samples, "%.6f", ",", header=head, comments="")
    lines = told(commands / "distride", "stream", tiny.path, file, "--json").splitlines()
    events = [json.loads(line) for line in lines]
    assert len(events) >= 18
    assert {event["event"] for event in events} == {"state"}
    installed = {one["name"] for one in json.loads(told(*pip, "list", "--format", "json"))}
    assert "distride" in installed
    assert not NEEDED_IN_TRAINING & installed
