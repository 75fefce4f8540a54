import typer
from typer.testing import CliRunner

from distride.cli import basing, training


def run(command, *arguments):
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_tells_what_it_learnt_from_and_where_it_lies(based, lifters, quick_recipe):
    out = ["--out", based.weights.parent, "--recipe", quick_recipe]
    done = run(basing.command, lifters.path, *out)
    assert done.exit_code == 0, done.stderr
    learnt, lies = done.stdout.splitlines()
    assert learnt == "Learnt from 1 body unit(s) of lifters."
    assert lies.startswith(f"{based.weights}: ")


def test_train_starts_from_it(started, based, simulated, quick_recipe):
    line = [simulated.path, "--out", started.folder, "--recipe", quick_recipe, "--folds", 1]
    done = run(training.command, *line, "--base", based.weights)
    assert done.exit_code == 0, done.stderr
    assert "student_without_base" in done.stdout
