import json

import typer
from typer.testing import CliRunner

from distride.cli.reporting import command


def run(*arguments):
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_page_lies_beside_the_results_or_where_asked(tmp_path):
    results = tmp_path / "swim.json"
    results.write_text(json.dumps({"schema": 1, "cohort": "swim"}))
    beside = run(results)
    assert beside.exit_code == 0
    assert beside.output.strip().endswith("swim.html")
    assert (tmp_path / "swim.html").exists()
    assert run(results, "--out", tmp_path / "there.html").exit_code == 0
    assert (tmp_path / "there.html").exists()
