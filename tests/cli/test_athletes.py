import json

import pytest
from typer.testing import CliRunner

from distride.cli import athletes, personalizing, streaming
from distride.errors import BundleError, DataError


def run(*arguments):
    return CliRunner().invoke(athletes.command, [str(argument) for argument in arguments])


def verb(module, *arguments):
    import typer

    app = typer.Typer()
    app.command()(module.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def squad(tiny, tmp_path, swings):
    """Anna calibrates twice, Bert once."""
    heads = tmp_path / "heads"
    for name, seed in (("anna", 0), ("anna", 1), ("bert", 2)):
        file = swings(tmp_path / f"{name}.csv", ["still", "slow", "fast", "wave"] * 2, seed)
        made = verb(personalizing, tiny.path, file, "--heads", heads, "--reason", f"day {seed}")
        assert made.exit_code == 0
    return heads


def test_versions_are_listed_rolled_back_and_forgotten(squad, tiny, tmp_path, swings):
    told = run("list", squad).output
    assert "anna: version 2 is live" in told
    assert "day 1" in told
    found = json.loads(run("list", squad, "--json").output)
    assert [(one["athlete"], one["live"], len(one["versions"])) for one in found] == [
        ("anna", 2, 2),
        ("bert", 1, 1),
    ]
    assert found[0]["versions"][0]["data_sha256"] != found[0]["versions"][1]["data_sha256"]

    fresh = swings(tmp_path / "fresh.csv", ["wave"], seed=9)
    assert "wave" in verb(streaming, tiny.path, fresh, "--head", squad / "anna").output
    assert run("rollback", squad, "anna").output == "anna: version 1 is live.\n"
    assert run("rollback", squad, "anna", "--to", 0).output == "anna: the shared head is live.\n"
    shared = verb(streaming, tiny.path, fresh, "--head", squad / "anna")
    assert "wave" not in shared.stdout
    assert shared.stderr == f"No version in {squad / 'anna'} is live: the shared head reads.\n"

    assert run("forget", squad, "anna").exit_code == 0
    assert [one["athlete"] for one in json.loads(run("list", squad, "--json").output)] == ["bert"]
    assert not any(b"anna" in file.read_bytes() for file in squad.rglob("*") if file.is_file())
    with pytest.raises(BundleError, match="nothing was removed"):
        raise run("forget", squad, "anna").exception


def test_who_has_no_versions_is_told_beside_who_has(squad, tmp_path):
    for asked in (("list", squad, "nobody"), ("rollback", squad, "nobody")):
        with pytest.raises(DataError, match="no versions of 'nobody': it has those of anna, bert"):
            raise run(*asked).exception
    with pytest.raises(DataError, match="is no folder of athletes' heads"):
        raise run("rollback", tmp_path / "nope", "nobody").exception
    (tmp_path / "sessions").mkdir()
    with pytest.raises(DataError, match="has versions of nobody: give the folder"):
        raise run("list", tmp_path / "sessions").exception


def test_damaged_versions_hide_nobody_and_can_be_removed(squad, tiny, tmp_path):
    (squad / "anna" / "versions.json").write_text("{")
    told = run("list", squad)
    assert told.exit_code == 1
    assert told.stdout.startswith("bert: version 1 is live")
    removal = f"`distride athlete forget {squad} anna`, and personalise again"
    assert removal in told.stderr
    found = run("list", squad, "--json")
    assert (found.exit_code, [one["athlete"] for one in json.loads(found.stdout)]) == (1, ["bert"])
    with pytest.raises(BundleError, match=r"not usable JSON .* remove all versions with"):
        raise run("rollback", squad, "anna").exception
    assert run("forget", squad, "anna").exit_code == 0
    assert verb(personalizing, tiny.path, tmp_path / "anna.csv", "--heads", squad).exit_code == 0
    assert "anna: version 1 is live" in run("list", squad).stdout


def test_a_folder_of_many_athletes_is_no_head(squad, tiny, tmp_path):
    for folder, told in ((squad, f"give {squad / 'anna'} or {squad / 'bert'}"), (tmp_path, "give")):
        with pytest.raises(BundleError, match=rf"is no athlete's folder of versions.*{told}"):
            raise verb(streaming, tiny.path, tmp_path / "anna.csv", "--head", folder).exception


def test_the_next_movement_is_told(tiny, tmp_path, swings):
    told = run("next", tiny.path)
    assert told.output.startswith("Record next: ")
    file = swings(tmp_path / "anna.csv", ["still"])
    found = json.loads(run("next", tiny.path, file, "--json", "--among", "still").output)
    assert found["movement"] == "still"
    assert found["windows"] > 5


def test_an_athlete_is_forgotten_in_a_run_too(trained, tmp_path):
    import shutil

    folder = shutil.copytree(trained.folder, tmp_path / "run")
    (name,) = trained.results["protocol"]["held_out"]
    assert run("forget", folder, name).exit_code == 0
    assert not list(folder.rglob(f"{name}.*"))
