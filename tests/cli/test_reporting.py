import json

import pytest
import typer
from typer.testing import CliRunner

from distride.cli.reporting import command
from distride.errors import DataError


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


def test_a_runs_page_is_written_again_from_its_folder_or_its_results(tmp_path):
    results = tmp_path / "results.json"
    results.write_text(json.dumps({"schema": 1, "cohort": "swim"}))
    for given in (tmp_path, results):
        (tmp_path / "report.html").write_text("of yesterday")
        assert run(given).exit_code == 0
        assert "swim" in (tmp_path / "report.html").read_text()
    assert {file.name for file in tmp_path.iterdir()} == {"results.json", "report.html"}
    with pytest.raises(DataError, match="cannot be read as results"):
        raise run(tmp_path / "none").exception
