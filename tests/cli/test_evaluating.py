import json

import pytest
import typer
from typer.testing import CliRunner

from distride.cli import evaluating
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


def test_labels_that_the_bundle_does_not_know_are_told(trained, lifters):
    with pytest.raises(DataError, match="No window of 'lifters' has a label that the bundle knows"):
        raise run(trained.bundle, lifters.path).exception
