import json

import pytest
from typer.testing import CliRunner

from distride.cli.ruling import command
from distride.errors import GuidanceError
from distride.guidance import default_text


def run(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments])


def test_what_is_shown_is_right(tmp_path):
    shown = run("show")
    assert shown.output == default_text()
    (tmp_path / "rules.toml").write_text(shown.output, encoding="utf-8")
    checked = run("check", tmp_path / "rules.toml")
    assert checked.exit_code == 0
    assert checked.output.endswith("rules.toml: right.\n")


def test_a_fault_is_told_by_its_line_and_ends_non_zero(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text("every_s = 5.0\nevry = 1\n[model]\nsays = 1\n")
    checked = run("check", file)
    assert checked.exit_code == 1
    assert checked.output.startswith(f"{file}:2: There is an unknown key 'evry'")
    faults = json.loads(run("check", file, "--json").output)
    assert [fault["line"] for fault in faults] == [2, 4]
    with pytest.raises(GuidanceError, match="cannot be read"):
        raise run("check", tmp_path / "none.toml").exception


def test_a_file_without_a_rule_is_right_and_told_to_be_mute(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text("")
    checked = run("check", file)
    assert checked.exit_code == 0
    assert checked.output == f"{file}: right, but it holds no rule: nothing will be advised.\n"
    file.write_text('[model]\nsays = ["rest"]\n')
    assert run("check", file).output == f"{file}: right.\n"
