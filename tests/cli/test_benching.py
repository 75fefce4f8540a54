import json
import shutil

import typer
from typer.testing import CliRunner

from distride.cli import benching


def run(*arguments):
    app = typer.Typer()
    app.command()(benching.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_broken_cohort_is_told_and_stops_no_other(trained, simulated, quick_recipe, tmp_path):
    name = trained.folder.name  # all of this run was done before, so it takes no time
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    shutil.copyfile(quick_recipe, recipes / f"{name}.toml")
    options = ["--work", trained.folder.parent, "--recipes", recipes, "--folds", 1]
    cohorts = [f"lost={tmp_path / 'nowhere'}", f"{name}={simulated.path}"]
    done = run(*cohorts, "--out", tmp_path / "out", *options)
    assert done.exit_code == 1
    assert "lost: No cohort at" in done.stderr
    assert done.stdout.splitlines()[0] == f"{name}:"
    assert "as_shipped" in done.stdout.splitlines()[1]
    written = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
    assert written["models"] == trained.results["models"]
    assert [file.name for file in (tmp_path / "out").iterdir()] == [f"{name}.json"]
