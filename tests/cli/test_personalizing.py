import json

import typer
from typer.testing import CliRunner

from distride.cli import personalizing, streaming


def run(module, *arguments):
    app = typer.Typer()
    app.command()(module.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_an_athlete_learns_a_movement_and_sees_it_live(tiny, tmp_path, swings):
    files = [swings(tmp_path / "anna.csv", ["still", "slow", "fast", "wave"] * 2)]
    out = tmp_path / "anna.head.safetensors"
    learnt = run(personalizing, tiny.path, *files, "--out", out)
    assert learnt.exit_code == 0
    assert learnt.output.startswith("anna, label")
    found = json.loads(run(personalizing, tiny.path, *files, "--out", out, "--json").output)
    assert found["live"] == ["label"]
    fresh = swings(tmp_path / "fresh.csv", ["wave"], seed=1)
    assert "wave" in run(streaming, tiny.path, fresh, "--head", out).output
    assert "wave" not in run(streaming, tiny.path, fresh).output


def test_what_was_shown_is_told_and_a_slip_of_the_pen_too(tiny, tmp_path, swings):
    file = swings(tmp_path / "anna.csv", ["still", "slow", "fast", "wave"])
    file.write_text(file.read_text().replace(",slow\n", ",Slow\n").replace(",fast\n", ",fast \n"))
    out = tmp_path / "anna.head.safetensors"
    _, shown, slip, new, _ = run(personalizing, tiny.path, file, "--out", out).output.splitlines()
    assert shown == "  still 9, Slow 9, fast 9, wave 9"
    assert slip == "  new: Slow (did you mean 'slow'?)"
    assert new == "  new: wave"
    found = json.loads(run(personalizing, tiny.path, file, "--out", out, "--json").output)
    assert found["new"] == {"label": ["Slow", "wave"]}
