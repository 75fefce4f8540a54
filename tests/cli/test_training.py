import json

import pytest
import torch
import typer
from typer.testing import CliRunner

from distride.cli import benching, training
from distride.errors import RecipeError
from distride.learn.device import devices


def run(*arguments):
    app = typer.Typer()
    app.command()(training.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def again(trained, cohort, recipe, *options):
    """The line that made the run: all of it was done before, so it takes no time."""
    return run(cohort.path, "--out", trained.folder, "--recipe", recipe, "--folds", 1, *options)


def test_it_tells_each_model_its_worst_athlete_and_where_all_lies(trained, simulated, quick_recipe):
    done = again(trained, simulated, quick_recipe)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    models = trained.results["models"]
    told = {line.split()[0]: line for line in lines[: len(models)]}
    for name, model in models.items():
        worst, score = model["worst"]
        assert f"macro-F1 {model['macro_f1']:.3f}   worst {worst} {score:.3f}" in told[name]
    assert lines[len(models)] == trained.results["distillation"]["reason"]
    assert lines[len(models) + 1 :] == [f"Bundle: {trained.bundle}", f"Report: {trained.report}"]


def test_a_program_gets_the_results(trained, simulated, quick_recipe):
    done = again(trained, simulated, quick_recipe, "--json")
    assert json.loads(done.stdout)["models"] == trained.results["models"]


def test_a_misspelt_recipe_is_told(trained, simulated, quick_recipe, tmp_path):
    recipe = tmp_path / "other.toml"
    recipe.write_text(quick_recipe.read_text().replace("[student]", "[student]\nbatch_siz = 8"))
    with pytest.raises(RecipeError, match=r"did you mean 'student\.batch_size'"):
        raise again(trained, simulated, recipe).exception


@pytest.mark.usefixtures("trained")
def test_without_a_folder_it_lies_under_the_cohorts_name(
    simulated, quick_recipe, tmp_path, monkeypatch
):
    seen = {}

    def train(cohort, out, recipe, folds, progress):
        seen.update(out=str(out), folds=folds, seed=recipe.seed)
        raise RecipeError("seen enough")

    monkeypatch.setattr("distride.runs.train", train)
    run(simulated.path)
    assert seen == {"out": "runs/five", "folds": None, "seed": 0}


def test_the_run_goes_on_where_it_was_trained(trained, simulated, quick_recipe, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    done = again(trained, simulated, quick_recipe, "--device", "cuda")
    assert "The device 'cuda' is not there: this machine and its torch have" in str(done.exception)
    assert trained.results["protocol"]["device"] in devices()


@pytest.mark.parametrize("verb", [training, benching])
def test_nobody_labelled_is_refused_before_anything_begins(verb, tmp_path):
    app = typer.Typer()
    app.command()(verb.command)
    refused = CliRunner().invoke(app, [str(tmp_path), "--out", str(tmp_path), "--labelled", "0"])
    assert refused.exit_code == 2
    assert "--labelled" in refused.output
    assert list(tmp_path.iterdir()) == []
