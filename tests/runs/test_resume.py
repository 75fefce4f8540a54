"""A training that was killed goes on to the same numbers: `kill -9`, then the same command."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

DEADLINE_S = 60.0
# Checkpoints after every step: a training of the tests is over before the first usual one.
DRIVER = """
from distride.learn import loop
from distride.cli import main
loop.CHECKPOINT_EVERY_S = -1.0
main()
"""


def command(trained, simulated, recipe, out):
    verb = ["train", simulated.path, "--out", out, "--recipe", recipe, "--folds", "1", "--json"]
    return [sys.executable, "-c", DRIVER, *map(str, verb)]


def killed_at(file, process):
    """Kill without mercy as soon as a file is there."""
    until = time.monotonic() + DEADLINE_S
    while not file.exists():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until, f"{file.name} never came"
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    return process.wait()


@pytest.mark.slow
def test_a_killed_run_ends_with_the_same_numbers(trained, simulated, quick_recipe, tmp_path):
    once = command(trained, simulated, quick_recipe, tmp_path / "run")
    fold = tmp_path / "run" / "folds" / "0"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(once, **quiet) as process:
        assert killed_at(fold / "student.checkpoint", process) == -signal.SIGKILL
    assert (fold / "student.checkpoint").exists()
    assert not (fold / "student.safetensors").exists()  # it was in the middle of this training
    assert not (tmp_path / "run" / "results.json").exists()

    done = subprocess.run(once, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not list(fold.glob("*.checkpoint"))
    resumed = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"))
    for part in ("models", "distillation", "detail"):
        assert resumed[part] == json.loads(json.dumps(trained.results[part])), part
    for name in ("student", "placebo", "guarded", "full_finetune"):
        assert resumed["personalization"][name] == trained.results["personalization"][name], name
    assert json.loads(done.stdout) == resumed
