import json

import typer
from typer.testing import CliRunner

from distride.cli import finetuning


def run(*arguments):
    app = typer.Typer()
    app.command()(finetuning.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_says_why_an_athlete_keeps_a_head(trained, simulated, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[personalization]\ndeeper_from = 10_000\n")
    line = [trained.folder, simulated.path, "a", "--out", tmp_path / "a", "--recipe", recipe]
    done = run(*line)
    assert done.exit_code == 0, done.stderr
    assert "from 10000 windows of every movement on" in done.stdout
    assert "Bundle" not in done.stdout
    found = json.loads(run(*line, "--json").stdout)
    assert (found["athlete"], found["live"]) == ("a", False)
    assert found["reason"] in done.stdout
