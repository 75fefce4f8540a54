import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from distride.cli import evaluating
from distride.data import Cohort
from distride.errors import DataError


def run(*arguments):
    app = typer.Typer()
    app.command()(evaluating.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_every_athlete_gets_a_line_and_the_mean_the_last(trained, simulated):
    done = run(trained.bundle, simulated.path)
    assert done.exit_code == 0, done.stderr
    *athletes, mean = [line for line in done.stdout.splitlines() if "macro-F1" in line]
    assert [line.split()[0] for line in athletes] == list(simulated.athletes)
    found = json.loads(run(trained.bundle, simulated.path, "--json").stdout)["label"]
    assert f"macro-F1 {found['macro_f1']:.3f}" in mean
    for athlete, line in zip(simulated.athletes, athletes, strict=True):
        scores = found["per_athlete"][athlete]
        assert f"macro-F1 {scores['macro_f1']:.3f}   {scores['windows']} windows" in line
    assert found["unknown_windows"] == 0


def written(folder, recordings):
    return Cohort.write(folder / "other", {"name": "other", "sampling_hz": 50}, recordings).path


def wrist(recording):
    """With the same values on the wrist."""
    channels = {
        name.replace("thigh", "wrist"): values for name, values in recording.channels.items()
    }
    return replace(recording, channels=channels)


def test_labels_that_the_bundle_does_not_know_are_told(trained, lifters, tmp_path):
    other = written(tmp_path, map(wrist, lifters))
    with pytest.raises(DataError, match="No window of 'other' has a label that the bundle knows"):
        raise run(trained.bundle, other).exception


def test_what_is_left_out_is_told(trained, simulated, tmp_path):
    def poorer(recording):
        texts = recording.labels["label"]
        channels = {
            name: values for name, values in recording.channels.items() if "gyr" not in name
        }
        labels = {"label": np.where(texts == "squat", "deep squat", texts)}
        return replace(recording, channels=channels, labels=labels)

    other = written(tmp_path, map(poorer, simulated))
    *_, unknown, missing = run(trained.bundle, other).stdout.splitlines()
    found = json.loads(run(trained.bundle, other, "--json").stdout)["label"]
    assert found["unknown_windows"] > 5
    assert found["unknown_labels"] == ["deep squat"]
    assert unknown.startswith(f"  {found['unknown_windows']} windows are left out beside these ")
    assert unknown.endswith("the model does not know deep squat.")
    lost = "wrist_gyr_x, wrist_gyr_y, wrist_gyr_z"
    assert missing == f"  The cohort lacks {lost}: the model read without them."
    assert found["missing_channels"] == lost.split(", ")


def test_another_placement_and_another_clock_are_told(trained, lifters, simulated, tmp_path):
    with pytest.raises(DataError, match="none is in both"):
        raise run(trained.bundle, lifters.path).exception
    slow = written(tmp_path, (replace(one, t=one.t * 1000) for one in simulated))
    with pytest.raises(DataError, match="is t in seconds"):
        raise run(trained.bundle, slow).exception
