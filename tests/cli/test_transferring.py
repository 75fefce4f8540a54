import json

import typer
from typer.testing import CliRunner

from distride.cli import transferring


def run(*arguments):
    app = typer.Typer()
    app.command()(transferring.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_tells_every_way_and_what_ships(transferred, trained, lifters, quick_recipe):
    line = [trained.folder, lifters.path, "--out", transferred.folder]
    line += ["--recipe", quick_recipe, "--folds", 1]
    done = run(*line)
    assert done.exit_code == 0, done.stderr
    *modes, last = done.stdout.splitlines()
    assert [one.split()[0] for one in modes] == ["frozen", "gradual", "full", "scratch"]
    for name, told in zip(transferred.results["models"], modes, strict=True):
        assert f"macro-F1 {transferred.results['models'][name]['macro_f1']:.3f}" in told
    assert last == f"Shipped: {transferred.results['shipped']}. Bundle: {transferred.bundle}"
    found = json.loads(run(*line, "--json").stdout)
    assert found["models"] == transferred.results["models"]
